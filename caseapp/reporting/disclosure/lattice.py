"""How the grids hang together: every margin and every sum over areas as an equation between cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.reporting.disclosure.catalogue import Catalogue, Grid
from caseapp.reporting.disclosure.geography import Geography, Indices, Level

Cells = dict[Grid, Indices]
Whole = TypeVar("Whole", np.int64, np.uint64)


@dataclass(frozen=True)
class Relation:
    """Equations between a finer and a coarser grid: in each group the fine cells have the sum of the coarse ones.

    `fine_group` and `coarse_group` give the number of its equation for each (flat) cell. A coarse grid has several
    cells in a group only where sensitive classes are counted into a rest below the district.
    """

    fine: Grid
    coarse: Grid
    fine_group: Indices
    coarse_group: Indices

    @property
    def groups(self) -> int:
        """How many equations there are."""
        return int(self.coarse_group.max()) + 1 if self.coarse_group.size else 0


@dataclass(frozen=True)
class Lattice:
    """All grids of a catalogue over a geography, margins first, with the equations between them."""

    catalogue: Catalogue
    geography: Geography
    grids: tuple[Grid, ...]
    relations: tuple[Relation, ...]

    def shape(self, grid: Grid) -> tuple[int, ...]:
        """The shape of the grid's arrays."""
        return self.catalogue.shape(grid, self.geography)

    def size(self, grid: Grid) -> int:
        """The number of the grid's cells."""
        return int(np.prod(self.shape(grid)))

    @property
    def cells(self) -> int:
        """The number of all cells."""
        return sum(self.size(grid) for grid in self.grids)

    def mismatches(self, values: Mapping[Grid, NDArray[np.int64]]) -> int:
        """How many equations the values break."""
        return sum(int(np.count_nonzero(self.gap(relation, values))) for relation in self.relations)

    def gap(self, relation: Relation, values: Mapping[Grid, NDArray[np.int64]]) -> Indices:
        """Coarse minus fine sum of each equation."""
        totals = [
            group_sums(group, values[grid], relation.groups)
            for grid, group in ((relation.coarse, relation.coarse_group), (relation.fine, relation.fine_group))
        ]
        return totals[0] - totals[1]


def build(catalogue: Catalogue, geography: Geography) -> Lattice:
    """The lattice of a catalogue over a geography."""
    grids = tuple(catalogue.grids())
    relations = [relation for grid in grids for relation in _relations(catalogue, geography, grid)]
    return Lattice(catalogue, geography, grids, tuple(relations))


def bases(lattice: Lattice) -> Cells:
    """The base of each cell. A sum of cells is a multiple of what all of them are multiples of.

    So a total of which some table shows only sensitive classes gets their base too; a table with one other class
    leaves the total at the finer base.
    """
    found = {grid: _own_bases(lattice, grid) for grid in lattice.grids}
    changed = True
    while changed:
        changed = False
        for relation in reversed(lattice.relations):
            fine = found[relation.fine].ravel()
            common = np.zeros(relation.groups, dtype=np.int64)
            np.gcd.at(common, relation.fine_group, fine)
            coarse = np.lcm(found[relation.coarse].ravel(), common[relation.coarse_group])
            if (coarse != found[relation.coarse].ravel()).any():
                found[relation.coarse] = coarse.reshape(lattice.shape(relation.coarse))
                changed = True
    return found


def equations(
    lattice: Lattice, free: Iterable[Grid], fixed: Mapping[Grid, Indices]
) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """The equations over the cells of the free grids, as A x = b; x are the flat grids one after the other.

    Fixed grids stand on the right-hand side; equations with a grid that is neither free nor fixed are left out.
    """
    offsets, width = {}, 0
    for grid in free:
        offsets[grid] = width
        width += lattice.size(grid)
    rows: list[Indices] = []
    columns: list[Indices] = []
    signs: list[NDArray[np.float64]] = []
    right: list[NDArray[np.float64]] = []
    height = 0
    for relation in lattice.relations:
        sides = ((relation.fine, relation.fine_group, 1.0), (relation.coarse, relation.coarse_group, -1.0))
        if not any(grid in offsets for grid, _, _ in sides):
            continue
        if not all(grid in offsets or grid in fixed for grid, _, _ in sides):
            continue
        constant = np.zeros(relation.groups)
        for grid, group, sign in sides:
            if grid in offsets:
                rows.append(group + height)
                columns.append(np.arange(len(group)) + offsets[grid])
                signs.append(np.full(len(group), sign))
            else:
                constant -= sign * group_sums(group, fixed[grid], relation.groups)
        right.append(constant)
        height += relation.groups
    if not height:
        return sparse.csr_array((0, width)), np.zeros(0)
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(entries, shape=(height, width)), np.concatenate(right)


def group_sums(group: Indices, values: NDArray[Whole], groups: int) -> NDArray[Whole]:
    """The sum of the values of each group; unsigned ones modulo 2^64."""
    totals = np.zeros(groups, dtype=values.dtype)
    np.add.at(totals, group, values.ravel())
    return totals


def _relations(catalogue: Catalogue, geography: Geography, grid: Grid) -> Iterable[Relation]:
    shape = catalogue.shape(grid, geography)
    for axis, name in enumerate(grid.dimensions, start=1):
        coarse = Grid(grid.level, tuple(other for other in grid.dimensions if other != name))
        cells = np.arange(np.prod(catalogue.shape(coarse, geography), dtype=int)).astype(np.int64)
        spread = np.expand_dims(cells.reshape(catalogue.shape(coarse, geography)), axis)
        yield Relation(grid, coarse, np.broadcast_to(spread, shape).ravel().copy(), cells)
    if grid.level is not Level.STATE:
        yield _over_areas(catalogue, geography, grid)


def _over_areas(catalogue: Catalogue, geography: Geography, grid: Grid) -> Relation:
    coarse = Grid(Level(grid.level - 1), grid.dimensions)
    shape, above = catalogue.shape(grid, geography), catalogue.shape(coarse, geography)
    groups = np.arange(above[0] * np.prod(shape[1:], dtype=int)).astype(np.int64).reshape(above[0], *shape[1:])
    fine = groups[geography.parents(grid.level)]
    if grid.level is Level.MUNICIPALITY:
        folds = [catalogue.dimension(name).fold() for name in grid.dimensions]
        coarse_group = groups[np.ix_(np.arange(above[0]), *folds)]
    else:
        coarse_group = groups
    return Relation(grid, coarse, fine.ravel(), coarse_group.ravel())


def _own_bases(lattice: Lattice, grid: Grid) -> Indices:
    catalogue = lattice.catalogue
    found = np.full(lattice.shape(grid), catalogue.base, dtype=np.int64)
    for axis, name in enumerate(grid.dimensions, start=1):
        dimension = catalogue.dimension(name)
        marked = [place for place, code in enumerate(dimension.shown(grid.level)) if code in dimension.sensitive]
        np.moveaxis(found, axis, 0)[marked] = catalogue.sensitive_base
    return found
