"""The histories of a file hold whatever is entered, in whatever order."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.clients.rules import histories
from caseapp.clients.rules.histories import Row
from caseapp.errors import RuleError

TODAY = dt.date(2026, 11, 22)
SINGLE = sorted(histories.SINGLE_KINDS)
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2027, 6, 30))


def row(
    number: int, from_on: dt.date | None, until_on: dt.date | None = None, kind: str = "stay", **more: object
) -> Row:
    return Row(id=UUID(int=number + 1), kind=kind, from_on=from_on, until_on=until_on, number=number, **more)  # type: ignore[arg-type]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@st.composite
def entered(draw: st.DrawFn) -> list[Row]:
    """Rows of one single-valued kind as they were accepted, some cancelled, some beginning on the same day."""
    kind = draw(st.sampled_from(SINGLE))
    rows = []
    for number, begin in enumerate(draw(st.lists(DAYS, min_size=1, max_size=8))):
        length = draw(st.one_of(st.none(), st.integers(0, 900)))
        until = begin + dt.timedelta(days=length) if length is not None else None
        rows.append(row(number, begin, until, kind, cancelled=draw(st.booleans())))
    return rows


def line(rows: list[Row]) -> list[tuple[dt.date, dt.date | None]]:
    by_id = {each.id: each for each in rows}
    placed = [place for place in histories.arrange(rows) if not place.replaced]
    return [(by_id[place.id].from_on or dt.date.min, place.until_on) for place in placed]


@given(entered())
def test_there_are_never_two_open_rows_of_a_single_valued_kind(rows: list[Row]) -> None:
    assert sum(until is None for _from, until in line(rows)) <= 1


@given(entered())
def test_rows_never_overlap_and_never_end_before_they_begin(rows: list[Row]) -> None:
    spans = line(rows)
    assert all(until is None or begin <= until for begin, until in spans)
    assert all(one[1] is not None and one[1] < two[0] for one, two in pairwise(spans))


@given(entered(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_stored_does_not_matter(rows: list[Row], shuffled: object) -> None:
    mixed = list(rows)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    assert histories.arrange(mixed) == histories.arrange(rows)


@given(entered(), st.data())
def test_entering_the_same_days_in_another_order_gives_the_same_history(rows: list[Row], data: st.DataObject) -> None:
    distinct = list({each.from_on: each for each in rows}.values())
    order = data.draw(st.permutations(range(len(distinct))))
    renumbered = [
        Row(id=each.id, kind=each.kind, from_on=each.from_on, until_on=each.until_on, number=number)
        for number, each in zip(order, distinct, strict=True)
    ]
    assert line(renumbered) == line(
        [Row(id=e.id, kind=e.kind, from_on=e.from_on, until_on=e.until_on) for e in distinct]
    )


@given(entered(), DAYS)
def test_the_present_value_is_what_was_entered_last_for_that_day(rows: list[Row], on: dt.date) -> None:
    begun = [each for each in rows if not each.cancelled and each.from_on and each.from_on <= on]
    found = histories.present(rows, on)
    assert len(found) <= 1
    if found:
        assert found[0] == max(begun, key=lambda each: (each.from_on, each.number))


@given(entered())
def test_cancelling_a_row_gives_its_time_back(rows: list[Row]) -> None:
    standing = [each for each in rows if not each.cancelled]
    extra = row(99, day("2024-05-05"), kind=rows[0].kind)
    cancelled = row(99, day("2024-05-05"), kind=rows[0].kind, cancelled=True)
    assert len(line([*standing, extra])) >= 1
    assert line([*standing, cancelled]) == line(standing)


@given(entered())
def test_gaps_lie_between_the_rows(rows: list[Row]) -> None:
    spans = line(rows)
    for gap in histories.gaps(rows):
        assert gap.from_on <= gap.until_on
        assert not any(begin <= gap.until_on and gap.from_on <= (until or dt.date.max) for begin, until in spans)


def test_a_new_open_row_closes_the_former_the_day_before() -> None:
    rows = [row(0, day("2024-01-01")), row(1, day("2026-06-01"))]
    assert line(rows) == [(day("2024-01-01"), day("2026-05-31")), (day("2026-06-01"), None)]


def test_a_second_entry_for_the_same_day_corrects_the_first() -> None:
    rows = [row(0, day("2026-06-01"), code="GU"), row(1, day("2026-06-01"), code="PRI")]
    assert [each.code for each in histories.present(rows, TODAY)] == ["PRI"]
    assert [place.replaced for place in histories.arrange(rows)] == [True, False]


def test_a_title_that_has_run_out_stays_the_present_one() -> None:
    expired = row(0, day("2022-03-01"), day("2026-03-04"), "title")
    assert histories.present([expired], TODAY) == [expired]
    assert histories.present([row(0, day("2022-03-01"), day("2026-03-04"), "language")], TODAY) == []


def test_a_row_that_begins_in_the_future_is_not_yet_present() -> None:
    now, then = row(0, day("2024-01-01")), row(1, day("2027-01-01"))
    assert histories.present([now, then], TODAY) == [now]
    assert histories.present([now, then], day("2027-01-01")) == [then]


@pytest.mark.parametrize("kind", ["work", "benefit"])
def test_several_rows_of_work_and_benefits_run_side_by_side(kind: str) -> None:
    rows = [row(0, day("2024-01-01"), kind=kind, code="A"), row(1, None, kind=kind, code="B")]
    assert len(histories.present(rows, TODAY)) == 2


@pytest.mark.parametrize(
    ("new", "others", "field"),
    [
        (row(9, day("2026-05-02"), day("2026-05-01")), [], "until_on"),
        (row(9, day("2036-05-02")), [], "from_on"),
        (row(9, None), [row(0, day("2024-01-01"))], "from_on"),
        (
            row(9, day("2026-01-01"), kind="benefit", code="SGB2"),
            [row(0, None, kind="benefit", code="SGB2")],
            "code",
        ),
    ],
    ids=["ends before it begins", "begins in ten years", "no beginning beside a dated row", "the same benefit twice"],
)
def test_an_entry_that_cannot_be_meant_is_refused_at_its_field(new: Row, others: list[Row], field: str) -> None:
    with pytest.raises(RuleError) as refusal:
        histories.check(new, others, today=TODAY)
    assert refusal.value.field == field


def test_the_same_benefit_may_come_back_after_it_ended() -> None:
    ended = row(0, day("2024-01-01"), day("2025-01-31"), kind="benefit", code="SGB2")
    histories.check(row(9, day("2026-01-01"), kind="benefit", code="SGB2"), [ended], today=TODAY)
