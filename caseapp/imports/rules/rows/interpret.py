"""A data row through the mapping: what became fields, what is left over, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from caseapp.i18n import gettext as _
from caseapp.imports.rules.cells import Cell, Row, text_of
from caseapp.imports.rules.fields import CONTACTS
from caseapp.imports.rules.headings import NUMBERING, Column, Mapping
from caseapp.imports.rules.labels import says_nothing
from caseapp.imports.rules.rows.readers import Reader, Said, readers
from caseapp.imports.rules.rows.records import CellText, ClientRow, ContactRow
from caseapp.imports.rules.values.lookups import Lookups
from caseapp.imports.rules.values.names import is_formula
from caseapp.imports.rules.values.reading import Mark, Reading, unread

LONGEST_CELL = 32_767
"""What a cell may hold in the usual programs; a row with more is reported, not imported."""

_MEMORY = 100_000


class Interpreter:
    """Reads the data rows of one sheet; remembers cells that it has read before."""

    def __init__(self, mapping: Mapping, lookups: Lookups) -> None:
        self._kind = mapping.kind
        self._lookups = lookups
        self._columns = {column.index: column for column in mapping.columns}
        self._readers = readers(lookups, mapping.kind)
        self._memory: dict[tuple[str, type, Cell], Reading[Said]] = {}

    def read(self, row: Row, number: int) -> ClientRow | ContactRow:
        """The row as a record; `number` is its row in the file, from 1."""
        said: dict[str, Any] = {}
        taken: list[CellText] = []
        leftovers: list[CellText] = []
        marks: dict[Mark, None] = {}
        for at, cell in enumerate(row):
            if cell == "":
                continue
            column = self._columns.get(at) or Column(at, "")
            reading = self._reading(column.field, cell)
            added = reading.value is None or _add(said, reading.value)
            whole = reading.whole and added
            text = text_of(cell)
            (taken if whole else leftovers).append(
                CellText(at, column.heading or column_name(at), text, column.field if whole else "")
            )
            if reading.marks:
                marks |= dict.fromkeys(reading.marks)
            if isinstance(cell, str) and is_formula(cell):
                marks[Mark.FORMULA] = None
        finish: Callable[[dict[str, Any], dict[Mark, None], list[CellText]], list[str]]
        finish = self._finish_contact if self._kind == CONTACTS else self._finish_client
        problems = finish(said, marks, taken + leftovers)
        record = ContactRow if self._kind == CONTACTS else ClientRow
        return record(
            **said,
            number=number,
            taken=tuple(taken),
            leftovers=tuple(leftovers),
            marks=tuple(marks),
            problems=tuple(problems),
        )

    def _reading(self, field: str, cell: Cell) -> Reading[Said]:
        reader = self._readers.get(field)
        if reader is None or field == NUMBERING:
            return unread()
        key = (field, type(cell), cell)
        known = self._memory.get(key)
        if known is None:
            if len(self._memory) > _MEMORY:
                self._memory.clear()
            known = self._memory[key] = _read(reader, field, cell)
        return known

    def _finish_client(self, said: dict[str, Any], marks: dict[Mark, None], cells: list[CellText]) -> list[str]:
        if said.get("place") or said.get("postcode"):
            found = self._lookups.municipality(said.get("place", ""), said.get("postcode", ""))
            if found.ags:
                said["ags"] = found.ags
            else:
                marks[Mark.PLACE] = None
        problems = _problems_of_both(said, marks, cells)
        if len(cells) == 1 and not said.get("first_name") and not problems and len(self._columns) > 2:
            problems.append(
                _(
                    "In dieser Zeile steht nur „%(text)s“. Falls das eine Person ist, ergänzen Sie bitte eine weitere "
                    "Angabe.",
                    text=cells[0].text[:60],
                )
            )
        return problems

    def _finish_contact(self, said: dict[str, Any], marks: dict[Mark, None], cells: list[CellText]) -> list[str]:
        problems = _problems_of_both(said, marks, cells)
        day = said.get("day")
        written = next((cell.text for cell in cells if self._field_at(cell.column) == "day"), "")
        if day is None and written:
            problems.append(_("Das Datum „%(text)s“ ist nicht lesbar.", text=written[:40]))
        elif day is None:
            problems.append(_("Das Datum fehlt."))
        elif day.exact is None:
            problems.append(_("Beim Datum „%(text)s“ fehlt der Tag.", text=written[:40]))
        elif day.exact > self._lookups.today:
            problems.append(_("Das Datum %(text)s liegt in der Zukunft.", text=written[:40]))
        return problems

    def _field_at(self, at: int) -> str:
        column = self._columns.get(at)
        return column.field if column else ""


def _read(reader: Reader, field: str, cell: Cell) -> Reading[Said]:
    reading = reader(cell)
    silent = says_nothing(cell) and (reading.value is None or field == "birth")
    return unread() if silent else reading


def _add(said: dict[str, Any], more: Said) -> bool:
    """Joins what a cell says to what is known; False when another cell has said something else before."""
    fits = True
    for name, value in more.items():
        known = said.get(name)
        if known in (None, "", value):
            said[name] = value
        elif isinstance(known, tuple):
            said[name] = (*known, *(one for one in value if one not in known))
        elif name == "note":
            said[name] = f"{known}\n{value}"
        else:
            fits = False
    return fits


def _problems_of_both(said: dict[str, Any], marks: dict[Mark, None], cells: list[CellText]) -> list[str]:
    problems = [
        _(
            "In der Spalte „%(column)s“ stehen %(length)s Zeichen; möglich sind %(limit)s. Bitte kürzen Sie den Text.",
            column=cell.heading[:60],
            length=len(cell.text),
            limit=LONGEST_CELL,
        )
        for cell in cells
        if len(cell.text) > LONGEST_CELL
    ]
    last, first = said.get("last_name", ""), said.get("first_name", "")
    if not last and not first:
        problems.append(_("Kein Name gefunden. Bitte ergänzen Sie Nachname oder Vorname."))
    elif not last or not first:
        marks[Mark.NAME] = None
    return problems


def column_name(at: int) -> str:
    """ "Spalte P" for a column without a heading."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return _("Spalte %(letters)s", letters=letters)
