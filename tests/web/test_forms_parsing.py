"""Dates, durations and phone numbers as people type them."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.web.parsing import (
    UnreadableError,
    money_text,
    phone_text,
    read_date,
    read_minutes,
    read_money,
    read_phone,
    read_year,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "3.5.88",
        "03.05.1988",
        "3. 5. 1988",
        "1988-05-03",
        "03051988",
        "030588",
        "3/5/88",
        "3 5 1988",
        "3. Mai 1988",
        " 3.Mai 88 ",
    ],
)
def test_one_day_is_understood_in_all_usual_ways(text: str) -> None:
    assert read_date(text, today=TODAY) == date(1988, 5, 3)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("heute", TODAY),
        ("morgen", date(2026, 11, 23)),
        ("gestern", date(2026, 11, 21)),
        ("25.11.", date(2026, 11, 25)),
        ("3. Dez", date(2026, 12, 3)),
    ],
)
def test_near_days_need_no_year(text: str, meant: date) -> None:
    assert read_date(text, today=TODAY) == meant


def test_two_digit_years_of_permits_lie_ahead_and_of_births_behind() -> None:
    assert read_date("1.3.31", today=TODAY).year == 2031
    assert read_date("1.3.46", today=TODAY).year == 2046
    assert read_date("1.3.47", today=TODAY).year == 1947
    assert read_date("1.3.26", today=TODAY, future=False).year == 2026
    assert read_date("1.3.27", today=TODAY, future=False).year == 1927


@pytest.mark.parametrize(
    "text", ["31.02.2026", "00.01.2026", "1.13.2026", "irgendwann", "1988", "3.5.188", "12", "1.1.1850", "3. M 1990"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_date(text, today=TODAY)


def test_a_birthday_in_the_future_is_refused() -> None:
    with pytest.raises(UnreadableError, match="Zukunft"):
        read_date("23.11.2026", today=TODAY, future=False)


@given(st.dates(min_value=date(1950, 1, 1), max_value=TODAY))
def test_every_written_day_is_read_back(day: date) -> None:
    assert read_date(f"{day:%d.%m.%Y}", today=TODAY, future=False) == day
    assert read_date(day.isoformat(), today=TODAY) == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text: str) -> None:
    for reader in (lambda t: read_date(t, today=TODAY), read_minutes, read_money, read_phone):
        with suppress(UnreadableError):
            assert reader(text) is not None


@given(st.integers(min_value=0, max_value=99))
def test_a_two_digit_year_is_never_more_than_twenty_years_ahead(year: int) -> None:
    assert read_date(f"1.1.{year:02}", today=TODAY) < TODAY + timedelta(days=366 * 20)


def test_a_year_alone_is_told_apart() -> None:
    assert read_year(" 1988 ") == 1988
    assert read_year("1.1988") is None
    assert read_year("0188") is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("45'", 45),
        ("1:15", 75),
        ("1 h 15", 75),
        ("1h15 min", 75),
        ("1 Std. 15 Min.", 75),
        ("1,5 h", 90),
        ("1,5", 90),
        ("0.25 h", 15),
        ("2 Std", 120),
        ("2h", 120),
        ("1,25 Stunden", 75),
    ],
)
def test_durations_are_understood(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["1:75", "lang", "-5", "25 h", "9999"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_minutes(text)


def test_phone_numbers_are_kept_international_and_shown_as_people_read_them() -> None:
    assert read_phone("0711 / 123 456") == "+49711123456"
    assert read_phone("+380 44 123 4567") == "+380441234567"
    assert phone_text("+49711123456") == "0711 123456"
    assert phone_text("+380441234567").startswith("+380 44")
    assert phone_text("nur abends") == "nur abends"


@pytest.mark.parametrize("text", ["123", "anrufen", "0"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_phone(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("650", 65000), ("650,50", 65050), ("1.200 €", 120000), ("1 200,00 Euro", 120000), ("650,-", 65000), ("0", 0)],
)
def test_amounts_are_understood(text: str, cents: int) -> None:
    assert read_money(text) == cents


@pytest.mark.parametrize("text", ["viel", "650,5", "-3", "1.20", "12,345", "650 $"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_money(text)


@given(st.integers(0, 9_999_999_99))
def test_every_written_amount_is_read_back(cents: int) -> None:
    assert read_money(money_text(cents)) == cents
