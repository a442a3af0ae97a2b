"""The exact counts of one period with their cell keys: what goes into disclosure control and never leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Catalogue, Grid
from caseapp.reporting.disclosure.errors import CountsError
from caseapp.reporting.disclosure.geography import Geography, Indices, Level, Merged
from caseapp.reporting.disclosure.keys import Keys
from caseapp.reporting.disclosure.lattice import Lattice, Relation, Whole, build, group_sums

LARGEST = 2  # contributions of a cell that the dominance rule looks at


@dataclass(frozen=True)
class Contributors:
    """Who stands behind the cells of a grid of contacts: how many clients, and what the two largest add together."""

    clients: Indices
    two_largest: Indices


@dataclass(frozen=True)
class Counts:
    """Exact counts and cell keys of every grid. `contributors` only where contacts and not persons are counted."""

    lattice: Lattice
    counts: Mapping[Grid, Indices] = field(repr=False)
    keys: Mapping[Grid, Keys] = field(repr=False)
    contributors: Mapping[Grid, Contributors] = field(default_factory=dict, repr=False)

    def count(self, grid: Grid) -> Indices:
        """The exact counts of a grid."""
        return self.counts[grid]


@dataclass(frozen=True)
class Records:
    """Persons (or clients with contacts), one place in each array a record.

    `classes` holds an index into the dimension's classes; `amounts` the contacts of the period, None for persons. A
    client whose contacts differ in place or class has several records with the same key.
    """

    municipality: Indices
    keys: Keys
    classes: Mapping[str, Indices]
    amounts: Indices | None = None

    def moved(self, merged: Merged) -> Records:
        """The same records over a geography with merged municipalities."""
        return Records(merged.target[self.municipality], self.keys, self.classes, self.amounts)


def merge_cells(cells: Mapping[Grid, tuple[Indices, Keys]], merged: Merged) -> dict[Grid, tuple[Indices, Keys]]:
    """Sources over the old geography as sources over the merged one: small municipalities are added up."""
    moved = {}
    for grid, (count, key) in cells.items():
        if grid.level is Level.MUNICIPALITY:
            shape = (len(merged.geography.municipalities), *count.shape[1:])
            counts, keys = np.zeros(shape, np.int64), np.zeros(shape, np.uint64)
            np.add.at(counts, merged.target, count)
            np.add.at(keys, merged.target, key)
            moved[grid] = (counts, keys)
        else:
            moved[grid] = (count, key)
    return moved


def from_cells(catalogue: Catalogue, geography: Geography, cells: Mapping[Grid, tuple[Indices, Keys]]) -> Counts:
    """Sum the catalogue's sources (`Catalogue.sources`) up to all grids.

    CountsError if a source is missing, has another shape or a negative count, or if two sources disagree on a margin:
    they would not count the same persons.
    """
    lattice = build(catalogue, geography)
    counts: dict[Grid, Indices] = {}
    keys: dict[Grid, Keys] = {}
    for grid in catalogue.sources():
        if grid not in cells:
            raise CountsError(f"The counts of {grid} are missing.")
        count, key = cells[grid]
        if count.shape != lattice.shape(grid) or key.shape != count.shape or (count < 0).any():
            raise CountsError(f"The counts of {grid} do not fit the catalogue.")
        counts[grid], keys[grid] = count.astype(np.int64), key.astype(np.uint64)
    for relation in reversed(lattice.relations):
        _sum_up(lattice, relation, counts)
        _sum_up(lattice, relation, keys)
    return Counts(lattice, counts, keys)


def from_records(catalogue: Catalogue, geography: Geography, records: Records, *, cap: int = 10) -> Counts:
    """Count records into every grid. Contacts are capped at `cap` a client, so that no single person makes a figure."""
    lattice = build(catalogue, geography)
    everybody = np.ones(len(records.keys), np.int64)
    amounts = everybody if records.amounts is None else _capped(records, records.amounts, cap)
    counts: dict[Grid, Indices] = {}
    keys: dict[Grid, Keys] = {}
    contributors: dict[Grid, Contributors] = {}
    for grid in lattice.grids:
        place = _places(lattice, grid, records)
        shape = lattice.shape(grid)
        count, key = np.zeros(lattice.size(grid), np.int64), np.zeros(lattice.size(grid), np.uint64)
        np.add.at(count, place, amounts)
        np.add.at(key, place, records.keys)
        counts[grid], keys[grid] = count.reshape(shape), key.reshape(shape)
        if records.amounts is not None:
            contributors[grid] = _contributors(place, amounts, records.keys, shape)
    return Counts(lattice, counts, keys, contributors)


def _capped(records: Records, amounts: Indices, cap: int) -> Indices:
    """The amounts, of each client the first ones up to the cap: in the order of places and classes, not of rows."""
    order = np.lexsort((*records.classes.values(), records.municipality, records.keys))
    amounts, key = amounts[order], records.keys[order]
    total = np.cumsum(amounts)
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
    before = np.repeat((total - amounts)[starts], np.diff(np.append(starts, len(key))))
    counted = np.minimum(total - before, cap) - np.minimum(total - amounts - before, cap)
    result = np.zeros(len(counted), np.int64)
    result[order] = counted
    return result


def _places(lattice: Lattice, grid: Grid, records: Records) -> Indices:
    geography = lattice.geography
    area = records.municipality
    if grid.level < Level.MUNICIPALITY:
        area = geography.parents(Level.MUNICIPALITY)[area]
    if grid.level is Level.STATE:
        area = np.zeros_like(area)
    axes = [area]
    for name in grid.dimensions:
        index = records.classes[name]
        fine = grid.level is Level.MUNICIPALITY
        axes.append(lattice.catalogue.dimension(name).fold()[index] if fine else index)
    return np.ravel_multi_index(tuple(axes), lattice.shape(grid)).astype(np.int64)


def _contributors(place: Indices, amounts: Indices, owners: Keys, shape: tuple[int, ...]) -> Contributors:
    """Add up what each client has in each cell, sort by cell, the largest first, and add up the first two."""
    order = np.lexsort((owners, place))
    order = order[amounts[order] > 0]
    cell, owner = place[order], owners[order]
    starts = np.flatnonzero(np.concatenate([[True], (cell[1:] != cell[:-1]) | (owner[1:] != owner[:-1])]))[: len(cell)]
    place = cell[starts]
    amounts = np.add.reduceat(amounts[order], starts) if len(starts) else amounts[:0]
    size = int(np.prod(shape))
    order = np.lexsort((-amounts, place))
    cell, amount = place[order], amounts[order]
    clients = np.bincount(cell, minlength=size).astype(np.int64)
    first = np.cumsum(clients) - clients
    rank = np.arange(len(cell)) - first[cell]
    largest = np.zeros(size, np.int64)
    np.add.at(largest, cell[rank < LARGEST], amount[rank < LARGEST])
    return Contributors(clients.reshape(shape), largest.reshape(shape))


def _sum_up(lattice: Lattice, relation: Relation, values: dict[Grid, NDArray[Whole]]) -> None:
    """Fill the coarse grid from the fine one; where it is known already, the two must agree."""
    if relation.fine not in values:
        return
    fine = group_sums(relation.fine_group, values[relation.fine], relation.groups)
    if relation.coarse in values:
        if (group_sums(relation.coarse_group, values[relation.coarse], relation.groups) != fine).any():
            raise CountsError(f"{relation.fine} and {relation.coarse} do not count the same persons.")
    elif len(relation.coarse_group) == relation.groups:  # else: a rest, which cannot be parted again
        values[relation.coarse] = fine[relation.coarse_group].reshape(lattice.shape(relation.coarse))
