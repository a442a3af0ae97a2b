"""A course seen with the rules of counting: its episode, its counted talks, where it is on a day, its classes.

Episode: from the first counted contact, own or as a participant, to the closing of the file. A file that is opened
again goes on with its episode (the closing is taken back in the file, too); a new file begins a new one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from caseapp.goals.rules.measures import NOT_OWN
from caseapp.indicators.rules.context import UNKNOWN, Context
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import (
    AdviceLine,
    BenefitLine,
    ContactLine,
    FactLine,
    HouseholdLine,
    Mark,
    PersonLine,
    PresenceLine,
    StayLine,
    TitleLine,
)
from caseapp.tallies.periods import Period

F = TypeVar("F", bound=FactLine)
Belongs = Callable[[ContactLine | PresenceLine | AdviceLine], bool]

_LONG_AGO = dt.date.min
_BANDS = ((10, "10"), (7, "7"), (4, "4"), (2, "2"), (1, "1"))


@dataclass(slots=True)
class Case:
    """One course and what follows from it. `entry`: day of the first counted contact, None without one."""

    course: Course
    person: PersonLine
    entry: dt.date | None
    _asked: Period | None = field(default=None, repr=False)
    _talks: Sequence[ContactLine] = field(default=(), repr=False)
    _presences: Sequence[PresenceLine] = field(default=(), repr=False)

    def is_open(self, on: dt.date) -> bool:
        """Whether the file is open at the end of the day."""
        return is_open(self.person, on)

    def is_counselled(self, on: dt.date, days: int = 0) -> bool:
        """Whether the episode runs at the end of the day and has for at least so many days."""
        return self.entry is not None and self.entry + dt.timedelta(days=days) <= on and self.is_open(on)

    def left_on(self, context: Context) -> dt.date | None:
        """The day on which the person moved away, departed or died, as far as that ended the file."""
        closed_on = self.person.closed_on
        if closed_on and context.classes["ending", "closing_reasons"][self.person.closing_reason] == "left":
            return closed_on
        return None

    def ags_on(self, on: dt.date) -> str:
        """The municipality of a day: that of the stay, else that of the file; "" where nothing is known."""
        stay = held([stay for stay in self.course.stays if stay.ags], on)
        return stay.ags if stay else self.person.ags

    def household_on(self, on: dt.date) -> HouseholdLine | None:
        """The household link of a day; the latest where several hold."""
        best: HouseholdLine | None = None
        for link in self.course.households:
            holds = (link.from_on or _LONG_AGO) <= on and (link.until_on is None or on <= link.until_on)
            if holds and (best is None or begins_later(link, best)):
                best = link
        return best

    def age_on(self, on: dt.date) -> int | None:
        """Full years of life on a day; None for an unknown birthday."""
        born = self.person.born_on
        if born is None or born > on:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Sight(NamedTuple):
    """One person, seen on a day for a report of a period."""

    case: Case
    on: dt.date
    cases: Cases
    period: Period


@dataclass(slots=True)
class Household:
    """Who lives together, or a person alone. `entry`: the first day on which the episode of a member began here."""

    key: int
    anchor: Case
    entry: dt.date


@dataclass(slots=True)
class Cases:
    """All courses of an evaluation, prepared once for all indicators. Made by `prepare`."""

    cases: list[Case]
    context: Context
    members: dict[Mark, list[tuple[Case, HouseholdLine]]] = field(repr=False)
    _households: list[Household] | None = field(default=None, repr=False)
    _belongs: tuple[Period, Belongs] | None = field(default=None, repr=False)

    @property
    def households(self) -> list[Household]:
        """Every household with an episode, each once."""
        if self._households is None:
            self._households = list(_households(self))
        return self._households

    def talks(self, case: Case, period: Period) -> Sequence[ContactLine]:
        """The person's own talks that count in the period, by day."""
        self._count(case, period)
        return case._talks  # noqa: SLF001 - kept for the indicators that ask for the same period

    def presences(self, case: Case, period: Period) -> Sequence[PresenceLine]:
        """The talks of others with the person, as far as they count in the period, by day."""
        self._count(case, period)
        return case._presences  # noqa: SLF001

    def _count(self, case: Case, period: Period) -> None:
        if case._asked is period:  # noqa: SLF001
            return
        if self._belongs is None or self._belongs[0] != period:
            self._belongs = period, in_period(period, self.context)
        belongs = self._belongs[1]
        case._talks, case._presences = _own_talks(case.course, belongs), _presences(case.course, belongs)  # noqa: SLF001
        case._asked = period  # noqa: SLF001

    def anchor(self, mark: Mark, on: dt.date) -> Case:
        """The person of reference of a household on a day: who is marked so then, else ever, else the oldest."""
        return min(self.members[mark], key=lambda pair: (*_likeness(pair[1], on), _age_order(pair[0])))[0]


