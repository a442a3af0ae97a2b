"""How far the published numbers are from the exact ones: for the second person who decides on the release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Counts
from caseapp.reporting.disclosure.geography import Indices
from caseapp.reporting.disclosure.preferences import Before
from caseapp.reporting.disclosure.withholding import Masks

SIZES = ((1, 4), (5, 9), (10, 19), (20, 49), (50, 199), (200, None))
UTILITY = (50, None)


@dataclass(frozen=True)
class SizeClass:
    """Errors of the shown cells with `smallest` to `largest` persons: absolute in persons, relative as shares."""

    smallest: int
    largest: int | None
    cells: int
    median_error: float
    p95_error: float
    median_relative: float
    p95_relative: float


@dataclass(frozen=True)
class Quality:
    """The report of a release. `bias` is the mean signed error of the cells that are no multiples, in persons."""

    by_size: tuple[SizeClass, ...]
    useful: SizeClass
    bias: float
    largest_error: int
    unchanged: int
    flipped: int

    @property
    def flip_share(self) -> float:
        """The share of unchanged cells whose number changed all the same."""
        return self.flipped / self.unchanged if self.unchanged else 0.0


def assess(
    counts: Counts, values: Mapping[Grid, Indices], bases: Mapping[Grid, Indices], masks: Masks, before: Before
) -> Quality:
    """Compare all shown, not empty cells with the truth, and with the release before."""
    grids = counts.lattice.grids
    shown = np.concatenate([~masks[grid].ravel() for grid in grids])
    exact = np.concatenate([counts.counts[grid].ravel() for grid in grids])
    value = np.concatenate([values[grid].ravel() for grid in grids])
    rounded = exact % np.concatenate([bases[grid].ravel() for grid in grids]) != 0
    held = np.concatenate([before.unchanged[grid].ravel() for grid in grids]) & rounded & shown
    last = np.concatenate([before.values[grid].ravel() for grid in grids])
    error = value - exact
    return Quality(
        by_size=tuple(_size_class(exact[shown], error[shown], *size) for size in SIZES),
        useful=_size_class(exact[shown], error[shown], *UTILITY),
        bias=float(error[rounded & shown].mean()) if (rounded & shown).any() else 0.0,
        largest_error=int(np.abs(error[shown]).max(initial=0)),
        unchanged=int(held.sum()),
        flipped=int((value != last)[held].sum()),
    )


def _size_class(exact: Indices, error: Indices, smallest: int, largest: int | None) -> SizeClass:
    chosen = (exact >= smallest) & (exact <= (largest or exact.max(initial=0)))
    if not chosen.any():
        return SizeClass(smallest, largest, 0, 0.0, 0.0, 0.0, 0.0)
    absolute = np.abs(error[chosen]).astype(float)
    relative = absolute / exact[chosen]
    return SizeClass(
        smallest,
        largest,
        int(chosen.sum()),
        float(np.median(absolute)),
        float(np.percentile(absolute, 95)),
        float(np.median(relative)),
        float(np.percentile(relative, 95)),
    )
