"""A package as plain rows, one table after the other: what the CSV files hold, exactly as docs/report-formats.md says.

A row is an area, a class (or the total) of each dimension, and one number. The files hold codes and whole numbers
only, of which none can be taken for a formula; every word stands in the manifest.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Grid, Table
from caseapp.reporting.disclosure.geography import Indices, Level
from caseapp.reporting.disclosure.published import Published
from caseapp.reporting.rules.package import Figures, Package, PackageError, shown_levels

TOTAL = "_T"  # all classes of a dimension together, as in SDMX
LEVELS = ("land", "kreis", "gemeinde")
BEFORE, AFTER = ("period", "level", "ags"), ("indicator", "value")
LINE_END = "\r\n"  # RFC 4180
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")


@dataclass(frozen=True)
class Row:
    """One number of a table. `classes`: a code or TOTAL for each dimension. `value` is None where it is withheld.

    `at_most`: how far the exact count can be away; `deviating`: that this is more than the base of rounding allows.
    """

    level: Level
    ags: str
    classes: tuple[str, ...]
    value: int | None
    at_most: int
    deviating: bool


@dataclass(frozen=True)
class Cube:
    """All numbers of a table on one level, with the totals at index 0 of every dimension."""

    axes: tuple[tuple[str, ...], ...]
    values: Indices = field(repr=False)
    withheld: NDArray[np.bool_] = field(repr=False)
    bases: Indices = field(repr=False)
    at_most: Indices = field(repr=False)
    deviating: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True)
class FlatTable:
    """One published table of one population. `name` is unique within a package and good for a file."""

    name: str
    period: str
    figures: Figures
    table: Table
    levels: tuple[Level, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of the dimensions in the order of the columns."""
        return self.figures.published.lattice.catalogue.ordered(self.table.dimensions)

    @property
    def columns(self) -> tuple[str, ...]:
        """The heading of the CSV file."""
        return (*BEFORE, *self.dimensions, *AFTER)

    def areas(self, level: Level) -> tuple[str, ...]:
        """The keys of the areas of a level, in the order of the rows."""
        return self.figures.published.lattice.geography.areas(level)

    def cube(self, level: Level) -> Cube:
        """The numbers of one level as arrays."""
        return _cube(self.figures.published, level, self.dimensions)

    def rows(self) -> Iterator[Row]:
        """All numbers: coarse levels first, areas in their order, totals before classes."""
        for level in self.levels:
            cube = self.cube(level)
            cells = zip(
                product(self.areas(level), product(*cube.axes)),
                cube.values.ravel().tolist(),
                cube.withheld.ravel().tolist(),
                cube.at_most.ravel().tolist(),
                cube.deviating.ravel().tolist(),
                strict=True,
            )
            for (ags, classes), value, hidden, most, far in cells:
                yield Row(level, ags, classes, None if hidden else value, most, far)


def flat_tables(package: Package) -> list[FlatTable]:
    """Every table that a form of the report shows, in the order of the package.

    A table that has no numbers on a shown level (a Land table in the package of a Kreis) is none of them.
    PackageError for two tables of one name, and for a code that a spreadsheet could take for something else.
    """
    levels = shown_levels(package)
    found = [
        FlatTable(_name(package, figures, table), package.period, figures, table, shown)
        for figures in package.figures
        for table in figures.published.lattice.catalogue.tables
        if (shown := tuple(Level(level) for level in levels if level <= table.finest))
    ]
    if len({each.name.casefold() for each in found}) != len(found):
        raise PackageError("Two tables of the package have the same name.")
    for each in found:
        _check_codes(each)
    return found


def csv_of(table: FlatTable) -> bytes:
    """The table as CSV (RFC 4180, comma, CRLF, UTF-8 of which only ASCII is used); a withheld number is empty."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator=LINE_END)
    writer.writerow(table.columns)
    indicator, period = table.figures.indicator, table.period
    writer.writerows(
        (period, LEVELS[row.level], row.ags, *row.classes, indicator, "" if row.value is None else row.value)
        for row in table.rows()
    )
    return target.getvalue().encode("ascii")


def limits(published: Published, grid: Grid) -> Indices:
    """How far each exact count of a grid can be from its number: the base less one, or what the release lists."""
    found = published.bases[grid] - 1
    areas = {code: place for place, code in enumerate(published.lattice.geography.areas(grid.level))}
    axes = published.lattice.catalogue.axes(grid)
    for entry in published.deviations:
        if entry.grid == grid:
            classes = (axis.index(code) for axis, code in zip(axes, entry.classes, strict=True))
            found[(areas[entry.area], *classes)] = entry.at_most
    return found


def _cube(published: Published, level: Level, dimensions: tuple[str, ...]) -> Cube:
    catalogue = published.lattice.catalogue
    shown = [catalogue.dimension(name).shown(level) for name in dimensions]
    shape = (len(published.lattice.geography.areas(level)), *(1 + len(codes) for codes in shown))
    values, bases, at_most = (np.zeros(shape, np.int64) for _ in range(3))
    withheld, deviating = np.zeros(shape, bool), np.zeros(shape, bool)
    for size in range(len(dimensions) + 1):
        for part in combinations(dimensions, size):
            grid = Grid(level, part)
            at = (slice(None), *(slice(1, None) if name in part else 0 for name in dimensions))
            values[at], withheld[at] = published.values[grid], published.withheld[grid]
            bases[at], at_most[at] = published.bases[grid], limits(published, grid)
            deviating[at] = at_most[at] >= bases[at]
    return Cube(tuple((TOTAL, *codes) for codes in shown), values, withheld, bases, at_most, deviating)


def _name(package: Package, figures: Figures, table: Table) -> str:
    """Population and table, each once; with the cohort between where it is not the period itself."""
    cohort = figures.cohort if figures.cohort not in ("", package.period) else ""
    own = f"{figures.name}-"
    name = table.name[len(own) :] if table.name.casefold().startswith(own.casefold()) else table.name
    return "-".join(part for part in (figures.name, cohort, name) if part)


def _check_codes(table: FlatTable) -> None:
    catalogue = table.figures.published.lattice.catalogue
    words = [table.name, table.period, table.figures.indicator, *table.dimensions]
    for name in table.dimensions:
        words.extend(catalogue.dimension(name).classes)
        if TOTAL in catalogue.dimension(name).classes:
            raise PackageError(f"The dimension {name} has a class that is called like the total.")
    for level in table.levels:
        words.extend(table.areas(level))
    wrong = next((word for word in words if not _CODE.fullmatch(word)), None)
    if wrong is not None:
        raise PackageError(f"The code {wrong!r} cannot stand in a CSV file as it is.")
