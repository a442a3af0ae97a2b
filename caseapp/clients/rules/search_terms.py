"""What a caseworker may type into the one search box, taken apart.

``parse_query`` finds dates, file numbers and telephone digits in any order and
mixture ("rahimi 1988", "0176/62 33 72"); what is left are the words of a name.
"""

import re
from typing import NamedTuple

import msgspec

from caseapp.clients.rules.names import (
    LONGEST_TEXT,
    LOST,
    bearing_words,
    joined_words,
    normal_form,
    spelled_forms,
    word_keys,
)
from caseapp.clients.rules.scripts import is_latin

MOST_WORDS = 6
"""Words of a name that are looked for; more would only be a pasted text."""

FEWEST_PHONE_DIGITS = 5
"""Fewer digits are no telephone number."""

_MONTH_NAMES = (
    "januar jan jänner",
    "februar feb",
    "märz mrz maerz mär",
    "april apr",
    "mai",
    "juni jun",
    "juli jul",
    "august aug",
    "september sep sept",
    "oktober okt",
    "november nov",
    "dezember dez",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
_GERMAN_DATE = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})[./-] ?(?P<month>\d{1,2})[./-] ?(?P<year>(?:19|20)?\d\d)(?![\d/])"
    r"|(?<![\d.])(?P<day2>\d{1,2})\.(?P<month2>\d{1,2})\.(?![\d])"
)
_WORDED_DATE = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}})\. ?)?\b(?P<name>{_MONTH})\b\.? (?P<year>(?:19|20)\d\d)(?!\d)", re.IGNORECASE
)
_FILE_NUMBER = re.compile(r"(?<![\w+])(?:[A-Za-z]{1,6}[-/ ]?)?(?P<year>20\d\d)[-/](?P<number>\d{1,7})(?![\w/-])")
_YEAR = re.compile(r"(?<![\d+/-])(?:19|20)\d\d(?![\d/-])")
_PHONE = re.compile(r"(?:\+|\(|(?<!\w))\d(?:[\d\s/().+–-]*\d)?(?!\w)")
_SIGNS = re.compile(r"\D")


class BirthTerm(NamedTuple):
    """A birth date or a part of one; ``None`` stands for "any", a year below 100 for either century."""

    day: int | None
    month: int | None
    year: int | None


class NameTerm(msgspec.Struct, frozen=True):
    """One typed word: its folded forms, and what to look for in a search line (" form" and ".key.")."""

    forms: tuple[str, ...]
    needles: tuple[str, ...]
    latin: bool
    damaged: bool


class Query(msgspec.Struct, frozen=True):
    """A parsed search. ``names`` holds ways to read the words of the name: one of them must be met whole."""

    names: tuple[tuple[NameTerm, ...], ...] = ()
    births: tuple[BirthTerm, ...] = ()
    file_numbers: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Return whether nothing was typed that could be looked for."""
        return not (self.names or self.births or self.file_numbers or self.digits)


def parse_query(text: str) -> Query:
    """Take the typed text apart. Any text gives a query, possibly an empty one; only ``LONGEST_TEXT`` letters count."""
    rest = " ".join(text[:LONGEST_TEXT].split())
    births: list[BirthTerm] = []
    for pattern in (_ISO_DATE, _GERMAN_DATE, _WORDED_DATE):
        rest = _take_dates(pattern, rest, births)
    file_numbers = [f"{found['year']}/{int(found['number'])}" for found in _FILE_NUMBER.finditer(rest)]
    rest = _FILE_NUMBER.sub(" ", rest)
    births += [BirthTerm(None, None, int(found.group())) for found in _YEAR.finditer(rest)]
    rest = _YEAR.sub(" ; ", rest)  # a sign that no telephone number may span
    digits = [_typed_digits(found.group()) for found in _PHONE.finditer(rest) if _enough_digits(found.group())]
    rest = _PHONE.sub(lambda found: " " if _enough_digits(found.group()) else found.group(), rest)
    return Query(_readings(rest), tuple(births), tuple(file_numbers), tuple(digits))


def file_number_key(file_number: str) -> str:
    """Return year and number without prefix and leading zeros ("IM-2026-0042" -> "2026/42"), or ""."""
    found = _FILE_NUMBER.search(file_number)
    return f"{found['year']}/{int(found['number'])}" if found else ""


def without_trunk(digits: str) -> str:
    """Return typed digits without the 0 or 00 before them, so that they end a number with its country code."""
    return digits.removeprefix("0").removeprefix("0")


def phone_digits(phone: str) -> str:
    """Return the digits of a stored number from the country code on; a number without one is taken as German."""
    if phone[:1] == "+" and phone[1:].isdigit():
        return phone[1:]
    digits = _SIGNS.sub("", phone.replace("(0)", ""))
    if phone.lstrip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    return "49" + digits[1:] if digits.startswith("0") else digits


def _take_dates(pattern: re.Pattern[str], text: str, births: list[BirthTerm]) -> str:
    def take(found: re.Match[str]) -> str:
        parts = found.groupdict()
        day = parts.get("day") or parts.get("day2")
        month = _MONTHS[parts["name"].casefold()] if parts.get("name") else int(parts["month"] or parts["month2"])
        year = parts["year"]
        births.append(BirthTerm(int(day) if day else None, month, int(year) if year else None))
        return " "

    return pattern.sub(take, text)


def _enough_digits(text: str) -> bool:
    return len(_SIGNS.sub("", text)) >= FEWEST_PHONE_DIGITS


def _typed_digits(text: str) -> str:
    return _SIGNS.sub("", text.replace("(0)", ""))


def _readings(text: str) -> tuple[tuple[NameTerm, ...], ...]:
    """Return the words as typed, joined where they are one name, and with two neighbours written as one (Ali Reza)."""
    words = bearing_words(text)[:MOST_WORDS]
    ways = [words, joined_words(words)]
    if len(words) in {2, 3}:
        ways += [[*words[:at], words[at] + words[at + 1], *words[at + 2 :]] for at in range(len(words) - 1)]
    readings = (tuple(_term(word) for word in way if normal_form(word)) for way in ways)
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def _term(word: str) -> NameTerm:
    forms = tuple(form for form in spelled_forms(word) if form)
    needles = (*(f" {form}" for form in forms), *(f".{key}." for key in word_keys(word)))
    return NameTerm(forms, needles, is_latin(word), LOST in word)
