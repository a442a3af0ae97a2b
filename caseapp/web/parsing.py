"""Reads what people type for days, durations and phone numbers. Pure: text in, value out.

Each `read_*` raises `UnreadableError`, whose text tells the user what to type instead.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import phonenumbers
from babel.dates import get_month_names

from caseapp.i18n import gettext as _

MINUTES_OF_A_DAY = 24 * 60
_HOME_REGION = "DE"
_WORDS = {"gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2}
_MONTHS: dict[str, int] = {name.lower(): number for number, name in get_month_names("wide", locale="de").items()}
_DAY_FIRST = re.compile(r"(\d{1,2})[./\s-]+(\d{1,2})(?:[./\s-]+(\d{4}|\d{2})?)?")
_MONTH_NAMED = re.compile(r"(\d{1,2})\.?\s*([a-zä]+)\.?\s*(\d{4}|\d{2})?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_CLOCK = re.compile(r"(\d{1,2})(?::|\s*(?:h|std\.?|stunden?)\s*)(\d{1,2})?(?:\s*(?:min\.?|minuten?|h))?")
_HOURS = re.compile(r"(\d{1,2})?[.,](\d{1,2})\s*(?:h|std\.?|stunden?)?")
_MONEY = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d{1,7})(?:,(\d{2})|,-|,–)?")
_PLAIN_MINUTES = re.compile(r"(\d{1,4})\s*(?:min\.?|minuten?|m|')?")


class UnreadableError(ValueError):
    """The text is none of the accepted forms; the message is a German sentence for the user."""


def read_date(text: str, *, today: date, future: bool = True) -> date:
    """The day meant by `3.5.88`, `03.05.1988`, `1988-05-03`, `03051988`, `3. Mai 1988`, `3.5.` or `heute`.

    Two-digit years: with `future` the century that puts the year at most 20 years ahead of `today`, without it the
    latest one that is not in the future. A missing year is this year. Without `future`, days after `today` are refused.
    """
    cleaned = " ".join(text.lower().split())
    if cleaned in _WORDS:
        found = today + timedelta(days=_WORDS[cleaned])
    else:
        day, month, year = _parts(cleaned)
        found = _day(day, month, _full_year(year, today=today, future=future))
    if not future and found > today:
        raise UnreadableError(_("Dieser Tag liegt in der Zukunft. Geben Sie einen vergangenen Tag ein."))
    return found


def read_year(text: str) -> int | None:
    """The year if `text` is a year alone (`1988`), otherwise None."""
    cleaned = text.strip()
    is_year = bool(re.fullmatch(r"\d{4}", cleaned)) and 1900 <= int(cleaned) <= 2100
    return int(cleaned) if is_year else None


def _parts(cleaned: str) -> tuple[int, int, str]:
    if match := _YEAR_FIRST.fullmatch(cleaned):
        return int(match[3]), int(match[2]), match[1]
    if match := _DAY_FIRST.fullmatch(cleaned) or _DIGITS.fullmatch(cleaned):
        return int(match[1]), int(match[2]), match[3] or ""
    if match := _MONTH_NAMED.fullmatch(cleaned):
        return int(match[1]), _month(match[2]), match[3] or ""
    raise UnreadableError(_("Geben Sie einen Tag ein, zum Beispiel 27.03.1991."))


def _month(name: str) -> int:
    numbers = {number for month, number in _MONTHS.items() if len(name) >= 3 and month.startswith(name)}
    if len(numbers) != 1:
        raise UnreadableError(_("Geben Sie einen Tag ein, zum Beispiel 27.03.1991."))
    return numbers.pop()


def _full_year(year: str, *, today: date, future: bool) -> int:
    if not year:
        return today.year
    if len(year) == 4:
        return int(year)
    latest = today.year + (20 if future else 0)
    return latest - (latest - int(year)) % 100


def _day(day: int, month: int, year: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise UnreadableError(_("Diesen Tag gibt es nicht. Prüfen Sie Tag und Monat.")) from None
    if found.year < 1900:
        raise UnreadableError(_("Prüfen Sie das Jahr: Es liegt vor 1900."))
    return found


def read_minutes(text: str, *, most: int = MINUTES_OF_A_DAY) -> int:
    """Minutes meant by `45`, `45 min`, `1:15`, `1 h 15`, `1,5 h` or `2 Std.`; at least 0, at most `most`."""
    minutes = _minutes(" ".join(text.lower().split()))
    if minutes > most:
        raise UnreadableError(_("Das ist zu lang: höchstens %(most)s Minuten.", most=most))
    return minutes


def _minutes(cleaned: str) -> int:
    if match := _PLAIN_MINUTES.fullmatch(cleaned):
        return int(match[1])
    if match := _CLOCK.fullmatch(cleaned):
        if int(match[2] or 0) < 60:
            return int(match[1]) * 60 + int(match[2] or 0)
    elif match := _HOURS.fullmatch(cleaned):
        return round(float(f"{match[1] or 0}.{match[2]}") * 60)
    raise UnreadableError(_("Geben Sie die Dauer in Minuten oder Stunden ein, zum Beispiel 45, 1:15 oder 1,5 h."))


def read_money(text: str) -> int:
    """The cents meant by `650`, `650,50`, `1.200`, `1.200,00 €` or `650,-`; at least 0."""
    match = _MONEY.fullmatch(re.sub(r"\s*(?:€|euro|eur)$", "", " ".join(text.lower().split())))
    if match is None:
        raise UnreadableError(_("Geben Sie den Betrag in Euro ein, zum Beispiel 650 oder 650,50."))
    return int(re.sub(r"\D", "", match[1])) * 100 + int(match[2] or 0)


def money_text(cents: int) -> str:
    """Cents as people read them: `1.200 €`, `650,50 €`."""
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02d} €" if cents % 100 else f"{whole} €"


def read_phone(text: str) -> str:
    """The number in international form without spaces (`+49711123456`); numbers without a country are German."""
    try:
        number = phonenumbers.parse(text, _HOME_REGION)
    except phonenumbers.NumberParseException:
        number = None
    complete = phonenumbers.ValidationResult.IS_POSSIBLE
    if number is None or phonenumbers.is_possible_number_with_reason(number) != complete:
        raise UnreadableError(_("Geben Sie die Nummer mit Vorwahl ein, zum Beispiel 0711 123456 oder +49 711 123456."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_text(stored: str) -> str:
    """A stored number as people read it: `0711 123456`, `+380 44 1234567`; unreadable ones as they are."""
    try:
        number = phonenumbers.parse(stored, _HOME_REGION)
    except phonenumbers.NumberParseException:
        return stored
    home = number.country_code == phonenumbers.country_code_for_region(_HOME_REGION)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
