"""What the form proposes and what a contact may say."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.counselling import rules
from caseapp.counselling.rules import Defaults, Past, Usual
from caseapp.errors import RuleError

OFFICE = Usual("BUE", 30, with_client=True)
PHONE = Usual("TEL", 10, with_client=True)
OTHERS = Usual("DRI", 15, with_client=False)
TODAY = dt.date(2026, 11, 22)
PAST = st.lists(
    st.builds(
        Past,
        kind=st.sampled_from(["BUE", "TEL", "HAU", "NVE"]),
        minutes=st.one_of(st.none(), st.integers(1, 240)),
        language=st.sampled_from(["", "ar", "ti"]),
        interpreter=st.sampled_from(["", "KEI", "PRO"]),
    ),
    max_size=12,
)


def test_without_history_the_file_and_the_code_list_decide() -> None:
    assert rules.defaults_for(OFFICE, [], language="ar", interpreter="PRO") == Defaults(30, "ar", "PRO")
    assert rules.defaults_for(OFFICE, [], language="", interpreter="") == Defaults(30, "", "KEI")


def test_defaults_come_from_this_kind_only() -> None:
    past = [Past("TEL", 5, "de", "KEI"), Past("BUE", 45, "ar", "PRO"), Past("BUE", 45, "ar", "TVD")]
    assert rules.defaults_for(OFFICE, past, language="ti", interpreter="") == Defaults(45, "ar", "PRO")
    assert rules.defaults_for(PHONE, past, language="ti", interpreter="") == Defaults(5, "de", "KEI")


def test_of_equally_common_lengths_the_newer_one_wins() -> None:
    past = [Past("BUE", 60, "", ""), Past("BUE", 30, "", ""), Past("BUE", 30, "", ""), Past("BUE", 60, "", "")]
    assert rules.defaults_for(OFFICE, past, language="", interpreter="").minutes == 60


def test_work_without_the_client_has_no_language() -> None:
    assert rules.defaults_for(OTHERS, [], language="ar", interpreter="PRO") == Defaults(15, "", "")


@given(PAST)
def test_a_proposed_length_was_used_for_this_kind_or_is_that_of_the_list(past: list[Past]) -> None:
    minutes = rules.defaults_for(OFFICE, past, language="", interpreter="").minutes
    assert minutes in {30, *(each.minutes for each in past if each.kind == "BUE")}


@given(PAST)
def test_the_first_kind_is_offered_and_never_the_missed_visit(past: list[Past]) -> None:
    assert rules.first_kind(past, ["BUE", "TEL", "NVE"]) in {"BUE", "TEL"}


@given(st.lists(st.sampled_from(["WOH", "ARB", "SPR", "KIN"])), st.sampled_from(["", "WOH", "XYZ"]))
def test_the_main_topic_leads_and_no_topic_is_lost_or_doubled(topics: list[str], main: str) -> None:
    ordered = rules.main_first(topics, main)
    assert sorted(ordered) == sorted(set(topics))
    assert main not in topics or ordered[0] == main


@pytest.mark.parametrize("day", [TODAY + dt.timedelta(days=1), dt.date(2014, 12, 31)])
def test_impossible_days_are_refused_at_their_field(day: dt.date) -> None:
    with pytest.raises(RuleError) as refusal:
        rules.check_day(day, TODAY)
    assert refusal.value.field == "on_day"


@pytest.mark.parametrize(
    ("text", "clock"),
    [("", ""), ("9", "09:00"), ("9.30", "09:30"), ("930", "09:30"), ("14:05 Uhr", "14:05"), ("14h", "14:00")],
)
def test_clock_times_are_understood(text: str, clock: str) -> None:
    assert rules.read_clock(text) == clock


@given(st.text(max_size=12))
def test_no_clock_text_breaks_anything(text: str) -> None:
    with contextlib.suppress(RuleError):
        assert len(rules.read_clock(text)) in {0, 5}


def test_a_reason_is_asked_after_thirty_days() -> None:
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    assert not rules.needs_reason(now - dt.timedelta(days=30), now)
    assert rules.needs_reason(now - dt.timedelta(days=30, minutes=1), now)


def test_undo_ends_after_ten_minutes_or_with_a_later_change() -> None:
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    done = now - dt.timedelta(minutes=9)
    assert rules.can_undo(done, None, now)
    assert not rules.can_undo(done, now, now)
    assert not rules.can_undo(now - dt.timedelta(minutes=11), None, now)
