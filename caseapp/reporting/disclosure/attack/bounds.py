"""Exact bounds on single cells from everything published, by linear programs.

All grids of a district and its municipalities stand in one program: the published intervals, the sums that tie the
tables together, the exact totals the attacker knows, and, for earlier periods, that a cell changes by no more
persons than are publicly known to have come or gone. What the minimum and the maximum of a cell leave open is all
that nobody can exclude. Districts are taken one by one: between them only published totals pass, whose intervals
are part of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from caseapp.reporting.disclosure.attack.view import View
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Indices, Level
from caseapp.reporting.disclosure.lattice import Lattice, equations

Cell = tuple[Grid, int]  # a grid and the flat place in it
_CLOSE = 1e-6
_MOST = 10_000_000  # no cell counts more: what a withheld number may be at most


@dataclass(frozen=True)
class Bound:
    """What an attacker knows of a cell: from `lowest` to `highest` persons."""

    cell: Cell
    lowest: int
    highest: int

    @property
    def width(self) -> int:
        """0: known exactly."""
        return self.highest - self.lowest


@dataclass(frozen=True)
class Knowledge:
    """One period as the attacker has it: the view, exact totals by area, and how many came and went since the last."""

    view: View
    totals: Mapping[str, int] = field(default_factory=dict)
    arrivals: Mapping[str, int] = field(default_factory=dict)
    departures: Mapping[str, int] = field(default_factory=dict)


def bounds(periods: Sequence[Knowledge], cells: Iterable[Cell]) -> Iterator[Bound]:
    """Bounds on cells of the last period. Cells are of districts or municipalities."""
    lattice = periods[-1].view.lattice
    by_district: dict[int, list[Cell]] = {}
    for cell in cells:
        by_district.setdefault(int(_districts(lattice, cell[0])[cell[1]]), []).append(cell)
    for district, chosen in sorted(by_district.items()):
        program = _Program.of(periods, district)
        for cell in chosen:
            yield program.bound(cell)


def _districts(lattice: Lattice, grid: Grid) -> Indices:
    """For each flat cell the index of its district; -1 for the state."""
    shape = lattice.shape(grid)
    if grid.level is Level.STATE:
        own = np.full(1, -1)
    elif grid.level is Level.DISTRICT:
        own = np.arange(shape[0])
    else:
        own = lattice.geography.parents(grid.level)
    return np.repeat(own, int(np.prod(shape[1:])))


@dataclass(frozen=True)
class _Period:
    """The cells of one district in one period: their equations and limits."""

    cells: tuple[Cell, ...]
    matrix: sparse.csr_array
    right: NDArray[np.float64]
    limits: NDArray[np.float64]

    @classmethod
    def of(cls, knowledge: Knowledge, district: int) -> _Period:
        lattice = knowledge.view.lattice
        inside = [_districts(lattice, grid) == district for grid in lattice.grids]
        everything, right = equations(lattice, lattice.grids, {})
        matrix = everything.tocsc()[:, np.flatnonzero(np.concatenate(inside))].tocsr()
        touched = np.diff(matrix.indptr)
        whole = (touched > 0) & (touched == np.diff(everything.indptr))  # the others sum over several districts
        cells, limits = [], []
        for grid, mask in zip(lattice.grids, inside, strict=True):
            places = np.flatnonzero(mask)
            cells += [(grid, int(place)) for place in places]
            limits.append(_limits(knowledge, grid)[places])
        return cls(tuple(cells), matrix[whole], right[whole], np.concatenate(limits))


def _limits(knowledge: Knowledge, grid: Grid) -> NDArray[np.float64]:
    """The published interval of each cell; a known exact total is both ends."""
    view = knowledge.view
    highest = np.minimum(view.highest[grid].ravel(), _MOST)
    limits = np.column_stack([view.lowest[grid].ravel(), highest]).astype(float)
    if not grid.dimensions:
        for place, code in enumerate(view.lattice.geography.areas(grid.level)):
            if code in knowledge.totals:
                limits[place] = knowledge.totals[code]
    return limits


@dataclass(frozen=True)
class _Program:
    """All periods of a district as one program; the last period's cells stand first."""

    places: Mapping[Cell, int]
    equal: sparse.csr_array
    right: NDArray[np.float64]
    most: sparse.csr_array | None
    changes: NDArray[np.float64] | None
    limits: NDArray[np.float64]

    @classmethod
    def of(cls, known: Sequence[Knowledge], district: int) -> _Program:
        periods = [_Period.of(knowledge, district) for knowledge in reversed(known)]
        most, changes = _changes(list(reversed(known)), periods)
        return cls(
            {cell: index for index, cell in enumerate(periods[0].cells)},
            sparse.csr_array(sparse.block_diag([period.matrix for period in periods])),
            np.concatenate([period.right for period in periods]),
            most,
            changes,
            np.concatenate([period.limits for period in periods]),
        )

    def bound(self, cell: Cell) -> Bound:
        """The least and the greatest count the cell can have."""
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(self.equal.shape[1])
            goal[self.places[cell]] = sign
            result = linprog(goal, self.most, self.changes, self.equal, self.right, self.limits, method="highs")
            if result.status != 0:
                raise ArithmeticError(f"What was published contradicts itself: {result.message}")
            ends.append(sign * result.fun)
        return Bound(cell, int(np.ceil(ends[0] - _CLOSE)), int(np.floor(ends[1] + _CLOSE)))


def _changes(
    known: Sequence[Knowledge], periods: Sequence[_Period]
) -> tuple[sparse.csr_array | None, NDArray[np.float64] | None]:
    """Now - before at most the arrivals, before - now at most the departures, of each cell that both periods have."""
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    limits: list[float] = []
    starts = np.cumsum([0, *(len(period.cells) for period in periods)])
    for index in range(len(periods) - 1):
        before = {_name(known[index + 1], cell): place for place, cell in enumerate(periods[index + 1].cells)}
        for place, cell in enumerate(periods[index].cells):
            name = _name(known[index], cell)
            for sign, flow in ((1.0, known[index].arrivals), (-1.0, known[index].departures)):
                if name in before and name[1] in flow:
                    rows += [len(limits)] * 2
                    columns += [starts[index] + place, starts[index + 1] + before[name]]
                    signs += [sign, -sign]
                    limits.append(float(flow[name[1]]))
    if not limits:
        return None, None
    return sparse.csr_array((signs, (rows, columns)), shape=(len(limits), int(starts[-1]))), np.array(limits)


def _name(knowledge: Knowledge, cell: Cell) -> tuple[Grid, str, int]:
    """A cell by its area's code, since places change with the merging of municipalities."""
    lattice = knowledge.view.lattice
    grid, place = cell
    each = lattice.size(grid) // lattice.shape(grid)[0]
    return grid, lattice.geography.areas(grid.level)[place // each], place % each
