"""What a reader compares over time: the numbers and outcome rates of each release, and what a difference may be called.

Rates come from `disclosure.rates`: published numbers only, 50 and more, at most a fifth of unknown outcome. Wherever
two numbers are compared, both carry their rounding: a difference that rounding alone can make is no difference.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caseapp.reporting.disclosure.rates import Rate, percentage, rate
from caseapp.reporting.rules.cells import Cell, Reader, added, indicator_of, parts_of, scope_of
from caseapp.reporting.rules.package import Area, Figures, IndicatorText, Package
from caseapp.tallies.periods import Period

YES = "yes"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """A rate of an indicator: which classes of the outcome count as yes, as no, as unknown."""

    code: str
    title: str
    yes: frozenset[str]
    no: frozenset[str]
    unknown: frozenset[str]

    def outcome(self, cells: Mapping[str, Cell]) -> Outcome:
        """The outcome from the numbers of all classes."""
        parts = (added(cells[code] for code in sorted(codes)) for codes in (self.yes, self.no, self.unknown))
        return Outcome(*parts)


def shares(indicator: IndicatorText) -> tuple[Share, ...]:
    """The rates of an indicator. Whoever left stays among the "no"; the unknown ones always limit what may be said."""
    unknown = frozenset(each.code for each in indicator.outcomes if each.answer == UNKNOWN)
    known = frozenset(each.code for each in indicator.outcomes) - unknown
    return tuple(
        Share(
            each.code,
            each.de,
            frozenset(each.yes),
            (frozenset(each.of) or known) - frozenset(each.yes) - unknown,
            unknown,
        )
        for each in indicator.rates
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the people of a cohort. `no` holds whoever moved away or died, too: they stay in the cohort."""

    yes: Cell
    no: Cell
    unknown: Cell

    @property
    def rate(self) -> Rate | None:
        """The share of yes among the known; None where it would mean nothing."""
        return rate(self.yes, self.no, self.unknown)

    @property
    def unknown_share(self) -> int | None:
        """Whole per cent of the cohort whose outcome is unknown; None for fewer than 50."""
        everybody = added((self.yes, self.no, self.unknown))
        if everybody.value is None or self.unknown.value is None:
            return None
        return percentage(self.unknown.value, everybody.value)


@dataclass(frozen=True, slots=True)
class Fact:
    """What one population says of one area; `outcomes` by the code of the rate."""

    total: Cell
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Population:
    """One population of a release: the indicator in its version, the cohort, and what it says by AGS."""

    name: str
    indicator: str
    version: int
    cohort: str
    kind: str
    unit: str
    title: str
    sentence: str
    shares: tuple[Share, ...]
    facts: Mapping[str, Fact] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is kept of a release to compare others with: the scope and the areas right below it."""

    number: str
    period: str
    funding_period: str
    digest: str
    populations: tuple[Population, ...] = field(repr=False)

    def find(self, name: str, cohort: str = "") -> Population | None:
        """The population of this name (and cohort, if one is asked for)."""
        return next((each for each in self.populations if each.name == name and cohort in ("", each.cohort)), None)


def summarise(package: Package, digest: str) -> Summary:
    """The comparable part of a release."""
    scope = scope_of(package)
    areas = [scope, *parts_of(package, scope)]
    populations = tuple(_population(package, figures, areas) for figures in package.figures)
    return Summary(package.number, package.period, package.funding_period, digest, populations)


def _population(package: Package, figures: Figures, areas: Sequence[Area]) -> Population:
    text, reader = indicator_of(package, figures), Reader(figures)
    found = shares(text) if reader.outcome else ()
    return Population(
        figures.name,
        figures.indicator,
        text.version,
        figures.cohort,
        text.kind,
        text.unit,
        text.title_de,
        text.sentence_de,
        found,
        {area.ags: _fact(reader, area, found) for area in areas if reader.shows(area) and reader.has(area.level, ())},
    )


def _fact(reader: Reader, area: Area, found: Sequence[Share]) -> Fact:
    name = reader.outcome
    if not found or not reader.has(area.level, (name,)):
        return Fact(reader.cell(area))
    cells = {code: reader.cell(area, {name: code}) for code in reader.shown_classes(area.level, name)}
    return Fact(reader.cell(area), {share.code: share.outcome(cells) for share in found})


class Direction(enum.StrEnum):
    """What may be said of two numbers. `SAME`: rounding alone can make the difference."""

    MORE = "more"
    LESS = "less"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """From one published number to another: the exact difference lies from `lowest` to `highest`."""

    direction: Direction
    difference: int = 0
    lowest: int = 0
    highest: int = 0

    @property
    def at_most(self) -> int:
        """How far the exact difference can be away from the one shown."""
        return max(self.highest - self.difference, self.difference - self.lowest)


def change(before: Cell, now: Cell) -> Change:
    """The change between two numbers with the uncertainty of both; unknown if one of them is withheld."""
    if before.value is None or now.value is None:
        return Change(Direction.UNKNOWN)
    lowest, highest = now.lowest - before.highest, now.highest - before.lowest
    return Change(_direction(lowest, highest), now.value - before.value, lowest, highest)


def rate_change(before: Outcome, now: Outcome) -> Change:
    """The change between two rates in percentage points; unknown if one of them is not shown.

    The exact shares of both lie within their bounds, so only bounds that do not touch make a change.
    """
    old, new = before.rate, now.rate
    if old is None or new is None:
        return Change(Direction.UNKNOWN)
    lowest, highest = new.lowest - old.highest, new.highest - old.lowest
    return Change(_direction(lowest, highest), new.percent - old.percent, lowest, highest)


def _direction(lowest: int, highest: int) -> Direction:
    if lowest > 0:
        return Direction.MORE
    return Direction.LESS if highest < 0 else Direction.SAME


def comparable(summaries: Iterable[Summary], period: str) -> list[Summary]:
    """The releases before a period that are of the same kind (quarters with quarters), the oldest first."""
    asked = Period.parse(period)
    earlier = [(Period.parse(each.period), each) for each in summaries]
    same = [(found, each) for found, each in earlier if (found.quarter is None) == (asked.quarter is None)]
    return [each for found, each in sorted(same, key=lambda pair: pair[0]) if found < asked]


@dataclass(frozen=True, slots=True)
class Point:
    """One cohort or period in a course. `mark` is its name: 2026-Q1."""

    mark: str
    fact: Fact


def course(summaries: Sequence[Summary], name: str, ags: str, *, most: int = 8) -> list[Point]:
    """The last `most` points of a population in an area, over releases in order.

    Only releases whose indicator has the version of the last one: another definition is another figure. A cohort that
    stands in two releases keeps what the first one said. A period without a number in between has no point.
    """
    versions = [found.version for each in summaries if (found := each.find(name)) is not None]
    points: dict[str, Fact] = {}
    for each in summaries:
        for found in each.populations:
            if found.name == name and found.version == versions[-1] and ags in found.facts:
                points.setdefault(found.cohort, found.facts[ags])
    return [Point(mark, points[mark]) for mark in sorted(points)][-most:]
