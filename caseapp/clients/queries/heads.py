"""Opening heads from column rows: what lists, the search and other slices' lists show of a client."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from caseapp.clients.models import Client, ClientHead, SearchLine
from caseapp.db import session
from caseapp.sealed import Decoder, keys_of, open_column, open_organisation_keys, open_undecoded, raw_organisation_keys
from caseapp.security.vault import Key, UnreadableError

# Above this many clients one statement for the whole carrier is quicker than their ids.
MANY = 300
_line = Decoder(SearchLine)


class SealedHead(NamedTuple):
    """The columns that a head is opened from."""

    client_id: UUID
    revision: int
    blob: bytes


def open_heads(rows: Collection[SealedHead], organisation_ids: Iterable[UUID]) -> dict[UUID, ClientHead | None]:
    """The heads by client, None where one is not readable. At most one statement, for the keys, in one carrier."""
    for organisation_id in organisation_ids if len(rows) > MANY else ():
        open_organisation_keys(session(), organisation_id)
    keys = keys_of(session(), [row.client_id for row in rows])
    sealed = ((client_id, client_id, revision, blob) for client_id, revision, blob in rows)
    return dict(open_column(Client.head, "client", sealed, keys))


def open_raw_heads(rows: Collection[Row[*tuple[Any, ...]]], organisation_ids: Iterable[UUID]) -> list[bytes | None]:
    """The same, not yet read, for rows that begin with client id (as bytes), revision, blob: to look through many."""
    keys: dict[bytes, Key] = {}
    for organisation_id in organisation_ids if len(rows) > MANY else ():
        keys.update(raw_organisation_keys(session(), organisation_id))
    if not keys:
        by_id = keys_of(session(), [UUID(bytes=row[0]) for row in rows])
        keys = {client_id.bytes: key for client_id, key in by_id.items()}
    sealed = ((row[0], row[0], row[1], row[2]) for row in rows)
    return open_undecoded(Client.head, "client", sealed, keys)


def read_head(raw: bytes | None) -> ClientHead | None:
    """What `open_raw_heads` has opened, or None where it is not readable."""
    try:
        return None if raw is None else Client.head.decode(raw)
    except UnreadableError:
        return None


def read_line(raw: bytes | None) -> str:
    """Only the search line; "" where it is not readable or there is none."""
    try:
        keys = _line.decode(raw).keys if raw else ()
    except UnreadableError:
        return ""
    return keys[0] if keys else ""


def find_heads(client_ids: Collection[UUID]) -> dict[UUID, ClientHead | None]:
    """The heads of these clients, as far as the actor may find them; None where one is not readable. Two statements."""
    if not client_ids:
        return {}
    rows = session().execute(
        select(Client.id, Client.head_rev, Client.head_blob).where(Client.id.in_(client_ids)).order_by(Client.id)
    )
    return open_heads([SealedHead(*row) for row in rows], ())
