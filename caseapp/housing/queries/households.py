"""Who lives together, where, and under which obligation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp.clients import queries as clients
from caseapp.clients.models import Client, FactKind, HistoryEntry, StayFact, TitleFact
from caseapp.clients.rules import histories
from caseapp.clients.service.entries import row_of
from caseapp.db import session
from caseapp.housing.models import HousingWish, WishText
from caseapp.housing.rules.matching import Home
from caseapp.places.queries import municipality_name


@dataclass(frozen=True, slots=True)
class Living:
    """Somebody who lives in the household today, with what the match asks of that person."""

    client: Client
    home: Home


def list_living(client: Client, today: dt.date) -> list[Living]:
    """The client first, then everybody who lives in the same household today; four statements, whatever the rows.

    Closed files count: the person still lives there. What stands in a file that the actor cannot read is unknown.
    """
    members = [
        member.client for member in clients.list_household(client.id) if _lives_there(member.link.until_on, today)
    ]
    people = [client, *(each for each in members if each.id != client.id)]
    entries = _entries([each.id for each in people])
    return [Living(each, _home(each, entries.get(each.id, []), today)) for each in people]


def find_wish(client_id: UUID) -> HousingWish | None:
    """The row of the household's wishes, or None."""
    return session().scalars(select(HousingWish).where(HousingWish.client_id == client_id)).one_or_none()


def version_of(row: HousingWish | None) -> str:
    """Another one after every change. A form carries it along, so that no change is lost."""
    return str(row.text_rev if row else 0)


def wishes_of(client_id: UUID) -> WishText:
    """What the household looks for; empty where nobody has asked yet."""
    row = find_wish(client_id)
    return row.text if row else WishText()


def _lives_there(until_on: dt.date | None, today: dt.date) -> bool:
    return until_on is None or until_on >= today


def _entries(client_ids: Sequence[UUID]) -> dict[UUID, list[HistoryEntry]]:
    """Titles and stays of the files that the actor can read."""
    rows = session().scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.client_id.in_(tuple(client_ids)),
            HistoryEntry.kind.in_((FactKind.TITLE.value, FactKind.STAY.value)),
        )
        .order_by(HistoryEntry.created_at, HistoryEntry.id)
    )
    found: dict[UUID, list[HistoryEntry]] = {}
    for entry in rows:
        found.setdefault(entry.client_id, []).append(entry)
    return found


def _home(client: Client, entries: list[HistoryEntry], today: dt.date) -> Home:
    titles = [fact for fact in _present(entries, FactKind.TITLE, today) if isinstance(fact, TitleFact)]
    stays = [fact for fact in _present(entries, FactKind.STAY, today) if isinstance(fact, StayFact)]
    ags = next((fact.ags for fact in stays if fact.ags), "") or client.ags or ""
    obliged = any(fact.residence_obligation for fact in titles) if titles else None
    return Home(obliged=obliged, ags=ags, town=municipality_name(ags))


def _present(entries: list[HistoryEntry], kind: FactKind, today: dt.date) -> list[object]:
    rows = [row_of(entry, number) for number, entry in enumerate(entries) if entry.kind == kind]
    by_id = {entry.id: entry for entry in entries}
    return [by_id[row.id].box.fact for row in histories.present(rows, today)]
