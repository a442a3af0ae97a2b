"""Children in day care and school (I14), and how good the data are (I15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from caseapp.indicators.rules.cases import Case, covers
from caseapp.indicators.rules.context import UNKNOWN
from caseapp.indicators.rules.observations import Asked, Observation
from caseapp.tallies.lines import FactLine

_ESTABLISHED = 90
_FRESH = dt.timedelta(days=183)  # I14: an answer about the day needs a confirmation that is not older
_OLD = dt.timedelta(days=180)  # I15
_KITA_AGES, _SCHOOL_AGES = range(3, 6), range(6, 16)
_WORK_AGES = range(15, 65)
_STARTING_SCHOOL = 6


def day_care(asked: Asked) -> Iterator[Observation]:
    """I14K: children of 3 to 5."""
    return _attending(asked, _KITA_AGES)


def school(asked: Asked) -> Iterator[Observation]:
    """I14S: children of 6 to 15."""
    return _attending(asked, _SCHOOL_AGES)


def quality(asked: Asked) -> Iterator[Observation]:
    """I15: for each field that is asked of a person with an open file, whether it is there and recent."""
    on = asked.last
    for case in asked.cases.cases:
        if case.is_open(on):
            ags = case.ags_on(on)
            for name, outcome in fields(case, on):
                yield asked.observe(case, outcome=outcome, ags=ags, extra={"field": name})


def fields(case: Case, on: dt.date) -> Iterator[tuple[str, str]]:
    """Each field that is asked of the person, and "current", "outdated" or "missing" on the day."""
    person, course, age = case.person, case.course, case.age_on(on)
    yield "sex", _given(person.sex not in ("", "N"))
    yield "born", _given(person.born_on is not None)
    yield "nationality", _given(person.nationality not in ("", "998", "999"))
    yield "place", _given(bool(case.ags_on(on)))
    yield "title", _state((line for line in course.titles if line.code not in ("", "UNB")), on)
    yield "stay", _state((line for line in course.stays if line.form not in ("", "UNB")), on)
    yield "benefit", _state((line for line in course.benefits if line.kind), on)
    if age is None or age in _WORK_AGES:
        yield "work", _state((line for line in course.works if line.kind not in ("", "UNB")), on)
    if age is None or age > _SCHOOL_AGES[-1]:
        yield "language", _state((line for line in course.languages if line.level not in ("", "UNB")), on)
    if age is not None and (age in _KITA_AGES or age in _SCHOOL_AGES):
        yield "school", _state((line for line in course.schools if line.stage not in ("", "UNB")), on)


def _given(there: bool) -> str:  # noqa: FBT001
    return "current" if there else "missing"


def _state(rows: Iterable[FactLine], on: dt.date) -> str:
    """A field without a row that has begun is missing; else its latest confirmation decides."""
    begun = [row for row in rows if row.from_on is None or row.from_on <= on]
    if not begun:
        return "missing"
    looked = max((row.confirmed_on for row in begun if row.confirmed_on), default=None)
    return "current" if looked is not None and looked >= on - _OLD else "outdated"


def _attending(asked: Asked, ages: range) -> Iterator[Observation]:
    on = asked.last
    for case in asked.cases.cases:
        age = case.age_on(on)
        if age is not None and age in ages and case.is_counselled(on, _ESTABLISHED):
            yield asked.observe(case, outcome=_attends(asked, case, age, on))


def _attends(asked: Asked, case: Case, age: int, on: dt.date) -> str:
    """Known as far as somebody looked in the half year before. Kita is enough up to the age of 6."""
    attendance = asked.cases.context.classes["attendance", "school_stages"]
    enough = {"kita", "school"} if age <= _STARTING_SCHOOL else {"school"}
    known = [(attendance[line.stage], line) for line in case.course.schools]
    known = [(kind, line) for kind, line in known if kind != UNKNOWN]
    holding = {kind for kind, line in known if covers(line, on)}
    if not any(line.confirmed_on and line.confirmed_on >= on - _FRESH for _kind, line in known):
        return "unknown"
    return "yes" if holding & enough else "no"
