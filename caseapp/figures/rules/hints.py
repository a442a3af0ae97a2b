"""What a list behind a number says about a case: why an outcome is unknown, what was entered late. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from caseapp.clock import local
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import FactLine
from caseapp.tallies.periods import Period

# Which history an indicator's outcome is read from, by the beginning of its code; the longest that fits counts.
_HISTORIES = {
    "I5": "stay",
    "I6": "work",
    "I7": "work",
    "I8": "language",
    "I9": "benefit",
    "I10": "title",
    "I14": "school",
}
_PLACES = {
    "stay": "stays",
    "work": "works",
    "language": "languages",
    "benefit": "benefits",
    "title": "titles",
    "school": "schools",
}


def history_of(code: str) -> str:
    """The history that tells an indicator's outcome; "" for one that none tells."""
    fitting = [begin for begin in _HISTORIES if code.rstrip("KLSY") == begin]
    return _HISTORIES[fitting[0]] if fitting else ""


def last_known(course: Course, history: str) -> dt.date | None:
    """The latest day on which somebody knew the state of this history; None: never."""
    lines: Sequence[FactLine] = getattr(course, _PLACES[history]) if history in _PLACES else ()
    days = [day for line in lines for day in (line.confirmed_on, line.from_on) if day]
    return max(days, default=None)


def late_entries(course: Course, period: Period, until: dt.date) -> int:
    """Contacts of the period that were entered after its end."""
    return sum(
        period.first <= contact.on_day <= until and local(contact.recorded_at).date() > period.last
        for contact in course.contacts
    )
