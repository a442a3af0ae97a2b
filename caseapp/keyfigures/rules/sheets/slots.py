"""Which cell of the workbook takes which number, and what is wrong about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures.rules.fields import Book, Dimension
from caseapp.keyfigures.rules.sheets.grid import MOST_COLUMNS, MOST_ROWS, kind_of

# What a cell may hold beside numbers: texts, written as texts.
WORKER, CARRIER, YEAR = "IM", "TRAEGER", "JAHR"
TEXTS = (WORKER, CARRIER, YEAR)
_TOWN = re.compile(r"08\d{6}")
_PLACE = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,3}")


class Slot(msgspec.Struct, frozen=True, order=True, kw_only=True):
    """A cell and its number: the field, or one class of a breakdown of it.

    `down`: the first of several rows, one for each Integrationsmanager; else the number of the whole applicant.
    """

    sheet: str
    place: str
    field: str
    dimension: str = ""
    cls: str = ""
    down: bool = False


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a slot cannot be filled, in German."""

    slot: Slot
    message: str


def write_slots(slots: Iterable[Slot]) -> bytes:
    """The slots in one order, as they are stored."""
    return msgspec.msgpack.encode(sorted(slots))


def read_slots(data: bytes) -> tuple[Slot, ...]:
    """Stored slots; none for empty bytes."""
    return msgspec.msgpack.decode(data, type=tuple[Slot, ...]) if data else ()


def place_of(text: str) -> str:
    """`b5` -> `B5`. Raises RuleError on `place` for what is no cell of the shown grid."""
    place = text.strip().upper().replace("$", "")
    if not _PLACE.fullmatch(place):
        raise RuleError(_("Eine Zelle sieht so aus: B5. „%(text)s“ ist keine.", text=text.strip()[:20]), field="place")
    column, row, _column, _row = range_boundaries(place)
    if (column or 0) > MOST_COLUMNS or (row or 0) > MOST_ROWS:
        raise RuleError(_("Die Zelle %(place)s liegt außerhalb der Vorlage.", place=place), field="place")
    return place


def troubles(book: Workbook, slots: Sequence[Slot], fields: Book) -> list[Trouble]:
    """Everything that keeps a slot from being filled; nothing is dropped, each one can be put right or removed."""
    found: list[Trouble] = []
    taken: dict[tuple[str, str], Slot] = {}
    for slot in sorted(slots):
        message = _cell_trouble(book, slot) or _field_trouble(fields, slot)
        before = taken.setdefault((slot.sheet, slot.place), slot)
        if not message and before is not slot:
            message = _("In %(place)s stehen zwei Felder. Behalten Sie eines.", place=slot.place)
        if message:
            found.append(Trouble(slot=slot, message=message))
    return found


def _cell_trouble(book: Workbook, slot: Slot) -> str:
    sheet = find_sheet(book, slot.sheet)
    if sheet is None:
        return _("Das Blatt „%(sheet)s“ gibt es in dieser Datei nicht.", sheet=slot.sheet)
    try:
        place = place_of(slot.place)
    except RuleError as refusal:
        return str(refusal)
    cell = sheet[place]
    if isinstance(cell, MergedCell):
        head = next(merged.coord.split(":")[0] for merged in sheet.merged_cells if place in merged)
        return _(
            "%(place)s gehört zu einer verbundenen Zelle. Nehmen Sie deren erste: %(head)s.", place=place, head=head
        )
    if kind_of(cell.value) == "formula":
        return _(
            "In %(place)s rechnet eine Formel. Sie bleibt, wie sie ist. Nehmen Sie eine andere Zelle.", place=place
        )
    if kind_of(cell.value) == "text" and slot.field not in TEXTS:
        return _("In %(place)s steht schon ein Text. Eine Zahl würde ihn überschreiben.", place=place)
    return ""


def _field_trouble(fields: Book, slot: Slot) -> str:
    if slot.field in TEXTS:
        if slot.field == WORKER and not slot.down:
            return _("Namen brauchen mehrere Zeilen. Wählen Sie „eine Zeile je Integrationsmanager“.")
        return ""
    field = fields.field(slot.field)
    if field is None:
        return _("Das Feld „%(field)s“ gibt es %(year)s nicht.", field=slot.field, year=fields.year)
    if slot.dimension and slot.dimension not in field.dimensions:
        return _("„%(field)s“ hat diese Aufteilung nicht. Dafür gibt es keine Zahlen.", field=field.de)
    if slot.dimension and not _has_class(fields.dimensions[slot.dimension], slot.cls):
        return _("„%(dimension)s“ hat diese Zeile nicht.", dimension=fields.dimensions[slot.dimension].de)
    return ""


def _has_class(dimension: Dimension, code: str) -> bool:
    is_town = dimension.source == "municipalities" and _TOWN.fullmatch(code) is not None
    return is_town or dimension.find(code) is not None


def find_sheet(book: Workbook, title: str) -> Worksheet | None:
    """The sheet with this title, or None."""
    return next((sheet for sheet in book.worksheets if sheet.title == title), None)
