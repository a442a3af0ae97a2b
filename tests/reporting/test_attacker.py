"""The attacker loses against the engine, and wins as soon as one part of it is missing.

The samples are small enough for every run: 144 joiners and leavers tell the share of right guesses to within eight
points (two standard errors), 120 small cells find a leak that concerns one cell in forty with 95 %. The long test
is the full measure.
"""

from __future__ import annotations

import numpy as np
import pytest

from caseapp.reporting.disclosure.attack import methods
from caseapp.reporting.disclosure.attack.averaging import averaging, release_all
from caseapp.reporting.disclosure.attack.bounds import narrowest
from caseapp.reporting.disclosure.attack.differencing import differencing
from caseapp.reporting.disclosure.attack.synthetic import QUARTERLY, YEARLY, State, invent
from caseapp.reporting.disclosure.attack.verdict import MOST_ABOVE_PRIOR, Effort, attack
from caseapp.reporting.disclosure.attack.view import View
from caseapp.reporting.disclosure.geography import Level, Merged
from caseapp.reporting.disclosure.release import control

SEED = 2026


@pytest.fixture(scope="module")
def state() -> State:
    """A small state of eight quarters."""
    return invent(clients=3_500, districts=12, municipalities=90, quarters=8, seed=SEED)


@pytest.fixture(scope="module")
def merged(state: State) -> Merged:
    """Its municipalities, the small ones together."""
    return state.quarters[0].counted(YEARLY, state.geography, methods.key_of(0))[1]


def test_the_attacker_loses_against_the_engine(state: State) -> None:
    findings = attack(methods.engine(1), state, YEARLY, seed=SEED, effort=Effort(cells=60, rounds=15, targets=100))
    assert findings.refuted() == []
    assert findings.exact == findings.narrow == 0
    assert len(findings.bounds) == 60
    assert findings.joiner.trials > 100
    assert findings.averages.cells > 150
    assert 0.5 < findings.members.success < 0.9  # knowing everybody else is knowing much, and not all
    assert findings.members.surest <= 1
    assert len(findings.lines()) == 6


def test_the_attacker_wins_against_suppression(state: State) -> None:
    findings = attack(methods.suppression(1), state, YEARLY, seed=SEED, effort=Effort(cells=20, rounds=2, targets=50))
    assert {"exact", "narrow", "joiner"} <= set(findings.refuted())
    assert findings.joiner.success > 0.7
    assert findings.exact > 0.7


def test_without_the_seed_the_mean_of_eight_periods_tells_the_truth(state: State, merged: Merged) -> None:
    found = averaging(release_all(methods.reseeded(1), state, YEARLY, merged))
    assert found.from_all > found.from_one + 0.2


def test_without_stickiness_unchanged_cells_flip(state: State, merged: Merged) -> None:
    first_ones = State(state.geography, state.quarters[:3])
    assert release_all(methods.forgetful(1), first_ones, YEARLY, merged).flip_share > 0.1
    assert release_all(methods.engine(1), first_ones, YEARLY, merged).flip_share <= 0.02


def test_without_shared_margins_one_cell_has_two_numbers(state: State) -> None:
    first_ones = State(state.geography, state.quarters[:2])
    findings = attack(methods.apart(1), first_ones, YEARLY, seed=SEED, effort=Effort(cells=5, rounds=1, targets=20))
    assert "totals" in findings.refuted()
    assert "sums" in findings.refuted()
    assert findings.disagreements > 5


def test_with_a_small_base_small_cells_are_known_nearly(state: State, merged: Merged) -> None:
    first_ones = State(state.geography, state.quarters[:2])
    findings = attack(methods.fine(1), first_ones, YEARLY, seed=SEED, effort=Effort(cells=15, rounds=1, targets=20))
    assert findings.narrow > 0.7
    guessed = differencing(methods.fine(1), state.quarters[0], YEARLY, merged, rounds=2, seed=SEED)
    assert guessed.success - guessed.prior > 2 * MOST_ABOVE_PRIOR


def test_a_release_can_be_attacked_without_knowing_the_truth(state: State, merged: Merged) -> None:
    counts = state.quarters[0].counted_over(YEARLY, merged, methods.key_of(1))
    release = control(counts, key=methods.key_of(1), period="2026", funding_period="f", merged=merged)
    districts = counts.lattice.grids[1]
    assert districts.level is Level.DISTRICT
    totals = dict(zip(merged.geography.districts, counts.counts[districts].tolist(), strict=True))
    found = narrowest(View.of(release.published), totals, cells=12, seed=SEED)
    assert len(found) == 12
    assert [bound.width for bound in found] == sorted(bound.width for bound in found)
    assert found[0].width >= 4
    for bound in found:
        grid, place = bound.cell
        assert bound.lowest <= counts.counts[grid].ravel()[place] <= bound.highest


def test_the_synthetic_state_is_as_scattered_as_the_real_one(state: State, merged: Merged) -> None:
    counts = state.quarters[0].counted_over(YEARLY, merged, methods.key_of(1))
    cells = np.concatenate([counts.counts[grid].ravel() for grid in counts.lattice.grids if grid.level == 2])
    assert 0.1 < np.mean((cells == 1) | (cells == 2)) < 0.4
    again = invent(clients=3_500, districts=12, municipalities=90, quarters=8, seed=SEED)
    assert again.geography == state.geography
    assert np.array_equal(again.quarters[7].people, state.quarters[7].people)


@pytest.mark.long
def test_the_attacker_loses_against_the_engine_on_a_whole_state() -> None:
    """20,000 clients, 44 districts, eight periods: the claims, and the utility, as docs/disclosure.md states them."""
    whole = invent(clients=20_000, districts=44, municipalities=1_101, quarters=8, seed=SEED)
    findings = attack(methods.engine(1), whole, YEARLY, seed=SEED, effort=Effort(cells=1_000, rounds=12, targets=1_000))
    assert findings.refuted() == []
    quarter = whole.quarters[0]
    for catalogue in (YEARLY, QUARTERLY):
        counts, small = quarter.counted(catalogue, whole.geography, methods.key_of(2))
        release = control(counts, key=methods.key_of(2), period="2026", funding_period="f", merged=small)
        assert release.quality.useful.median_relative <= 0.015
        assert release.quality.useful.p95_relative <= 0.06
        assert abs(release.quality.bias) < 0.1
