"""Reading the lines: the courses of cases, and what was done without a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, type_coerce

from caseapp.db import session
from caseapp.db.types import RawId
from caseapp.keystore import KeyStore
from caseapp.sealed import open_records
from caseapp.security.vault import Key, UnreadableError
from caseapp.tallies import keys
from caseapp.tallies.courses import Course, Office, sort_in
from caseapp.tallies.lines import ActivityLine, AdviceLine
from caseapp.tallies.mirror import settle
from caseapp.tallies.models import Tally, TallyBox, TallyGap

_AT_ONCE = 5_000  # lines opened at a time: their envelopes need not all be in memory


@dataclass(slots=True)
class Counted:
    """All lines of some carriers. `unreadable` lines are damaged or their key is lost: no figures are made of them."""

    courses: list[Course] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    unreadable: int = 0


def read(organisation_ids: Collection[UUID] | None = None) -> Counted:
    """Everything that counts, of these carriers or of all in the actor's scope, in one look through the lines.

    Courses are ordered by carrier and record key, offices by carrier; a carrier without such work has an empty office.
    """
    counted = Counted()
    for organisation_id in sorted(_carriers() if organisation_ids is None else set(organisation_ids)):
        _add_carrier(counted, organisation_id)
    return counted


def courses(organisation_ids: Collection[UUID] | None = None) -> list[Course]:
    """The courses of these carriers, or of all in the actor's scope. Damaged lines are missing: see `read`."""
    return read(organisation_ids).courses


def offices(organisation_ids: Collection[UUID] | None = None) -> list[Office]:
    """What was done without a file in these carriers, or in all of the actor's scope."""
    wanted = _lines().where(Tally.person.is_(None))
    found = []
    for organisation_id in sorted(_carriers() if organisation_ids is None else set(organisation_ids)):
        office = Office(organisation_id)
        for _person, box in _open(wanted, organisation_id):
            _put_in_office(office, box)
        found.append(office)
    return found


def courses_of(client_ids: Collection[UUID]) -> dict[UUID, Course]:
    """The courses of a few clients whose files the actor may read: the lines themselves know no such limit."""
    settle(session())
    people = {keys.person_number(client_id): client_id for client_id in client_ids}
    carriers = session().execute(
        select(Tally.organisation_id).where(Tally.person.in_(people)).distinct().order_by(Tally.organisation_id)
    )
    found = {}
    for organisation_id in carriers.scalars().all():
        assembled, _unreadable = _assemble(
            organisation_id, _open(_lines().where(Tally.person.in_(people)), organisation_id)
        )
        found.update({people[person]: course for person, course in assembled.items()})
    return found


def unreadable(organisation_ids: Collection[UUID] | None = None) -> int:
    """How many lines cannot be opened."""
    return read(organisation_ids).unreadable


def filled(organisation_id: UUID) -> bool:
    """Whether all records of the carrier have their lines. False after an update, until they are made once."""
    return session().scalar(select(TallyGap.id).where(TallyGap.organisation_id == organisation_id).limit(1)) is None


def list_gaps() -> list[UUID]:
    """The carriers in the actor's scope whose lines are still to be made."""
    return list(session().scalars(select(TallyGap.organisation_id).distinct().order_by(TallyGap.organisation_id)))


def _carriers() -> list[UUID]:
    settle(session())
    return list(session().scalars(select(Tally.organisation_id).distinct().order_by(Tally.organisation_id)))


def _lines() -> Select[Any]:
    columns: tuple[Any, ...] = (type_coerce(Tally.id, RawId), Tally.person, Tally.box_rev, Tally.box_blob)
    return select(*columns)


def _add_carrier(counted: Counted, organisation_id: UUID) -> None:
    office = Office(organisation_id)

    def of_people() -> Iterator[tuple[int, TallyBox | None]]:
        for person, box in _open(_lines(), organisation_id):
            if person is not None:
                yield person, box
            elif not _put_in_office(office, box):
                counted.unreadable += 1

    assembled, damaged = _assemble(organisation_id, of_people())
    counted.unreadable += damaged
    counted.courses += sorted(assembled.values(), key=lambda course: course.key)
    counted.offices.append(office)


def _put_in_office(office: Office, box: TallyBox | None) -> bool:
    """Whether it could be opened."""
    match box.line if box else None:
        case AdviceLine() as advice:
            office.advice.append(advice)
        case ActivityLine() as activity:
            office.activities.append(activity)
        case _:
            return False
    return True


def _assemble(
    organisation_id: UUID, boxes: Iterable[tuple[int | None, TallyBox | None]]
) -> tuple[dict[int, Course], int]:
    """The courses by the persons' numbers, without those whose file has no line; and how many lines are damaged."""
    found: dict[int, Course] = defaultdict(lambda: Course(0, organisation_id))
    damaged = 0
    for person, box in boxes:
        if box is None or person is None:
            damaged += 1
            continue
        course = found[person]
        sort_in(course, box.line)
        if box.key is not None:
            course.key = box.key
    return {person: course for person, course in found.items() if course.person is not None}, damaged


def _open(wanted: Select[Any], organisation_id: UUID) -> Iterator[tuple[int | None, TallyBox | None]]:
    """The lines of one carrier, each with the person's number; None for a damaged one."""
    held = _key_of(organisation_id)
    settle(session())
    rows = session().execute(
        wanted.where(Tally.organisation_id == organisation_id), execution_options={"yield_per": _AT_ONCE}
    )
    for chunk in rows.partitions():
        opened = open_records(
            Tally.box,
            Tally.__tablename__,
            ((row_id, None, revision, envelope) for row_id, _person, revision, envelope in chunk),
            held,
        )
        yield from zip((row[1] for row in chunk), opened, strict=True)


def _key_of(organisation_id: UUID) -> dict[None, Key]:
    keystore: KeyStore = session().info["keystore"]
    try:
        return {None: keystore.keyring.organisation(organisation_id)}
    except UnreadableError:
        return {}
