"""What can be said of published releases without knowing the truth: by anybody who has the files.

Each release is bounded by itself; releases of one period are compared cell by cell, since two numbers of one truth
are two intervals, and their intersection is narrower than each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from caseapp.reporting.disclosure.attack.bounds import Bound, Knowledge, bounds
from caseapp.reporting.disclosure.attack.view import UNKNOWN, View
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.published import Published

NARROWEST = 4  # values between the least and the greatest possible count of a small cell


@dataclass(frozen=True)
class Examined:
    """What one release gives away.

    `bounds`: the small and the withheld cells that were looked at, narrowest first; `small`: how many there are.
    `posterior`: the chance of the best guess of one of these counts, for somebody to whom all counts within its bounds
    were equally likely before. `contradiction`: no counts can lie behind these numbers.
    """

    published: Published
    small: int
    bounds: tuple[Bound, ...]
    broken_sums: int
    sums: int
    posterior: float
    contradiction: bool = False

    @property
    def exact(self) -> int:
        """How many of the cells are known exactly."""
        return sum(bound.width == 0 for bound in self.bounds)

    @property
    def narrow(self) -> int:
        """How many of the cells are known to fewer than four values up or down."""
        return sum(bound.width < NARROWEST for bound in self.bounds)

    @property
    def refuted(self) -> bool:
        """Whether a claim does not hold."""
        return bool(self.narrow or self.broken_sums or self.contradiction)


def examine(
    published: Published,
    *,
    totals: Mapping[str, int],
    cells: int | None,
    seed: int,
    progress: Callable[[], None] = lambda: None,
) -> Examined:
    """Bound a seeded sample of the small cells (None: all of them) by everything in the release.

    `totals`: exact numbers of persons by area that the attacker knows. `progress` is called after each cell.
    """
    view, lattice = View.of(published), published.lattice
    small = [
        (grid, int(place))
        for grid in lattice.grids
        if grid.level is not Level.STATE and grid.dimensions
        for place in np.flatnonzero(view.shown[grid].ravel() <= published.bases[grid].ravel())
    ]
    order = np.random.default_rng(seed).permutation(len(small))[:cells]
    found: list[Bound] = []
    contradiction = False
    try:
        for bound in bounds([Knowledge(view, totals)], [small[place] for place in order]):
            found.append(bound)
            progress()
    except ArithmeticError:
        contradiction = True
    broken, sums = published.sums()
    return Examined(
        published,
        len(small),
        tuple(sorted(found, key=lambda bound: bound.width)),
        broken,
        sums,
        max((_posterior(published, bound) for bound in found), default=0.0),
        contradiction,
    )


def disagreements(releases: Iterable[Published]) -> list[tuple[str, Grid, str]]:
    """Cells of one period and population that two releases show with different numbers: period, grid and area."""
    seen: defaultdict[tuple[str, str, Grid, str, int], set[int]] = defaultdict(set)
    for published in releases:
        lattice = published.lattice
        for grid in lattice.grids:
            rows = np.where(published.withheld[grid], UNKNOWN, published.values[grid])
            if grid.level is Level.STATE and _partial(published):
                continue
            areas = lattice.geography.areas(grid.level)
            for area, row in zip(areas, rows.reshape(len(areas), -1).tolist(), strict=True):
                for place, value in enumerate(row):
                    if value != UNKNOWN:
                        seen[published.period, lattice.catalogue.name, grid, area, place].add(value)
    found = {(period, grid, area) for (period, _, grid, area, _), values in seen.items() if len(values) > 1}
    return sorted(found)


def changed(before: Published, now: Published) -> float:
    """The share of the cells that both releases show, and that are not 0 in both, whose number is another one."""
    same = total = 0
    for grid in now.lattice.grids:
        if grid not in before.values:
            continue
        first, second = _by_area(before, grid), _by_area(now, grid)
        for area in first.keys() & second.keys():
            if first[area].shape == second[area].shape:
                shown = (first[area] > 0) | (second[area] > 0)
                total += int(shown.sum())
                same += int((first[area] == second[area])[shown].sum())
    return 1 - same / total if total else 0.0


def successive(releases: Sequence[Published]) -> list[tuple[Published, Published]]:
    """Each release with the one before it: same population, same kind of period, same areas at the top."""
    chains: defaultdict[tuple[str, int, str, tuple[str, ...]], list[Published]] = defaultdict(list)
    for published in releases:
        geography = published.lattice.geography
        name = published.lattice.catalogue.name
        chains[name, len(published.period), geography.state, geography.districts].append(published)
    ordered = [sorted(chain, key=lambda each: each.period) for chain in chains.values()]
    return [pair for chain in ordered for pair in pairwise(chain)]


def _partial(published: Published) -> bool:
    """Whether the top area is one district only: the package of a Kreis, whose top is not the whole state."""
    return len(published.lattice.geography.districts) == 1


def _by_area(published: Published, grid: Grid) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    return dict(zip(published.lattice.geography.areas(grid.level), published.values[grid], strict=True))


def _posterior(published: Published, bound: Bound) -> float:
    """The chance of the best guess within the bounds: a count is rounded to this number the likelier the nearer."""
    grid, place = bound.cell
    if published.withheld[grid].flat[place] or bound.width > 10 * int(published.bases[grid].flat[place]):
        return 0.0
    value, base = int(published.values[grid].flat[place]), int(published.bases[grid].flat[place])
    likely = [max(0.0, 1 - abs(value - count) / base) for count in range(bound.lowest, bound.highest + 1)]
    return max(likely) / sum(likely) if sum(likely) else 0.0
