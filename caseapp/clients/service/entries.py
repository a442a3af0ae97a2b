"""Rows of the histories in the database: placing a new one, and arranging its neighbours by the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import (
    BenefitFact,
    Client,
    Fact,
    FactBox,
    FactKind,
    HistoryEntry,
    LanguageFact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.rules import histories
from caseapp.db import session

_KINDS: dict[type, FactKind] = {
    TitleFact: FactKind.TITLE,
    StayFact: FactKind.STAY,
    WorkFact: FactKind.WORK,
    BenefitFact: FactKind.BENEFIT,
    LanguageFact: FactKind.LANGUAGE,
    SchoolFact: FactKind.SCHOOL,
}


def kind_of(fact: Fact) -> FactKind:
    """The history that the fact belongs to."""
    return _KINDS[type(fact)]


def entries_of(client_id: UUID, kind: FactKind) -> list[HistoryEntry]:
    """All rows of one history in the order of their entry, cancelled ones too."""
    session().flush()
    rows = session().scalars(
        select(HistoryEntry)
        .where(HistoryEntry.client_id == client_id, HistoryEntry.kind == kind)
        .order_by(HistoryEntry.created_at, HistoryEntry.id)
    )
    return list(rows)


def new_entry(
    client: Client,
    fact: Fact,
    from_on: dt.date | None,
    until_on: dt.date | None,
    *,
    confirmed_on: dt.date | None,
) -> HistoryEntry:
    """A new row as it was typed, neither checked nor added to the session."""
    return HistoryEntry(
        client_id=client.id,
        organisation_id=client.organisation_id,
        kind=kind_of(fact),
        from_on=from_on,
        until_on=until_on,
        confirmed_on=confirmed_on,
        superseded=False,
        created_at=clock.now(),
        box=FactBox(fact=fact, until_on=until_on),
    )


def check(entry: HistoryEntry, others: Sequence[HistoryEntry]) -> None:
    """Ask the rules whether the row may stand among the others. Raises RuleError."""
    histories.check(row_of(entry), [row_of(other) for other in others], today=clock.today())


def settle(entries: Sequence[HistoryEntry]) -> None:
    """Set where the rules place each row. `entries` are one history; later ones win on the same day."""
    by_id = {entry.id: entry for entry in entries}
    for place in histories.arrange(row_of(entry, number) for number, entry in enumerate(entries)):
        entry = by_id[place.id]
        entry.until_on, entry.superseded = place.until_on, place.superseded
        if place.replaced:
            entry.cancelled_at = clock.now()


def row_of(entry: HistoryEntry, number: int = 0) -> histories.Row:
    """The row as the rules see it: with the end that was typed."""
    box = entry.box
    return histories.Row(
        id=entry.id,
        kind=entry.kind,
        code=code_of(box.fact),
        from_on=entry.from_on,
        until_on=box.until_on,
        number=number,
        cancelled=entry.cancelled_at is not None,
    )


def code_of(fact: Fact) -> str:
    """The code that the fact turns on."""
    match fact:
        case TitleFact():
            return fact.code
        case StayFact():
            return fact.form
        case LanguageFact():
            return fact.level
        case SchoolFact():
            return fact.stage
        case _:
            return fact.kind
