"""Code lists: one CSV file a list, each row a code with its labels and the days on which it may be chosen."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from caseapp.errors import ConfigurationError

_COLUMNS = ("code", "de", "en", "valid_from", "valid_to", "sort")
_CODE = re.compile(r"[A-Za-z0-9_]{1,12}")


class CodeListError(ConfigurationError):
    """A shipped list cannot be used; the message names file, line and reason."""


class Code(Struct, frozen=True, kw_only=True):
    """One row of a list. A code may have several rows, one after the other: its label or its extras changed.

    `valid_from` and `valid_to` are inclusive; None means without limit. `extra` holds the list's own columns as text.
    """

    list: str
    code: str
    de: str
    en: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    sort: int = 0
    extra: dict[str, str] = {}

    def label(self, locale: str = "de") -> str:
        """The label in German for locale "de", else in English."""
        return self.de if locale.startswith("de") else self.en

    def is_valid(self, on: dt.date) -> bool:
        """Whether the code may be chosen for a record of this day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def says(self, column: str) -> bool:
        """Whether the extra column says "yes". Raises KeyError for a column that the list does not have."""
        return self.extra[column] == "yes"

    def as_row(self) -> dict[str, str]:
        """The line of the file this row came from: every column as text, an open day as ""."""
        own = {
            "code": self.code,
            "de": self.de,
            "en": self.en,
            "valid_from": self.valid_from.isoformat() if self.valid_from else "",
            "valid_to": self.valid_to.isoformat() if self.valid_to else "",
            "sort": str(self.sort),
        }
        return {**own, **self.extra}


class Catalogue:
    """All lists, indexed by code. Made once at the start, then only read."""

    def __init__(self, lists: dict[str, tuple[Code, ...]]) -> None:
        self._lists = lists
        self._rows: dict[tuple[str, str], tuple[Code, ...]] = {}
        for name, codes in lists.items():
            for code in sorted(codes, key=lambda row: row.valid_from or dt.date.min):
                self._rows[name, code.code] = (
                    *self._rows.get((name, code.code), ()),
                    code,
                )

    def names(self) -> tuple[str, ...]:
        """The names of all lists, sorted."""
        return tuple(sorted(self._lists))

    def rows(self, name: str) -> tuple[Code, ...]:
        """All rows of a list in its order. Raises KeyError."""
        return self._lists[name]

    def choices(self, name: str, on: dt.date, *, hidden: Iterable[str] = ()) -> tuple[Code, ...]:
        """What a form offers for a record of this day, in the list's order, without what the office hides."""
        left_out = frozenset(hidden)
        return tuple(code for code in self._lists[name] if code.is_valid(on) and code.code not in left_out)

    def find(self, name: str, code: str, on: dt.date | None = None) -> Code | None:
        """The row in force on the day (without a day: the newest), else the row nearest before or after, else None."""
        rows = self._rows.get((name, code))
        if not rows:
            return None
        if on is None:
            return rows[-1]
        begun = [row for row in rows if row.valid_from is None or row.valid_from <= on]
        return begun[-1] if begun else rows[0]

    def label(self, name: str, code: str, on: dt.date | None = None, locale: str = "de") -> str:
        """The label of a stored code by the record's date. An unknown code is shown as it is: a page must not break."""
        row = self.find(name, code, on)
        return row.label(locale) if row else code

    def is_valid(self, name: str, code: str, on: dt.date) -> bool:
        """Whether this code may be stored in a record of this day: for a title, the day on which it was issued."""
        return any(row.is_valid(on) for row in self._rows.get((name, code), ()))


def load_catalogue(folder: Path) -> Catalogue:
    """The catalogue from a folder of lists. Raises CodeListError."""
    return Catalogue(load_code_lists(folder))


def load_code_lists(folder: Path) -> dict[str, tuple[Code, ...]]:
    """Every `*.csv` of the folder as list name -> rows in the list's order.

    Raises CodeListError for a missing column or label, a bad date or number, and for a code whose rows overlap.
    """
    lists = {path.stem: _load_list(path) for path in sorted(folder.glob("*.csv"))}
    if not lists:
        raise CodeListError(f"{folder}: keine Codelisten gefunden.")
    return lists


def _load_list(path: Path) -> tuple[Code, ...]:
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        if tuple(reader.fieldnames or ())[: len(_COLUMNS)] != _COLUMNS:
            raise CodeListError(f"{path.name}: die ersten Spalten müssen {', '.join(_COLUMNS)} heißen.")
        codes = [_read_row(path, reader.line_num, row) for row in reader]
    _check_overlaps(path, codes)
    return tuple(sorted(codes, key=lambda code: (code.sort, code.code)))


def _read_row(path: Path, line: int, row: dict[str, str | None]) -> Code:
    cells = {column: cell for column, cell in row.items() if isinstance(cell, str)}
    if len(cells) != len(row):
        raise CodeListError(f"{path.name}, Zeile {line}: Anzahl der Spalten stimmt nicht.")
    if not _CODE.fullmatch(cells["code"]) or not cells["de"] or not cells["en"]:
        raise CodeListError(f"{path.name}, Zeile {line}: Code oder Bezeichnung fehlt oder ist ungültig.")
    try:
        return Code(
            list=path.stem,
            code=cells["code"],
            de=cells["de"],
            en=cells["en"],
            valid_from=_day(cells["valid_from"]),
            valid_to=_day(cells["valid_to"]),
            sort=int(cells["sort"]),
            extra={column: cell for column, cell in cells.items() if column not in _COLUMNS},
        )
    except ValueError as error:
        raise CodeListError(f"{path.name}, Zeile {line}: Datum oder Reihenfolge ungültig.") from error


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _check_overlaps(path: Path, codes: list[Code]) -> None:
    in_time = sorted(codes, key=lambda code: (code.code, code.valid_from or dt.date.min))
    for code in in_time:
        if code.valid_from and code.valid_to and code.valid_to < code.valid_from:
            raise CodeListError(f"{path.name}: {code.code} endet, bevor es beginnt.")
    for earlier, later in pairwise(in_time):
        if earlier.code == later.code and (earlier.valid_to or dt.date.max) >= (later.valid_from or dt.date.min):
            raise CodeListError(f"{path.name}: {later.code} ist für denselben Tag zweimal angegeben.")
