"""What histories say about goals: examples that can be checked by hand, and properties."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.goals.rules import checks, measures, states
from caseapp.goals.rules.measures import Known, Level, Span

YES, NO, UNKNOWN = Known.YES, Known.NO, Known.UNKNOWN
START = dt.date(2025, 1, 1)
HALF = dt.date(2025, 7, 3)  # day +183
YEAR = dt.date(2026, 1, 1)  # day +365
TODAY = dt.date(2026, 11, 22)


def day(after: int) -> dt.date:
    return START + dt.timedelta(days=after)


def job(begin: int, end: int | None = None, seen: int | None = None, **values: object) -> Span:
    last = None if end is None else day(end)
    return Span(
        from_on=day(begin), until_on=last, confirmed_on=None if seen is None else day(seen), **{"name": "a", **values}
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spans", "half", "same", "year"),
    [
        ([job(0, seen=0)], UNKNOWN, UNKNOWN, UNKNOWN),
        ([job(0, seen=149)], UNKNOWN, UNKNOWN, UNKNOWN),
        ([job(0, seen=150)], YES, YES, UNKNOWN),
        ([job(0, seen=331)], YES, YES, UNKNOWN),
        ([job(0, seen=400)], YES, YES, YES),
        ([job(0, 100, seen=101)], UNKNOWN, UNKNOWN, UNKNOWN),
        ([job(0, 100, seen=160)], NO, NO, UNKNOWN),
        ([job(0, 182, seen=190)], NO, NO, UNKNOWN),
        ([job(0, 183, seen=190)], YES, YES, UNKNOWN),
        ([job(0, 90, seen=91), job(95, seen=200, name="b")], YES, NO, UNKNOWN),
        ([job(0, 90, seen=91), job(95, seen=200, name="a")], YES, YES, UNKNOWN),
        ([job(0, 90, seen=91), job(190, seen=400, name="b")], NO, NO, YES),
        ([job(0, 100, seen=101), job(101, seen=400, counts=False)], NO, NO, NO),
        ([job(0, 600, seen=0)], UNKNOWN, UNKNOWN, UNKNOWN),
        ([job(0, 300, seen=300), job(50, 400, seen=400, name="b")], YES, YES, YES),
    ],
    ids=[
        "never asked",
        "asked a day too early",
        "asked on day 150",
        "asked before the year's window",
        "asked after a year",
        "ended and never asked again",
        "ended and asked",
        "ended on the day before",
        "ended on the day itself",
        "changed the employer",
        "came back to the same one",
        "a gap on day 183",
        "looking for work since",
        "a contract for years proves nothing",
        "two jobs at once",
    ],
)
def test_whether_work_lasted(spans: list[Span], half: Known, same: Known, year: Known) -> None:
    found = measures.employment(spans, since=START, today=TODAY)
    assert found.started_on == START
    assert found.half_year is not None
    assert found.year is not None
    assert (found.half_year.on, found.year.on) == (HALF, YEAR)
    assert (found.half_year.working, found.half_year.same, found.year.working) == (half, same, year)


def test_before_the_day_nothing_is_known() -> None:
    found = measures.employment([job(0, seen=182)], since=START, today=day(182))
    assert found.half_year == measures.StillAt(HALF, UNKNOWN, UNKNOWN, due=False)
    assert measures.employment([job(0, seen=183)], since=START, today=HALF).half_year == measures.StillAt(
        HALF, YES, YES, due=True
    )


def test_work_begins_with_the_first_that_counts_after_the_goal() -> None:
    spans = [job(-400, -10), job(20, counts=False), job(30), job(60, name="b"), job(90, name="")]
    found = measures.employment(spans, since=START, today=TODAY)
    assert (found.started_on, found.changes) == (day(30), 2)
    assert measures.employment([job(-50)], since=START, today=TODAY).started_on == day(-50)
    assert measures.employment([], since=START, today=TODAY).started_on is None
    assert measures.employment([Span(from_on=None)], since=START, today=TODAY).started_on is None


def test_the_months_to_an_own_tenancy() -> None:
    shelter, flat = job(-300, 60, counts=False), job(61, seen=690)
    found = measures.housing([shelter, flat], since=START, today=TODAY)
    assert (found.contract_on, found.months, found.own_today) == (dt.date(2025, 3, 3), 2, YES)
    before = measures.housing([job(-10, seen=690)], since=START, today=TODAY)
    assert (before.contract_on, before.months) == (None, None)
    assert measures.housing([job(800)], since=START, today=TODAY).contract_on is None
    assert measures.housing([shelter], since=START, today=TODAY).own_today == UNKNOWN
    assert measures.housing([job(61, counts=False, seen=690)], since=START, today=TODAY).own_today == NO


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [
        ((2025, 1, 15), (2025, 2, 15), 1),
        ((2025, 1, 15), (2025, 2, 14), 0),
        ((2025, 1, 31), (2025, 2, 28), 0),
        ((2024, 12, 1), (2026, 1, 1), 13),
        ((2025, 1, 1), (2025, 1, 1), 0),
    ],
)
def test_only_whole_months_count(begin: tuple[int, int, int], end: tuple[int, int, int], months: int) -> None:
    assert measures.whole_months(dt.date(*begin), dt.date(*end)) == months


def test_levels_are_gained_from_certificate_to_certificate() -> None:
    start, later = Level(1, day(-200), certified=True), Level(3, day(200), certified=True)
    said = Level(5, day(300), certified=False)
    found = measures.language([later, said, start], since=START, today=TODAY)
    assert (found.start, found.start_certified, found.now, found.now_certified, found.gain) == (1, True, 5, 3, 2)
    own_word = measures.language([Level(1, day(-200), certified=False), later], since=START, today=TODAY)
    assert (own_word.start, own_word.gain) == (1, None)
    assert measures.language([Level(2, day(5), certified=False)], since=START, today=TODAY).start == 2
    assert measures.language([], since=START, today=TODAY).now is None


def test_free_of_benefits_needs_somebody_who_looked() -> None:
    drawn = Span(from_on=day(-100), until_on=day(500), confirmed_on=day(500))
    also = Span(from_on=day(-50), until_on=day(450), confirmed_on=day(500))
    child = Span(from_on=day(0), confirmed_on=TODAY, counts=False)
    found = measures.benefits([drawn, also, child], today=TODAY)
    assert (found.free, found.free_since, found.three_months) == (YES, day(501), YES)
    assert (found.from_on, found.until_on) == (day(-100), day(500))
    assert measures.benefits([drawn, also], today=day(700)).free == UNKNOWN
    lately = measures.benefits([drawn], today=day(520))
    assert (lately.free, lately.three_months) == (YES, NO)
    running = measures.benefits([Span(from_on=day(0), confirmed_on=TODAY)], today=TODAY)
    assert (running.free, running.until_on) == (NO, None)
    assert measures.benefits([Span(from_on=day(0), confirmed_on=day(1))], today=TODAY).free == UNKNOWN
    assert measures.benefits([child], today=TODAY).free == UNKNOWN
    assert measures.benefits([], today=TODAY).from_on is None


DAYS = st.one_of(st.none(), st.integers(-400, 900).map(day))
SPANS = st.lists(
    st.builds(
        Span,
        from_on=DAYS,
        until_on=DAYS,
        confirmed_on=DAYS,
        counts=st.booleans(),
        name=st.sampled_from(("", "a", "b")),
    ),
    max_size=6,
)


@given(spans=SPANS, since=st.integers(-200, 400), today=st.integers(0, 900), order=st.randoms())
def test_whatever_overlaps_the_order_of_rows_changes_nothing(
    spans: list[Span], since: int, today: int, order: object
) -> None:
    asked = {"since": day(since), "today": day(today)}
    # Rows that begin on the same day have no order of their own.
    distinct = list({row.from_on: row for row in spans}.values())
    mixed = distinct.copy()
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert measures.employment(distinct, **asked) == measures.employment(mixed, **asked)
    assert measures.housing(distinct, **asked) == measures.housing(mixed, **asked)
    assert measures.benefits(distinct, today=day(today)) == measures.benefits(mixed, today=day(today))


@given(spans=SPANS, today=st.integers(0, 900))
def test_a_yes_or_no_needs_a_confirmation_and_a_day_that_has_come(spans: list[Span], today: int) -> None:
    found = measures.employment(spans, since=START, today=day(today))
    for still in filter(None, (found.half_year, found.year)):
        if still.working != UNKNOWN:
            assert still.on <= day(today)
            assert any(row.confirmed_on and row.confirmed_on >= still.on - dt.timedelta(days=33) for row in spans)
        if still.same == YES:
            assert still.working == YES
    bare = [Span(from_on=row.from_on, until_on=row.until_on, counts=row.counts) for row in spans]
    assert measures.benefits(bare, today=day(today)).free == UNKNOWN
    assert measures.housing(bare, since=START, today=day(today)).own_today == UNKNOWN


@given(old=st.sampled_from(("OFF", "LAU", *states.RESULTS)), new=st.sampled_from(("OFF", "LAU", *states.RESULTS, "x")))
def test_only_an_open_goal_goes_on_or_ends(old: str, new: str) -> None:
    allowed = old in {"OFF", "LAU"} and new in {"LAU", *states.RESULTS}
    if allowed:
        states.require_transition(old, new)
    else:
        with pytest.raises(states.GoalStateError):
            states.require_transition(old, new)


@given(steps=st.lists(st.sampled_from(("LAU", *states.RESULTS)), min_size=1, max_size=8))
def test_a_goal_has_at_most_one_result(steps: list[str]) -> None:
    state, results = "OFF", 0
    for new in steps:
        try:
            states.require_transition(state, new)
        except states.GoalStateError:
            continue
        results += new in states.RESULTS
        state = new
    assert results <= 1


@pytest.mark.parametrize("scores", [{"client": 5}, {"client": -1}, {"office": 2}])
def test_scores_outside_the_scale_are_refused(scores: dict[str, int]) -> None:
    with pytest.raises(RuleError):
        checks.check_scores(scores)
    assert checks.check_scores({"client": None, "worker": 0}) == {"worker": 0}
