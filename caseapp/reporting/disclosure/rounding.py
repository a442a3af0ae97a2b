"""Controlled rounding: every cell to one of the two neighbouring multiples of its base, so that all sums hold.

The grids are rounded in turn, margins first: the tree of totals, then each set of dimensions over all its levels at
once, with the margins already rounded as fixed sums. Each turn is a linear program: x = 0 takes the lower multiple,
x = 1 the upper one, the costs say how much the cell prefers which. With one dimension over a tree of areas the
program is a flow in a network, whose corners are whole numbers; with more it may end in fractions, then the same
program is solved with x declared whole.

*Outlook.* A margin that only follows its own preference forces the cells behind it to move later, unchanged ones
too. So one linear program over all cells that are still open (its solution may have fractions) says first where each
cell goes when everybody's preferences are weighed against each other, and the turn follows it wherever it is whole.
Once a turn had to turn away from the outlook, the next turn looks anew. Without it 2 % and more of the unchanged cells
of a quarterly catalogue flip, with it a third of that (docs/disclosure.md).

Sources: L. H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82 (1987) 520-524; J. J.
Salazar- Gonzalez et al., "Controlled rounding and cell perturbation" in Privacy in Statistical Databases 2004, LNCS
3050; A. Hundepool et al., Statistical Disclosure Control (Wiley 2012), ch. 5. Solver: HiGHS, one thread, no limits
of time: the same input gives the same output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.errors import UnroundableError
from caseapp.reporting.disclosure.geography import Indices
from caseapp.reporting.disclosure.lattice import Cells, Lattice, equations

Floats = NDArray[np.float64]
Turn = tuple[Grid, ...]
Number = TypeVar("Number", np.int64, np.float64)

_FURTHER_STEP = 100.0  # costs more than any preference: taken only where nothing else has right sums
_INVENTED = 10.0  # times that, for an empty cell
_WHOLE = 1e-6
_HALF = 0.5
_INFEASIBLE = 2  # scipy's status of a program that has no solution
# Limits of the search for whole numbers: nodes, not seconds, or the result would depend on the machine. The best
# solution is not needed, a good one is: preferences are a means to small deviations, sums are exact in any case.
_SEARCHES = ({"node_limit": 1, "mip_rel_gap": 0.02}, {"node_limit": 200, "mip_rel_gap": 0.1})
# Small programs are searched to the end: one best solution, whatever the version of the solver. Middle ones nearly.
_THOROUGH = ((300, {"node_limit": 500, "mip_rel_gap": 0.0}), (2_000, {"node_limit": 20, "mip_rel_gap": 0.005}))
_TOGETHER = 2_000  # cells of a lattice that is rounded in one turn: the package of one district, a small state


@dataclass(frozen=True)
class Preferences:
    """For each cell: prefers the upper multiple? and how much it would mind the other one (0 and more).

    `shift`: what to add to the count to find the two multiples that are open to the cell. 0, but for a cell that was
    released a step further from its count and whose people are the same: it may keep that number.
    """

    up: Mapping[Grid, NDArray[np.bool_]]
    weight: Mapping[Grid, Floats]
    shift: Mapping[Grid, Indices]


@dataclass
class Rounded:
    """Rounded values of every grid, and which turns had to be taken together."""

    values: Cells
    together: list[str] = field(default_factory=list)


def turns(lattice: Lattice) -> list[Turn]:
    """The tree of totals first, then each set of dimensions with all its levels."""
    order: dict[tuple[str, ...], list[Grid]] = {}
    for grid in lattice.grids:
        order.setdefault(grid.dimensions, []).append(grid)
    return [tuple(grids) for grids in order.values()]


def round_lattice(
    lattice: Lattice,
    counts: Mapping[Grid, Indices],
    bases: Cells,
    wanted: Preferences,
    *,
    order: Sequence[Turn] = (),
) -> Rounded:
    """Round all grids of a lattice with shared margins.

    A small lattice is one turn. A turn that has no solution with the margins fixed before, not even with one further
    step for some cells, is taken together with its margins, and everything starts again. `order` says which grids form
    a turn, if not `turns`. UnroundableError if that does not help either.
    """
    chosen, together = list(order), list[str]()
    small = not chosen and lattice.cells <= _TOGETHER
    if not chosen:
        chosen = [lattice.grids] if small else turns(lattice)
    while True:
        values: Cells = {}
        outlook: _Outlook | None = None
        for place, turn in enumerate(chosen):
            if outlook is None:
                ahead = [grid for later in chosen[place:] for grid in later]
                outlook = _assembled(lattice, ahead, values, counts, bases, wanted).outlook(lattice, ahead)
            guided = wanted if outlook is None else outlook.guiding(wanted, turn)
            solution = _solve(_assembled(lattice, turn, values, counts, bases, guided), lattice, turn)
            if solution is None:
                break
            values.update(solution)
            if outlook is not None and not outlook.kept(solution):
                outlook = None
        else:
            return Rounded(values, together)
        if small:
            small, chosen = False, turns(lattice)
        else:
            together.append(str(turn[-1]))
            chosen = taken_together(chosen, turn)


def taken_together(order: Sequence[Turn], failed: Turn) -> list[Turn]:
    """The turn and every turn that holds margins of it as one turn, which is taken first."""
    names = {name for grid in failed for name in grid.dimensions}
    joined = [turn for turn in order if any(set(grid.dimensions) <= names for grid in turn)]
    if joined == [failed]:
        raise UnroundableError(f"The table {failed[-1]} cannot be rounded: merge areas or classes first.")
    first = tuple(grid for turn in joined for grid in turn)
    return [first, *(turn for turn in order if turn not in joined)]


def _assembled(
    lattice: Lattice,
    turn: Sequence[Grid],
    fixed: Cells,
    counts: Mapping[Grid, Indices],
    bases: Cells,
    wanted: Preferences,
) -> _Program:
    """The grids of a turn as one program, with the grids rounded before as fixed sums."""
    matrix, right = equations(lattice, turn, fixed)
    return _Program(
        matrix,
        right,
        count=np.concatenate([(counts[grid] + wanted.shift[grid]).ravel() for grid in turn]),
        shifted=np.concatenate([wanted.shift[grid].ravel() != 0 for grid in turn]),
        base=np.concatenate([bases[grid].ravel() for grid in turn]),
        up=np.concatenate([wanted.up[grid].ravel() for grid in turn]),
        weight=np.concatenate([wanted.weight[grid].ravel() for grid in turn]),
    )


def _solve(program: _Program, lattice: Lattice, turn: Turn) -> Cells | None:
    """Rounded values of the turn's grids; None if no values within the permitted steps have right sums."""
    flat = program.neighbours()
    if flat is None:
        flat = program.further_steps(empty=False)
    if flat is None:
        flat = program.further_steps(empty=True)
    return None if flat is None else _by_grid(lattice, turn, flat)


