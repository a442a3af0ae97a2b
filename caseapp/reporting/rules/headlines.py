"""The three to six figures on top of a report: which they are, and what each may say about the report before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from caseapp.reporting.disclosure.rates import SMALLEST_DENOMINATOR, Rate
from caseapp.reporting.rules.cells import Cell
from caseapp.reporting.rules.series import Change, Fact, Outcome, Population, Summary, change

MOST = 6
_ENOUGH = 3  # figures that say something; with fewer, also outcomes of small groups stand on top
# Persons, plans in force, flats, jobs that last, language levels, then work begun, independence, goals, talks.
ABOUT_DATA = "I15"  # counts entries, not people: stands with the quality of the data only
_ORDER = ("I1", "I3", "I5", "I7", "I8", "I6", "I9", "I4", "I13", "I2")
_CODE = re.compile(r"I\d+")


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of the scope. Of an outcome the number is that of "yes", `whole` that of the cohort.

    `change` is None where no earlier release can be compared; `before` is the cohort or period of the number compared
    with, `redefined` says that the definition changed since, `entered` that the cohort began before the period.
    """

    name: str
    indicator: str
    title: str
    rate_title: str
    unit: str
    cohort: str
    number: Cell
    whole: Cell | None
    rate: Rate | None
    unknown_share: int | None
    change: Change | None
    before: str = ""
    redefined: bool = False
    entered: bool = False


def headlines(now: Summary, earlier: Sequence[Summary], ags: str) -> list[Headline]:
    """At most six figures of an area, the most asked for first; `earlier` in order, the oldest first.

    An outcome of a group too small for a share says nothing in a minute: it stands below, with the others of its kind.
    """
    found: dict[str, Population] = {}
    for each in ranked(now):
        if ags not in each.facts or (each.shares and each.facts[ags].total.value == 0):
            continue  # nobody has entered yet: a year of waiting is not over
        found.setdefault(_code(each.indicator), each)
    last = earlier[-1] if earlier else None
    all_of_them = [_headline(each, last, ags, now.period) for each in found.values()]
    telling = [each for each in all_of_them if each.whole is None or _is_large(each.whole)]
    return (telling if len(telling) >= _ENOUGH else all_of_them)[:MOST]


def _is_large(whole: Cell) -> bool:
    """Whether the group is large enough for a share, if enough is known of it."""
    return whole.value is not None and whole.value >= SMALLEST_DENOMINATOR


def _headline(found: Population, last: Summary | None, ags: str, period: str) -> Headline:
    fact = found.facts[ags]
    outcome = _main(found, fact)
    number = outcome.yes if outcome else fact.total
    old = last.find(found.name) if last else None
    same = old is not None and old.version == found.version
    changed = None
    if old is not None and same and ags in old.facts:
        before = _main(old, old.facts[ags])
        changed = change(before.yes if before else old.facts[ags].total, number)
    return Headline(
        found.name,
        found.indicator,
        found.title,
        found.shares[0].title if outcome else "",
        found.unit,
        found.cohort,
        number,
        fact.total if outcome else None,
        outcome.rate if outcome else None,
        outcome.unknown_share if outcome else None,
        changed,
        old.cohort if old and changed else "",
        old is not None and not same,
        found.cohort != period,
    )


def _main(found: Population, fact: Fact) -> Outcome | None:
    """The outcome of the first rate of the indicator, if it has one."""
    return fact.outcomes.get(found.shares[0].code) if found.shares else None


def _code(indicator: str) -> str:
    found = _CODE.match(indicator)
    return found[0] if found else indicator


def is_main(found: Population) -> bool:
    """Whether its course belongs to those that everybody asks for first."""
    return found.indicator in _ORDER


def ranked(summary: Summary) -> list[Population]:
    """What counts people, the most asked for first."""
    return sorted((each for each in summary.populations if each.indicator != ABOUT_DATA), key=_rank)


def _rank(found: Population) -> tuple[int, bool, str]:
    """A key that sorts the most asked for first."""
    code = _code(found.indicator)
    return _ORDER.index(code) if code in _ORDER else len(_ORDER), found.indicator != code, found.name
