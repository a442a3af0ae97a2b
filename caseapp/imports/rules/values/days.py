"""Dates as people write them. Never answers a day that the calendar does not have."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import msgspec

from caseapp.imports.rules.cells import Cell
from caseapp.imports.rules.values.reading import Mark, Reading, unread


class Era(StrEnum):
    """Which century two digits mean, and which side of today a date may lie on."""

    BIRTH = "birth"
    PAST = "past"
    OPEN = "open"


class Day(msgspec.Struct, frozen=True):
    """A day, a month (`day` is 0) or a year (`month` and `day` are 0)."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def exact(self) -> date | None:
        """The calendar day, None when only month or year are known."""
        return date(self.year, self.month, self.day) if self.day else None

    @property
    def first(self) -> date:
        """The first day that is meant: 1 January for a year."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that is meant: "gültig bis 03/2027" ends on 31 March."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


EARLIEST, LATEST = 1900, 2100
_EXCEL_EPOCH = date(1899, 12, 30)
_LAST_SERIAL = (date(LATEST, 12, 31) - _EXCEL_EPOCH).days
_MONTHS = ("jan", "feb", "mrz", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_MONTH_WORDS = {word: number for number, word in enumerate(_MONTHS, 1)} | {"mär": 3, "mae": 3, "mar": 3, "may": 5}
_MONTH_WORDS |= {"oct": 10, "dec": 12}
_LONGEST = 60
_LARGEST_DATE = (LATEST + 1) * 10_000
_PREFIX = re.compile(r"^(?:geb(?:oren)?\.?(?:\s*am)?|am|seit|bis|ab|vom|\*)\s*", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(?:mo|di|mi|do|fr|sa|so)[a-z]*[.,]*\s+(?=\d)", re.IGNORECASE)
_GERMAN = re.compile(r"(\d{1,2})\s*\.\s*(\d{1,2})\s*\.\s*(\d{4}|\d{2})\.?")
_OTHER_MARKS = re.compile(r"(\d{1,2})\s*([/-])\s*(\d{1,2})\s*[/-]\s*(\d{4}|\d{2})")
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_CLOCK_BEHIND = re.compile(r"(.*\d)[ ,]+(\d{1,2}):(\d{2})(?::\d{2})?(?:\s*Uhr)?", re.IGNORECASE)
_WORDS = re.compile(r"(?:(\d{1,2})\.?\s*)?([A-Za-zäÄ]{3,9})\.?\s*(\d{4}|\d{2})")
_MONTH = re.compile(r"(?:xx|00?|\?\?)?\.?(\d{1,2})\s*[/.-]\s*(\d{4})", re.IGNORECASE)
_YEAR_FIRST_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_YEAR = re.compile(r"(?:(?:xx|00?|\?\?)[./-]){0,2}(\d{4})", re.IGNORECASE)
_DIGITS = re.compile(r"\d{5}(?:[.,]0+)?")


def read_day(cell: Cell, era: Era, today: date) -> Reading[Day]:
    """The day, month or year that the cell names; marked when it is fictive, unclear or does not exist.

    Births and past dates after `today` are not believed. Two digits of a birth mean the last hundred years;
    otherwise they mean 2000 to `today` plus 20 years, and the 1900s beyond that.
    """
    if isinstance(cell, datetime):
        return _judged(Day(cell.year, cell.month, cell.day), era, today, whole=cell.time() == time())
    if isinstance(cell, date):
        return _judged(Day(cell.year, cell.month, cell.day), era, today)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell, era, today)
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return unread(Mark.UNCLEAR_DATE)
    return _from_text(cell.strip(), era, today)


@lru_cache(maxsize=1 << 14)
def _from_text(text: str, era: Era, today: date) -> Reading[Day]:
    plain_german = _GERMAN.fullmatch(text)
    if plain_german:
        day, month, year = plain_german.groups()
        return _checked(int(day), int(month), _full_year(year, int(month), int(day), era, today), era, today)
    bare = _WEEKDAY.sub("", _PREFIX.sub("", text))
    with_clock = _CLOCK_BEHIND.fullmatch(bare)
    if with_clock:
        midnight = int(with_clock[2]) == int(with_clock[3]) == 0
        return _kept_text(_from_text(with_clock[1], era, today), keep=not midnight)
    if bare != text:
        return _from_text(bare, era, today)
    for pattern, read in _SHAPES:
        found = pattern.fullmatch(text)
        if found:
            return read(found, era, today)
    return _with_remark(text, era, today)


def _with_remark(text: str, era: Era, today: date) -> Reading[Day]:
    """A date followed by a remark, such as "03.05.1988 (lt. Pass)" or "1988?"; the text is kept."""
    start = re.match(r"(?:ca\.?|um|etwa|~)?\s*([\d./-]*\d)\s*(?:[(?,;]|\s[A-Za-zÄÖÜäöü(]|$)", text, re.IGNORECASE)
    if not start or start[1] == text:
        return unread(Mark.UNCLEAR_DATE)
    reading = _from_text(start[1], era, today)
    return _kept_text(reading, keep=True)


def _kept_text(reading: Reading[Day], *, keep: bool) -> Reading[Day]:
    return Reading(reading.value, reading.marks, whole=reading.whole and not keep)


def _iso(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    reading = _checked(int(found[3]), int(found[2]), int(found[1]), era, today)
    return _kept_text(reading, keep=any(int(part) for part in found.groups()[3:] if part))


def _slashed(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    day, mark, month = int(found[1]), found[2], int(found[3])
    american = mark == "/" and month > 12 >= day
    if american:
        day, month = month, day
    reading = _checked(day, month, _full_year(found[4], month, day, era, today), era, today)
    return Reading(reading.value, (*reading.marks, Mark.UNCLEAR_DATE), whole=False) if american else reading


def _worded(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    month = _MONTH_WORDS.get(found[2][:3].lower(), 0)
    if not month:
        return unread(Mark.UNCLEAR_DATE)
    year = _full_year(found[3], month, int(found[1] or 1), era, today)
    if found[1]:
        return _checked(int(found[1]), month, year, era, today)
    return _judged(Day(year, month), era, today)


def _month(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    return _month_of(int(found[2]), int(found[1]), era, today)


def _year_month(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    return _month_of(int(found[1]), int(found[2]), era, today)


def _month_of(year: int, month: int, era: Era, today: date) -> Reading[Day]:
    if month == 0:
        return _judged(Day(year), era, today)
    return _judged(Day(year, month), era, today) if month <= 12 else unread(Mark.IMPOSSIBLE_DATE)


def _year(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    return _judged(Day(int(found[1])), era, today)


def _serial(found: re.Match[str], era: Era, today: date) -> Reading[Day]:
    return _from_number(int(found[0][:5]), era, today)


_SHAPES = (
    (_ISO, _iso),
    (_OTHER_MARKS, _slashed),
    (_WORDS, _worded),
    (_YEAR_FIRST_MONTH, _year_month),
    (_MONTH, _month),
    (_YEAR, _year),
    (_DIGITS, _serial),
)


def _from_number(number: float, era: Era, today: date) -> Reading[Day]:
    """A year, YYYYMMDD, or the days since 30.12.1899 that spreadsheets count."""
    if not 0 < number < _LARGEST_DATE:
        return unread(Mark.UNCLEAR_DATE)
    whole = int(number)
    if EARLIEST <= number <= LATEST:
        return _judged(Day(whole), era, today)
    if EARLIEST * 10_000 <= whole <= (LATEST + 1) * 10_000:
        return _checked(whole % 100, whole // 100 % 100, whole // 10_000, era, today)
    if whole <= _LAST_SERIAL and whole > LATEST:
        on = _EXCEL_EPOCH + timedelta(days=whole)
        return _judged(Day(on.year, on.month, on.day), era, today, whole=number == whole)
    return unread(Mark.UNCLEAR_DATE)


def _full_year(digits: str, month: int, day: int, era: Era, today: date) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    year += 2000
    if era is Era.BIRTH:
        return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year
    return year - 100 if year > today.year + 20 else year


def _checked(day: int, month: int, year: int, era: Era, today: date) -> Reading[Day]:
    if day == 0 and month <= 12:
        return _month_of(year, month, era, today)
    if not (1 <= month <= 12 and EARLIEST <= year <= LATEST and 1 <= day <= calendar.monthrange(year, month)[1]):
        return unread(Mark.IMPOSSIBLE_DATE)
    return _judged(Day(year, month, day), era, today)


def _judged(day: Day, era: Era, today: date, *, whole: bool = True) -> Reading[Day]:
    if not EARLIEST <= day.year <= LATEST:
        return unread(Mark.IMPOSSIBLE_DATE)
    if era is not Era.OPEN and day.first > today:
        return unread(Mark.UNCLEAR_DATE)
    if not day.day:
        return Reading(day, (Mark.DAY_UNKNOWN,), whole)
    fictive = era is Era.BIRTH and day.month == day.day == 1
    return Reading(day, (Mark.FICTIVE,) if fictive else (), whole)
