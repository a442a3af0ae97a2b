"""A quarterly report of a whole state: observed, rounded, described and frozen, against the bare rounding in it.

In CPU time. Reading the sealed lines is measured by itself; both together must stay within a minute.
"""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Sequence

from bench.table import Line, against_floor, within
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import Observation, evaluate, prepare
from caseapp.places import queries as places
from caseapp.reporting.disclosure import release
from caseapp.reporting.disclosure.frozen import freeze, freeze_memory
from caseapp.reporting.rules.catalogues import Engine, Population, populations
from caseapp.reporting.rules.funding import FundingPeriod, key_of
from caseapp.reporting.rules.ground import Ground
from caseapp.reporting.service.rounding import Before, Rounder
from caseapp.tallies.courses import Course, Office
from caseapp.tallies.periods import Period
from tests.factories.courses import CARRIER, context_for, invent

COUNT = 100_000
_PERIOD = Period(2026, 3)
_LIMIT = 40e6  # microseconds: of the minute that a report may take, reading the lines has the rest
_FUNDING = FundingPeriod("2025-2027", dt.date(2025, 1, 1), dt.date(2027, 12, 31), 14)


def measure(count: int = COUNT) -> list[Line]:
    """Everything of a build that comes after reading."""
    gazetteer = places.gazetteer()
    courses, offices = invent(count, last=_PERIOD.last, municipalities=sorted(gazetteer.municipalities))
    contacts = sum(len(course.contacts) for course in courses)
    gc.collect()
    gc.freeze()
    started = time.process_time()
    observed = _observe(courses, offices)
    middle = time.process_time()
    bare, cells = _publish(observed)
    ended = time.process_time()
    gc.unfreeze()
    spent = ended - started
    work = f"quarterly report of {count:,} clients with {contacts:,} contacts, {cells:,} cells"
    return [
        against_floor(f"{work}: rounding and freezing", (ended - middle) * 1e6, bare * 1e6, "bare rounding", budget=5),
        within(f"{work}, all of it but reading", spent * 1e6, _LIMIT),
    ]


def _observe(courses: Sequence[Course], offices: Sequence[Office]) -> list[tuple[Population, list[Observation]]]:
    context = context_for(_PERIOD)
    last = _PERIOD.last
    shown = populations(indicators.list_definitions(last), indicators.list_dimensions(last), _PERIOD, "08")
    cases = prepare(courses, context)
    return [(each, evaluate(each.definition.code, cases, offices, _PERIOD, context)) for each in shown]


def _publish(observed: Sequence[tuple[Population, list[Observation]]]) -> tuple[float, int]:
    """Seconds inside the engine's rounding, and how many cells there are."""
    districts = tuple(sorted(places.gazetteer().districts))
    ground = Ground.of(districts, places.gazetteer(), towns=False)
    engine = Engine(ground, {CARRIER: districts[0]}, key_of(bytes(range(32)), _FUNDING))
    rounder = Rounder(engine, _PERIOD, _FUNDING, Before())
    inside, cells, original = 0.0, 0, release.round_lattice

    def timed(*arguments: object, **options: object) -> object:
        nonlocal inside
        begun = time.process_time()
        result = original(*arguments, **options)  # type: ignore[arg-type]
        inside += time.process_time() - begun
        return result

    release.round_lattice = timed  # type: ignore[assignment]
    try:
        for population, found in observed:
            made = rounder.round(population, found)
            freeze(made.published)
            freeze_memory(made.memory, made.published)
            cells += made.published.lattice.cells
    finally:
        release.round_lattice = original
    return inside, cells
