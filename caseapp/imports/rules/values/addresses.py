"""Addresses and their parts. Which municipality a place is, says `caseapp.places.rules`."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from caseapp.imports.rules.cells import Cell, plain, text_of
from caseapp.imports.rules.values.reading import Mark, Reading, unread

_LONGEST = 200
_POSTCODE = re.compile(r"(?:\bD\s*-\s*)?(?<!\d)(\d{5})(?!\d)\s*")
_STREET = re.compile(r"(.*[^\W\d_].*?)\s*(\d{1,4}\s*[a-zA-Z]?(?:\s*[-/+]\s*\d{1,4}\s*[a-zA-Z]?)?)")


class Address(msgspec.Struct, frozen=True):
    """The parts that were found; what is missing is ""."""

    street: str = ""
    house_number: str = ""
    postcode: str = ""
    place: str = ""


def read_address(cell: Cell) -> Reading[Address]:
    """Street, number, postcode and place of one cell, in either order, with or without commas."""
    text = text_of(cell)
    if not plain(text) or len(text) > _LONGEST:
        return unread(Mark.PLACE)
    return _address(text)


@lru_cache(maxsize=1 << 14)
def _address(text: str) -> Reading[Address]:
    found = _POSTCODE.search(text)
    postcode = found[1] if found else ""
    if found:
        behind, *more = _parts(text[found.end() :]) or [""]
        place, rest = behind, _parts(text[: found.start()]) + more
    else:
        rest = _parts(text)
        place = rest.pop() if len(rest) > 1 and not re.search(r"\d", rest[-1]) else ""
    if not rest:
        return Reading(Address(postcode=postcode, place=place), (), whole=bool(place))
    street = next((part for part in rest if _STREET.fullmatch(part)), rest[0])
    cut = _STREET.fullmatch(street)
    if not (found or cut or place):
        return Reading(Address(place=street), (), whole=True)
    name, number = (cut[1].strip(), cut[2].strip()) if cut else (street, "")
    return Reading(Address(name, number, postcode, place), (), whole=len(rest) == 1)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def read_street(cell: Cell) -> Reading[Address]:
    """Street and number of a column of its own."""
    text = text_of(cell)
    if len(text) > _LONGEST or not plain(text):
        return unread()
    found = _STREET.fullmatch(text)
    return Reading(Address(found[1].strip(), found[2].strip()) if found else Address(text), (), whole=True)


def read_place(cell: Cell) -> Reading[Address]:
    """Place of a column of its own, with its postcode if it stands there too."""
    text = text_of(cell)
    if len(text) > _LONGEST or not plain(text):
        return unread(Mark.PLACE)
    found = _POSTCODE.match(text)
    if found:
        return Reading(Address(postcode=found[1], place=text[found.end() :].strip(" ,")), (), whole=True)
    return Reading(Address(place=text), (), whole=True)


def read_postcode(cell: Cell) -> Reading[str]:
    """Five digits; a leading zero that a spreadsheet ate comes back."""
    text = text_of(cell).strip()
    if re.fullmatch(r"\d{4}", text) and not isinstance(cell, str):
        text = f"0{text}"
    return Reading(text, (), whole=True) if re.fullmatch(r"\d{5}", text) else unread(Mark.PLACE)
