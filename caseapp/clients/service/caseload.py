"""Upkeep of the caseload rows: one row a client with what lists sort and count by, changed in the same transaction.

The permission was asked by the service whose change is followed here. The row must follow even where that change took
the client out of the actor's sight (a hand-over), so these updates run outside the row scope; they read nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, select, update

from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Caseload, Client, FactKind, HistoryEntry, TitleFact
from caseapp.clients.rules import kept
from caseapp.db import scope, session


def create_row(client: Client) -> Caseload:
    """The row of a new client. Flushes the client first: the row points to it."""
    session().flush()
    row = new_row(client)
    session().add(row)
    return row


def new_row(client: Client) -> Caseload:
    """The row of a new client, not yet added to the session: for many clients at once."""
    return Caseload(client_id=client.id, open_tasks=0, open_goals=0, **client_kept(client))


def client_kept(client: Client) -> dict[str, Any]:
    """What the row keeps of the client itself, by column."""
    return _responsibility(client) | {
        "clock_ends_on": kept.counselling_ends(client.opened_on, client.body.earlier_counselling_months)
    }


def note_contact(client_id: UUID, on_day: dt.date) -> None:
    """A contact took place on that day; an earlier one than the last changes nothing."""
    newer = (Caseload.last_contact_on.is_(None)) | (Caseload.last_contact_on < on_day)
    _set(client_id, last_contact_on=case((newer, on_day), else_=Caseload.last_contact_on))


def note_contacts(client_ids: Collection[UUID], on_day: dt.date) -> None:
    """`note_contact` of one day for several clients: one statement."""
    current = session()
    current.flush()
    older = (Caseload.last_contact_on.is_(None)) | (Caseload.last_contact_on < on_day)
    with scope.everything(current):
        current.execute(
            update(Caseload)
            .where(Caseload.client_id.in_(tuple(client_ids)), older)
            .values(last_contact_on=on_day)
            .execution_options(synchronize_session="fetch")
        )


def set_last_contact(client_id: UUID, on_day: dt.date | None) -> None:
    """The day of the last valid contact as the caller counted it, after one was cancelled or moved."""
    _set(client_id, last_contact_on=on_day)


def set_next_step(
    client_id: UUID, next_on: dt.date | ColumnElement[Any] | None, open_tasks: int | ColumnElement[Any]
) -> None:
    """The earliest due day among the open tasks, and how many are open; as values, or as what the database counts."""
    _set(client_id, next_step_on=next_on, open_tasks=open_tasks)


def set_open_goals(client_id: UUID, open_goals: int | ColumnElement[Any]) -> None:
    """How many goals are being worked on."""
    _set(client_id, open_goals=open_goals)


def set_review(client_id: UUID, on: dt.date | None) -> None:
    """The day of the next review talk of the agreement in force."""
    _set(client_id, review_on=on)


def set_release_end(client_id: UUID, on: dt.date | ColumnElement[Any] | None) -> None:
    """The earliest end among the valid papers: releases, consents, powers of attorney."""
    _set(client_id, release_ends_on=on)


def set_answer_due(client_id: UUID, on: dt.date | ColumnElement[Any] | None) -> None:
    """The earliest day on which an answer to a running referral is due."""
    _set(client_id, answer_due_on=on)


def set_title_end(client_id: UUID, on: dt.date | None) -> None:
    """The day on which the title really ends (`kept.title_end`), not the one printed on the card."""
    _set(client_id, title_ends_on=on)


def set_confirmed(client_id: UUID, on: dt.date | None) -> None:
    """The oldest "Stand unverändert" among the open facts (`kept.oldest_confirmation`)."""
    _set(client_id, confirmed_on=on)


def set_clock(client: Client) -> None:
    """Opening day or months of earlier counselling changed."""
    _set(client.id, **client_kept(client))


def recount_facts(client: Client) -> None:
    """Title end and oldest confirmation anew from the client's histories: after any change of them."""
    session().flush()
    entries = session().scalars(
        select(HistoryEntry)
        .where(HistoryEntry.client_id == client.id)
        .order_by(HistoryEntry.created_at, HistoryEntry.id)
    )
    _set(client.id, **facts_kept(list(entries)))


def facts_kept(entries: list[HistoryEntry]) -> dict[str, dt.date | None]:
    """What the row keeps of these histories (one client's), by column."""
    standing = [entry for entry in entries if entry.cancelled_at is None and not entry.superseded]
    titles = [entry for entry in standing if entry.kind == FactKind.TITLE]
    return {
        "title_ends_on": kept.title_end(map(_dated, titles), catalogue.title_rules()),
        "confirmed_on": kept.oldest_confirmation(entry.confirmed_on for entry in standing if _present(entry)),
    }


def move(client: Client) -> None:
    """Team, worker, municipality or the state open/closed of the file changed."""
    session().flush()
    _set(client.id, **_responsibility(client))


def _responsibility(client: Client) -> dict[str, Any]:
    return {
        "organisation_id": client.organisation_id,
        "team_id": client.team_id,
        "worker_id": client.worker_id,
        "ags": client.ags,
        "open": not client.closed,
    }


def _dated(entry: HistoryEntry) -> kept.DatedTitle:
    fact = entry.box.fact
    return kept.DatedTitle(fact.code if isinstance(fact, TitleFact) else "", entry.from_on, entry.until_on)


def _present(entry: HistoryEntry) -> bool:
    # A title that has run out is still the present one until a new one is entered.
    return entry.until_on is None or entry.kind == FactKind.TITLE


def _set(client_id: UUID, **values: ColumnElement[Any] | Any) -> None:
    """Change the client's row; loaded objects follow. A client without a row is a mistake of the program."""
    current = session()
    # What waits is flushed inside the scope, so that its own check of new rows still runs.
    current.flush()
    with scope.everything(current):
        changed = current.execute(
            update(Caseload)
            .where(Caseload.client_id == client_id)
            .values(**values)
            .returning(Caseload.id)
            .execution_options(synchronize_session="fetch")
        ).all()
    if not changed:
        raise LookupError("the client has no caseload row; mend it with: caseapp caseload rebuild")
