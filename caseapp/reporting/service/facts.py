"""What the second person needs to know of a draft: errors by size, changes to the last release. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.quality import SizeClass
from caseapp.reporting.disclosure.release import Release
from caseapp.reporting.models import Change, PopulationFacts, ReportFacts, SizeFacts
from caseapp.reporting.rules.package import Package

MOST_CHANGES = 10
_TOTALS = (Grid(Level.STATE, ()), Grid(Level.DISTRICT, ()))


def population_facts(indicator: str, release: Release) -> PopulationFacts:
    """How far the numbers of one population are from the exact ones."""
    published, quality = release.published, release.quality
    grids = published.lattice.grids
    return PopulationFacts(
        name=published.lattice.catalogue.name,
        indicator=indicator,
        records=int(release.memory.counts[_TOTALS[0]].sum()),
        cells=sum(published.lattice.size(grid) for grid in grids),
        largest_error=quality.largest_error,
        useful=_size(quality.useful),
        by_size=tuple(_size(each) for each in quality.by_size),
        unchanged=quality.unchanged,
        flipped=quality.flipped,
        withheld=int(sum(np.count_nonzero(published.withheld[grid]) for grid in grids)),
        deviating=len(published.deviations),
        together=release.together,
    )


@dataclass(frozen=True)
class Summary:
    """A draft in six numbers: what the second person decides on, before the single populations."""

    cells: int
    largest_error: int
    deviating: int
    withheld: int
    unchanged: int
    flipped: int
    useful: PopulationFacts | None

    @property
    def flip_share(self) -> float:
        """Per cent of the unchanged cells whose number changed all the same."""
        return round(100 * self.flipped / self.unchanged, 1) if self.unchanged else 0.0


def sum_up(facts: ReportFacts) -> Summary:
    """All populations together; `useful` is the one with the largest error among its numbers of 50 and more."""
    parts = facts.populations
    return Summary(
        cells=sum(each.cells for each in parts),
        largest_error=max((each.largest_error for each in parts), default=0),
        deviating=sum(each.deviating for each in parts),
        withheld=sum(each.withheld for each in parts),
        unchanged=sum(each.unchanged for each in parts),
        flipped=sum(each.flipped for each in parts),
        useful=max(
            (each for each in parts if each.useful.cells), key=lambda each: each.useful.p95_relative, default=None
        ),
    )


def biggest_changes(now: Package, before: Package | None) -> list[Change]:
    """The numbers of whole areas that changed most since the last release, the largest change first."""
    if before is None:
        return []
    names = {area.ags: area.name for area in now.areas}
    found: dict[tuple[str, str], Change] = {}
    last = {each.name: each.published for each in before.figures}
    for each in now.figures:
        old = last.get(each.name)
        for grid in _TOTALS if old is not None else ():
            here = dict(
                zip(each.published.lattice.geography.areas(grid.level), each.published.values[grid], strict=True)
            )
            there = dict(zip(old.lattice.geography.areas(grid.level), old.values[grid], strict=True)) if old else {}
            for ags in here.keys() & there.keys():
                change = Change(
                    indicator=each.indicator, area=names.get(ags, ags), before=int(there[ags]), now=int(here[ags])
                )
                if change.now != change.before:
                    found[each.name, ags] = change
    ordered = sorted(
        found.values(), key=lambda change: (-abs(change.now - change.before), change.indicator, change.area)
    )
    return ordered[:MOST_CHANGES]


def _size(found: SizeClass) -> SizeFacts:
    return SizeFacts(
        smallest=found.smallest,
        largest=found.largest,
        cells=found.cells,
        median_relative=round(100 * found.median_relative, 1),
        p95_relative=round(100 * found.p95_relative, 1),
    )
