"""Eight releases of which half of the state did not change: does their mean tell more than one of them?

Fresh random rounding in each period does: the mean goes towards the truth. The attacker guesses the exact count of
small cells in areas (of the finest published level) that he knows to be unchanged, from the sum of the numbers shown
over the periods; what a sum means, he has learned on the other half of the cells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.attack.methods import Method, Shown, key_of
from caseapp.reporting.disclosure.attack.synthetic import Quarter, State
from caseapp.reporting.disclosure.catalogue import Catalogue, finest
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.geography import Indices, Level, Merged

SMALL = 4
_REFERENCE = key_of(0)


@dataclass(frozen=True)
class Averages:
    """Shares of small unchanged cells guessed exactly: from all releases, and from the last one alone."""

    cells: int
    from_all: float
    from_one: float


@dataclass(frozen=True)
class Series:
    """Releases of successive quarters, half of the areas as in the first; how many unchanged cells flipped."""

    shown: tuple[Shown, ...]
    quarters: tuple[Quarter, ...]
    level: Level
    quiet: Indices
    unchanged: int
    flipped: int

    @property
    def flip_share(self) -> float:
        """The share of unchanged cells that are no multiples whose number changed."""
        return self.flipped / self.unchanged if self.unchanged else 0.0


def release_all(method: Method, state: State, catalogue: Catalogue, merged: Merged) -> Series:
    """Release every quarter of a state in which every second area of the finest published level stands still."""
    level = finest(catalogue)
    quiet = np.arange(0, len(merged.geography.areas(level)), 2)
    target = merged.target
    if level is Level.DISTRICT:
        target = merged.geography.parents(Level.MUNICIPALITY)[target]
    still = np.flatnonzero(np.isin(target, quiet))
    quarters = tuple(_half_quiet(state.quarters[0], quarter, still) for quarter in state.quarters)
    shown: list[Shown] = []
    for period, quarter in enumerate(quarters):
        shown.append(method(quarter, catalogue, merged, shown[-1].previous if shown else None, period))
    truths = [quarter.counted_over(catalogue, merged, _REFERENCE) for quarter in quarters]
    flips = [_flips(*pair) for pair in zip(truths[:-1], truths[1:], shown[:-1], shown[1:], strict=True)]
    unchanged, flipped = (sum(pair[index] for pair in flips) for index in (0, 1))
    return Series(tuple(shown), quarters, level, quiet, unchanged, flipped)


def averaging(series: Series) -> Averages:
    """Guess the small cells of the areas that stood still."""
    cells: list[tuple[int, int, int]] = []
    last = series.shown[-1]
    for grid in last.view.lattice.grids:
        if grid.level is series.level and grid.dimensions:
            exact = last.truth.counts[grid][series.quiet].ravel()
            total = np.sum([each.view.shown[grid][series.quiet] for each in series.shown], axis=0).ravel()
            one = last.view.shown[grid][series.quiet].ravel()
            small = (exact > 0) & (exact <= SMALL)
            cells += zip(exact[small].tolist(), total[small].tolist(), one[small].tolist(), strict=True)
    return Averages(len(cells), _exactly(cells, 1), _exactly(cells, 2))


def _exactly(cells: Sequence[tuple[int, int, int]], clue: int) -> float:
    """The share guessed right from a clue, each half with what was learned on the other."""
    right = 0
    for fold in (0, 1):
        seen: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for cell in cells[1 - fold :: 2]:
            seen[cell[clue]][cell[0]] += 1
        usual = Counter(cell[0] for cell in cells[1 - fold :: 2]).most_common(1)[0][0]
        for cell in cells[fold::2]:
            learned = seen[cell[clue]].most_common(1)
            right += (learned[0][0] if learned else usual) == cell[0]
    return right / len(cells)


def _half_quiet(first: Quarter, now: Quarter, places: Indices) -> Quarter:
    """The first quarter's people in the quiet municipalities (`places`), this quarter's in the others."""
    still, moving = np.isin(first.municipality, places), ~np.isin(now.municipality, places)
    return Quarter(
        np.concatenate([first.people[still], now.people[moving]]),
        np.concatenate([first.municipality[still], now.municipality[moving]]),
        {name: np.concatenate([first.classes[name][still], now.classes[name][moving]]) for name in first.classes},
    )


def _flips(before: Counts, now: Counts, first: Shown, second: Shown) -> tuple[int, int]:
    """How many cells kept their people (and are no multiples), and how many of them are shown differently."""
    unchanged = flipped = 0
    for grid in now.lattice.grids:
        same = (before.keys[grid] == now.keys[grid]) & (now.counts[grid] > 0)
        same &= now.counts[grid] % second.view.lattice.catalogue.base != 0
        unchanged += int(same.sum())
        flipped += int((first.view.shown[grid] != second.view.shown[grid])[same].sum())
    return unchanged, flipped
