"""Every SELECT of the Kennzahlen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import Context
from caseapp.jobs import Job
from caseapp.keyfigures.models import (
    KeyfigureAnswer,
    KeyfigureBefore,
    KeyfigureCount,
    KeyfigureForm,
    KeyfigureFreeze,
    KeyfigureHandover,
    KeyfigureSubmission,
)
from caseapp.keyfigures.rules import fields
from caseapp.keyfigures.rules.fields import Book, Shelf
from caseapp.keyfigures.rules.sheets import Slot, read_slots
from caseapp.keyfigures.rules.totals import Totals, unpack
from caseapp.places import queries as places
from caseapp.places.models import Organisation
from caseapp.sealed import keys_of, open_column
from caseapp.security.actor import Actor, Role
from caseapp.settings import PROJECT_ROOT
from caseapp.tallies.periods import Period

_Row = TypeVar("_Row")


class _Boxed(Protocol):
    @property
    def totals(self) -> bytes: ...


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """The shipped fields and breakdowns, read once a process."""
    return fields.load(PROJECT_ROOT / "config" / "keyfigures")


def book_of(year: int) -> Book:
    """What is asked for the year. Raises RuleError for a year without fields."""
    return shelf().book(year)


def totals_of(box: _Boxed) -> Totals:
    """The numbers in a box; none in an empty one."""
    return unpack(box.totals)


def find_count(organisation_id: UUID, year: int, *, lock: bool = False) -> KeyfigureCount | None:
    """The carrier's count of the year, or None before it was first ordered."""
    wanted = select(KeyfigureCount).where(
        KeyfigureCount.organisation_id == organisation_id, KeyfigureCount.year == year
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session().scalars(wanted).one_or_none()


def get_count(count_id: UUID, *, lock: bool = False) -> KeyfigureCount:
    """The count. Raises NotFoundError."""
    return _get(session().get(KeyfigureCount, count_id, with_for_update=lock or None))


def find_job(job_id: UUID | None) -> Job | None:
    """The job, or None."""
    return session().get(Job, job_id) if job_id else None


def list_freezes(organisation_id: UUID, year: int) -> Sequence[KeyfigureFreeze]:
    """The carrier's frozen numbers of the year, the latest first."""
    return (
        session()
        .scalars(
            select(KeyfigureFreeze)
            .where(KeyfigureFreeze.organisation_id == organisation_id, KeyfigureFreeze.year == year)
            .order_by(KeyfigureFreeze.number.desc(), KeyfigureFreeze.id)
        )
        .all()
    )


def find_freeze(organisation_id: UUID, year: int) -> KeyfigureFreeze | None:
    """The carrier's latest freeze of the year, or None."""
    return next(iter(list_freezes(organisation_id, year)), None)


def get_freeze(freeze_id: UUID, organisation_ids: Collection[UUID]) -> KeyfigureFreeze:
    """The freeze, if it belongs to one of these carriers. Raises NotFoundError."""
    found = session().get(KeyfigureFreeze, freeze_id)
    return _get(found if found is not None and found.organisation_id in organisation_ids else None)


def list_freezes_by_id(freeze_ids: Collection[UUID]) -> Sequence[KeyfigureFreeze]:
    """These freezes, within the unit's scope; for adding them up."""
    wanted = select(KeyfigureFreeze).where(KeyfigureFreeze.id.in_(freeze_ids)).order_by(KeyfigureFreeze.id)
    return session().scalars(wanted).all()


def list_handovers(organisation_ids: Collection[UUID], year: int) -> dict[UUID, KeyfigureHandover]:
    """The latest handover of the year of each of these carriers. One statement."""
    rows = session().scalars(
        select(KeyfigureHandover)
        .where(KeyfigureHandover.organisation_id.in_(organisation_ids), KeyfigureHandover.year == year)
        .order_by(KeyfigureHandover.number, KeyfigureHandover.id)
    )
    return {row.organisation_id: row for row in rows}


def find_before(organisation_id: UUID, year: int) -> KeyfigureBefore | None:
    """The numbers of the year that were typed by hand, or None."""
    wanted = select(KeyfigureBefore).where(
        KeyfigureBefore.organisation_id == organisation_id, KeyfigureBefore.year == year
    )
    return session().scalars(wanted).one_or_none()


def last_year(organisation_id: UUID, year: int) -> dict[str, int] | None:
    """The carrier's field numbers of the year before `year`: frozen ones, else typed ones; None where nobody knows."""
    frozen = find_freeze(organisation_id, year - 1)
    if frozen is not None:
        return numbers_of(totals_of(frozen.box))
    typed = find_before(organisation_id, year - 1)
    return dict(typed.box.numbers) if typed else None


def numbers_of(totals: Totals) -> dict[str, int]:
    """The number of every field of that year, zeros included."""
    return {field.code: totals.number(field.code) for field in book_of(totals.year).fields}


def list_forms(organisation_id: UUID) -> Sequence[KeyfigureForm]:
    """The applicant's versions of the state's workbook, the latest first."""
    return (
        session()
        .scalars(
            select(KeyfigureForm)
            .where(KeyfigureForm.organisation_id == organisation_id)
            .order_by(KeyfigureForm.number.desc(), KeyfigureForm.id)
        )
        .all()
    )


def find_form(organisation_id: UUID, year: int) -> KeyfigureForm | None:
    """The latest version that is valid for the year, or None."""
    return next(
        (
            form
            for form in list_forms(organisation_id)
            if form.from_year <= year and (form.until_year is None or year <= form.until_year)
        ),
        None,
    )


def slots_of(form: KeyfigureForm) -> tuple[Slot, ...]:
    """The version's cells, in order of sheet and place."""
    return read_slots(form.slots.slots)


def get_form(form_id: UUID, organisation_ids: Collection[UUID], *, lock: bool = False) -> KeyfigureForm:
    """The version, if it belongs to one of these carriers. Raises NotFoundError."""
    found = session().get(KeyfigureForm, form_id, with_for_update=lock or None)
    return _get(found if found is not None and found.organisation_id in organisation_ids else None)


def list_submissions(organisation_id: UUID) -> Sequence[KeyfigureSubmission]:
    """The applicant's papers of all years, the latest first."""
    return (
        session()
        .scalars(
            select(KeyfigureSubmission)
            .where(KeyfigureSubmission.organisation_id == organisation_id)
            .order_by(KeyfigureSubmission.year.desc(), KeyfigureSubmission.number.desc(), KeyfigureSubmission.id)
        )
        .all()
    )


def get_submission(submission_id: UUID, organisation_ids: Collection[UUID]) -> KeyfigureSubmission:
    """The papers, if they belong to one of these carriers. Raises NotFoundError."""
    found = session().get(KeyfigureSubmission, submission_id)
    return _get(found if found is not None and found.organisation_id in organisation_ids else None)


def list_own_clients(actor: Actor, organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Id and number of the carrier's open files of which the actor is the worker, in the order of their numbers."""
    rows = session().execute(
        select(Client.id, Client.file_number)
        .where(
            Client.organisation_id == organisation_id,
            Client.worker_id == actor.user_id,
            Client.closed_on.is_(None),
        )
        .order_by(Client.file_number, Client.id)
    )
    return [(row[0], row[1]) for row in rows]


def answered(client_ids: Collection[UUID], year: int) -> set[tuple[UUID, str]]:
    """Client and breakdown of every "keine Angabe" of the year. Two statements."""
    if not client_ids:
        return set()
    rows = session().execute(
        select(
            KeyfigureAnswer.id,
            KeyfigureAnswer.client_id,
            KeyfigureAnswer.note_rev,
            KeyfigureAnswer.note_blob,
        )
        .where(KeyfigureAnswer.year == year, KeyfigureAnswer.client_id.in_(client_ids))
        .order_by(KeyfigureAnswer.id)
    )
    found = [(row[0], row[1], row[2], row[3]) for row in rows]
    keys = keys_of(session(), list({client_id for _id, client_id, _rev, _blob in found}))
    opened = open_column(KeyfigureAnswer.note, KeyfigureAnswer.__tablename__, found, keys)
    return {(row[1], each.record.dimension) for row, each in zip(found, opened, strict=True) if each.record is not None}


def find_answer(client_id: UUID, year: int, dimension: str) -> KeyfigureAnswer | None:
    """The "keine Angabe" to this question, or None."""
    rows = session().scalars(
        select(KeyfigureAnswer)
        .where(KeyfigureAnswer.client_id == client_id, KeyfigureAnswer.year == year)
        .order_by(KeyfigureAnswer.id)
    )
    return next((row for row in rows if row.note.dimension == dimension), None)


def get_answer(answer_id: UUID) -> KeyfigureAnswer:
    """The answer, within what the actor may see. Raises NotFoundError."""
    return _get(session().get(KeyfigureAnswer, answer_id))


def is_district(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor collects from the carriers of a district, and not only for the own carrier."""
    return any(duty.organisation_id == organisation_id for duty in actor.duties_as(Role.COORDINATOR))


def list_applicant_carriers(actor: Actor, organisation_id: UUID) -> list[Organisation]:
    """Whose numbers the applicant sends: the carriers of the coordinator's district; of a head, the own carrier.

    A carrier without a place belongs to every district of the installation. Carriers by name.
    """
    own = places.get_organisation(organisation_id)
    if not is_district(actor, organisation_id):
        return [own]
    district = own.profile.ags[:5]
    return [
        each
        for each in places.list_organisations()
        if not district or not each.profile.ags or each.profile.ags[:5] == district
    ]


def with_workers(organisation_ids: Collection[UUID], year: int) -> set[UUID]:
    """The carriers in which somebody was a caseworker in the year: they owe numbers."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return {
        duty.membership.organisation_id
        for duty in accounts.list_duties(organisation_ids)
        if duty.membership.role == Role.CASEWORKER
        and duty.membership.valid_from <= last
        and (duty.membership.valid_to is None or duty.membership.valid_to >= first)
    }


def _get(found: _Row | None) -> _Row:
    if found is None:
        raise NotFoundError
    return found


def context_of(year: int) -> Context:
    """What `indicators` must know to count the year: which contacts count, classes of codes. One statement."""
    return indicators.load_context(Period(year), clock.now())
