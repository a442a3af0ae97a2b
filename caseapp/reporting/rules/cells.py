"""Reading a package: a number of a table with what it permits, an area with the areas below it, words for codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caseapp.clients.rules.collation import sort_key
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Indices, Level
from caseapp.reporting.disclosure.published import Published
from caseapp.reporting.rules.package import Area, Figures, IndicatorText, Package
from caseapp.tallies.periods import Period

WITHHELD = "·"
OUTCOME_LABEL = "Ergebnis"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number. The exact count lies from `lowest` to `highest`; both say nothing where `value` is None.

    `at_most` is how far the exact count can be away, `deviating` that this is further than the base allows.
    """

    value: int | None
    lowest: int
    highest: int
    at_most: int
    deviating: bool = False

    @property
    def text(self) -> str:
        """The number as a German reader expects it; a dot where it is withheld."""
        return WITHHELD if self.value is None else grouped(self.value)


def added(cells: Iterable[Cell]) -> Cell:
    """The sum of numbers, with the sum of what each permits; withheld if one of them is."""
    parts = list(cells)
    values = [cell.value for cell in parts if cell.value is not None]
    return Cell(
        sum(values) if len(values) == len(parts) else None,
        sum(cell.lowest for cell in parts),
        sum(cell.highest for cell in parts),
        sum(cell.at_most for cell in parts),
        any(cell.deviating for cell in parts),
    )


def grouped(number: int) -> str:
    """`1.234`, and a real minus."""
    return f"{number:,}".replace(",", ".").replace("-", MINUS)


def period_text(period: str) -> str:
    """`3. Quartal 2026` or `Jahr 2026`; anything else as it is."""
    try:
        found = Period.parse(period)
    except ValueError:
        return period
    return f"Jahr {found.year}" if found.quarter is None else f"{found.quarter}. Quartal {found.year}"


def period_mark(period: str) -> str:
    """`Q3 26` or `2026`, for the foot of a picture."""
    try:
        found = Period.parse(period)
    except ValueError:
        return period
    return str(found.year) if found.quarter is None else f"Q{found.quarter} {found.year % 100:02d}"


@dataclass(slots=True)
class Reader:
    """The numbers of one population. Limits are worked out once for each grid that is asked for."""

    figures: Figures
    _limits: dict[Grid, tuple[Indices, Indices, NDArray[np.bool_]]] = field(default_factory=dict)
    _places: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def published(self) -> Published:
        """The engine's release."""
        return self.figures.published

    def has(self, level: int, dimensions: tuple[str, ...]) -> bool:
        """Whether these classes are published for areas of this level."""
        return Grid(Level(level), self.published.lattice.catalogue.ordered(dimensions)) in self.published.values

    def cell(self, area: Area, classes: Mapping[str, str] | None = None) -> Cell:
        """The number of an area, of the classes given by dimension. KeyError if that is not published."""
        wanted = classes or {}
        catalogue = self.published.lattice.catalogue
        grid = Grid(Level(area.level), catalogue.ordered(tuple(wanted)))
        axes = catalogue.axes(grid)
        try:
            codes = tuple(axis.index(wanted[name]) for name, axis in zip(grid.dimensions, axes, strict=True))
        except ValueError:
            raise KeyError(wanted) from None
        return self._at(grid, (self._place(area), *codes))

    def shows(self, area: Area) -> bool:
        """Whether the area has numbers in this population."""
        return area.ags in self.published.lattice.geography.areas(Level(area.level))

    def shown_classes(self, level: int, dimension: str) -> tuple[str, ...]:
        """The codes of a dimension that have a cell at this level."""
        return self.published.lattice.catalogue.dimension(dimension).shown(Level(level))

    @property
    def outcome(self) -> str:
        """The dimension that says what became of the people; "" where there is none."""
        return next((each.name for each in self.published.lattice.catalogue.dimensions if each.outcome), "")

    def _place(self, area: Area) -> int:
        if not self._places:
            geography = self.published.lattice.geography
            self._places.update(
                {(level, code): place for level in Level for place, code in enumerate(geography.areas(level))}
            )
        return self._places[area.level, area.ags]

    def _at(self, grid: Grid, at: tuple[int, ...]) -> Cell:
        published = self.published
        if grid not in self._limits:
            self._limits[grid] = (*published.interval(grid), published.deviating(grid))
        lowest, highest, deviating = self._limits[grid]
        base, far = int(published.bases[grid][at]), bool(deviating[at])
        value = None if published.withheld[grid][at] else int(published.values[grid][at])
        return Cell(value, int(lowest[at]), int(highest[at]), (2 if far else 1) * base - 1, far)


def scope_of(package: Package) -> Area:
    """The area that the report is about."""
    return next(area for area in package.areas if area.ags == package.scope)


def parts_of(package: Package, area: Area) -> list[Area]:
    """The areas right below, by name as a telephone book has them; those that stand together at the end."""
    below = (each for each in package.areas if each.parent == area.ags)
    return sorted(below, key=lambda each: (bool(each.members), *sort_key(each.name)))


def indicator_of(package: Package, figures: Figures) -> IndicatorText:
    """What the report calls the indicator of a population."""
    return next(each for each in package.indicators if each.code == figures.indicator)


def dimension_label(package: Package, name: str) -> str:
    """The German name of a dimension."""
    return next((each.de for each in package.dimensions if each.name == name), OUTCOME_LABEL)


def class_labels(package: Package, figures: Figures, name: str) -> dict[str, str]:
    """Code to German label, for one dimension of a population; an outcome has the words of its indicator."""
    if figures.published.lattice.catalogue.dimension(name).outcome:
        return {each.code: each.de for each in indicator_of(package, figures).outcomes}
    return next(
        ({each.code: each.de for each in found.classes} for found in package.dimensions if found.name == name), {}
    )
