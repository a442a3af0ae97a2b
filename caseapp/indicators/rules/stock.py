"""Open files over time: Bestand am Ende = Bestand am Anfang + Zugänge - Abgänge. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from caseapp.indicators.rules.cases import is_open
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import PersonLine
from caseapp.tallies.periods import Period


@dataclass(frozen=True, slots=True)
class Flow:
    """Files: open before the period, opened and closed in it, open at its end. Who comes and goes counts in both."""

    start: int
    came: int
    went: int
    end: int


def flow(courses: Iterable[Course], period: Period) -> Flow:
    """The flow of a period. A file whose closing lies before its opening was never open and counts nowhere."""
    before = period.first - dt.timedelta(days=1)
    start = came = went = end = 0
    for course in courses:
        person = course.person
        if person is None or not _ever_open(person):
            continue
        start += is_open(person, before)
        came += person.opened_on in period
        went += person.closed_on is not None and person.closed_on in period
        end += is_open(person, period.last)
    return Flow(start, came, went, end)


def _ever_open(person: PersonLine) -> bool:
    return person.closed_on is None or person.opened_on <= person.closed_on
