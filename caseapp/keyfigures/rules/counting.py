"""Counting the Kennzahlen of a year from courses of cases. Pure.

Decided here, because no rule of the programme says it (docs/keyfigures.md):
- A person counts for the Integrationsmanager of the last counted contact of the year; where that names nobody, for the
  worker of the file. A contact counts for whoever had it. Totals count a person once.
- A plan counts for whoever the person counts for. Facts are those of 31 December, age included.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from caseapp.keyfigures.rules.fields import MISSING, Book
from caseapp.keyfigures.rules.totals import NOBODY, TOTAL, Cell, Totals
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import ContactLine, FactLine, HouseholdLine
from caseapp.tallies.periods import Period

_Fact = TypeVar("_Fact", bound=FactLine)


@dataclass(frozen=True, slots=True)
class Rules:
    """What counting must know of the catalogue: which contacts count, and the state's topic of a topic."""

    counts: Callable[[ContactLine], bool]
    state_topics: Mapping[str, str]


def count(book: Book, courses: Collection[Course], rules: Rules) -> Totals:
    """All numbers of the year. Raises CodeWithoutClassError for a code that no breakdown takes."""
    year = Period(book.year)
    seen = [_Seen.of(course, year, rules) for course in courses]
    tally: Counter[Cell] = Counter()
    for one in seen:
        _count_contacts(book, one, rules, tally)
    families = _families(courses, year)
    lives = {course.key: any(mark in families for mark in _households(course, year)) for course in courses}
    for field in book.fields:
        for one in seen:
            if _HOLDS.get(field.measure, _never)(one, year):
                values = _classes_of(book, one.course, year, in_family=lives[one.course.key])
                _add(tally, field.code, one.who, {name: values[name] for name in field.dimensions})
        if field.measure == "families":
            _count_families(field.code, seen, families, year, tally)
    return Totals.of(book.year, tally)


def counted_contacts(course: Course, year: Period, rules: Rules) -> list[ContactLine]:
    """The person's counted contacts of the year, the latest last."""
    found = [line for line in course.contacts if line.on_day in year and rules.counts(line)]
    return sorted(found, key=lambda line: (line.on_day, line.recorded_at))


def missing(book: Book, course: Course, rules: Rules) -> tuple[str, ...]:
    """The breakdowns of the file in which this person is "ohne Angabe" this year; none for who was not counselled."""
    year = Period(book.year)
    if not counted_contacts(course, year, rules):
        return ()
    values = _classes_of(book, course, year, in_family=False)
    return tuple(each.code for each in book.in_the_file if values[each.code] == MISSING)


