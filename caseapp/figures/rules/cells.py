"""Numbers with what they are made of: each cell knows how much of it comes from which person. Pure.

A cell is named by a figure and a class. Its number is the sum over its persons, so the list behind a number is the
cell itself and can never differ from it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from caseapp.tallies.courses import Course, Office
from caseapp.tallies.periods import Period

ALL = "alle"
CASES, CONTACTS, TIMES, MINUTES = "bestand", "kontakte", "zeiten", "stunden"
START, CAME, LEFT, END = "anfang", "zugang", "abgang", "ende"

# Figure and class, for example ("kontakte", "HAU").
Name = tuple[str, str]


@dataclass
class Cells:
    """All cells of a page. Counts by record key; a name that was never counted is an empty cell."""

    amounts: dict[Name, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, figure: str, name: str, key: int, amount: int = 1) -> None:
        """Count in one class of a figure and in its whole."""
        self.amounts[figure, name][key] += amount
        self.amounts[figure, ALL][key] += amount

    def number(self, figure: str, name: str = ALL) -> int:
        """The number that the page shows."""
        return self.parts(figure, name).total()

    def parts(self, figure: str, name: str = ALL) -> Counter[int]:
        """How much comes from which record key."""
        return self.amounts.get((figure, name)) or Counter()

    def classes(self, figure: str) -> list[str]:
        """The classes of a figure of which there is any, without its whole, in order of their codes."""
        return sorted(name for of, name in self.amounts if of == figure and name != ALL)

    def merge(self, other: Cells) -> None:
        """Take over the cells of other figures."""
        self.amounts.update(other.amounts)


def stock(courses: Iterable[Course], period: Period, until: dt.date) -> Cells:
    """Cases at the start, opened, closed and at the end: start + opened - closed = end, case by case.

    A case is open from the day of its opening to the day before its closing; whoever comes and goes counts in both.
    """
    cells = Cells()
    for course in courses:
        person = course.person
        if person is None or person.opened_on > until or (person.closed_on and person.closed_on < person.opened_on):
            continue
        closed = person.closed_on if person.closed_on and person.closed_on <= until else None
        before = person.opened_on < period.first
        if before and closed and closed < period.first:
            continue
        cells.amounts[CASES, START if before else CAME][course.key] = 1
        cells.amounts[CASES, LEFT if closed else END][course.key] = 1
    return cells


def part_of(period: Period, day: dt.date) -> str:
    """The column of a picture over time: the ISO week in a quarter, the month in a year."""
    if period.quarter is None:
        return f"{day:%Y-%m}"
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def parts_of(period: Period, until: dt.date) -> list[str]:
    """All columns from the first day of the period to the last that can be counted."""
    days = (period.first + dt.timedelta(days=number) for number in range((until - period.first).days + 1))
    return list(dict.fromkeys(part_of(period, day) for day in days))


def contacts(courses: Iterable[Course], period: Period, until: dt.date) -> Cells:
    """Valid contacts of the cases in the period by kind and over time, and their minutes by kind."""
    cells = Cells()
    for course in courses:
        for contact in course.contacts:
            if not period.first <= contact.on_day <= until:
                continue
            cells.add(CONTACTS, contact.kind, course.key)
            cells.add(TIMES, part_of(period, contact.on_day), course.key)
            if contact.minutes:
                cells.add(MINUTES, contact.kind, course.key, contact.minutes)
    return cells


@dataclass(frozen=True, slots=True)
class WithoutFile:
    """Done without a file in the period: short talks and activities by kind, and the minutes of both."""

    advice: Counter[str]
    advice_minutes: int
    activities: Counter[str]
    activity_minutes: int


def without_file(
    offices: Iterable[Office], period: Period, until: dt.date, workers: Collection[UUID] | None
) -> WithoutFile:
    """Short advice and activities of these workers; None: of everybody in the offices."""
    advice: Counter[str] = Counter()
    activities: Counter[str] = Counter()
    advice_minutes = activity_minutes = 0
    for office in offices:
        for talk in office.advice:
            if period.first <= talk.on_day <= until and _of(talk.worker_id, workers):
                advice[talk.kind] += 1
                advice_minutes += talk.minutes or 0
        for done in office.activities:
            if period.first <= done.on_day <= until and _of(done.worker_id, workers):
                activities[done.kind] += 1
                activity_minutes += done.minutes or 0
    return WithoutFile(advice, advice_minutes, activities, activity_minutes)


def _of(worker_id: UUID | None, workers: Collection[UUID] | None) -> bool:
    return workers is None or worker_id in workers


def by_group(parts: Counter[int], group_of: Callable[[int], UUID | None]) -> dict[UUID, int]:
    """A cell's number split by what each record key belongs to; keys without a group are left out."""
    found: Counter[UUID] = Counter()
    for key, amount in parts.items():
        group = group_of(key)
        if group is not None:
            found[group] += amount
    return dict(found)
