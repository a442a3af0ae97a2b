"""Counting the own figures of a period: from the courses of the cases that a person may count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from caseapp import clock
from caseapp.figures import queries
from caseapp.figures.queries import FigureCase, Reach
from caseapp.figures.rules import cells as rules
from caseapp.figures.rules.cells import Cells, WithoutFile
from caseapp.figures.rules.choices import counted_until, so_far
from caseapp.i18n import gettext as _
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import (
    OUTCOME,
    Case,
    Definition,
    MappingError,
    Observation,
    evaluate,
    fields,
    prepare,
)
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies import keys
from caseapp.tallies import queries as tallies
from caseapp.tallies.courses import Course, Office
from caseapp.tallies.periods import Period

DATA = "I15"
# Capped at ten talks a person, as they are published: beside the full number of talks they would only confuse. Short
# talks have a part of their own.
_NOT_OWN = frozenset({"I13", "I13H", "I1K"})


@dataclass
class Counted:
    """The figures of a period. `courses` are at hand only where the page has counted them itself, by client."""

    reach: Reach
    period: Period
    until: dt.date
    cells: Cells
    office: WithoutFile
    notes: tuple[str, ...] = ()
    cases: list[FigureCase] = field(default_factory=list)
    courses: Mapping[UUID, Course] = field(default_factory=dict)
    made_at: dt.datetime | None = None  # None: just now

    @cached_property
    def case_of(self) -> dict[int, FigureCase]:
        """The case by its record key."""
        by_id = keys.record_keys(case.client_id for case in self.cases)
        return {by_id[case.client_id]: case for case in self.cases}


def definitions_of(period: Period, today: dt.date) -> tuple[Definition, ...]:
    """The indicators that own figures show for the period, in the order of their list, without the quality of data."""
    found = indicators.list_definitions(counted_until(period, today))
    return tuple(each for each in found if each.code not in _NOT_OWN and each.code != DATA)


def count(actor: Actor, reach: Reach, period: Period) -> Counted:
    """Count at once, for a scope that a page can count (`queries.LIVE_MOST`). Raises ForbiddenError."""
    policy.require_in(actor, Permission.FIGURES_EXACT, reach.organisation_id)
    cases = queries.list_cases(actor, reach)
    courses = tallies.courses_of([case.client_id for case in cases])
    offices = tallies.offices((reach.organisation_id,))
    counted = assemble(reach, period, list(courses.values()), offices, queries.workers_of(reach, actor))
    counted.cases, counted.courses = cases, courses
    return counted


def assemble(
    reach: Reach,
    period: Period,
    courses: Collection[Course],
    offices: Iterable[Office],
    workers: Collection[UUID] | None,
    progress: Callable[[int, int], None] | None = None,
) -> Counted:
    """All cells of a period. `progress(done, total)` is told after each part."""
    today = clock.today()
    wanted, notes = so_far(period, today), _gaps(reach.organisation_id)
    until = wanted.last
    cells = rules.stock(courses, period, until)
    cells.merge(rules.contacts(courses, period, until))
    definitions = definitions_of(period, today)
    context = indicators.load_context(wanted, clock.now())
    people = prepare(courses, context)
    for number, definition in enumerate(definitions, 1):
        try:
            observations = evaluate(definition.code, people, (), wanted, context)
        except MappingError as missing:
            # One unknown code must not hide all the other figures.
            notes.append(str(missing))
            continue
        _take(cells, definition.code, observations)
        if progress:
            progress(number, len(definitions))
    _add_quality(cells, people.cases, until)
    office = rules.without_file(offices, period, until, workers)
    return Counted(reach, period, until, cells, office, tuple(dict.fromkeys(notes)))


def _gaps(organisation_id: UUID) -> list[str]:
    """What makes all figures too low: after an update the lines of old records are still to be made."""
    if tallies.filled(organisation_id):
        return []
    return [_("Die Zahlen sind noch nicht vollständig: Ältere Einträge werden nach einer Aktualisierung erst gezählt.")]


def _take(cells: Cells, code: str, observations: Iterable[Observation]) -> None:
    """Count observations by outcome, or as a whole. Each belongs to the person behind it."""
    for each in observations:
        outcome = each.classes.get(OUTCOME, "")
        if outcome:
            cells.add(code, outcome, each.person, each.amount)
        else:
            cells.amounts[code, rules.ALL][each.person] += each.amount


def _add_quality(cells: Cells, cases: Iterable[Case], on: dt.date) -> None:
    """The state of each field that is asked of an open case, by the same rule as the report's."""
    for case in cases:
        if case.is_open(on):
            for name, state in fields(case, on):
                cells.amounts[DATA, f"{name}-{state}"][case.course.key] += 1
