"""What is kept beside the records, made anew from them: caseload rows and search lines.

After a repair, a bulk insert, or an update that brought new rules on titles or names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp import audit
from caseapp.clients.models import Caseload, Client, HistoryEntry
from caseapp.clients.service.caseload import client_kept, create_row, facts_kept
from caseapp.clients.service.heads import with_line
from caseapp.db import session
from caseapp.sealed import keys_of
from caseapp.security.vault import UnreadableError

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Counter:
    """What only an upper slice knows of the rows: the columns it keeps, and a recount of them for all clients at once.

    `columns`: name to the value of a client whom `count` does not name. `count`: the values in the same order.
    """

    columns: Mapping[str, Any]
    count: Callable[[], Mapping[UUID, tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many clients there are, how many rows were missing or different, how many search lines were out of date."""

    clients: int
    mended: int
    lines: int


def rebuild(counters: Sequence[Counter]) -> Rebuilt:
    """Make every caseload row what a recount says, and every search line what the rules on names make of it.

    System work for all carriers, recorded; one transaction.
    """
    clients = mended = lines = 0
    with audit.everything("caseload rebuild"):
        counted = [(counter, counter.count()) for counter in counters]
        for batch in _batches():
            keys_of(session(), [client.id for client in batch])
            rows, histories = _rows_of(batch), _histories_of(batch)
            for client in batch:
                kept = client_kept(client) | facts_kept(histories[client.id])
                for counter, values in counted:
                    found = values.get(client.id, tuple(counter.columns.values()))
                    kept |= zip(counter.columns, found, strict=True)
                missing = client.id not in rows
                mended += _mend(create_row(client) if missing else rows[client.id], kept) or missing
                lines += _renew_line(client)
            clients += len(batch)
            session().flush()
            session().expunge_all()
    return Rebuilt(clients, mended, lines)


def _renew_line(client: Client) -> bool:
    """Write the head anew if a search would miss it by today's rules; whether that was so."""
    try:
        renewed = with_line(client.head)
    except UnreadableError:
        return False  # the lists show it as unreadable, and raise the alarm
    if renewed == client.head:
        return False
    client.head = renewed
    return True


def _mend(row: Caseload, kept: Mapping[str, Any]) -> bool:
    """Bring the row to the recount; whether anything was different."""
    different = {name: value for name, value in kept.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _batches() -> Iterator[list[Client]]:
    after: UUID | None = None
    while True:
        wanted = select(Client).options(undefer(Client.body_blob)).order_by(Client.id).limit(_BATCH)
        batch = list(session().scalars(wanted if after is None else wanted.where(Client.id > after)))
        if not batch:
            return
        after = batch[-1].id
        yield batch


def _rows_of(batch: list[Client]) -> dict[UUID, Caseload]:
    ids = [client.id for client in batch]
    rows = session().scalars(select(Caseload).where(Caseload.client_id.in_(ids)).order_by(Caseload.id))
    return {row.client_id: row for row in rows}


def _histories_of(batch: list[Client]) -> dict[UUID, list[HistoryEntry]]:
    entries = session().scalars(
        select(HistoryEntry)
        .where(HistoryEntry.client_id.in_([client.id for client in batch]))
        .order_by(HistoryEntry.created_at, HistoryEntry.id)
    )
    histories: dict[UUID, list[HistoryEntry]] = defaultdict(list)
    for entry in entries:
        histories[entry.client_id].append(entry)
    return histories
