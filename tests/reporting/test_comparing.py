"""What a report may say of two numbers, held against the exact counts that only the tests know."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseapp.reporting.disclosure.rates import MOST_UNKNOWN, SMALLEST_DENOMINATOR
from caseapp.reporting.rules.cells import Cell, added, grouped, period_text
from caseapp.reporting.rules.headlines import headlines
from caseapp.reporting.rules.series import (
    Direction,
    Outcome,
    Population,
    Summary,
    change,
    comparable,
    course,
    rate_change,
    summarise,
)
from tests.factories.packages import QUARTERS, history

KREIS = "08117"
exact = st.integers(min_value=0, max_value=2_000)


def published(count: int, *, up: bool, base: int = 5) -> Cell:
    """A count as the engine may publish it: a neighbouring multiple."""
    low = count // base * base
    value = low + base if up and count % base else low
    return Cell(value, max(value - base + 1, min(value, 1)), value + base - 1, base - 1)


cells = st.builds(lambda count, up: (count, published(count, up=up)), exact, st.booleans())


@given(cells, cells)
def test_a_change_is_only_called_so_if_rounding_cannot_have_made_it(
    before: tuple[int, Cell], now: tuple[int, Cell]
) -> None:
    found = change(before[1], now[1])
    real = now[0] - before[0]
    assert found.lowest <= real <= found.highest
    assert abs(real - found.difference) <= found.at_most <= 8
    if found.direction is Direction.MORE:
        assert real > 0
    elif found.direction is Direction.LESS:
        assert real < 0
    else:
        assert found.lowest <= 0 <= found.highest


@given(exact, st.booleans(), st.booleans())
def test_who_stayed_the_same_is_never_said_to_have_changed(count: int, before: bool, now: bool) -> None:
    assert change(published(count, up=before), published(count, up=now)).direction is Direction.SAME


def test_a_withheld_number_makes_no_change() -> None:
    hidden, shown = Cell(None, 0, 2**63 - 1, 9), Cell(50, 41, 59, 9)
    assert change(hidden, shown).direction is change(shown, hidden).direction is Direction.UNKNOWN
    assert added((hidden, shown)).value is None


outcomes = st.tuples(cells, cells, cells)


@given(outcomes)
@example(((20, Cell(20, 16, 24, 4)), (30, Cell(30, 26, 34, 4)), (12, Cell(10, 6, 14, 4))))
def test_a_rate_needs_fifty_and_few_unknown_and_lies_within_its_bounds(
    parts: tuple[tuple[int, Cell], tuple[int, Cell], tuple[int, Cell]],
) -> None:
    (yes, shown_yes), (no, shown_no), (unknown, shown_unknown) = parts
    outcome = Outcome(shown_yes, shown_no, shown_unknown)
    everybody = sum(cell.value or 0 for _count, cell in parts)
    rate = outcome.rate
    if everybody < SMALLEST_DENOMINATOR or (shown_unknown.value or 0) > MOST_UNKNOWN * everybody:
        assert rate is None
    if rate is None:
        return
    assert 0 <= rate.lowest <= rate.percent <= rate.highest <= 100
    # The exact share lies within, whatever became of the unknown ones.
    whole = yes + no + unknown
    assert rate.lowest <= 100 * yes / whole
    assert 100 * (yes + unknown) / whole <= rate.highest


@given(outcomes, outcomes)
def test_two_rates_differ_only_if_their_bounds_do_not_touch(
    before: tuple[tuple[int, Cell], ...], now: tuple[tuple[int, Cell], ...]
) -> None:
    old, new = (Outcome(*(cell for _count, cell in parts)) for parts in (before, now))
    found = rate_change(old, new)
    if old.rate is None or new.rate is None:
        assert found.direction is Direction.UNKNOWN
    elif found.direction is Direction.MORE:
        assert new.rate.lowest > old.rate.highest
    elif found.direction is Direction.LESS:
        assert new.rate.highest < old.rate.lowest
    else:
        assert found.lowest <= 0 <= found.highest


def summaries() -> list[Summary]:
    return [summarise(each.package, each.digest) for each in history(KREIS, clients=1_500)]


def test_quarters_are_compared_with_quarters_before_them_in_order() -> None:
    found = summaries()
    assert [each.period for each in comparable(reversed(found), "2026-Q2")] == list(QUARTERS[:3])
    assert comparable(found, "2026") == []
    assert comparable(found, QUARTERS[0]) == []


def test_headlines_are_at_most_six_each_indicator_once_persons_first() -> None:
    *earlier, now = summaries()
    found = headlines(now, earlier, KREIS)
    assert [each.indicator for each in found] == ["I1", "I3", "I5", "I7", "I8", "I13"]
    persons, _plans, flats, jobs, *_rest = found
    assert persons.whole is None
    assert persons.before == "2026-Q2"
    assert not persons.entered
    assert flats.cohort == "2025-Q3"
    assert flats.before == "2025-Q2"
    assert flats.entered
    assert flats.whole is not None
    assert flats.rate is not None
    assert jobs.rate is None  # nearly a third is unknown
    assert jobs.unknown_share is not None
    assert jobs.unknown_share > 20


def test_outcomes_of_groups_too_small_for_a_share_stand_on_top_only_where_little_else_does() -> None:
    *earlier, now = summaries()

    def shrunk(each: Population) -> Population:
        facts = {
            ags: replace(fact, total=replace(fact.total, value=15)) if each.shares else fact
            for ags, fact in each.facts.items()
        }
        return replace(each, facts=facts)

    small = replace(now, populations=tuple(map(shrunk, now.populations)))
    telling = [each for each in small.populations if not each.shares]
    found = headlines(small, earlier, KREIS)
    assert len(telling) < 3, "too many counts for this test"
    assert [each.indicator for each in found] == ["I1", "I3", "I5", "I7", "I8", "I13"]
    more = [replace(telling[0], name=f"more{place}", indicator=f"I9{place}") for place in range(3)]
    found = headlines(replace(small, populations=(*small.populations, *more)), earlier, KREIS)
    assert all(each.whole is None for each in found)
    assert len(found) >= 3


def test_another_definition_is_another_figure_and_not_compared() -> None:
    *earlier, now = summaries()
    renewed = Summary(
        now.number,
        now.period,
        now.funding_period,
        now.digest,
        tuple(replace(each, version=2) for each in now.populations),
    )
    assert all(each.redefined and each.change is None for each in headlines(renewed, earlier, KREIS))
    assert [point.mark for point in course([*earlier, renewed], "i1", KREIS)] == ["2026-Q3"]
    assert [point.mark for point in course([*earlier, now], "i1", KREIS)] == list(QUARTERS)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (1_234, "1.234"), (1_234_567, "1.234.567"), (-45, "−45")]
)
def test_numbers_are_written_as_germans_read_them(number: int, text: str) -> None:
    assert grouped(number) == text


@pytest.mark.parametrize(("period", "text"), [("2026-Q3", "3. Quartal 2026"), ("2026", "Jahr 2026"), ("x", "x")])
def test_periods_are_said_in_words(period: str, text: str) -> None:
    assert period_text(period) == text
