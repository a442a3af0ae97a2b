"""Phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
import phonenumbers

from caseapp.imports.rules.cells import Cell, text_of
from caseapp.imports.rules.values.reading import Mark, Reading, unread

_LONGEST = 200
_APART = re.compile(r"[;,\n]|\s/\s|\s+(?:oder|und|u\.|bzw\.)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d(][\d\s()/.\-–]{4,}\d")
_EMAIL = re.compile(r"[^\s@,;<>()]{1,64}@[^\s@,;<>()]+\.[A-Za-z]{2,}")
_NUMBER_MARKS = re.compile(r"[^\d+]")


class Phone(msgspec.Struct, frozen=True):
    """A number as written, and in the international form when it is a possible number (else "")."""

    written: str
    e164: str = ""


def read_phones(cell: Cell) -> Reading[tuple[Phone, ...]]:
    """All numbers of the cell; a number whose leading zero a spreadsheet ate gets it back."""
    text = text_of(cell)
    if len(text) > _LONGEST:
        return unread(Mark.PHONE)
    lost_zero = not isinstance(cell, str)
    return _phones(text, lost_zero=lost_zero)


@lru_cache(maxsize=1 << 14)
def _phones(text: str, *, lost_zero: bool) -> Reading[tuple[Phone, ...]]:
    phones = []
    whole = True
    for piece in filter(None, map(str.strip, _APART.split(text))):
        found = _NUMBER.search(piece)
        if not found:
            whole = False
            continue
        whole = whole and found[0] == piece
        e164 = _e164(found[0]) or (_e164("0" + found[0]) if lost_zero else "")
        phones.append(Phone(found[0], e164))
    if not phones:
        return unread(Mark.PHONE)
    marks = () if all(phone.e164 for phone in phones) else (Mark.PHONE,)
    return Reading(tuple(phones), marks, whole)


def _e164(written: str) -> str:
    try:
        number = phonenumbers.parse(_NUMBER_MARKS.sub("", written.replace("(0)", "")), "DE")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(cell: Cell) -> Reading[str]:
    """The first address of the cell."""
    text = text_of(cell)
    found = _EMAIL.search(text) if len(text) <= _LONGEST else None
    return Reading(found[0], (), whole=found[0] == text) if found else unread(Mark.OTHER)
