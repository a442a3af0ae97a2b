"""Two releases, between which one person joined or left: what was the person's topic?

The attacker knows in which area of the finest published level it was, that nothing else changed there, and every
other property of the person. So he looks, in each table that shows the topic of that area or its district, at the
cells that the person can be in. He has tried the method on states of his own (everything but the key is public) and
learned how these numbers move for the person's class and for the others: a Bayes classifier over the kinds of
movement, with the published shares as prior. Measured by two-fold cross-validation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.attack.methods import Method
from caseapp.reporting.disclosure.attack.synthetic import Quarter
from caseapp.reporting.disclosure.attack.view import UNKNOWN, View
from caseapp.reporting.disclosure.catalogue import Catalogue, Grid, finest
from caseapp.reporting.disclosure.geography import Indices, Level, Merged

PROPERTY = "topic"

Movement = tuple[int, ...]  # how the cell of a class moved in each of the tables


@dataclass(frozen=True)
class Guesses:
    """Shares of right guesses with the releases (`success`) and without (`prior`); `surest`: his best posterior."""

    trials: int
    success: float
    prior: float
    surest: float

    @property
    def gain(self) -> float:
        """How much better he guesses with the releases than without."""
        return self.success - self.prior

    @property
    def error(self) -> float:
        """One standard error of the success, from the number of trials."""
        return float(np.sqrt(self.success * (1 - self.success) / self.trials))


@dataclass(frozen=True)
class _Trial:
    truth: int
    shares: tuple[float, ...]
    movements: tuple[Movement, ...]


def differencing(
    method: Method,
    quarter: Quarter,
    catalogue: Catalogue,
    merged: Merged,
    *,
    rounds: int,
    seed: int,
    joining: int = 1,
    leaving: int = 1,
) -> Guesses:
    """In each round let one person join in `joining` municipalities of every district, leave in others, and guess.

    By default as many leave as join, as in a state at rest. If people only join, the sums move with them in every
    district at once: the harder case.
    """
    chance = np.random.default_rng(seed)
    trials: list[_Trial] = []
    for _ in range(rounds):
        joiners, leavers = _one_each(chance, quarter, merged, finest(catalogue), joining, leaving)
        before = method(quarter.without(joiners), catalogue, merged, None, 0)
        after = method(quarter.without(leavers), catalogue, merged, before.previous, 1)
        trials += _trials(quarter, joiners, merged, before.view, after.view)
        trials += _trials(quarter, leavers, merged, after.view, before.view)
    return _guessed(trials)


def _one_each(
    chance: np.random.Generator, quarter: Quarter, merged: Merged, level: Level, joining: int, leaving: int
) -> tuple[Indices, Indices]:
    """The places of one person each in so many municipalities of every district.

    If districts are the finest areas that are published, one of them joins and another one leaves: the attacker knows
    that nothing else changed in his.
    """
    area = merged.target[quarter.municipality]
    district = merged.geography.parents(Level.MUNICIPALITY)
    chosen: tuple[list[int], list[int]] = ([], [])
    for index in range(len(merged.geography.districts)):
        places = chance.permutation(np.flatnonzero(district == index))
        if level is Level.DISTRICT:
            places, first = places[:1], joining if index % (joining + leaving) < joining else 0
        else:
            places, first = places[: joining + leaving], joining
        for number, place in enumerate(places.tolist()):
            chosen[number >= first].append(int(chance.choice(np.flatnonzero(area == place))))
    return np.array(chosen[0], np.int64), np.array(chosen[1], np.int64)


def _trials(quarter: Quarter, people: Indices, merged: Merged, without: View, having: View) -> Iterator[_Trial]:
    catalogue = having.lattice.catalogue
    level = finest(catalogue)
    dimension = catalogue.dimension(PROPERTY)
    fold, shown = dimension.fold(), dimension.shown(level)
    wide = [dimension.classes.index(code) for code in shown]
    grids = [grid for grid in catalogue.grids() if PROPERTY in grid.dimensions and grid.level is not Level.STATE]
    for person in people.tolist():
        area = int(merged.target[quarter.municipality[person]])
        areas = {Level.MUNICIPALITY: area, Level.DISTRICT: int(merged.geography.district_of[area])}
        truth = int(quarter.classes[PROPERTY][person])
        moved, known = [], np.ones(len(shown))
        for grid in grids:
            place = tuple(
                slice(None) if name == PROPERTY else int(quarter.classes[name][person]) for name in grid.dimensions
            )
            row = [view.shown[grid][areas[grid.level], *place] for view in (without, having)]
            if grid.level is not level:
                row = [numbers[wide] for numbers in row]
            moved.append(_movements(*row))
            if grid == Grid(level, (PROPERTY,)):
                known = np.maximum(row[0], 0) + 1.0
        yield _Trial(
            int(fold[truth]) if level is Level.MUNICIPALITY else truth,
            tuple((known / known.sum()).tolist()),
            tuple(zip(*moved, strict=True)),
        )


def _movements(before: Indices, after: Indices) -> list[int]:
    """0 stays, 1 up, 2 down, 3 becomes hidden, 4 becomes shown."""
    kinds = np.where(after > before, 1, np.where(after < before, 2, 0))
    kinds = np.where((after == UNKNOWN) & (before != UNKNOWN), 3, kinds)
    found: list[int] = np.where((before == UNKNOWN) & (after != UNKNOWN), 4, kinds).tolist()
    return found


def _guessed(trials: list[_Trial]) -> Guesses:
    right = blind = 0
    surest = 0.0
    for fold in (0, 1):
        ratios = _learned(trials[1 - fold :: 2])
        for trial in trials[fold::2]:
            score = np.array([np.log(share) for share in trial.shares])
            score += [ratios(movement) for movement in trial.movements]
            posterior = np.exp(score - score.max())
            surest = max(surest, float(posterior.max() / posterior.sum()))
            right += int(np.argmax(score)) == trial.truth
            blind += int(np.argmax(trial.shares)) == trial.truth
    return Guesses(len(trials), right / len(trials), blind / len(trials), surest)


@dataclass(frozen=True)
class _Ratios:
    """How much likelier a movement is for the person's class than for another, as a logarithm."""

    own: Counter[Movement]
    other: Counter[Movement]

    def __call__(self, movement: Movement) -> float:
        kinds = len(self.own | self.other) + 1
        own = (self.own[movement] + 0.5) / (self.own.total() + 0.5 * kinds)
        other = (self.other[movement] + 0.5) / (self.other.total() + 0.5 * kinds)
        return float(np.log(own / other))


def _learned(trials: list[_Trial]) -> _Ratios:
    ratios = _Ratios(Counter(), Counter())
    for trial in trials:
        for index, movement in enumerate(trial.movements):
            (ratios.own if index == trial.truth else ratios.other)[movement] += 1
    return ratios
