"""Titles that run on by law, titles with an alarm of their own, and contacts that count."""

import datetime as dt
from pathlib import Path

import pytest

from caseapp.catalogue.rules import (
    CodeListError,
    Counting,
    TitleRule,
    alarm_rule,
    counts_as_counselling,
    effective_end,
    load_title_rules,
)

RULES_FOLDER = Path(__file__).parents[2] / "config" / "rules"


@pytest.fixture(scope="module")
def rules() -> tuple[TitleRule, ...]:
    return load_title_rules(RULES_FOLDER)


@pytest.mark.parametrize(
    ("printed", "really"),
    [
        (dt.date(2024, 1, 31), dt.date(2024, 1, 31)),
        (dt.date(2024, 2, 1), dt.date(2027, 3, 4)),
        (dt.date(2024, 3, 4), dt.date(2027, 3, 4)),
        (dt.date(2026, 2, 1), dt.date(2027, 3, 4)),
        (dt.date(2028, 1, 1), dt.date(2028, 1, 1)),
    ],
)
def test_a_ukraine_title_valid_on_a_reference_day_runs_on(
    rules: tuple[TitleRule, ...], printed: dt.date, really: dt.date
) -> None:
    assert effective_end(rules, "P24", printed) == really


def test_a_title_issued_after_the_reference_day_does_not_run_on(rules: tuple[TitleRule, ...]) -> None:
    printed = dt.date(2026, 9, 1)
    assert effective_end(rules, "P24", printed, valid_from=dt.date(2026, 2, 2)) == printed
    assert effective_end(rules, "P24", printed, valid_from=dt.date(2026, 2, 1)) == dt.date(2027, 3, 4)


def test_other_titles_end_on_the_printed_day(rules: tuple[TitleRule, ...]) -> None:
    assert effective_end(rules, "P25_3", dt.date(2026, 2, 1)) == dt.date(2026, 2, 1)


def test_holders_of_the_opportunity_residence_get_their_own_alarm_until_june_2027(rules: tuple[TitleRule, ...]) -> None:
    alarm = alarm_rule(rules, "P104C", dt.date(2027, 6, 30))
    assert alarm is not None
    assert alarm.successors == ("P25A", "P25B")
    assert alarm_rule(rules, "P104C", dt.date(2027, 7, 1)) is None
    assert alarm_rule(rules, "P24", dt.date(2027, 1, 1)) is None


def test_what_counts_is_asked_for_the_day_of_the_contact() -> None:
    until_2024 = Counting("BRF", None, dt.date(2024, 12, 31), counts=True)
    since_2025 = Counting("BRF", dt.date(2025, 1, 1), None, counts=False)
    assert counts_as_counselling([until_2024, since_2025], "BRF", dt.date(2024, 12, 31))
    assert not counts_as_counselling([until_2024, since_2025], "BRF", dt.date(2025, 1, 1))
    assert not counts_as_counselling([until_2024, since_2025], "TEL", dt.date(2024, 12, 31))


def test_a_rule_without_its_reference_day_is_refused(tmp_path: Path) -> None:
    (tmp_path / "title_rules.csv").write_text(
        "code,title,kind,held_on,until,successors,de,en,source\nX,P24,continues,,2027-03-04,,a,b,c\n", encoding="utf-8"
    )
    with pytest.raises(CodeListError, match="Stichtag"):
        load_title_rules(tmp_path)


def test_a_rule_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "title_rules.csv").write_text(
        "code,title,kind,held_on,until,successors,de,en,source\nX,P24,maybe,,2027-03-04,,a,b,c\n", encoding="utf-8"
    )
    with pytest.raises(CodeListError, match=r"title_rules\.csv"):
        load_title_rules(tmp_path)
