"""Which neighbouring multiple each cell prefers: by its cell key, and by what was released for it before.

A cell of n persons with base b prefers the upper multiple if u < (n mod b) / b, u being its cell key as a number
from 0 to 1. Over all keys the expected value is n: unbiased. The same people always give the same u.

*Sticky.* The linear program must turn some cells away from what they prefer, and other cells in each period. Who
averages over the periods would see the truth behind such a cell, so a cell whose people did not change holds on to
its released number, with a weight above every other preference.

*Coupled.* One person more gives a new u. Drawn afresh, the number would move in 36 of 100 cases, up or down, and
who knows that one person joined would learn where. So the draw of a changed cell is taken from what its last number
leaves open: if it was rounded up at a share f, its draw was below f and is now spread over 0 to f, else over f to
1. That is uniform again, so still unbiased, and the number moves in 20 of 100 cases (base 5): no unbiased rounding
can do with less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.geography import Indices
from caseapp.reporting.disclosure.keys import Keys, uniform
from caseapp.reporting.disclosure.lattice import Cells, Lattice
from caseapp.reporting.disclosure.rounding import Floats, Preferences

_LEAST = 0.2  # what every cell minds, even one on the verge


@dataclass(frozen=True)
class Memory:
    """What must be kept of a release for the next one, and kept secret.

    Its numbers, the exact counts behind them, fingerprints of count and cell key, and which statistics key it was.
    """

    period: str
    funding_period: str
    key_check: str
    lattice: Lattice = field(repr=False)
    values: Mapping[Grid, Indices] = field(repr=False)
    counts: Mapping[Grid, Indices] = field(repr=False)
    fingerprints: Mapping[Grid, Keys] = field(repr=False)


@dataclass(frozen=True)
class Before:
    """For each grid: cells with the same people as in the release before, and that release's numbers and counts.

    Cells that it did not have: count 0, number -1.
    """

    unchanged: Mapping[Grid, NDArray[np.bool_]]
    values: Cells
    counts: Cells

    @classmethod
    def nothing(cls, lattice: Lattice) -> Before:
        """For a first release."""
        shapes = {grid: lattice.shape(grid) for grid in lattice.grids}
        return cls(
            {grid: np.zeros(shape, bool) for grid, shape in shapes.items()},
            {grid: np.full(shape, -1, np.int64) for grid, shape in shapes.items()},
            {grid: np.zeros(shape, np.int64) for grid, shape in shapes.items()},
        )

    @classmethod
    def of(cls, previous: Memory, counts: Counts, fingerprints: Mapping[Grid, Keys]) -> Before:
        """Compare with the release before: areas and classes are found by their codes."""
        result = cls.nothing(counts.lattice)
        for grid in counts.lattice.grids:
            if grid not in previous.values:
                continue
            here, there = _common(counts.lattice, previous.lattice, grid)
            same = fingerprints[grid][here] == previous.fingerprints[grid][there]
            # All empty cells have the same fingerprint. One that had to show a number keeps it as others do.
            shown = previous.values[grid][there]
            result.unchanged[grid][here] = same & ((counts.counts[grid][here] > 0) | (shown > 0))
            result.values[grid][here] = shown
            result.counts[grid][here] = previous.counts[grid][there]
        return result


def preferences(counts: Counts, bases: Cells, before: Before, *, sticky: float) -> Preferences:
    """Directions and weights of every cell; `sticky` is the weight of unchanged cells (0: none)."""
    up: dict[Grid, NDArray[np.bool_]] = {}
    weight: dict[Grid, NDArray[np.float64]] = {}
    shift: Cells = {}
    for grid in counts.lattice.grids:
        count, base = counts.counts[grid], bases[grid]
        last = before.values[grid]
        share = count % base / base
        drawn = _coupled(uniform(counts.keys[grid]), before.counts[grid], last, base)
        same = before.unchanged[grid] & (sticky > 0)
        shift[grid] = np.where(same, _further(count, last, base), 0)
        up[grid] = np.where(same, last > count + shift[grid], drawn < share)
        # The small addition parts cells that would mind equally: the best solution is then one, not one of many.
        weight[grid] = np.where(same, sticky + _LEAST * drawn, _LEAST + np.abs(drawn - share))
    return Preferences(up, weight, shift)


def _further(count: Indices, last: Indices, base: Indices) -> Indices:
    """What leads from a count to one that has the last number as its neighbour, where that was a step further."""
    above, below = last >= count + base, last <= count - base
    return np.where(above, last - 1 - count, np.where(below, last + 1 - count, 0))


def _coupled(drawn: Floats, count: Indices, value: Indices, base: Indices) -> Floats:
    """Draws within what the number released before (for `count` persons) says of the draw behind it."""
    share = count % base / base
    up, down = (value > count) & (value < count + base), (value < count) & (value > count - base)
    return np.where(up, share * drawn, np.where(down, share + (1 - share) * drawn, drawn))


def _common(now: Lattice, before: Lattice, grid: Grid) -> tuple[tuple[Indices, ...], tuple[Indices, ...]]:
    """Index grids of the cells that both lattices have, in each of them."""
    here, there = [], []
    for mine, theirs in zip(_axes(now, grid), _axes(before, grid), strict=True):
        place = {code: index for index, code in enumerate(theirs)}
        shared = [(index, place[code]) for index, code in enumerate(mine) if code in place]
        here.append(np.array([pair[0] for pair in shared], np.int64))
        there.append(np.array([pair[1] for pair in shared], np.int64))
    return np.ix_(*here), np.ix_(*there)


def _axes(lattice: Lattice, grid: Grid) -> tuple[tuple[str, ...], ...]:
    return (lattice.geography.areas(grid.level), *lattice.catalogue.axes(grid))
