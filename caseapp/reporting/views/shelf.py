"""Released reports that this process has read already. A release never changes, so its digest is all there is to ask.

Bounded: a few whole reports, and of the many others only what later ones are compared with. No personal data stands in
a release. What is not frozen (notes, files) is read from the database every time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from markupsafe import Markup

from caseapp.reporting import queries
from caseapp.reporting.models import Report as ReportRow
from caseapp.reporting.rules.package import Package
from caseapp.reporting.rules.report import Report, report
from caseapp.reporting.rules.series import Summary, summarise
from caseapp.tallies.periods import Period

_MOST_EARLIER = 12  # releases that a report looks back on: three years of quarters
Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Shelf(Generic[Key, Kept]):
    """At most `most` things, the least used one thrown out first. Two threads may make the same thing at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Kept]) -> Kept:
        """What is kept under the key, made now if it is missing."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that only a release and a choice decide. `chosen`: what the choice came to, by name.

    `tables` (in groups) and `places` are what else can be chosen: values and labels.
    """

    markup: Markup
    chosen: Mapping[str, str] = field(default_factory=dict)
    tables: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()
    places: Sequence[tuple[str, str]] = ()


_summaries: Shelf[str, Summary] = Shelf(64)
_reports: Shelf[tuple[str, ...], Report] = Shelf(4)
parts: Shelf[tuple[str, ...], Part] = Shelf(64)


def forget() -> None:
    """Throw everything out, as a new process begins."""
    for each in (_summaries, _reports, parts):
        each.clear()


def opened(release: ReportRow, releases: Sequence[ReportRow]) -> Report:
    """The report of a release, compared with those of its scope before it. Reads packages only the first time."""
    before = _before(release, releases)
    return _reports.get((release.digest, *(each.digest for each in before)), lambda: _made(release, before))


def _before(release: ReportRow, releases: Sequence[ReportRow]) -> list[ReportRow]:
    """The releases of the same scope and kind of period before this one, the oldest first."""
    asked = Period.parse(release.period)
    same = [each for each in releases if each.scope == release.scope]
    kind = [each for each in same if (Period.parse(each.period).quarter is None) == (asked.quarter is None)]
    earlier = [each for each in kind if Period.parse(each.period) < asked]
    return sorted(earlier, key=lambda each: Period.parse(each.period))[-_MOST_EARLIER:]


def _made(release: ReportRow, before: Sequence[ReportRow]) -> Report:
    summaries = [_summaries.get(each.digest, lambda each=each: _summary(each)) for each in before]  # type: ignore[misc]
    last: Package | None = queries.package_of(before[-1]) if before else None
    return report(queries.package_of(release), release.digest, summaries, last)


def _summary(release: ReportRow) -> Summary:
    return summarise(queries.package_of(release), release.digest)
