"""Rounded numbers add up, stay near the truth, hold still, and lean to neither side: for any counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.reporting.disclosure.attack.synthetic import QUARTERLY, invent
from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Grid, Table
from caseapp.reporting.disclosure.errors import UnroundableError
from caseapp.reporting.disclosure.frozen import digest, freeze, freeze_memory, thaw, thaw_memory
from caseapp.reporting.disclosure.geography import Geography, Level
from caseapp.reporting.disclosure.keys import StatisticsKey, uniform
from caseapp.reporting.disclosure.lattice import bases
from caseapp.reporting.disclosure.rounding import taken_together, turns
from tests.reporting.worlds import AGE, CATALOGUE, KEY, SEX, SIMPLE, TOPIC, TOTAL, geography, people, released, worlds

World = tuple[Geography, int, int]


@given(worlds)
@settings(max_examples=25)
def test_every_sum_holds_and_every_cell_is_a_neighbouring_multiple_or_listed(world: World) -> None:
    where, number, seed = world
    _, counts = people(where, number, seed)
    release = released(counts).published
    lattice = counts.lattice
    assert lattice.mismatches(release.values) == 0
    for grid in lattice.grids:
        exact, value, base = counts.counts[grid], release.values[grid], release.bases[grid]
        away = np.abs(value - exact)
        listed = release.deviating(grid)
        assert (value % base == 0).all()
        assert (value >= 0).all()
        assert (away[~listed] < base[~listed]).all()
        assert (away[listed] >= base[listed]).all()
        assert (away[listed] < 2 * base[listed]).all()
        assert (value[(exact == 0) & ~listed] == 0).all()
        lowest, highest = release.interval(grid)
        assert (lowest <= exact).all()
        assert (exact <= highest).all()


@given(worlds, st.integers(0, 30))
@settings(max_examples=8)
def test_the_same_counts_give_the_same_bytes_and_the_next_period_knows_what_stayed(world: World, joining: int) -> None:
    where, number, seed = world
    _, counts = people(where, number, seed)
    first, again = released(counts), released(counts)
    frozen, memory = freeze(first.published), freeze_memory(first.memory, first.published)
    assert frozen == freeze(again.published)
    assert freeze(thaw(frozen)) == frozen
    stored = thaw(frozen)
    _, more = people(where, number + joining, seed)
    next_ones = [
        released(more, period="2027", previous=previous)
        for previous in ((first.published, first.memory), (stored, thaw_memory(memory, stored)))
    ]
    assert freeze(next_ones[0].published) == freeze(next_ones[1].published)
    still = released(counts, period="2027", previous=(first.published, first.memory))
    for grid in counts.lattice.grids:
        assert np.array_equal(still.published.values[grid], first.published.values[grid])
    assert still.quality.flipped == 0


def test_over_all_keys_the_expected_number_is_the_true_one() -> None:
    where = geography(3, 2)
    keys = [StatisticsKey(f"{number:032}".encode()) for number in range(100)]
    errors = []
    for key in keys:
        _, counts = people(where, 140, 3, catalogue=SIMPLE, key=key)
        values = released(counts, key=key).published.values
        errors.append(np.concatenate([(values[grid] - counts.counts[grid]).ravel() for grid in counts.lattice.grids]))
    mean, spread = np.mean(errors, axis=0), np.std(errors, axis=0) / np.sqrt(len(keys))
    # Each cell is unbiased by itself; the program that makes the sums hold may pull a few a little, never all one
    # way.
    assert abs(mean.mean()) < 0.1
    assert (np.abs(mean) < 4 * spread + 0.5).all()


def test_a_cell_that_one_person_joins_moves_in_one_case_of_five_and_never_down() -> None:
    where = geography(1)
    one = Catalogue("one", 1, (Dimension("all", ("everybody",)),), (Table("all", ("all",), Level.STATE),))
    moves = []
    for seed in range(150):
        _, before = people(where, 20 + seed % 5, seed, catalogue=one)
        _, after = people(where, 21 + seed % 5, seed, catalogue=one)
        first = released(before)
        second = released(after, period="2027", previous=(first.published, first.memory))
        total = TOTAL[Level.STATE]
        moves.append(int(second.published.values[total][0] - first.published.values[total][0]))
    assert set(moves) == {0, 5}
    assert abs(np.mean(np.array(moves) > 0) - 0.2) < 0.1  # three standard errors


def test_numbers_do_not_drift_away_while_a_state_grows() -> None:
    where = geography(3, 2)
    biases, previous = [], None
    for period in range(10):
        _, counts = people(where, 400 + 15 * period, 11)
        release = released(counts, period=str(2026 + period), previous=previous)
        previous = (release.published, release.memory)
        biases.append(release.quality.bias)
        assert release.quality.largest_error <= 19
    assert max(abs(np.mean(biases[:5])), abs(np.mean(biases[5:]))) < 0.7


def test_a_table_that_does_not_fit_moves_few_cells_one_step_and_says_which() -> None:
    """Two districts of three and of four, fixed by the geography, leave the class of the third no neighbouring sum."""
    found = [
        (release, counts)
        for seed in range(25)
        for _, counts in [people(geography(1, 1, 1), 26, seed)]
        for release in [released(counts)]
        if release.published.deviations
    ]
    assert found
    for release, counts in found:
        assert counts.lattice.mismatches(release.published.values) == 0
        for entry in release.published.deviations:
            assert entry.at_most in {9, 19}
        assert release.quality.largest_error <= 19


def test_a_table_without_any_solution_is_taken_together_with_its_margins() -> None:
    """One person in three tables of one cell each: margins that were decided apart may contradict each other."""
    lattice = people(geography(1, 1), 0, 1)[1].lattice
    order = turns(lattice)
    by_both = next(turn for turn in order if turn[0].dimensions == ("age", "sex"))
    joined = taken_together(order, by_both)
    assert {grid.dimensions for grid in joined[0]} == {(), ("age",), ("sex",), ("age", "sex")}
    assert sorted(grid for turn in joined for grid in turn) == sorted(lattice.grids)
    again = taken_together(joined, next(turn for turn in joined if turn[0].dimensions == ("topic", "age")))
    assert {("topic",), ("sex",), ("age", "sex")} <= {grid.dimensions for grid in again[0]}
    with pytest.raises(UnroundableError, match="merge areas or classes"):
        taken_together([lattice.grids], lattice.grids)


@given(st.integers(0, 2**20))
@settings(max_examples=10)
def test_a_few_people_in_a_large_table_still_add_up(seed: int) -> None:
    _, counts = people(geography(4, 4, 4, 4), 9, seed)
    release = released(counts)
    assert counts.lattice.mismatches(release.published.values) == 0
    assert release.quality.largest_error <= 19


def test_empty_tables_and_single_cells_are_tables_too() -> None:
    _, nobody = people(geography(1), 0, 1)
    assert all((value == 0).all() for value in released(nobody).published.values.values())
    one = Catalogue("one", 1, (Dimension("all", ("everybody",)),), (Table("all", ("all",), Level.STATE),))
    for number in (1, 4, 5, 7):
        _, counts = people(geography(1), number, 5, catalogue=one)
        values = {int(value.item()) for value in released(counts).published.values.values()}
        assert len(values) == 1
        assert values <= {number - number % 5, number + -number % 5}


def test_the_direction_of_rounding_follows_the_cell_key() -> None:
    one = Catalogue("one", 1, (Dimension("all", ("everybody",)),), (Table("all", ("all",), Level.STATE),))
    found = set()
    for seed in range(12):
        _, counts = people(geography(1), 7, seed, catalogue=one)
        drawn = float(uniform(counts.keys[TOTAL[Level.STATE]])[0])
        value = int(released(counts).published.values[TOTAL[Level.STATE]][0])
        assert value == (10 if drawn < 2 / 5 else 5)
        found.add(value)
    assert found == {5, 10}


def test_margins_follow_what_most_of_the_cells_behind_them_prefer() -> None:
    """Quarters with three-way district tables: nearly nothing flips, as margins look ahead at the cells behind them."""
    state = invent(clients=2_500, districts=9, municipalities=40, quarters=3, seed=5)
    merged, previous, flipped, unchanged = None, None, 0, 0
    for number, quarter in enumerate(state.quarters):
        if merged is None:
            counts, merged = quarter.counted(QUARTERLY, state.geography, KEY)
        else:
            counts = quarter.counted_over(QUARTERLY, merged, KEY)
        release = released(counts, period=f"2026-Q{number + 1}", previous=previous, merged=merged)
        previous = (release.published, release.memory)
        flipped, unchanged = flipped + release.quality.flipped, unchanged + release.quality.unchanged
        assert counts.lattice.mismatches(release.published.values) == 0
        assert abs(release.quality.bias) < 0.1
    assert unchanged > 100
    assert flipped <= 0.02 * unchanged


def test_sensitive_classes_have_base_ten_and_no_cell_for_a_municipality() -> None:
    _, counts = people(geography(2, 2), 400, 9)
    found = bases(counts.lattice)
    district = found[Grid(Level.DISTRICT, ("topic",))]
    assert set(district[:, 2].tolist()) | set(district[:, 3].tolist()) == {10}
    assert set(district[:, [0, 1, 4]].ravel().tolist()) == {5}
    assert TOPIC.shown(Level.MUNICIPALITY) == ("housing", "work", "other")
    place = Grid(Level.MUNICIPALITY, ("topic",))
    state = counts.counts[Grid(Level.STATE, ("topic",))][0]
    assert counts.counts[place].sum(axis=0)[2] == state[2:].sum()
    assert set(found[TOTAL[Level.STATE]].tolist()) == {5}


def test_a_total_of_sensitive_classes_only_is_rounded_like_them() -> None:
    title = Dimension("title", ("permit", "tolerated"), frozenset({"permit", "tolerated"}))
    catalogue = Catalogue("titles", 1, (title, AGE), (Table("both", ("title", "age"), Level.DISTRICT),))
    _, counts = people(geography(1, 1), 90, 2, catalogue=catalogue)
    release = released(counts).published
    assert {base for grid in counts.lattice.grids for base in release.bases[grid].ravel().tolist()} == {10}
    assert counts.lattice.mismatches(release.values) == 0


def test_what_cannot_be_rounded_is_refused_by_name() -> None:
    """A total of nobody over classes with somebody cannot come from counts; the program finds that out by itself."""
    from caseapp.reporting.disclosure.preferences import Before, preferences  # noqa: PLC0415
    from caseapp.reporting.disclosure.rounding import round_lattice  # noqa: PLC0415

    _, counts = people(geography(1), 40, 2, catalogue=SIMPLE)
    broken = {**counts.counts, TOTAL[Level.STATE]: np.zeros(1, np.int64)}
    wanted = preferences(counts, bases(counts.lattice), Before.nothing(counts.lattice), sticky=0)
    with pytest.raises(UnroundableError, match="cannot be rounded"):
        round_lattice(counts.lattice, broken, bases(counts.lattice), wanted)


def test_the_numbers_of_a_margin_are_one_number_in_all_tables() -> None:
    _, counts = people(geography(3, 3), 300, 4)
    values = released(counts).published.values
    for level in (Level.STATE, Level.DISTRICT):
        by_sex = values[Grid(level, (AGE.name, SEX.name))].sum(axis=2)
        assert np.array_equal(by_sex, values[Grid(level, (AGE.name,))])
        assert np.array_equal(by_sex.sum(axis=1), values[Grid(level, (TOPIC.name,))].sum(axis=1))
    assert len({grid for grid in CATALOGUE.grids() if grid.dimensions == ("age",)}) == 3


def test_a_small_release_keeps_its_bytes() -> None:
    """Small programs are searched to their one best solution. Another digest: the method changed, or the solver did."""
    _, counts = people(geography(2, 3), 150, 8)
    assert digest(released(counts).published) == "9eb518e3e7325ff6456a7ea48ca807f235cf23fd5d07b892c896fdbff31790e7"
