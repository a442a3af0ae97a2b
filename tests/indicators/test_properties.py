"""What holds for any courses: nobody twice, outcomes are a partition, order says nothing, no talk is lost."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.errors import NotFoundError
from caseapp.indicators import queries
from caseapp.indicators.rules import CODES, Observation, evaluate, flow, is_open, prepare
from caseapp.reporting.disclosure.rates import rate
from caseapp.reporting.rules.cells import Cell
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import ContactLine, PersonLine, StayLine
from caseapp.tallies.periods import Period
from tests.factories.courses import context_for, course, day, invent, moment, talk

Q3 = Period(2026, 3)
_DAY = dt.timedelta(days=1)
_LISTS = (
    "households",
    "titles",
    "stays",
    "works",
    "benefits",
    "languages",
    "schools",
    "contacts",
    "presences",
    "goals",
)


def plain(found: list[Observation]) -> list[tuple[object, ...]]:
    return sorted((each.key, each.person, each.ags, tuple(sorted(each.classes.items())), each.amount) for each in found)


def by_code(seed: int) -> dict[str, list[Observation]]:
    courses, offices = invent(150, last=Q3.last, seed=seed)
    context = context_for(Q3)
    return {code: evaluate(code, courses, offices, Q3, context) for code in CODES}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_nobody_counts_twice_and_every_class_is_one_that_is_published(seed: int) -> None:
    for code, found in by_code(seed).items():
        definition = next(each for each in queries.list_definitions(Q3.last) if each.code == code)
        if definition.unit in ("person", "household", "goal", "referral", "closing") and code != "I15":
            assert len({each.key for each in found}) == len(found), code
        if definition.unit in ("person", "closing") and code != "I15":
            assert all(each.key == each.person for each in found), code
        for dimension in queries.dimensions_of(definition):
            shown = {each.code for each in dimension.classes} | ({""} if dimension.allotted else set())
            assert {each.classes[dimension.name] for each in found} <= shown, (code, dimension.name)
        assert all(each.amount > 0 for each in found)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_the_outcomes_of_a_cohort_sum_up_to_its_size(seed: int) -> None:
    courses, _offices = invent(150, last=Q3.last, seed=seed)
    cases = prepare(courses, context_for(Q3))
    cohort = Period(2025, 2)
    work = evaluate("I6", cases, [], Q3, cases.context)
    asked = {case.course.key for case in cases.cases if case.entry and case.entry in cohort}
    assert {each.key for each in work} <= asked
    # Same people after 12 and after 24 months of the same beginning: nobody drops out of the denominator.
    later = evaluate("I6L", courses, [], Period(2027, 3), context_for(Period(2027, 3)))
    assert {each.key for each in later} == {each.key for each in work}
    assert sum(Counter(each.classes["outcome"] for each in work).values()) == len(work)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_lines_and_courses_does_not_matter(seed: int) -> None:
    courses, offices = invent(60, last=Q3.last, seed=seed)
    before = {code: plain(evaluate(code, courses, offices, Q3, context_for(Q3))) for code in CODES}
    dice = random.Random(seed)  # noqa: S311
    for each in courses:
        for name in _LISTS:
            dice.shuffle(getattr(each, name))
    dice.shuffle(courses)
    assert {code: plain(evaluate(code, courses, offices, Q3, context_for(Q3))) for code in CODES} == before


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.one_of(st.none(), st.integers(0, 900)), st.booleans()),
        min_size=1,
        max_size=20,
    )
)
def test_stock_at_the_end_is_stock_at_the_start_plus_came_minus_went(files: list[tuple[int, int | None, bool]]) -> None:
    begin = dt.date(2025, 1, 1)
    courses: list[Course] = []
    for key, (opened, open_days, broken) in enumerate(files):
        opened_on = begin + opened * _DAY
        closed = None if open_days is None else opened_on + (-5 if broken else open_days) * _DAY
        courses.append(course(key, PersonLine(opened_on=opened_on, closed_on=closed)))
    before = None
    for step in range(12):
        period = Period(2025, 1).shifted(step)
        found = flow(courses, period)
        assert found.end == found.start + found.came - found.went
        assert found.end == sum(is_open(each.person, period.last) for each in courses if each.person)
        assert before is None or before == found.start
        before = found.end
    whole, quarters = flow(courses, Period(2026)), [flow(courses, each) for each in Period(2026).quarters]
    assert (whole.start, whole.end) == (quarters[0].start, quarters[-1].end)
    assert whole.came == sum(each.came for each in quarters)
    assert whole.went == sum(each.went for each in quarters)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 729), st.integers(0, 500)), min_size=1, max_size=25), st.integers(0, 4))
def test_over_successive_releases_every_talk_counts_exactly_once(talks: list[tuple[int, int]], first: int) -> None:
    """Whenever it was typed in, as long as that was before the last release; from the first released quarter on."""
    begin = dt.date(2025, 1, 1)
    contacts = [
        ContactLine(on_day=(on := begin + days * _DAY), kind="BUE", recorded_at=moment(on + late * _DAY))
        for days, late in talks
    ]
    person = course(1, PersonLine(opened_on=begin), *contacts)
    snapshots: dict[str, dt.datetime] = {}
    counted: Counter[str] = Counter()
    for step in range(first, 12):
        period = Period(2025, 1).shifted(step)
        as_of = moment(period.last + 20 * _DAY)
        context = context_for(period, as_of=as_of, snapshots=snapshots)
        counted[str(period)] = sum(each.amount for each in evaluate("I13", [person], [], period, context))
        snapshots[str(period)] = as_of
    opening = Period(2025, 1).shifted(first).first
    last = max(snapshots.values())
    assert counted.total() == sum(line.on_day >= opening and line.recorded_at <= last for line in contacts)
    # A released period evaluated again, with everything that came later, says what it said.
    for name in snapshots:
        period = Period.parse(name)
        context = context_for(period, as_of=last, snapshots=snapshots)
        assert sum(each.amount for each in evaluate("I13", [person], [], period, context)) == counted[name]


def cohort_of(yes: int, no: int, unknown: int) -> list[Course]:
    """Households that began on 10.04.2025, with a known answer after 12 months."""
    found = []
    for key in range(yes + no + unknown):
        lines = [StayLine(form="AUS", from_on=day("01.01.2025"))]
        if key < yes:
            lines.append(StayLine(form="PRI", legal_title="MIV", from_on=day("01.09.2025")))
        elif key < yes + no:
            lines = [StayLine(form="AUS", from_on=day("01.01.2025"), confirmed_on=day("01.05.2026"))]
        found.append(course(key, PersonLine(opened_on=day("01.04.2025")), talk(day("10.04.2025")), *lines))
    return found


@pytest.mark.parametrize(
    ("yes", "no", "unknown", "said"),
    [(30, 50, 20, (38, 30, 50)), (30, 49, 21, None), (20, 29, 0, None), (25, 25, 0, (50, 50, 50))],
)
def test_more_than_a_fifth_unknown_or_fewer_than_fifty_give_no_rate(
    yes: int, no: int, unknown: int, said: tuple[int, int, int] | None
) -> None:
    """Limits of the method: unknown at most 20 %, and bounds that count all of them as no or as yes."""
    found = Counter(
        each.classes["outcome"] for each in evaluate("I5", cohort_of(yes, no, unknown), [], Q3, context_for(Q3))
    )
    assert (found["yes"], found["no"], found["unknown"]) == (yes, no, unknown)
    shown = rate(*(Cell(found[each], found[each], found[each], 0) for each in ("yes", "no", "unknown")))
    assert (None if shown is None else (shown.percent, shown.lowest, shown.highest)) == said


def test_an_unknown_code_and_one_before_its_time_are_not_found() -> None:
    with pytest.raises(NotFoundError):
        evaluate("I99", [], [], Q3, context_for(Q3))
    before = Period(2016, 4)
    with pytest.raises(NotFoundError):
        evaluate("I1", [], [], before, context_for(before))


def test_a_new_list_of_courses_is_not_taken_for_the_old_one() -> None:
    context = context_for(Q3)
    one = [course(1, PersonLine(opened_on=day("01.01.2026")), talk(day("01.07.2026")))]
    two = [*one, course(2, PersonLine(opened_on=day("01.01.2026")), talk(day("01.07.2026")))]
    assert len(evaluate("I1", one, [], Q3, context)) == 1
    assert len(evaluate("I1", two, [], Q3, context)) == 2
