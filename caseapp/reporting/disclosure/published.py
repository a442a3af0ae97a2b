"""What leaves the house: a release as anybody sees it, and what anybody can conclude from a single number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Indices
from caseapp.reporting.disclosure.lattice import Lattice, group_sums


@dataclass(frozen=True)
class Parameters:
    """The numbers a release was made with; they are published. Bases stand in the catalogue.

    `steps_without_breakdown`: an area of persons is not broken down if its published total is at most so many steps.
    """

    smallest_municipality: int = 20
    sticky: float = 5.0
    cap: int = 10
    fewest_contributors: int = 10
    dominance: float = 0.9
    steps_without_breakdown: int = 1

    def __post_init__(self) -> None:
        if self.smallest_municipality < 1 or self.cap < 1 or self.sticky < 0 or not 0 < self.dominance <= 1:
            raise ValueError("Parameters outside their range.")


@dataclass(frozen=True, order=True)
class Deviation:
    """A cell that is one step further from the truth than a neighbouring multiple: area and classes by code."""

    grid: Grid
    area: str
    classes: tuple[str, ...]
    at_most: int


@dataclass(frozen=True)
class Published:
    """One release without any secret. `withheld` cells have the value 0 here, which says nothing."""

    period: str
    funding_period: str
    lattice: Lattice = field(repr=False)
    bases: Mapping[Grid, Indices] = field(repr=False)
    values: Mapping[Grid, Indices] = field(repr=False)
    withheld: Mapping[Grid, NDArray[np.bool_]] = field(repr=False)
    deviations: tuple[Deviation, ...]
    merged: Mapping[str, tuple[str, ...]]
    parameters: Parameters
    previous: str = ""

    def deviating(self, grid: Grid) -> NDArray[np.bool_]:
        """True for the cells of a grid that are listed as deviating further."""
        marks = np.zeros(self.lattice.shape(grid), bool)
        areas = {code: place for place, code in enumerate(self.lattice.geography.areas(grid.level))}
        axes = self.lattice.catalogue.axes(grid)
        for entry in self.deviations:
            if entry.grid == grid:
                classes = (axis.index(code) for axis, code in zip(axes, entry.classes, strict=True))
                marks[(areas[entry.area], *classes)] = True
        return marks

    def interval(self, grid: Grid) -> tuple[Indices, Indices]:
        """The smallest and the largest exact count that each number permits by itself.

        A number v of base b is a neighbouring multiple of v - b + 1 to v + b - 1, and of nobody only if v is 0. A
        listed one is a step further: up to 2b - 1 away. Withheld: no limits (the largest is the largest whole
        number).
        """
        value, base = self.values[grid], self.bases[grid]
        lowest, highest = np.maximum(value - base + 1, np.minimum(value, 1)), value + base - 1
        marks = self.deviating(grid)
        # Moved up by a step, the truth is below; moved down, above. A small number can only have moved one way.
        below = np.where(value == base, 0, np.maximum(1, value - 2 * base + 1))
        lowest = np.where(marks, np.where(value == 0, base, below), lowest)
        highest = np.where(marks, value + 2 * base - 1, highest)
        hidden = self.withheld[grid]
        return np.where(hidden, 0, lowest), np.where(hidden, np.iinfo(np.int64).max, highest)

    def sums(self) -> tuple[int, int]:
        """How many sums do not hold, of how many that can be checked: those without a withheld number."""
        broken = checked = 0
        for relation in self.lattice.relations:
            hidden = group_sums(relation.fine_group, self.withheld[relation.fine].astype(np.int64), relation.groups)
            hidden += group_sums(
                relation.coarse_group, self.withheld[relation.coarse].astype(np.int64), relation.groups
            )
            gaps = self.lattice.gap(relation, self.values)[hidden == 0]
            broken, checked = broken + int(np.count_nonzero(gaps)), checked + len(gaps)
        return broken, checked

    def document(self) -> dict[str, object]:
        """The release as plain data (lists, texts, whole numbers); withheld numbers are None. See `frozen`."""
        catalogue, geography = self.lattice.catalogue, self.lattice.geography
        return {
            "period": self.period,
            "funding_period": self.funding_period,
            "previous": self.previous,
            "catalogue": {
                "name": catalogue.name,
                "version": catalogue.version,
                "base": catalogue.base,
                "sensitive_base": catalogue.sensitive_base,
                "dimensions": [
                    {
                        "name": each.name,
                        "classes": list(each.classes),
                        "sensitive": sorted(each.sensitive),
                        "rest": each.rest,
                        "outcome": each.outcome,
                    }
                    for each in catalogue.dimensions
                ],
                "tables": [
                    {"name": each.name, "dimensions": list(each.dimensions), "finest": int(each.finest)}
                    for each in catalogue.tables
                ],
            },
            "geography": {
                "state": geography.state,
                "districts": list(geography.districts),
                "municipalities": list(geography.municipalities),
                "district_of": list(geography.district_of),
            },
            "parameters": asdict(self.parameters),
            "merged": {code: list(members) for code, members in self.merged.items()},
            "deviations": [[str(each.grid), each.area, list(each.classes), each.at_most] for each in self.deviations],
            "values": {
                str(grid): [
                    None if hidden else int(value)
                    for value, hidden in zip(
                        self.values[grid].ravel().tolist(), self.withheld[grid].ravel().tolist(), strict=True
                    )
                ]
                for grid in self.lattice.grids
            },
        }


def deviations(
    lattice: Lattice,
    counts: Mapping[Grid, Indices],
    values: Mapping[Grid, Indices],
    cell_bases: Mapping[Grid, Indices],
    masks: Mapping[Grid, NDArray[np.bool_]],
) -> tuple[Deviation, ...]:
    """The shown cells that are one step further from the truth than a neighbouring multiple, in a fixed order."""
    found = []
    for grid in lattice.grids:
        areas, axes = lattice.geography.areas(grid.level), lattice.catalogue.axes(grid)
        far = (np.abs(values[grid] - counts[grid]) >= cell_bases[grid]) & ~masks[grid]
        for area, *classes in np.argwhere(far).tolist():
            names = tuple(axis[place] for axis, place in zip(axes, classes, strict=True))
            found.append(Deviation(grid, areas[area], names, 2 * int(cell_bases[grid][area, *classes]) - 1))
    return tuple(sorted(found))