def late_contacts(book: Book, courses: Iterable[Course], rules: Rules, since: dt.datetime) -> int:
    """How many counted contacts of the year were recorded after that moment."""
    year = Period(book.year)
    return sum(line.recorded_at > since for course in courses for line in counted_contacts(course, year, rules))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A course with what the year says of it."""

    course: Course
    contacts: list[ContactLine]
    who: str

    @classmethod
    def of(cls, course: Course, year: Period, rules: Rules) -> _Seen:
        contacts = counted_contacts(course, year, rules)
        worker = contacts[-1].worker_id if contacts else None
        if worker is None and course.person is not None:
            worker = course.person.worker_id
        return cls(course, contacts, _who(worker))


def _counselled(one: _Seen, _year: Period) -> bool:
    return bool(one.contacts)


def _new_plan(one: _Seen, year: Period) -> bool:
    signed = _signed(one.course)
    return bool(signed) and signed[0] in year


def _carried_plan(one: _Seen, year: Period) -> bool:
    signed = _signed(one.course)
    return bool(signed) and signed[0] < year.first and any(day in year for day in signed[1:])


def _never(_one: _Seen, _year: Period) -> bool:
    return False


# Measures of persons: whether a person counts.
_HOLDS: dict[str, Callable[[_Seen, Period], bool]] = {
    "persons": _counselled,
    "plans_new": _new_plan,
    "plans_forward": _carried_plan,
}


def _signed(course: Course) -> list[dt.date]:
    """The days on which versions of the agreement were signed, the first one first."""
    return sorted(
        line.decided_on for line in course.agreements if line.decision == "signed" and line.decided_on is not None
    )


def _add(tally: Counter[Cell], field: str, who: str, classes: Mapping[str, str]) -> None:
    """One more of the field, for the whole and for `who`, in each breakdown."""
    for owner in (TOTAL, who):
        tally[Cell(owner, field)] += 1
        for dimension, code in classes.items():
            tally[Cell(owner, field, dimension, code)] += 1


def _count_contacts(book: Book, one: _Seen, rules: Rules, tally: Counter[Cell]) -> None:
    for field in book.fields:
        if field.measure != "contacts":
            continue
        for line in one.contacts:
            topic = rules.state_topics.get(line.topics[0], "") if line.topics else ""
            values = {"contact_kind": line.kind, "topic": topic}
            classes = {name: book.dimensions[name].class_of(values[name]) for name in field.dimensions}
            _add(tally, field.code, _who(line.worker_id or _file_worker(one.course)), classes)


def _count_families(
    field: str, seen: Iterable[_Seen], families: Collection[bytes], year: Period, tally: Counter[Cell]
) -> None:
    """A family counts for the worker of its last counted contact."""
    latest: dict[bytes, tuple[dt.date, dt.datetime, str]] = {}
    for one in seen:
        if one.contacts:
            last = one.contacts[-1]
            for mark in _households(one.course, year):
                if mark in families:
                    found = (last.on_day, last.recorded_at, one.who)
                    latest[mark] = max(latest.get(mark, found), found)
    for _day, _at, who in latest.values():
        _add(tally, field, who, {})


def _families(courses: Iterable[Course], year: Period) -> frozenset[bytes]:
    """Households with two or more people in the year."""
    sizes: dict[bytes, int] = defaultdict(int)
    for course in courses:
        for mark in _households(course, year):
            sizes[mark] += 1
    return frozenset(mark for mark, size in sizes.items() if size >= 2)


def _households(course: Course, year: Period) -> frozenset[bytes]:
    """The household in which the person lived last in the year: one at most, so that nobody counts in two families."""
    rows = [line for line in course.households if _overlaps(line, year)]
    if not rows:
        return frozenset()
    last = max(rows, key=lambda line: (line.until_on or dt.date.max, line.from_on or dt.date.min, line.household))
    return frozenset((last.household,))


def _overlaps(line: HouseholdLine, year: Period) -> bool:
    return (line.from_on is None or line.from_on <= year.last) and (
        line.until_on is None or line.until_on >= year.first
    )


def _classes_of(book: Book, course: Course, year: Period, *, in_family: bool) -> dict[str, str]:
    """The class of the person in every breakdown of persons, on the last day of the year."""
    person = course.person
    title, stay = last_fact(course.titles, year), last_fact([line for line in course.stays if line.ags], year)
    codes = {
        "sex": person.sex if person else "",
        "nationality": person.nationality if person else "",
        "title": title.code if title else "",
        "family": "family" if in_family else "single",
        "municipality": (stay.ags if stay else "") or (person.ags if person else ""),
    }
    found = {name: book.dimensions[name].class_of(code) for name, code in codes.items() if name in book.dimensions}
    if "age" in book.dimensions:
        found["age"] = book.dimensions["age"].class_of_years(_age(person.born_on if person else None, year.last))
    return found


def last_fact(lines: Collection[_Fact], year: Period) -> _Fact | None:
    """The row that held on the last day of the year; else the last one that had begun; None without any.

    A title that ran out stays the last known one: "ohne Angabe" means that nobody asked.
    """
    begun = [line for line in lines if not line.superseded and (line.from_on is None or line.from_on <= year.last)]
    if not begun:
        return None
    return max(begun, key=lambda line: (line.from_on or dt.date.min, line.until_on or dt.date.max))


def _age(born_on: dt.date | None, on: dt.date) -> int | None:
    if born_on is None:
        return None
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _file_worker(course: Course) -> UUID | None:
    return course.person.worker_id if course.person else None


def _who(worker_id: UUID | None) -> str:
    return worker_id.hex if worker_id else NOBODY
