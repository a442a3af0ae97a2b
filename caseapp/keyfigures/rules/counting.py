"""Counting the Kennzahlen of a year from courses of cases. Pure.

Which talks count, who was counselled, where somebody was on a day: `indicators` decides, for reports and Kennzahlen
alike. Decided here, because no rule of the programme says it (docs/keyfigures.md):
- A person counts for the Integrationsmanager of the last counted contact of the year; where that names nobody, for the
  worker of the file. A contact counts for whoever had it. Totals count a person once.
- A plan counts for whoever the person counts for. Facts are those of 31 December, age included.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from caseapp.indicators.rules.cases import Case, Cases, begins_later, classes_of, prepare
from caseapp.indicators.rules.context import Context
from caseapp.keyfigures.rules.fields import MISSING, Book
from caseapp.keyfigures.rules.totals import NOBODY, TOTAL, Cell, Totals
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import Mark, TitleLine
from caseapp.tallies.periods import Period

_Name = TypeVar("_Name", bound=Hashable)


def count(book: Book, courses: Collection[Course], context: Context) -> Totals:
    """All numbers of the year. Raises CodeWithoutClassError for a code that no breakdown takes."""
    seen = _Year(book, prepare(courses, context))
    for case in seen.cases.cases:
        who = seen.worker_of(case)
        for field in book.fields:
            if field.measure in _OF_PERSONS and _OF_PERSONS[field.measure](seen, case):
                values = seen.classes(case)
                seen.add(field.code, who, {name: values[name] for name in field.dimensions})
            elif field.measure == "contacts":
                seen.add_contacts(field.code, field.dimensions, case)
    for field in book.fields:
        if field.measure == "families":
            seen.add_families(field.code)
    return Totals.of(book.year, seen.tally)


def missing(book: Book, courses: Mapping[_Name, Course], context: Context) -> dict[_Name, tuple[str, ...]]:
    """In which breakdowns of the file people are "ohne Angabe" this year; only counselled people who lack any."""
    seen = _Year(book, prepare(courses.values(), context))
    names = {course.key: name for name, course in courses.items()}
    found: dict[_Name, tuple[str, ...]] = {}
    for case in seen.cases.cases:
        if seen.is_counselled(case):
            values = seen.classes(case)
            lacking = tuple(each.code for each in book.in_the_file if values[each.code] == MISSING)
            if lacking:
                found[names[case.course.key]] = lacking
    return found


def late_contacts(book: Book, courses: Collection[Course], context: Context, since: dt.datetime) -> int:
    """How many counted contacts of the year were recorded after that moment."""
    cases, year = prepare(courses, context), Period(book.year)
    return sum(line.recorded_at > since for case in cases.cases for line in cases.talks(case, year))


class _Year:
    """All cases as one year sees them, and the numbers counted so far."""

    def __init__(self, book: Book, cases: Cases) -> None:
        self.book, self.cases, self.period = book, cases, Period(book.year)
        self.tally: Counter[Cell] = Counter()

    def is_counselled(self, case: Case) -> bool:
        """Whether the person had a counted talk, own or as a participant: I1 of the reports."""
        return bool(self.cases.talks(case, self.period) or self.cases.presences(case, self.period))

    def worker_of(self, case: Case) -> str:
        """For whom the person counts."""
        talks = self.cases.talks(case, self.period)
        return _who((talks[-1].worker_id if talks else None) or case.person.worker_id)

    def classes(self, case: Case) -> dict[str, str]:
        """The class of the person in every breakdown of persons, on the last day of the year."""
        book, person, last = self.book, case.person, self.period.last
        title = _last_title(case, last)
        codes = {
            "sex": person.sex,
            "nationality": person.nationality,
            "title": title.code if title else "",
            "family": classes_of(case, ("family",), last, self.cases, self.period)["family"],
            "municipality": case.ags_on(last),
        }
        found = {name: book.dimensions[name].class_of(code) for name, code in codes.items() if name in book.dimensions}
        if "age" in book.dimensions:
            found["age"] = book.dimensions["age"].class_of_years(case.age_on(last))
        return found

    def add(self, field: str, who: str, classes: Mapping[str, str]) -> None:
        """One more of the field, for the whole and for `who`, in each breakdown."""
        for owner in (TOTAL, who):
            self.tally[Cell(owner, field)] += 1
            for dimension, code in classes.items():
                self.tally[Cell(owner, field, dimension, code)] += 1

    def add_contacts(self, field: str, dimensions: Iterable[str], case: Case) -> None:
        """The person's counted contacts, each for whoever had it."""
        topics = self.cases.context.classes["topic", "topics"]
        for line in self.cases.talks(case, self.period):
            values = {"contact_kind": line.kind, "topic": topics[line.topics[0]] if line.topics else ""}
            classes = {name: self.book.dimensions[name].class_of(values[name]) for name in dimensions}
            self.add(field, _who(line.worker_id or case.person.worker_id), classes)

    def add_families(self, field: str) -> None:
        """Each family once, for whoever its last counselled member counts for."""
        latest: dict[Mark, tuple[dt.date, str]] = {}
        for case in self.cases.cases:
            who = self.worker_of(case)
            for on in self._days(case):
                link = case.household_on(on)
                if link is not None and self._is_family(link.household, case, on):
                    latest[link.household] = max(latest.get(link.household, (on, who)), (on, who))
        for _on, who in latest.values():
            self.add(field, who, {})

    def _days(self, case: Case) -> set[dt.date]:
        """The days of the counted talks, own or as a participant."""
        talks, presences = self.cases.talks(case, self.period), self.cases.presences(case, self.period)
        return {line.on_day for line in talks} | {line.on_day for line in presences}

    def _is_family(self, mark: Mark, case: Case, on: dt.date) -> bool:
        """Whether somebody else belongs to the household on that day."""
        for other, _link in self.cases.members[mark]:
            theirs = other.household_on(on) if other is not case else None
            if theirs is not None and theirs.household == mark:
                return True
        return False


def _new_plan(seen: _Year, case: Case) -> bool:
    signed = _signed(case.course)
    return bool(signed) and signed[0] in seen.period


def _carried_plan(seen: _Year, case: Case) -> bool:
    signed = _signed(case.course)
    return bool(signed) and signed[0] < seen.period.first and any(day in seen.period for day in signed[1:])


# Measures of persons: whether a person counts.
_OF_PERSONS = {"persons": _Year.is_counselled, "plans_new": _new_plan, "plans_forward": _carried_plan}


def _signed(course: Course) -> list[dt.date]:
    """The days on which versions of the agreement were signed, the first one first."""
    return sorted(
        line.decided_on for line in course.agreements if line.decision == "signed" and line.decided_on is not None
    )


def _last_title(case: Case, on: dt.date) -> TitleLine | None:
    """The last title that had begun by the day; None where nobody has ever asked.

    A title that ran out stays the last known one: "ohne Angabe" means that there is no answer.
    """
    best: TitleLine | None = None
    for line in case.course.titles:
        begun = not line.superseded and (line.from_on is None or line.from_on <= on)
        if begun and (best is None or begins_later(line, best)):
            best = line
    return best


def _who(worker_id: UUID | None) -> str:
    return worker_id.hex if worker_id else NOBODY
