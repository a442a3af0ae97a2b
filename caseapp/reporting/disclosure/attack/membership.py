"""The strongest attacker: knows everybody in the state but one, and asks whether that one is counted.

No rounding to a small base withstands him entirely (he knows each cell up to one person, and whether it is rounded
up depends on that one); the figure is printed, not claimed. Half of his targets are counted, so guessing blindly
succeeds in half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.attack.methods import Shown
from caseapp.reporting.disclosure.attack.synthetic import Quarter
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level, Merged

_ODD = 0.02  # the chance he gives a number that he thought impossible: the program turns some cells away


@dataclass(frozen=True)
class Memberships:
    """The share of right answers, and his surest posterior."""

    targets: int
    success: float
    surest: float


def membership(shown: Shown, quarter: Quarter, merged: Merged, *, targets: int, seed: int) -> Memberships:
    """Ask for so many people, half of whom are not counted (their cells hold everybody else)."""
    chance = np.random.default_rng(seed)
    people = chance.choice(len(quarter.people), targets, replace=False)
    right, surest = 0, 0.0
    for number, person in enumerate(people.tolist()):
        counted = number % 2 == 0
        evidence = sum(
            _evidence(shown, grid, _place(shown, grid, quarter, merged, person), counted=counted)
            for grid in shown.view.lattice.grids
            if grid.level is not Level.STATE
        )
        right += (evidence > 0) == counted
        surest = max(surest, float(1 / (1 + np.exp(-abs(evidence)))))
    return Memberships(targets, right / targets, surest)


def _evidence(shown: Shown, grid: Grid, place: tuple[int, ...], *, counted: bool) -> float:
    """How much likelier the number is with the target than without, as a logarithm."""
    others = int(shown.truth.counts[grid][place]) - counted
    base = shown.view.lattice.catalogue.base
    seen = int(shown.view.shown[grid][place])
    return float(np.log(_likelihood(seen, others + 1, base) / _likelihood(seen, others, base)))


def _likelihood(seen: int, count: int, base: int) -> float:
    share = count % base / base
    lower = count - count % base
    fitting = {lower: 1 - share, lower + base: share}
    return max(_ODD, fitting.get(seen, 0.0))


def _place(shown: Shown, grid: Grid, quarter: Quarter, merged: Merged, person: int) -> tuple[int, ...]:
    area = int(merged.target[quarter.municipality[person]])
    if grid.level is Level.DISTRICT:
        area = merged.geography.district_of[area]
    classes = []
    for name in grid.dimensions:
        index = int(quarter.classes[name][person])
        fold = shown.view.lattice.catalogue.dimension(name).fold()
        classes.append(int(fold[index]) if grid.level is Level.MUNICIPALITY else index)
    return (area, *classes)
