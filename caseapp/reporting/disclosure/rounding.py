"""Controlled rounding: every cell to one of the two neighbouring multiples of its base, so that all sums hold.

The grids are rounded in turn, margins first: the tree of totals, then each set of dimensions over all its levels at
once, with the margins already rounded as fixed sums. Each turn is a linear program: x = 0 takes the lower multiple,
x = 1 the upper one, the costs say how much the cell prefers which. With one dimension over a tree of areas the
program is a flow in a network, whose corners are whole numbers; with more it may end in fractions, then the same
program is solved with x declared whole.

Sources: L. H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82 (1987) 520-524; J. J.
Salazar- Gonzalez et al., "Controlled rounding and cell perturbation" in Privacy in Statistical Databases 2004, LNCS
3050; A. Hundepool et al., Statistical Disclosure Control (Wiley 2012), ch. 5. Solver: HiGHS, one thread, no limits
of time: the same input gives the same output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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

_FURTHER_STEP = 100.0  # costs more than any preference: taken only where nothing else has right sums
_INVENTED = 10.0  # times that, for an empty cell
_WHOLE = 1e-6
# Limits of the search for whole numbers: nodes, not seconds, or the result would depend on the machine. The best
# solution is not needed, a good one is: preferences are a means to small deviations, sums are exact in any case.
_SEARCH = {"node_limit": 200, "mip_rel_gap": 0.02}


@dataclass(frozen=True)
class Preferences:
    """For each cell: prefers the upper multiple? and how much it would mind the other one (0 and more)."""

    up: Mapping[Grid, NDArray[np.bool_]]
    weight: Mapping[Grid, Floats]


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

    A turn that has no solution with the margins fixed before, not even with one further step for some cells, is
    taken together with its margins, and everything starts again. `order` says which grids form a turn, if not
    `turns`. UnroundableError if that does not help either.
    """
    chosen, together = list(order) or turns(lattice), list[str]()
    while True:
        values: Cells = {}
        for turn in chosen:
            solution = _solve(lattice, turn, values, counts, bases, wanted)
            if solution is None:
                break
            values.update(solution)
        else:
            return Rounded(values, together)
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


def _solve(
    lattice: Lattice, turn: Turn, fixed: Cells, counts: Mapping[Grid, Indices], bases: Cells, wanted: Preferences
) -> Cells | None:
    """Rounded values of the turn's grids; None if no values within the permitted steps have right sums."""
    matrix, right = equations(lattice, turn, fixed)
    program = _Program(
        matrix,
        right,
        count=np.concatenate([counts[grid].ravel() for grid in turn]),
        base=np.concatenate([bases[grid].ravel() for grid in turn]),
        up=np.concatenate([wanted.up[grid].ravel() for grid in turn]),
        weight=np.concatenate([wanted.weight[grid].ravel() for grid in turn]),
    )
    flat = program.neighbours()
    if flat is None:
        flat = program.further_steps(empty=False)
    if flat is None:
        flat = program.further_steps(empty=True)
    if flat is None:
        return None
    values, start = {}, 0
    for grid in turn:
        size = lattice.size(grid)
        values[grid] = flat[start : start + size].reshape(lattice.shape(grid))
        start += size
    return values


@dataclass(frozen=True)
class _Program:
    """One turn as a linear program. All arrays: one place a cell."""

    matrix: sparse.csr_array
    right: Floats
    count: Indices
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
        above = np.flatnonzero((self.count > 0) | empty)
        below = np.flatnonzero(self.floor > 0)
        moved = np.concatenate([above, below])
        price = _FURTHER_STEP * self.base[moved] * (1 + self.base[moved] / (self.base[moved] + self.count[moved]))
        price[self.count[moved] == 0] *= _INVENTED
        sign = np.concatenate([np.ones(len(cells) + len(above)), -np.ones(len(below))])
        return self._decide(np.concatenate([cells, moved]), np.concatenate([self._cost(cells), price]), sign)

    def _cost(self, cells: Indices) -> Floats:
        return np.where(self.up[cells], -1.0, 1.0) * self.weight[cells]

    def _decide(self, cells: Indices, cost: Floats, sign: Floats) -> Indices | None:
        """The values after the cheapest choice of steps: cell `cells[i]` moves by `sign[i]` bases or stays."""
        unit = float(np.gcd.reduce(self.base))
        steps = (self.base[cells] * sign / unit).astype(float)
        matrix = (self.matrix[:, cells] @ sparse.diags_array(steps)).tocsr()
        right = (self.right - self.matrix @ self.floor.astype(float)) / unit
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
    result = milp(cost, integrality=whole, bounds=Bounds(0, 1), constraints=equal, options=_SEARCH)
    if result.x is None:
        return None
    chosen: Indices = np.round(result.x).astype(np.int64)
    return chosen