def prepare(courses: Iterable[Course], context: Context) -> Cases:
    """The courses ready for `evaluate`. Those without a file line are left out: the file was erased."""
    cases: list[Case] = []
    members: dict[Mark, list[tuple[Case, HouseholdLine]]] = {}
    for course in courses:
        if course.person is None:
            continue
        case = Case(course, course.person, _entry(course, context))
        cases.append(case)
        for link in course.households:
            members.setdefault(link.household, []).append((case, link))
    return Cases(cases, context, members)


def is_open(person: PersonLine, on: dt.date) -> bool:
    """Whether a file is open at the end of the day. Closed on a day: no longer open on it."""
    return person.opened_on <= on and (person.closed_on is None or on < person.closed_on)


def held(rows: Iterable[F], on: dt.date) -> F | None:
    """The row of a history with one value a day that holds on the day: of several the one that began last."""
    best: F | None = None
    for row in rows:
        if covers(row, on) and (best is None or begins_later(row, best)):
            best = row
    return best


def begins_later(row: FactLine | HouseholdLine, other: FactLine | HouseholdLine) -> bool:
    """Whether a row begins after another; of two from one day the content decides, so that no order of rows does."""
    begin, theirs = row.from_on or _LONG_AGO, other.from_on or _LONG_AGO
    return begin > theirs or (begin == theirs and repr(row) > repr(other))


def counted(course: Course, period: Period, context: Context) -> list[ContactLine]:
    """The person's own counselling talks that count in the period, by day. Late entries: see `in_period`."""
    return _own_talks(course, in_period(period, context))


def counted_presences(course: Course, period: Period, context: Context) -> list[PresenceLine]:
    """The talks of others in which the person took part and that count in the period, by day."""
    return _presences(course, in_period(period, context))


def in_period(period: Period, context: Context) -> Belongs:
    """Asks for a contact, a presence or a short advice whether it counts in the period.

    A contact counts in the period of its day. One that was recorded after that period had been counted for its release
    counts in the next period that was not: figures that are out never change, and nothing is lost. What is taken over
    from an older list never moves: years of history are no work of the present period.
    """
    first, last, as_of = period.first, period.last, context.as_of
    frozen = context.snapshots.get(str(period))
    before = context.snapshots.get(str(period.before))
    released = context.snapshots

    def belongs(line: ContactLine | PresenceLine | AdviceLine) -> bool:
        on_day, recorded_at = line.on_day, line.recorded_at
        if on_day > last or (on_day < first and (before is None or recorded_at <= before)):
            return False
        if recorded_at > as_of or (frozen is not None and recorded_at > frozen):
            return False
        if on_day < first:
            taken_over = isinstance(line, ContactLine) and line.imported
            if taken_over or str(_own(on_day, period)) not in released:
                return False
        return context.counts(line.kind, on_day)

    return belongs


def classes_of(case: Case, names: Sequence[str], on: dt.date, cases: Cases, period: Period) -> dict[str, str]:
    """The classes of a person on a day, for those of the dimensions that follow from the person alone.

    `topic` and `band` are those of the counted talks of `period`. Raises MappingError for a code without a class.
    """
    sight = Sight(case, on, cases, period)
    found: dict[str, str] = {}
    for name in names:
        maker = _MAKERS.get(name)
        if maker is not None:
            found[name] = maker(sight)
    return found


def title_on(case: Case, on: dt.date, context: Context) -> TitleLine | None:
    """The residence title of a day, with the time by which it runs on by law; None where it has run out."""
    best: TitleLine | None = None
    for title in case.course.titles:
        if (title.from_on or _LONG_AGO) <= on and (best is None or begins_later(title, best)):
            best = title
    if best is None or best.until_on is None or on <= best.until_on:
        return best
    return best if on <= context.title_end(best.code, best.until_on, best.from_on) else None


def is_own(stay: StayLine, context: Context) -> bool:
    """Whether a stay is an own tenancy: a flat that the town lets on, or assigns, is none."""
    return context.classes["housing", "housing_forms"][stay.form] == "own" and stay.legal_title not in NOT_OWN


def draws(benefit: BenefitLine, context: Context) -> bool:
    """Whether a benefit is one of SGB II, SGB XII and AsylbLG."""
    return context.classes["benefit", "benefits"][benefit.kind] == "yes"


def _own_talks(course: Course, belongs: Belongs) -> list[ContactLine]:
    return sorted((line for line in course.contacts if belongs(line)), key=_moment)


