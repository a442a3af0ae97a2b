"""The workbook with the numbers in it. Numbers are numbers, texts are never formulas, formulas stay."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.rules.sheets.grid import kind_of
from caseapp.keyfigures.rules.sheets.slots import CARRIER, WORKER, YEAR, Slot, find_sheet, troubles
from caseapp.keyfigures.rules.totals import NOBODY, TOTAL, Cell, Totals

# The mark of German official statistics for "unknown or to be kept secret".
HIDDEN = "."
NOT_FOR_PUBLICATION = "Nicht zur Veröffentlichung"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """The workbook as a file. `written`: how many cells; `hidden`: how many of them are below the threshold."""

    content: bytes
    written: int
    hidden: int


def fill(book: Workbook, slots: Sequence[Slot], fields: Book, totals: Totals, *, carrier: str) -> Filled:
    """Fill every slot. Raises RuleError naming the first cell that cannot be filled; then nothing is made."""
    wrong = troubles(book, slots, fields)
    if wrong:
        raise RuleError(f"{wrong[0].slot.sheet}: {wrong[0].message}")
    values, hidden = totals.as_dict(), frozenset(totals.hidden)
    taken: set[tuple[str, str]] = set()
    written = withheld = 0
    for slot in slots:
        sheet = find_sheet(book, slot.sheet)
        assert sheet is not None  # noqa: S101  # `troubles` has looked
        for cell, who in _targets(sheet, slot, totals):
            _claim(taken, sheet, cell)
            value = _value(slot, who, fields, totals, carrier, values, hidden)
            written += 1
            withheld += value is HIDDEN
            _write(cell, value)
    for sheet in book.worksheets:
        if sheet.oddFooter is not None:
            sheet.oddFooter.center.text = NOT_FOR_PUBLICATION
    book.calculation.fullCalcOnLoad = True  # what the file's formulas had computed is of the empty form
    target = io.BytesIO()
    book.save(target)
    return Filled(target.getvalue(), written, withheld)


def _targets(sheet: Worksheet, slot: Slot, totals: Totals) -> list[tuple[SheetCell, str]]:
    first = sheet[slot.place]
    if not slot.down:
        return [(first, TOTAL)]
    targets: list[tuple[SheetCell, str]] = []
    for number, who in enumerate(totals.workers):
        cell = sheet.cell(first.row + number, first.column)
        if isinstance(cell, MergedCell) or (number and kind_of(cell.value) in ("text", "formula")):
            raise RuleError(
                _(
                    "Blatt „%(sheet)s“: Für %(count)s Integrationsmanager reicht der Platz ab %(place)s nicht, in "
                    "%(cell)s steht schon etwas. Fügen Sie in der Vorlage Zeilen ein.",
                    sheet=sheet.title,
                    count=len(totals.workers),
                    place=slot.place,
                    cell=cell.coordinate,
                )
            )
        targets.append((cell, who))
    return targets


def _claim(taken: set[tuple[str, str]], sheet: Worksheet, cell: SheetCell) -> None:
    key = (sheet.title, cell.coordinate)
    if key in taken:
        raise RuleError(
            _(
                "Blatt „%(sheet)s“: In %(cell)s sollen zwei Zahlen stehen, weil eine Spalte mit einer Zeile je "
                "Integrationsmanager dorthin reicht.",
                sheet=sheet.title,
                cell=cell.coordinate,
            )
        )
    taken.add(key)


def _value(  # one look-up a slot, with everything it may name
    slot: Slot,
    who: str,
    fields: Book,
    totals: Totals,
    carrier: str,
    values: dict[Cell, int],
    hidden: frozenset[Cell],
) -> int | str:
    if slot.field == WORKER:
        return _("ohne Zuordnung") if who == NOBODY else dict(totals.names).get(who, who)
    if slot.field == CARRIER:
        return carrier
    if slot.field == YEAR:
        return fields.year
    cell = Cell(who, slot.field, slot.dimension, slot.cls)
    if cell in hidden or (who != TOTAL and slot.dimension and not totals.parts_workers):
        return HIDDEN
    return values.get(cell, 0)


def _write(cell: SheetCell, value: int | str) -> None:
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = "".join(char for char in value if char.isprintable())[:_LONGEST]
    # A name that begins with "=" stays a name.
    cell.data_type = "s"
    if cell.value.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def read_numbers(book: Workbook, slots: Sequence[Slot]) -> dict[Slot, object]:
    """What stands in the cells of single numbers: for checking a filled file."""
    found: dict[Slot, object] = {}
    for slot in slots:
        sheet = find_sheet(book, slot.sheet)
        if sheet is not None and not slot.down:
            found[slot] = sheet[slot.place].value
    return found