def _by_grid(lattice: Lattice, grids: Sequence[Grid], flat: NDArray[Number]) -> dict[Grid, NDArray[Number]]:
    """The cells of several grids, one after the other, as an array each."""
    ends = np.cumsum([lattice.size(grid) for grid in grids])[:-1]
    return {grid: part.reshape(lattice.shape(grid)) for grid, part in zip(grids, np.split(flat, ends), strict=True)}


@dataclass(frozen=True)
class _Outlook:
    """Where each cell that is still open would go by one program over all of them: multiples, or between them."""

    values: Mapping[Grid, Floats]
    floors: Mapping[Grid, Indices]
    bases: Mapping[Grid, Indices]

    def guiding(self, wanted: Preferences, turn: Turn) -> Preferences:
        """The wishes of the turn's cells, turned towards the outlook where that is decided. Weights stay."""
        up = dict(wanted.up)
        for grid in turn:
            part = (self.values[grid] - self.floors[grid]) / self.bases[grid]
            decided = (part < _WHOLE) | (part > 1 - _WHOLE)
            up[grid] = np.where(decided, part > _HALF, wanted.up[grid])
        return Preferences(up, wanted.weight, wanted.shift)

    def kept(self, solution: Cells) -> bool:
        """Whether the turn went where the outlook saw it: then the outlook of the others still holds."""
        return all(bool((np.abs(self.values[grid] - solution[grid]) < _HALF).all()) for grid in solution)


