"""XLSX, ODS and XLS through a child process with bounded memory and time."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec

from caseapp.imports.rules.cells import Cell, Row, clean_text
from caseapp.imports.rules.tables import opened
from caseapp.imports.rules.tables.delimited import trimmed
from caseapp.imports.rules.tables.limits import Limits
from caseapp.imports.rules.tables.refusals import BrokenFileError, ProtectedFileError, TooManyCellsError

_Portable = str | int | float | bool | dict[str, str | float] | None
Span = tuple[tuple[int, int], tuple[int, int]]
RawSheet = tuple[str, bool, list[list[_Portable]], list[Span]]
_decoder = msgspec.msgpack.Decoder(list[RawSheet])


def raw_sheets(content: bytes, limits: Limits) -> list[RawSheet]:
    """What the child read. Raises BrokenFileError, ProtectedFileError or TooManyCellsError."""
    bounds = (limits.seconds, limits.rows, limits.columns, limits.cells)
    command = [sys.executable, "-I", str(Path(opened.__file__)), *map(str, bounds)]
    try:
        # The command is this interpreter and a file of this package; the content only goes to standard input.
        child = subprocess.run(command, input=content, capture_output=True, timeout=limits.seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise BrokenFileError from None
    if child.returncode == opened.PROTECTED:
        raise ProtectedFileError
    if child.returncode == opened.TOO_LARGE:
        raise TooManyCellsError(limits.rows, limits.columns)
    if child.returncode:
        raise BrokenFileError
    return _decoder.decode(child.stdout)


def rows_of(sheet: RawSheet, limits: Limits) -> list[Row]:
    """The sheet's rows; a cell merged downwards is repeated in each row that it spans. Raises TooManyCellsError."""
    _name, _visible, raw, merged = sheet
    left_to_fill = limits.cells
    for (top, left), (bottom, right) in merged:
        if left == right and top < bottom < len(raw) and left < len(raw[top]):
            left_to_fill -= bottom - top
            if left_to_fill < 0:  # merged areas cannot overlap, except in a crafted file
                raise TooManyCellsError(limits.rows, limits.columns)
            for at in range(top + 1, bottom + 1):
                raw[at][left] = raw[at][left] or raw[top][left]
    rows = [trimmed(tuple(map(_cell, row))) for row in raw]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(value: _Portable) -> Cell:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return _moment(value)
    return "" if value is None else value


def _moment(tagged: dict[str, str | float]) -> Cell:
    ((tag, value),) = tagged.items()
    if tag == "s":
        return timedelta(seconds=float(value))
    if tag == "dt":
        return datetime.fromisoformat(str(value))
    return date.fromisoformat(str(value)) if tag == "d" else time.fromisoformat(str(value))
