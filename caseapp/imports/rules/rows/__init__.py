"""Rows of a sheet -> typed records, and how many rows were skipped as titles, empty rows and sums."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from caseapp.imports.rules.headings import Mapping
from caseapp.imports.rules.rows.classify import Classifier, RowKind
from caseapp.imports.rules.rows.interpret import LONGEST_CELL, Interpreter
from caseapp.imports.rules.rows.records import CellText, ClientRow, ContactRow, DataRow
from caseapp.imports.rules.tables import Sheet
from caseapp.imports.rules.values.lookups import Lookups

R = TypeVar("R", bound=DataRow)

__all__ = [
    "LONGEST_CELL",
    "CellText",
    "ClientRow",
    "ContactRow",
    "DataRow",
    "RowKind",
    "SheetRows",
    "keep_as_text",
    "read_rows",
]


class SheetRows(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` are all data rows, those with problems too; the numbers count skipped rows (headings are titles)."""

    rows: tuple[ClientRow | ContactRow, ...]
    titles: int = 0
    empty: int = 0
    sums: int = 0


def read_rows(sheet: Sheet, mapping: Mapping, lookups: Lookups) -> SheetRows:
    """Every row of the sheet, either as a record or counted as skipped."""
    classifier, interpreter = Classifier(mapping, lookups), Interpreter(mapping, lookups)
    counts = dict.fromkeys(RowKind, 0)
    rows = []
    for place, row in enumerate(sheet.rows):
        kind = classifier.kind_of(row, place)
        counts[kind] += 1
        if kind is RowKind.DATA:
            rows.append(interpreter.read(row, place + 1))
    return SheetRows(
        rows=tuple(rows), titles=counts[RowKind.TITLE], empty=counts[RowKind.EMPTY], sums=counts[RowKind.SUM]
    )


def keep_as_text(row: R, fields: frozenset[str]) -> R:
    """The row with the cells of `fields` moved to the leftovers: for fields that the caller has no place for."""
    moved = [msgspec.structs.replace(cell, field="") for cell in row.taken if cell.field in fields]
    left = tuple(sorted((*row.leftovers, *moved), key=lambda cell: cell.column))
    taken = tuple(cell for cell in row.taken if cell.field not in fields)
    return msgspec.structs.replace(row, taken=taken, leftovers=left)
