"""Cells: a number is always what stands behind it, and the stock adds up."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.figures.rules import cells as rules
from caseapp.figures.rules.cells import CAME, CASES, CONTACTS, END, LEFT, MINUTES, START, TIMES
from caseapp.figures.rules.choices import Choice, SoFar, choices, choose, counted_until, so_far
from caseapp.figures.rules.hints import history_of, last_known, late_entries
from caseapp.indicators.rules import flow
from caseapp.tallies.courses import Course, Office
from caseapp.tallies.lines import ActivityLine, AdviceLine, ContactLine, PersonLine, SchoolLine
from caseapp.tallies.periods import Period

CARRIER, MAIER, OEZ = UUID(int=1), UUID(int=2), UUID(int=3)
Q3 = Period(2026, 3)
TODAY = dt.date(2026, 11, 23)
days = st.dates(dt.date(2025, 1, 1), dt.date(2027, 6, 30))


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 10, tzinfo=dt.UTC)


@st.composite
def courses(draw: st.DrawFn) -> list[Course]:
    """Up to eight cases with an opening, sometimes a closing, and contacts."""
    made = []
    for key in range(draw(st.integers(0, 8))):
        opened = draw(days)
        closed = draw(st.none() | days)
        talks = [
            ContactLine(on_day=day, kind=draw(st.sampled_from(("BUE", "HAU"))), minutes=15, recorded_at=moment(day))
            for day in draw(st.lists(days, max_size=5))
        ]
        made.append(Course(key, CARRIER, person=PersonLine(opened_on=opened, closed_on=closed), contacts=talks))
    return made


@given(courses(), st.sampled_from((Q3, Period(2026), Period(2025, 2))))
def test_the_stock_adds_up_case_by_case_and_is_the_stock_of_the_reports(found: list[Course], period: Period) -> None:
    cells = rules.stock(found, period, period.last)
    start, came, left, end = (cells.parts(CASES, name) for name in (START, CAME, LEFT, END))
    assert start.total() + came.total() - left.total() == end.total()
    for course in found:
        assert start[course.key] + came[course.key] - left[course.key] == end[course.key]
    said = flow(found, period)
    assert (said.start, said.came, said.went, said.end) == tuple(each.total() for each in (start, came, left, end))


@given(courses(), st.sampled_from((Q3, Period(2026))))
def test_kinds_and_weeks_are_the_same_contacts_and_minutes_follow(found: list[Course], period: Period) -> None:
    cells = rules.contacts(found, period, period.last)
    whole = cells.parts(CONTACTS)
    assert whole.total() == sum(talk.on_day in period for course in found for talk in course.contacts)
    for figure in (CONTACTS, TIMES):
        assert sum(cells.number(figure, name) for name in cells.classes(figure)) == whole.total()
        assert cells.parts(figure) == whole, "the list behind is the same list"
    assert set(cells.classes(TIMES)) <= set(rules.parts_of(period, period.last))
    assert cells.number(MINUTES) == 15 * whole.total()


def test_what_was_never_counted_is_an_empty_cell() -> None:
    cells = rules.Cells()
    assert cells.number("I5", "yes") == 0
    assert not cells.parts("I5", "yes")
    assert cells.classes("I5") == []


def test_a_quarter_has_weeks_and_a_year_has_months() -> None:
    assert rules.parts_of(Q3, dt.date(2026, 7, 13)) == ["2026-W27", "2026-W28", "2026-W29"]
    assert rules.parts_of(Period(2026), dt.date(2026, 3, 1)) == ["2026-01", "2026-02", "2026-03"]


def test_work_without_a_file_counts_for_whoever_did_it() -> None:
    office = Office(
        CARRIER,
        advice=[
            AdviceLine(on_day=Q3.first, kind="BUE", minutes=10, worker_id=MAIER, recorded_at=moment(Q3.first)),
            AdviceLine(on_day=Q3.first, kind="TEL", minutes=None, worker_id=OEZ, recorded_at=moment(Q3.first)),
            AdviceLine(on_day=Q3.next.first, kind="BUE", worker_id=MAIER, recorded_at=moment(Q3.first)),
        ],
        activities=[ActivityLine(on_day=Q3.last, kind="NET", minutes=90, worker_id=OEZ)],
    )
    own = rules.without_file([office], Q3, Q3.last, {MAIER})
    assert (own.advice.total(), own.advice_minutes, own.activities.total()) == (1, 10, 0)
    carrier = rules.without_file([office], Q3, Q3.last, None)
    assert (carrier.advice.total(), carrier.advice_minutes, carrier.activity_minutes) == (2, 10, 90)


def test_a_number_splits_by_worker_and_unassigned_cases_are_nobody_s() -> None:
    cells = rules.Cells()
    for key, amount in ((1, 2), (2, 3), (3, 5)):
        cells.add(CONTACTS, "BUE", key, amount)
    workers = {1: MAIER, 2: MAIER, 3: None}
    assert rules.by_group(cells.parts(CONTACTS), workers.get) == {MAIER: 5}


def test_four_periods_are_on_offer_and_no_other() -> None:
    assert list(map(str, choices(TODAY).values())) == ["2026-Q4", "2026-Q3", "2026", "2025"]
    assert choices(TODAY)[Choice.THIS_QUARTER] == choose("", TODAY)
    assert choose("2025", TODAY) == Period(2025)
    for text in ("2024", "2026-Q1", "2027", "2026-Q5", "x", "2026-Q3 "):
        with pytest.raises(ValueError, match=r".*"):
            choose(text, TODAY)


def test_a_running_period_ends_today_and_a_past_one_on_its_last_day() -> None:
    running = so_far(Period(2026, 4), TODAY)
    assert isinstance(running, SoFar)
    assert (running.first, running.last, str(running)) == (dt.date(2026, 10, 1), TODAY, "2026-Q4")
    assert TODAY in running
    assert TODAY + dt.timedelta(days=1) not in running
    assert running.before == Q3
    assert so_far(Q3, TODAY) is Q3
    assert counted_until(Q3, TODAY) == Q3.last
    assert counted_until(Period(2026), TODAY) == TODAY


def test_a_list_says_when_a_state_was_last_known_and_what_was_entered_late() -> None:
    seen = dt.date(2026, 2, 3)
    late = ContactLine(on_day=Q3.first, kind="BUE", recorded_at=moment(Q3.next.first))
    in_time = ContactLine(on_day=Q3.first, kind="BUE", recorded_at=moment(Q3.last))
    course = Course(
        1,
        CARRIER,
        schools=[SchoolLine(stage="KIT", from_on=dt.date(2025, 9, 1), confirmed_on=seen), SchoolLine(stage="REG")],
        contacts=[late, in_time],
    )
    assert last_known(course, "school") == seen
    assert last_known(course, "work") is None
    assert late_entries(course, Q3, Q3.last) == 1
    assert [history_of(code) for code in ("I5", "I5L", "I7Y", "I14S", "I14K", "I8S", "I10", "I1", "I12", "I3")] == [
        "stay", "stay", "work", "school", "school", "language", "title", "", "", "",
    ]  # fmt: skip
