"""What may stand on a sheet."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.consents import rules
from caseapp.consents.models import ReleaseLine, SheetText
from caseapp.errors import RuleError

DAY = dt.date(2026, 11, 22)
days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "alle Behörden",
        "Alle",
        "sämtliche Ämter und Stellen",
        "jede Behörde",
        "die Behörden",
        "Ämter",
        "öffentliche Stellen",
        "Jobcenter usw.",
        "Schule und andere",
        "beliebige Ärzte",
        "all authorities",
        "Jobcenter und Ausländerbehörde",
        "Jugendamt, Sozialamt",
        "",
        "   ",
        "x" * 201,
    ],
)
def test_a_recipient_is_one_office_by_name(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        rules.check_recipient(text)
    assert refused.value.field == "recipient"


@pytest.mark.parametrize(
    "text",
    [
        "Jobcenter Bodenseekreis",
        "Amt für Familie und Soziales",
        "Agentur für Arbeit Konstanz",
        "Allgemeinmedizin Dr. Klee",
        "Wohnbau GmbH & Co. KG",
        "Schule am See",
        "Beratungsstelle für Frauen",
    ],
)
def test_real_names_of_offices_are_taken(text: str) -> None:
    assert rules.check_recipient(f"  {text.replace(' ', '  ')} ") == text


@given(days, st.integers(0, 24))
def test_months_later_is_never_in_a_later_month(day: dt.date, months: int) -> None:
    later = rules.months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


@given(days, st.integers(-40, 800))
def test_a_release_lasts_from_a_day_to_twelve_months(from_on: dt.date, length: int) -> None:
    ends_on = from_on + dt.timedelta(days=length)
    if from_on <= ends_on <= rules.months_after(from_on, rules.MOST_MONTHS):
        rules.check_end(ends_on, from_on)
    else:
        with pytest.raises(RuleError):
            rules.check_end(ends_on, from_on)


@pytest.mark.parametrize(
    ("minor", "client_signs", "representative", "allowed"),
    [
        (False, True, "", True),
        (False, False, "Berta Betreuer", True),
        (False, False, "", False),
        (True, True, "", False),
        (True, False, "Omar Rahimi", True),
        (True, True, "Omar Rahimi", True),
    ],
)
def test_a_minor_never_signs_alone(minor: bool, client_signs: bool, representative: str, allowed: bool) -> None:
    if allowed:
        rules.check_signers(minor=minor, client_signs=client_signs, representative=representative)
        return
    with pytest.raises(RuleError) as refused:
        rules.check_signers(minor=minor, client_signs=client_signs, representative=representative)
    assert refused.value.field == "signers"


def test_a_signature_is_neither_older_than_its_sheet_nor_ahead() -> None:
    rules.check_signed_on(DAY, DAY, DAY)
    for signed_on in (DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)):
        with pytest.raises(RuleError):
            rules.check_signed_on(signed_on, DAY, DAY)


def test_names_that_tell_something_are_hidden_from_colleagues() -> None:
    assert rules.hides_name("THE", ("NAM",))
    assert rules.hides_name("", ("NAM", rules.HEALTH))
    assert not rules.hides_name("JC", ("NAM",))


def test_another_content_has_another_digest() -> None:
    line = ReleaseLine(recipient="Jobcenter", fields=("NAM",), purpose="LEI", ways=("BRF",))
    said = [
        (SheetText(), [(line, DAY)]),
        (SheetText(language="prs"), [(line, DAY)]),
        (SheetText(), [(line, DAY + dt.timedelta(days=1))]),
        (SheetText(), [(ReleaseLine(recipient="Jobcenter", fields=("TEL",), purpose="LEI", ways=("BRF",)), DAY)]),
    ]
    assert len({rules.digest(each) for each in said}) == len(said)
    assert rules.digest(said[0]) == rules.digest((SheetText(), [(line, DAY)]))
