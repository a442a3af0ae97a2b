"""Spreadsheets made for a test, and the shipped code lists and places."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from caseapp.catalogue.rules import load_code_lists
from caseapp.imports.rules.cells import Cell
from caseapp.imports.rules.headings import Mapping, guesses
from caseapp.imports.rules.rows import SheetRows, read_rows
from caseapp.imports.rules.tables import Sheet, read_workbook
from caseapp.imports.rules.values.lookups import Lookups
from caseapp.places.rules import load_gazetteer

TODAY = dt.date(2026, 11, 22)
SAMPLES = Path(__file__).with_name("samples")
CONFIG = Path(__file__).parents[2] / "config"
LIST = [["Nachname", "Vorname", "Straße"], ["Müller", "Özlem", "Größe 5"], ["Schäfer", "Jürgen", "Rößlegasse 1"]]

Rows = Sequence[Sequence[Cell]]


@cache
def lookups() -> Lookups:
    """The shipped lists on the test's day, for an office in the Bodenseekreis."""
    lists = {name: [code.as_row() for code in codes] for name, codes in load_code_lists(CONFIG / "codelists").items()}
    return Lookups(lists, load_gazetteer(CONFIG / "places"), TODAY, district="08435")


def xlsx(*sheets: tuple[str, Rows], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """An .xlsx file; dates become real dates, texts that look like formulas stay texts."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for top, left, bottom, right in merged:
                sheet.merge_range(top, left, bottom, right, rows[top][left])
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, dt.date | dt.time):
                        sheet.write_datetime(r, c, cell, day)
                    elif isinstance(cell, str) and cell:
                        sheet.write_string(r, c, cell)
                    elif cell != "":
                        sheet.write(r, c, cell)
    return target.getvalue()


def ods(rows: Rows) -> bytes:
    """An .ods file with one sheet."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="Liste")
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(_ods_cell(cell))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    target = io.BytesIO()
    document.write(target)
    return target.getvalue()


def _ods_cell(cell: Cell) -> TableCell:
    if isinstance(cell, dt.date):
        return TableCell(valuetype="date", datevalue=cell.isoformat())
    if isinstance(cell, int | float):
        return TableCell(valuetype="float", value=str(cell))
    if cell == "":
        return TableCell()
    made = TableCell(valuetype="string")
    made.addElement(P(text=str(cell)))
    return made


def csv(rows: Sequence[Sequence[str]], separator: str = ";", encoding: str = "utf-8") -> bytes:
    """A text file with quotes where they are needed."""

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in (separator, '"', "\n")) else cell

    return "\r\n".join(separator.join(map(quoted, row)) for row in rows).encode(encoding)


def patched(content: bytes, change: Callable[[bytes], bytes], where: str = "") -> bytes:
    """The zip file with `change(part)` in place of each part whose name holds `where`."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if where in name else old.read(name))
    return target.getvalue()


def read(content: bytes, name: str = "liste", kind: str = "") -> tuple[Mapping, SheetRows]:
    """The best guess for the file and what its rows say with it."""
    workbook = read_workbook(content, name)
    guess = guesses(workbook, lookups(), kind)[0]
    return guess.mapping, read_rows(workbook.sheets[guess.sheet], guess.mapping, lookups())


def sheet_of(rows: Rows) -> Sheet:
    """A sheet without a file."""
    return Sheet("Liste", tuple(tuple(row) for row in rows))


def mapped(mapping: Mapping) -> dict[str, str]:
    """Heading -> field."""
    return {column.heading: column.field for column in mapping.columns}
