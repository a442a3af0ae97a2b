"""All indicators of a quarter over 100,000 invented courses with about a million contacts, in CPU time.

The floor is one pass that only looks at the day of every contact: what no evaluation can do without.
"""

from __future__ import annotations

import gc
import time

from bench.table import Line, against_floor, within
from caseapp.indicators.rules import CODES, evaluate
from caseapp.tallies.periods import Period
from tests.factories.courses import context_for, invent

_PERIOD = Period(2026, 3)
_COUNT = 100_000
_LIMIT = 15e6  # microseconds: a quarter of the minute that a report may take


def measure(count: int = _COUNT) -> list[Line]:
    """Evaluate every indicator once, as the report does."""
    courses, offices = invent(count, last=_PERIOD.last)
    context = context_for(_PERIOD)
    gc.collect()
    gc.freeze()
    first, last = _PERIOD.first, _PERIOD.last
    started = time.process_time()
    sum(first <= line.on_day <= last for course in courses for line in course.contacts)
    floor = time.process_time() - started
    started = time.process_time()
    for code in CODES:
        evaluate(code, courses, offices, _PERIOD, context)
    spent = time.process_time() - started
    gc.unfreeze()
    contacts = sum(len(course.contacts) for course in courses)
    work = f"{len(CODES)} indicators of {count:,} courses with {contacts:,} contacts"
    return [
        against_floor(work, spent * 1e6, floor * 1e6, "one look at every contact"),
        within(f"{work}, all of it", spent * 1e6, _LIMIT * count / _COUNT),
    ]
