"""A workbook as a grid to look at: texts, merged cells, formulas, and what may be filled."""

from __future__ import annotations

import io
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from caseapp.i18n import gettext as _
from caseapp.keyfigures.rules.sheets.archive import WorkbookRefusedError, check_archive

MOST_ROWS, MOST_COLUMNS = 300, 60
MOST_SHEETS = 12


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell. `kind`: "text", "number", "formula", "empty". `columns` and `rows`: how far a merged one reaches."""

    place: str
    text: str
    kind: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. Rows hold only what is drawn: cells covered by a merged one are left out."""

    sheet: str
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[GridCell, ...]], ...]


def open_workbook(content: bytes) -> Workbook:
    """The workbook, checked first. Formulas stay formulas. Raises WorkbookRefusedError."""
    check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), keep_links=False)
    except (InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError):
        raise WorkbookRefusedError(
            _("Die Datei lässt sich nicht lesen. Speichern Sie die Vorlage in Ihrem Tabellenprogramm neu als .xlsx.")
        ) from None
    if not book.worksheets or len(book.worksheets) > MOST_SHEETS:
        raise WorkbookRefusedError(_("Die Vorlage braucht ein bis %(most)s Tabellenblätter.", most=MOST_SHEETS))
    return book


def grids_of(book: Workbook) -> list[Grid]:
    """All visible sheets, each as far as something stands in it."""
    return [_grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _grid(sheet: Worksheet) -> Grid:
    height, width = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
    spans = {merged.coord.split(":")[0]: (merged.size["columns"], merged.size["rows"]) for merged in sheet.merged_cells}
    rows: list[tuple[int, tuple[GridCell, ...]]] = []
    for number in range(1, height + 1):
        cells = [sheet.cell(number, column) for column in range(1, width + 1)]
        drawn = tuple(
            GridCell(cell.coordinate, _text(cell.value), kind_of(cell.value), *spans.get(cell.coordinate, (1, 1)))
            for cell in cells
            if not isinstance(cell, MergedCell)
        )
        rows.append((number, drawn))
    return Grid(sheet.title, tuple(get_column_letter(column) for column in range(1, width + 1)), tuple(rows))


def kind_of(value: object) -> str:
    """What stands in a cell, for looking at it."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, str):
        return "formula" if value.startswith("=") else "text"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else _other(value)


def _other(value: object) -> str:
    # Array formulas and data tables are objects of openpyxl; days are texts for looking at them.
    return "formula" if type(value).__module__.startswith("openpyxl") else "text"


def _text(value: object) -> str:
    if value is None:
        return ""
    if kind_of(value) == "formula":
        return _("Formel")
    return str(value)[:200]
