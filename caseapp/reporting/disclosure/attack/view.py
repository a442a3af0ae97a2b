"""What an attacker sees of one period: for every cell a number and the interval it permits by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.geography import Indices
from caseapp.reporting.disclosure.lattice import Cells, Lattice
from caseapp.reporting.disclosure.published import Published

UNKNOWN = -1  # shown where a cell is suppressed


@dataclass(frozen=True)
class View:
    """Numbers and intervals of all grids. `disagreements`: cells that two tables show with different numbers."""

    lattice: Lattice = field(repr=False)
    shown: Mapping[Grid, Indices] = field(repr=False)
    lowest: Mapping[Grid, Indices] = field(repr=False)
    highest: Mapping[Grid, Indices] = field(repr=False)
    disagreements: int = 0

    @classmethod
    def of(cls, published: Published) -> View:
        """A release as it is."""
        intervals = {grid: published.interval(grid) for grid in published.lattice.grids}
        return cls(
            published.lattice,
            {grid: np.where(published.withheld[grid], UNKNOWN, published.values[grid]) for grid in intervals},
            {grid: pair[0] for grid, pair in intervals.items()},
            {grid: pair[1] for grid, pair in intervals.items()},
        )

    @classmethod
    def suppressed(cls, counts: Counts, most: int) -> View:
        """Exact numbers, but none from 1 to `most`: the control that must be easy."""
        shown: Cells = {}
        lowest: Cells = {}
        highest: Cells = {}
        for grid in counts.lattice.grids:
            count = counts.counts[grid]
            hidden = (count > 0) & (count <= most)
            shown[grid] = np.where(hidden, UNKNOWN, count)
            lowest[grid], highest[grid] = np.where(hidden, 1, count), np.where(hidden, most, count)
        return cls(counts.lattice, shown, lowest, highest)

    @classmethod
    def together(cls, lattice: Lattice, parts: Sequence[View]) -> View:
        """Tables that were rounded apart, laid side by side: each cell lies in all its intervals."""
        shown: Cells = {}
        lowest: Cells = {}
        highest: Cells = {}
        disagreements = 0
        for grid in lattice.grids:
            having = [part for part in parts if grid in part.shown]
            numbers = np.stack([part.shown[grid] for part in having])
            disagreements += int((numbers != numbers[0]).any(axis=0).sum())
            shown[grid] = numbers[0]
            lowest[grid] = np.max([part.lowest[grid] for part in having], axis=0)
            highest[grid] = np.min([part.highest[grid] for part in having], axis=0)
        return cls(lattice, shown, lowest, highest, disagreements)
