"""What a cell may be, from the words beside and above it. A proposal, never more: a person takes it over."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from caseapp.keyfigures.rules.fields import Book, Field
from caseapp.keyfigures.rules.sheets.grid import MOST_COLUMNS, MOST_ROWS, kind_of
from caseapp.keyfigures.rules.sheets.slots import Slot

_NOISE = re.compile(r"[^0-9a-zäöüß§+]+")
_DAVON = re.compile(r"^(davon|darunter|anzahl( der)?|summe( der)?|gesamt(zahl)?( der)?)\b")


def propose(book: Workbook, fields: Book, taken: Iterable[Slot] = ()) -> tuple[Slot, ...]:
    """Slots for empty cells whose words name a field, or a class of one. Cells that have a slot already are left."""
    held = {(slot.sheet, slot.place) for slot in taken}
    words = _Words(fields)
    found: list[Slot] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            found += [slot for slot in _of_sheet(sheet, words) if (slot.sheet, slot.place) not in held]
    return tuple(found)


class _Words:
    """Plain words -> fields and classes."""

    def __init__(self, fields: Book) -> None:
        self.book = fields
        self.fields = {plain(word): field for field in fields.fields for word in (field.de, *field.aliases)}
        self.dimensions = {
            plain(word): each.code for each in fields.dimensions.values() for word in (each.de, *each.aliases)
        }
        self.classes: dict[str, list[tuple[str, str]]] = {}
        for dimension in fields.dimensions.values():
            for each in dimension.classes:
                for word in dict.fromkeys(plain(text) for text in (each.de, *each.aliases)):
                    self.classes.setdefault(word, []).append((dimension.code, each.code))


def plain(text: str) -> str:
    """Words to compare: small letters, no marks, without "davon" and the like."""
    words = _NOISE.sub(" ", text.casefold().replace("–", "-").replace("-", " ")).strip()
    return _DAVON.sub("", words).strip() or words


def _of_sheet(sheet: Worksheet, words: _Words) -> list[Slot]:
    found: list[Slot] = []
    for row in range(1, min(sheet.max_row, MOST_ROWS) + 1):
        for column in range(1, min(sheet.max_column + 1, MOST_COLUMNS) + 1):
            cell = sheet.cell(row, column)
            if isinstance(cell, MergedCell) or kind_of(cell.value) not in ("empty", "number"):
                continue
            left, above = _left(sheet, row, column), _above(sheet, row, column)
            slot = _slot(sheet, cell.coordinate, words, left, above)
            if slot is not None:
                found.append(slot)
    return found


def _slot(sheet: Worksheet, place: str, words: _Words, left: list[str], above: list[str]) -> Slot | None:
    """`left`: the nearest text in the row, then the texts over it; `above`: the texts over the cell, nearest first."""
    if not left:
        return None
    field = words.fields.get(left[0])
    if field is not None:
        code = _class(words, field, above[:1], _dimension(words, above[1:]))
        if above and code is None and above[0] in words.classes:
            return None
        return Slot(
            sheet=sheet.title, place=place, field=field.code, dimension=(code or ("", ""))[0], cls=(code or ("", ""))[1]
        )
    candidates = [words.fields[text] for text in (*above, *left[1:]) if text in words.fields]
    candidates = candidates or [each for each in words.book.fields if each.dimensions]
    near = _dimension(words, left[1:])
    for each in candidates:
        code = _class(words, each, left[:1], near)
        if code is not None:
            return Slot(sheet=sheet.title, place=place, field=each.code, dimension=code[0], cls=code[1])
    return None


def _dimension(words: _Words, texts: list[str]) -> str:
    """The breakdown that the nearest of these texts speaks of: by its name, or by a class that only it has."""
    for text in texts:
        if text in words.dimensions:
            return words.dimensions[text]
        named = {dimension for dimension, _code in words.classes.get(text, ())}
        if len(named) == 1:
            return named.pop()
    return ""


def _class(words: _Words, field: Field, texts: list[str], near: str) -> tuple[str, str] | None:
    """The class that the text names, of a breakdown of the field; of several the one whose heading is nearest."""
    for text in texts:
        fitting = [pair for pair in words.classes.get(text, ()) if pair[0] in field.dimensions]
        if near and any(pair[0] == near for pair in fitting):
            return next(pair for pair in fitting if pair[0] == near)
        if len(fitting) == 1:
            return fitting[0]
    return None


def _left(sheet: Worksheet, row: int, column: int) -> list[str]:
    """The nearest text in the row and the texts over it. A cell without a heading of its own stands directly behind
    its words, so that the empty rest of a row is not proposed."""
    headed = _has_heading(sheet, row, column)
    for number in range(column - 1, 0, -1):
        cell = sheet.cell(row, number)
        if kind_of(cell.value) == "text":
            if not headed and number > 1 and kind_of(sheet.cell(row, number - 1).value) == "text":
                return []  # the end of a row of headings
            return [plain(str(cell.value)), *_above(sheet, row, number)]
        if not headed and not isinstance(cell, MergedCell):
            return []
    return []


def _has_heading(sheet: Worksheet, row: int, column: int) -> bool:
    return any(kind_of(sheet.cell(number, column).value) == "text" for number in range(row - 1, 0, -1))


def _above(sheet: Worksheet, row: int, column: int) -> list[str]:
    values = (sheet.cell(number, column).value for number in range(row - 1, 0, -1))
    return [plain(str(value)) for value in values if kind_of(value) == "text"]
