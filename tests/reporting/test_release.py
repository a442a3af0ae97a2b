"""What a release refuses, merges, withholds and freezes."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.reporting import disclosure
from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Grid, Table
from caseapp.reporting.disclosure.counts import Records, from_cells, from_records, merge_cells
from caseapp.reporting.disclosure.errors import (
    CatalogueError,
    CountsError,
    DisclosureError,
    KeyMissingError,
    PeriodError,
)
from caseapp.reporting.disclosure.frozen import digest, freeze, freeze_memory, thaw, thaw_memory
from caseapp.reporting.disclosure.geography import Geography, Level, merge_small
from caseapp.reporting.disclosure.keys import StatisticsKey, allot, uniform
from caseapp.reporting.disclosure.published import Parameters
from caseapp.reporting.disclosure.rates import Rate, percentage, rate
from caseapp.reporting.disclosure.release import control
from caseapp.reporting.rules.cells import Cell
from tests.reporting.worlds import AGE, CATALOGUE, KEY, SIMPLE, TOPIC, TOTAL, geography, people, released, worlds

OTHER_KEY = StatisticsKey(b"another statistics key of 32 byt")
CONTACTS = Catalogue("contacts", 1, (AGE,), (Table("age", ("age",), Level.DISTRICT),), base=10)


def test_without_a_key_no_report_leaves_the_house() -> None:
    for secret in (b"", b"short"):
        with pytest.raises(KeyMissingError, match="no report leaves"):
            StatisticsKey(secret)
    assert "a statistics key" not in repr(KEY)


def test_record_keys_are_the_first_bytes_of_a_keyed_hash() -> None:
    records = [UUID(int=number) for number in range(2_000)]
    keys = KEY.record_keys(records)
    assert keys[7] == KEY.record_key(records[7]) != OTHER_KEY.record_key(records[7])
    drawn = uniform(keys)
    assert 0 <= drawn.min() < drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.03
    halves = np.bincount(allot(keys, 2), minlength=2)
    assert abs(halves[0] - halves[1]) < 200
    assert np.array_equal(allot(keys, 2), allot(keys, 2))


def test_periods_are_released_in_order_under_one_key() -> None:
    _, counts = people(geography(2, 1), 80, 1)
    first = released(counts, period="2026-Q3")
    before = (first.published, first.memory)
    for period in ("2026-Q3", "2026-Q2", "2025-Q4"):
        with pytest.raises(PeriodError, match="does not come after"):
            released(counts, period=period, previous=before)
    with pytest.raises(PeriodError, match="another kind"):
        released(counts, period="2027", previous=before)
    for period in ("", "2026-Q5", "2026-3", "26-Q1"):
        with pytest.raises(PeriodError, match="no quarter"):
            released(counts, period=period)
    with pytest.raises(KeyMissingError, match="changed within"):
        released(counts, period="2026-Q4", key=OTHER_KEY, previous=before)
    _, others = people(geography(2, 1), 80, 1, catalogue=SIMPLE)
    with pytest.raises(PeriodError, match="another catalogue"):
        released(others, period="2026-Q4", previous=before)
    following = released(counts, period="2026-Q4", previous=before)
    assert following.published.previous == digest(first.published)
    assert following.quality.unchanged > 0


def test_a_new_funding_period_starts_anew() -> None:
    _, counts = people(geography(2, 1), 80, 1)
    first = released(counts)
    fresh = control(
        counts, key=OTHER_KEY, period="2028", funding_period="2028-2030", previous=(first.published, first.memory)
    )
    assert fresh.quality.unchanged == 0


def test_a_frozen_release_holds_no_secret_and_cannot_be_exchanged() -> None:
    _, counts = people(geography(2, 3), 200, 8)
    release = released(counts)
    frozen = freeze(release.published)
    assert frozen.isascii()
    assert b" " not in frozen
    text = json.loads(frozen)
    assert set(text) == {
        "catalogue",
        "deviations",
        "funding_period",
        "geography",
        "merged",
        "parameters",
        "period",
        "previous",
        "values",
    }
    assert release.memory.key_check not in frozen.decode()
    memory = freeze_memory(release.memory, release.published)
    other = released(people(geography(2, 3), 201, 8)[1]).published
    with pytest.raises(DisclosureError, match="another release"):
        thaw_memory(memory, other)
    for broken in (b"", b"{}", b"[1]", frozen[:-9], frozen.replace(b'"values"', b'"value"')):
        with pytest.raises(DisclosureError, match="no frozen release"):
            thaw(broken)
    for broken in (b"", b"[]", b"{}", memory.replace(b'"counts"', b'"count"')):
        with pytest.raises(DisclosureError, match="no memory"):
            thaw_memory(broken, release.published)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=9), st.integers(1, 40))
def test_no_municipality_stands_alone_below_the_threshold(active: list[int], threshold: int) -> None:
    where = geography(len(active), 2)
    numbers = np.array([*active, 500, 600])
    merged = merge_small(where, numbers, threshold)
    sums = np.bincount(merged.target, weights=numbers)
    codes = merged.geography.municipalities
    for code, total in zip(codes, sums, strict=True):
        if code not in merged.members:
            assert total >= threshold
    for members in merged.members.values():
        assert len(members) > 1 or len(active) == 1
    rest = merged.members.get("d0-rest", ())
    if rest and len(rest) < len(active):
        assert sums[codes.index("d0-rest")] >= threshold
    assert sums.sum() == numbers.sum()
    assert merged.geography.municipalities[-2:] == where.municipalities[-2:]
    assert merged.share == len(rest) / len(numbers)


def test_tallies_and_records_give_the_same_counts() -> None:
    where = geography(3, 4)
    records, counts = people(where, 250, 6)
    sources = {grid: (counts.counts[grid], counts.keys[grid]) for grid in CATALOGUE.sources()}
    again = from_cells(CATALOGUE, where, sources)
    active = counts.counts[TOTAL[Level.MUNICIPALITY]]
    merged = merge_small(where, active, 30)
    small = from_cells(CATALOGUE, merged.geography, merge_cells(sources, merged))
    moved = from_records(CATALOGUE, merged.geography, records.moved(merged))
    for one, two in ((again, counts), (small, moved)):
        for grid in one.lattice.grids:
            assert np.array_equal(one.counts[grid], two.counts[grid])
            assert np.array_equal(one.keys[grid], two.keys[grid])
    assert released(small, merged=merged).published.merged == merged.members != {}


def test_counts_that_contradict_each_other_are_refused() -> None:
    where = geography(2, 2)
    _, counts = people(where, 100, 6)
    sources = {grid: (counts.counts[grid].copy(), counts.keys[grid]) for grid in CATALOGUE.sources()}
    age = Grid(Level.MUNICIPALITY, ("age",))
    missing = {grid: pair for grid, pair in sources.items() if grid != age}
    with pytest.raises(CountsError, match="missing"):
        from_cells(CATALOGUE, where, missing)
    more = {**sources, age: (sources[age][0] + 1, sources[age][1])}
    with pytest.raises(CountsError, match="same persons"):
        from_cells(CATALOGUE, where, more)
    for wrong in (sources[age][0][:2], -sources[age][0]):
        with pytest.raises(CountsError, match="do not fit"):
            from_cells(CATALOGUE, where, {**sources, age: (wrong, sources[age][1])})
    counts.counts[age][0, 0] += 1
    with pytest.raises(CountsError, match="do not add up"):
        released(counts)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (Table("t", ("topic", "age"), Level.MUNICIPALITY), "more dimensions"),
        (Table("t", ("topic", "age", "sex"), Level.DISTRICT), "more dimensions"),
        (Table("t", ("topic", "age", "sex", "outcome"), Level.STATE), "more dimensions"),
        (Table("t", ("age", "age"), Level.STATE), "twice"),
        (Table("t", ("religion",), Level.STATE), "no dimension"),
        (Table("t", ("title",), Level.MUNICIPALITY), "sensitive classes for municipalities"),
    ],
)
def test_no_table_shows_more_than_its_level_allows(table: Table, says: str) -> None:
    title = Dimension("title", ("permit", "none"), frozenset({"permit"}))
    with pytest.raises(CatalogueError, match=says):
        Catalogue("c", 1, (*CATALOGUE.dimensions, title), (table,))


def test_a_district_may_show_two_dimensions_by_outcome() -> None:
    table = Table("t", ("topic", "age", "outcome"), Level.DISTRICT)
    assert Catalogue("c", 1, CATALOGUE.dimensions, (table,)).sources() == [Grid(Level.DISTRICT, table.dimensions)]


def test_contradictory_definitions_are_refused() -> None:
    for make in (
        lambda: Dimension("d", ()),
        lambda: Dimension("d", ("a", "a")),
        lambda: Dimension("d", ("a",), frozenset({"b"})),
        lambda: Dimension("d", ("a", "b"), frozenset({"b"}), "b"),
        lambda: Catalogue("c", 1, (AGE,), (), base=5, sensitive_base=12),
        lambda: Catalogue("c", 1, (AGE,), (), base=1),
    ):
        with pytest.raises(CatalogueError):
            make()
    for wrong in (
        lambda: Geography("s", ("s", "d"), ("m", "n"), (0, 1)),
        lambda: Geography("s", ("d",), ("m",), ()),
        lambda: Geography("s", ("d", "e"), ("m",), (0,)),
        lambda: merge_small(geography(2), np.array([1]), 20),
    ):
        with pytest.raises(CountsError):
            wrong()
    with pytest.raises(ValueError, match="range"):
        Parameters(dominance=0)


def test_contacts_are_capped_and_withheld_where_few_people_make_them() -> None:
    """District 0: 40 clients of 3 to 30 contacts. District 1: nine clients. District 2: none."""
    where = geography(1, 1, 1)
    home = np.array([0] * 40 + [1] * 9)
    ages = np.array([0, 1] * 20 + [0] * 9)
    amounts = np.array([30, 3] * 20 + [4] * 9)
    keys = KEY.record_keys(UUID(int=number) for number in range(49))
    counts = from_records(CONTACTS, where, Records(home, keys, {"age": ages}, amounts))
    assert counts.counts[TOTAL[Level.DISTRICT]].tolist() == [260, 36, 0]  # 20 * 10 + 20 * 3, 9 * 4
    release = released(counts).published
    assert {base for grid in counts.lattice.grids for base in release.bases[grid].ravel().tolist()} == {10}
    hidden = release.withheld[TOTAL[Level.DISTRICT]]
    assert hidden.tolist() == [False, True, True]  # nine and nobody look alike, and neither follows by subtraction
    assert release.values[TOTAL[Level.DISTRICT]].tolist() == [260, 0, 0]
    assert json.loads(freeze(release))["values"]["district:total"] == [260, None, None]
    assert freeze(thaw(freeze(release))) == freeze(release)
    for grid in counts.lattice.grids:
        for relation in counts.lattice.relations:
            if relation.fine == grid:
                missing = np.bincount(relation.fine_group[release.withheld[grid].ravel()], minlength=relation.groups)
                missing += release.withheld[relation.coarse].ravel()
                assert 1 not in missing


@pytest.mark.parametrize("came", range(1, 10))
def test_the_first_clients_of_an_empty_cell_are_not_seen(came: int) -> None:
    """40 clients of one age in each of two districts; then up to nine of another age come to the first."""
    where, home, ages = geography(1, 1), np.array([0, 1] * 40), np.zeros(80, np.int64)
    keys = KEY.record_keys(UUID(int=number) for number in range(80 + came))
    before = Records(home, keys[:80], {"age": ages}, np.full(80, 5))
    after = Records(np.append(home, [0] * came), keys, {"age": np.append(ages, [1] * came)}, np.full(80 + came, 5))
    masks = [released(from_records(CONTACTS, where, each)).published.withheld for each in (before, after)]
    assert all(np.array_equal(masks[0][grid], masks[1][grid]) for grid in masks[0])
    assert masks[0][Grid(Level.DISTRICT, ("age",))][0, 1:].all(), "nobody and few people look alike"
    assert not masks[0][TOTAL[Level.DISTRICT]].any()


def test_a_handful_of_people_is_not_broken_down_nor_found_by_subtraction() -> None:
    """Three people in the first district, 12 in the second, 40 in the third: the second hides the first."""
    where = geography(1, 1, 1)
    home = np.repeat(np.arange(3), (3, 12, 40)).astype(np.int64)
    keys = KEY.record_keys(UUID(int=number) for number in range(55))
    ages = (np.arange(55) % 3).astype(np.int64)
    shown = released(from_records(SIMPLE, where, Records(home, keys, {"age": ages})), parameters=Parameters()).published
    by_age = Grid(Level.DISTRICT, ("age",))
    assert shown.withheld[by_age].tolist() == [[True] * 3, [True] * 3, [False] * 3]
    assert not any(shown.withheld[TOTAL[level]].any() for level in Level)
    assert shown.withheld[Grid(Level.MUNICIPALITY, ("age",))].tolist() == shown.withheld[by_age].tolist()
    assert not shown.withheld[Grid(Level.STATE, ("age",))].any()


@given(worlds)
@settings(max_examples=25)
def test_no_breakdown_of_a_handful_can_be_put_together_from_the_rest(world: tuple[Geography, int, int]) -> None:
    where, number, seed = world
    shown = released(people(where, number, seed)[1], parameters=Parameters()).published
    for grid in shown.lattice.grids:
        few = shown.values[TOTAL[grid.level]] <= shown.bases[TOTAL[grid.level]]
        if grid.dimensions:
            assert shown.withheld[grid][few].all()
        assert not any(entry.grid == grid and shown.withheld[grid].all() for entry in shown.deviations)
    for relation in shown.lattice.relations:
        missing = np.bincount(relation.fine_group[shown.withheld[relation.fine].ravel()], minlength=relation.groups)
        missing += np.bincount(
            relation.coarse_group[shown.withheld[relation.coarse].ravel()], minlength=relation.groups
        )
        assert 1 not in missing


def test_two_clients_who_make_nearly_all_contacts_hide_the_number() -> None:
    where = geography(1)
    amounts = np.array([10, 10, *[0] * 10, *[1] * 2])
    keys = KEY.record_keys(UUID(int=number) for number in range(14))
    records = Records(np.zeros(14, np.int64), keys, {"age": np.zeros(14, np.int64)}, amounts)
    counts = from_records(CONTACTS, where, records)
    behind = counts.contributors[TOTAL[Level.STATE]]
    assert (int(behind.clients[0]), int(behind.two_largest[0])) == (4, 20)
    lenient = released(counts, parameters=Parameters(fewest_contributors=1)).published
    assert lenient.withheld[TOTAL[Level.STATE]].all()  # 20 of 22 are 91 %
    shown = released(counts, parameters=Parameters(fewest_contributors=1, dominance=0.95)).published
    assert not shown.withheld[TOTAL[Level.STATE]].any()


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(25, 50, 50), (25, 45, None), (0, 50, 0), (5, 60, 8), (35, 200, 18), (55, 50, 100), (0, 0, None)],
)
def test_percentages_need_fifty_persons(part: int, whole: int, percent: int | None) -> None:
    assert percentage(part, whole) == percent


@pytest.mark.parametrize(
    ("yes", "no", "unknown", "expected"),
    [
        (60, 40, 0, Rate(60, 60, 60)),
        (60, 30, 10, Rate(67, 60, 70)),
        (50, 30, 20, Rate(63, 50, 70)),
        (50, 30, 25, None),  # 24 % unknown
        (30, 15, 5, None),  # 45 with a known outcome
        (0, 0, 0, None),
    ],
)
def test_rates_say_what_the_unknown_leave_open(yes: int, no: int, unknown: int, expected: Rate | None) -> None:
    assert rate(*(Cell(count, count, count, 0) for count in (yes, no, unknown))) == expected


def test_bounds_of_a_rate_hold_what_rounding_leaves_open() -> None:
    yes, no, unknown = Cell(60, 56, 64, 4), Cell(30, 26, 34, 4), Cell(10, 6, 14, 4)
    found = rate(yes, no, unknown)
    assert found == Rate(67, 53, 75)  # 56 of 104 downwards, 78 of 104 upwards
    assert rate(yes, no, Cell(None, 0, 14, 9)) is None


def test_the_engine_needs_nothing_but_numpy_and_scipy() -> None:
    own = "caseapp.reporting.disclosure"
    allowed = {"numpy", "scipy", *sys.stdlib_module_names}
    for path in Path(str(disclosure.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert all(name.startswith(own) or name.split(".")[0] in allowed for name in names), path


def test_shown_classes_below_the_district_count_the_sensitive_into_the_rest() -> None:
    assert TOPIC.fold().tolist() == [0, 1, 2, 2, 2]


def test_a_client_with_several_records_is_capped_and_counts_as_one_behind_a_number() -> None:
    """Five clients with three kinds of contact each: fifteen records, but not ten clients; nobody adds more than 10."""
    where = geography(1, 1)
    keys = np.repeat(KEY.record_keys(UUID(int=number) for number in range(5)), 3)
    records = Records(
        np.array([0, 0, 1] * 5), keys, {"age": np.array([0, 1, 2] * 5)}, np.array([6, 6, 6] * 5, np.int64)
    )
    counts = from_records(CONTACTS, where, records)

    assert counts.counts[TOTAL[Level.STATE]].tolist() == [50]
    assert counts.counts[TOTAL[Level.DISTRICT]].tolist() == [50, 0]
    assert counts.contributors[TOTAL[Level.STATE]].clients.tolist() == [5]
    assert counts.contributors[TOTAL[Level.STATE]].two_largest.tolist() == [20]
    turned = Records(records.municipality[::-1], keys[::-1], {"age": records.classes["age"][::-1]}, records.amounts)
    again = from_records(CONTACTS, where, turned)
    assert all(np.array_equal(again.counts[grid], counts.counts[grid]) for grid in counts.lattice.grids)
    assert released(counts).published.withheld[TOTAL[Level.STATE]].all()


def test_nobody_with_contacts_is_no_contact() -> None:
    nobody = Records(
        np.zeros(0, np.int64), np.zeros(0, np.uint64), {"age": np.zeros(0, np.int64)}, np.zeros(0, np.int64)
    )
    counts = from_records(CONTACTS, geography(1, 1), nobody)
    assert all(not counts.counts[grid].any() for grid in counts.lattice.grids)
