"""All attacks on one way to publish, and which claims they refute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caseapp.reporting.disclosure.attack.averaging import SMALL, Averages, Series, averaging, release_all
from caseapp.reporting.disclosure.attack.bounds import Bound, Cell, Knowledge, bounds
from caseapp.reporting.disclosure.attack.differencing import Guesses, differencing
from caseapp.reporting.disclosure.attack.membership import Memberships, membership
from caseapp.reporting.disclosure.attack.methods import Method, key_of
from caseapp.reporting.disclosure.attack.synthetic import Quarter, State
from caseapp.reporting.disclosure.catalogue import Catalogue
from caseapp.reporting.disclosure.geography import Level, Merged

NARROWEST = 4  # persons between the least and the greatest possible count of a small cell
MOST_FLIPS = 0.02
MOST_ABOVE_PRIOR = 0.10
MOST_BY_AVERAGING = 0.05
APPLICANTS = 3  # every third municipality applies for itself: its exact total is known to everybody


@dataclass(frozen=True)
class Effort:
    """How much is tried: small cells for the bounds, rounds of differencing, targets of the membership question."""

    cells: int = 120
    rounds: int = 10
    targets: int = 200


@dataclass(frozen=True)
class Findings:
    """What the attacker found. Shares from 0 to 1; `bounds` of small cells in the last period."""

    bounds: tuple[Bound, ...]
    joiner: Guesses
    averages: Averages
    members: Memberships
    flip_share: float
    broken_sums: int
    disagreements: int

    @property
    def exact(self) -> float:
        """The share of small cells known exactly."""
        return self._narrower(1)

    @property
    def narrow(self) -> float:
        """The share of small cells known to fewer than four values up or down."""
        return self._narrower(NARROWEST)

    def refuted(self) -> list[str]:
        """The claims that do not hold, by name; empty: the attacker lost."""
        tests = {
            "exact": self.exact > 0,
            "narrow": self.narrow > 0,
            "joiner": self.joiner.gain > MOST_ABOVE_PRIOR,
            "averaging": self.averages.from_all - self.averages.from_one > MOST_BY_AVERAGING,
            "flips": self.flip_share > MOST_FLIPS,
            "sums": self.broken_sums > 0,
            "totals": self.disagreements > 0,
        }
        return [name for name, refuted in tests.items() if refuted]

    def _narrower(self, width: int) -> float:
        return sum(bound.width < width for bound in self.bounds) / max(1, len(self.bounds))


def attack(method: Method, state: State, catalogue: Catalogue, *, seed: int, effort: Effort | None = None) -> Findings:
    """Publish the state's quarters by a method and try everything on them."""
    chosen = effort or Effort()
    _, merged = state.quarters[0].counted(catalogue, state.geography, key_of(0))
    series = release_all(method, state, catalogue, merged)
    last = series.shown[-1]
    exact_ones = all((last.view.shown[grid] >= 0).all() for grid in last.view.lattice.grids)
    return Findings(
        bounds=tuple(bounds(_known(series, merged), _small(series, cells=chosen.cells, seed=seed))),
        joiner=differencing(method, state.quarters[0], catalogue, merged, rounds=chosen.rounds, seed=seed),
        averages=averaging(series),
        members=membership(last, series.quarters[-1], merged, targets=chosen.targets, seed=seed),
        flip_share=series.flip_share,
        broken_sums=last.view.lattice.mismatches(last.view.shown) if exact_ones else 0,
        disagreements=last.view.disagreements,
    )


def _small(series: Series, *, cells: int, seed: int) -> list[Cell]:
    """A sample of the cells of districts and municipalities that hold one to four persons."""
    truth = series.shown[-1].truth
    found = [
        (grid, int(place))
        for grid in truth.lattice.grids
        if grid.level is not Level.STATE
        for place in np.flatnonzero((truth.counts[grid].ravel() > 0) & (truth.counts[grid].ravel() <= SMALL))
    ]
    order = np.random.default_rng(seed).permutation(len(found))[:cells]
    return [found[place] for place in order]


def _known(series: Series, merged: Merged) -> list[Knowledge]:
    """The last two periods, with the exact totals of applicants and the numbers of people who came, went or changed."""
    totals = [_totals(quarter, merged) for quarter in series.quarters[-2:]]
    arrivals, departures = _flows(series.quarters[-2], series.quarters[-1], merged)
    views = [shown.view for shown in series.shown[-2:]]
    return [Knowledge(views[0], totals[0]), Knowledge(views[1], totals[1], arrivals, departures)]


def _totals(quarter: Quarter, merged: Merged) -> dict[str, int]:
    area = merged.target[quarter.municipality]
    geography = merged.geography
    by_district = np.bincount(geography.parents(Level.MUNICIPALITY)[area], minlength=len(geography.districts))
    by_place = np.bincount(area, minlength=len(geography.municipalities))
    totals = dict(zip(geography.districts, by_district.tolist(), strict=True))
    places = list(zip(geography.municipalities, by_place.tolist(), strict=True))
    return totals | {code: total for code, total in places[::APPLICANTS] if code not in merged.members}


def _flows(before: Quarter, now: Quarter, merged: Merged) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """By area: people who are new or have another class, and people who left or had another class."""
    old, new = _descriptions(before), _descriptions(now)
    return _per_area(now, merged, ~np.isin(new, old)), _per_area(before, merged, ~np.isin(old, new))


def _descriptions(quarter: Quarter) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A number for each person with all classes."""
    described = quarter.people.copy()
    for values in quarter.classes.values():
        described = described * 64 + values
    return described


def _per_area(quarter: Quarter, merged: Merged, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> dict[str, int]:
    area = merged.target[quarter.municipality[chosen]]
    geography = merged.geography
    places = np.bincount(area, minlength=len(geography.municipalities)).tolist()
    districts = np.bincount(geography.parents(Level.MUNICIPALITY)[area], minlength=len(geography.districts)).tolist()
    return dict(zip([*geography.municipalities, *geography.districts], [*places, *districts], strict=True))