def _moment(line: ContactLine) -> tuple[dt.date, dt.datetime, str, tuple[str, ...]]:
    """The order of talks; of two typed in at the same moment the content decides, so that no order of rows does."""
    return line.on_day, line.recorded_at, line.kind, line.topics


def _presences(course: Course, belongs: Belongs) -> list[PresenceLine]:
    return sorted((line for line in course.presences if belongs(line)), key=lambda line: line.on_day)


def _own(on_day: dt.date, period: Period) -> Period:
    return Period(on_day.year) if period.quarter is None else Period.of(on_day)


def _entry(course: Course, context: Context) -> dt.date | None:
    first: dt.date | None = None
    lines: Iterable[ContactLine | PresenceLine] = (*course.contacts, *course.presences)
    for line in lines:
        day = line.on_day
        if (first is None or day < first) and line.recorded_at <= context.as_of and context.counts(line.kind, day):
            first = day
    return first


def _households(cases: Cases) -> Iterator[Household]:
    entries: dict[Mark, dt.date] = {}
    for case in cases.cases:
        if case.entry is None:
            continue
        link = case.household_on(case.entry)
        if link is None:
            yield Household(case.course.key, case, case.entry)
        else:
            entries[link.household] = min(case.entry, entries.get(link.household, case.entry))
    for mark, entry in entries.items():
        yield Household(int.from_bytes(mark, "big"), cases.anchor(mark, entry), entry)


def _likeness(link: HouseholdLine, on: dt.date) -> tuple[bool, bool]:
    holds = (link.from_on or _LONG_AGO) <= on and (link.until_on is None or on <= link.until_on)
    return not (holds and link.anchor), not link.anchor


def _age_order(case: Case) -> tuple[dt.date, int]:
    return case.person.born_on or dt.date.max, case.course.key


def _sex(sight: Sight) -> str:
    return sight.cases.context.classes["sex", "sexes"][sight.case.person.sex]


def _age(sight: Sight) -> str:
    return sight.cases.context.age_class("age", sight.case.person.born_on, sight.on)


def _age27(sight: Sight) -> str:
    return sight.cases.context.age_class("age27", sight.case.person.born_on, sight.on)


def _nationality(sight: Sight) -> str:
    return sight.cases.context.classes["nationality", "nationalities"][sight.case.person.nationality]


def _title(sight: Sight) -> str:
    found = title_on(sight.case, sight.on, sight.cases.context)
    return sight.cases.context.classes["title", "residence_titles"][found.code] if found else UNKNOWN


def _housing(sight: Sight) -> str:
    stay = held(sight.case.course.stays, sight.on)
    if stay is None:
        return UNKNOWN
    found = sight.cases.context.classes["housing", "housing_forms"][stay.form]
    # A flat that the town rents and lets on, or assigns, is follow-up housing by its legal title.
    return "follow" if found == "own" and stay.legal_title in NOT_OWN else found


def _benefit(sight: Sight) -> str:
    rows = sight.case.course.benefits
    if any(covers(row, sight.on) for row in rows if draws(row, sight.cases.context)):
        return "yes"
    return "no" if rows else UNKNOWN


def _topic(sight: Sight) -> str:
    """The main topic of the last own talk in the period; who only took part in others' talks has "Sonstiges"."""
    talks = sight.cases.talks(sight.case, sight.period)
    with_topic = [line for line in talks if line.topics]
    code = with_topic[-1].topics[0] if with_topic else ""
    return sight.cases.context.classes["topic", "topics"][code]


def _band(sight: Sight) -> str:
    cases, case, period = sight.cases, sight.case, sight.period
    talks = len(cases.talks(case, period)) + len(cases.presences(case, period))
    return next(code for least, code in _BANDS if talks >= least or least == 1)


def _family(sight: Sight) -> str:
    case, on = sight.case, sight.on
    link = case.household_on(on)
    if link is None:
        return "single"
    others = (other for other, _line in sight.cases.members[link.household] if other is not case)
    together = any((theirs := other.household_on(on)) and theirs.household == link.household for other in others)
    return "family" if together else "single"


def covers(row: FactLine, on: dt.date) -> bool:
    """Whether a row of a history holds on the day."""
    return (row.from_on is None or row.from_on <= on) and (row.until_on is None or on <= row.until_on)


_MAKERS: Mapping[str, Callable[[Sight], str]] = {
    "sex": _sex,
    "age": _age,
    "age27": _age27,
    "nationality": _nationality,
    "title": _title,
    "topic": _topic,
    "housing": _housing,
    "benefit": _benefit,
    "band": _band,
    "family": _family,
}
