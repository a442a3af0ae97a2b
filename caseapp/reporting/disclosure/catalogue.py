"""The fixed catalogue: which tables are published, down to which level, and the grids of cells that follow from it.

A *table* is published for the areas of its finest level and of every level above, with all its margins. A *grid* is
one level crossed with one set of dimensions. Grids are shared: the margin "topic" of two tables is one grid with
one set of published numbers, so no two tables can disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from caseapp.reporting.disclosure.errors import CatalogueError
from caseapp.reporting.disclosure.geography import Geography, Indices, Level

MOST_DIMENSIONS = {Level.STATE: 3, Level.DISTRICT: 2, Level.MUNICIPALITY: 1}


@dataclass(frozen=True)
class Dimension:
    """The classes of one property. Below the district the sensitive ones are counted into `rest`.

    `outcome`: may be the third dimension of a district table (what became of the people of a two-way table).
    """

    name: str
    classes: tuple[str, ...]
    sensitive: frozenset[str] = frozenset()
    rest: str = ""
    outcome: bool = False

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise CatalogueError(f"The dimension {self.name} needs classes, each once.")
        if not self.sensitive <= set(self.classes):
            raise CatalogueError(f"A sensitive class of {self.name} is none of its classes.")
        if self.rest and (self.rest not in self.classes or self.rest in self.sensitive):
            raise CatalogueError(f"The rest of {self.name} must be a class that is not sensitive.")

    def shown(self, level: Level) -> tuple[str, ...]:
        """The classes that have a cell at this level."""
        if level is not Level.MUNICIPALITY:
            return self.classes
        return tuple(code for code in self.classes if code not in self.sensitive)

    def fold(self) -> Indices:
        """For each class its index among those shown for a municipality."""
        shown = self.shown(Level.MUNICIPALITY)
        return np.array([shown.index(self.rest if code in self.sensitive else code) for code in self.classes], np.int64)


@dataclass(frozen=True)
class Table:
    """One published table: its dimensions and the finest level it is shown for."""

    name: str
    dimensions: tuple[str, ...]
    finest: Level


@dataclass(frozen=True, order=True)
class Grid:
    """All cells of one level and one set of dimensions (in the catalogue's order); none: the number of persons."""

    level: Level
    dimensions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.level.name.lower()}:{'*'.join(self.dimensions) or 'total'}"


@dataclass(frozen=True)
class Catalogue:
    """The linked tables of one population: all count the same units in the same kind of period.

    `base` is the base of rounding, `sensitive_base` that of cells of a sensitive class. Contacts are a population of
    their own, with base 10 for all.
    """

    name: str
    version: int
    dimensions: tuple[Dimension, ...]
    tables: tuple[Table, ...]
    base: int = 5
    sensitive_base: int = 10
    _by_name: dict[str, Dimension] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {dimension.name: dimension for dimension in self.dimensions})
        if self.base < 2 or self.sensitive_base % self.base:
            raise CatalogueError("The base must be at least 2 and divide the base of sensitive classes.")
        for table in self.tables:
            self._check(table)

    def dimension(self, name: str) -> Dimension:
        """A dimension by its name; CatalogueError for an unknown one."""
        try:
            return self._by_name[name]
        except KeyError:
            raise CatalogueError(f"The catalogue has no dimension {name}.") from None

    def grids(self) -> list[Grid]:
        """Every grid of the release, margins before what they are margins of, coarse levels before fine ones."""
        found = {
            Grid(Level(level), part)
            for table in self.tables
            for size in range(len(table.dimensions) + 1)
            for part in combinations(self.ordered(table.dimensions), size)
            for level in range(table.finest + 1)
        }
        found |= {Grid(level, ()) for level in (Level.STATE, Level.DISTRICT)}
        return sorted(found, key=lambda grid: (len(grid.dimensions), self._places(grid.dimensions), grid.level))

    def sources(self) -> list[Grid]:
        """The grids from which all others can be summed up."""
        grids = self.grids()
        return [grid for grid in grids if not any(self._yields(other, grid) for other in grids if other != grid)]

    def shape(self, grid: Grid, geography: Geography) -> tuple[int, ...]:
        """Areas first, then the classes of each dimension."""
        return (len(geography.areas(grid.level)), *(len(codes) for codes in self.axes(grid)))

    def axes(self, grid: Grid) -> tuple[tuple[str, ...], ...]:
        """The classes of each dimension as the grid shows them."""
        return tuple(self.dimension(name).shown(grid.level) for name in grid.dimensions)

    def ordered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names in the order of the catalogue."""
        return tuple(sorted(names, key=lambda name: self._places((name,))))

    def _yields(self, fine: Grid, coarse: Grid) -> bool:
        """Whether the coarse grid can be summed up from the fine one: not where a rest holds sensitive classes."""
        if fine.level < coarse.level or not set(fine.dimensions) >= set(coarse.dimensions):
            return False
        folded = fine.level is Level.MUNICIPALITY and coarse.level < Level.MUNICIPALITY
        return not (folded and any(self.dimension(name).sensitive for name in coarse.dimensions))

    def _places(self, names: tuple[str, ...]) -> tuple[int, ...]:
        order = list(self._by_name)
        return tuple(order.index(self.dimension(name).name) for name in names)

    def _check(self, table: Table) -> None:
        dimensions = [self.dimension(name) for name in table.dimensions]
        if len(set(table.dimensions)) != len(dimensions):
            raise CatalogueError(f"The table {table.name} names a dimension twice.")
        outcomes = sum(dimension.outcome for dimension in dimensions)
        allowed = MOST_DIMENSIONS[table.finest] + (table.finest is Level.DISTRICT and outcomes == 1)
        if len(dimensions) > allowed:
            raise CatalogueError(f"The table {table.name} has more dimensions than its level allows.")
        if table.finest is Level.MUNICIPALITY and any(each.sensitive and not each.rest for each in dimensions):
            raise CatalogueError(f"The table {table.name} shows sensitive classes for municipalities.")


def finest(catalogue: Catalogue) -> Level:
    """The finest level that any table is published for."""
    return max(grid.level for grid in catalogue.grids())