@dataclass(frozen=True)
class _Program:
    """One turn as a linear program. All arrays: one place a cell."""

    matrix: sparse.csr_array
    right: Floats
    count: Indices
    shifted: NDArray[np.bool_]
    base: Indices
    up: NDArray[np.bool_]
    weight: Floats

    @property
    def floor(self) -> Indices:
        return self.count - self.count % self.base

    def neighbours(self) -> Indices | None:
        """Each cell at one of its two neighbouring multiples. A multiple stays what it is, so does zero."""
        cells = np.flatnonzero(self.count % self.base)
        return self._decide(cells, self._cost(cells), np.ones(len(cells)))

    def further_steps(self, *, empty: bool) -> Indices | None:
        """The same, but a cell may move one step further, at a price that is lowest for the largest cells.

        Empty cells stay empty, a group that does not exist should not be invented; `empty` lets them move too, for
        tables that have no solution otherwise.
        """
        cells = np.flatnonzero(self.count % self.base)
        above = np.flatnonzero(((self.count > 0) | empty) & ~self.shifted)
        below = np.flatnonzero((self.floor > 0) & ~self.shifted)
        moved = np.concatenate([above, below])
        price = _FURTHER_STEP * self.base[moved] * (1 + self.base[moved] / (self.base[moved] + self.count[moved]))
        price[self.count[moved] == 0] *= _INVENTED
        sign = np.concatenate([np.ones(len(cells) + len(above)), -np.ones(len(below))])
        return self._decide(np.concatenate([cells, moved]), np.concatenate([self._cost(cells), price]), sign)

    def outlook(self, lattice: Lattice, grids: Sequence[Grid]) -> _Outlook | None:
        """Where the cells go if they may also stop between their multiples; None if even that has no solution."""
        cells = np.flatnonzero(self.count % self.base)
        matrix, right = self._scaled(cells, np.ones(len(cells)))
        used = np.diff(matrix.indptr) > 0
        if not len(cells) or (np.abs(right[~used]) > _WHOLE).any():
            return None
        result = linprog(self._cost(cells), A_eq=matrix[used], b_eq=right[used], bounds=(0, 1), method="highs")
        if result.status != 0:
            return None
        values = self.floor.astype(float)
        values[cells] += result.x * self.base[cells]
        return _Outlook(
            _by_grid(lattice, grids, values), _by_grid(lattice, grids, self.floor), _by_grid(lattice, grids, self.base)
        )

    def _cost(self, cells: Indices) -> Floats:
        return np.where(self.up[cells], -1.0, 1.0) * self.weight[cells]

    def _scaled(self, cells: Indices, sign: Floats) -> tuple[sparse.csr_array, Floats]:
        """The equations over steps of the cells, in units of the smallest common base."""
        unit = float(np.gcd.reduce(self.base))
        steps = (self.base[cells] * sign / unit).astype(float)
        matrix = (self.matrix[:, cells] @ sparse.diags_array(steps)).tocsr()
        return matrix, (self.right - self.matrix @ self.floor.astype(float)) / unit

    def _decide(self, cells: Indices, cost: Floats, sign: Floats) -> Indices | None:
        """The values after the cheapest choice of steps: cell `cells[i]` moves by `sign[i]` bases or stays."""
        matrix, right = self._scaled(cells, sign)
        used = np.diff(matrix.indptr) > 0
        if (np.abs(right[~used]) > _WHOLE).any():
            return None
        chosen = _choose(cost, matrix[used], right[used])
        if chosen is None:
            return None
        values = self.floor.copy()
        np.add.at(values, cells, chosen * (self.base[cells] * sign).astype(np.int64))
        # The solver works in floating point; what is published is held to whole numbers.
        return values if bool(np.array_equal(self.matrix @ values, self.right)) else None


def _choose(cost: Floats, matrix: sparse.csr_array, right: Floats) -> Indices | None:
    """The cheapest 0/1 vector x with matrix x = right, or None."""
    if not len(cost):
        return np.zeros(0, np.int64)
    if not matrix.shape[0]:
        return (cost < 0).astype(np.int64)
    result = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, 1), method="highs")
    if result.status != 0:
        return None
    chosen: Indices = np.round(result.x).astype(np.int64)
    broken = np.abs(result.x - chosen) > _WHOLE
    if not broken.any():
        return chosen
    # Mostly it is enough to decide the few fractions anew and to leave the rest. Else everything is decided anew,
    # but for further steps that the program did not want even a part of; these only if nothing else helps.
    wanted = (cost < _FURTHER_STEP) | (result.x > _WHOLE)
    for again in (broken, wanted, np.ones_like(broken)):
        whole = _choose_whole(cost[again], matrix[:, again], right - matrix[:, ~again] @ chosen[~again])
        if whole is not None:
            chosen[again] = whole
            return chosen
    return None


def _choose_whole(cost: Floats, matrix: sparse.csr_array, right: Floats) -> Indices | None:
    """The same with x declared whole: branch and bound."""
    equal = LinearConstraint(matrix, right, right)
    whole = np.ones(len(cost))
    thorough = [limits for most, limits in _THOROUGH if len(cost) <= most][:1]
    for limits in (*thorough, *_SEARCHES):
        result = milp(cost, integrality=whole, bounds=Bounds(0, 1), constraints=equal, options=limits)
        if result.x is not None:
            chosen: Indices = np.round(result.x).astype(np.int64)
            return chosen
        if result.status == _INFEASIBLE:
            break
    return None
