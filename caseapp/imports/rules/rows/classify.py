"""Which rows hold data: tells titles, empty rows, sums and repeated headings from them."""

from __future__ import annotations

import re
from enum import StrEnum

from caseapp.imports.rules.cells import Cell, Row, plain, text_of
from caseapp.imports.rules.headings import NUMBERING, Mapping
from caseapp.imports.rules.headings.evidence import has_comma_name
from caseapp.imports.rules.labels import is_footer_label, is_sum_label
from caseapp.imports.rules.values.lookups import Lookups


class RowKind(StrEnum):
    """Only DATA is imported or reported; the others are skipped and counted."""

    DATA = "data"
    TITLE = "title"
    EMPTY = "empty"
    SUM = "sum"


_GROUP = re.compile(
    r"(?:gemeinde|stadt|ortsteil|ort|familien?|gruppe|haus|unterkunft|gu|au|teil|abschnitt|blatt|monat|jahr|quartal) .+"
    r"|kw .+|(?:neuzugaenge|abgaenge|zugaenge|ehemalige|archiv|beendet|abgeschlossen|warteliste|aktive?)\b.*"
)
_NAMES = ("full_name", "given_first_name", "last_name", "first_name")
_LONGEST_NAME = 40
_FEW_COLUMNS = 2
_SAME_HEADINGS = 0.6
_FOOTER_CELLS = 3


class Classifier:
    """Tells the kind of each row of one sheet."""

    def __init__(self, mapping: Mapping, lookups: Lookups) -> None:
        self._first = mapping.first_data_row
        self._headings = [plain(column.heading) for column in mapping.columns]
        self._narrow = sum(map(bool, self._headings)) <= _FEW_COLUMNS
        fields = mapping.fields
        self._numbering = fields.get(NUMBERING, -1)
        self._names = {fields[name] for name in _NAMES if name in fields}
        self._lookups = lookups

    def kind_of(self, row: Row, place: int) -> RowKind:
        """The kind of the row at `place` (from 0) of the sheet."""
        filled = [(at, cell) for at, cell in enumerate(row) if cell != ""]
        if not filled:
            return RowKind.EMPTY
        if place < self._first or self._repeats_headings(filled) or self._is_footer(filled):
            return RowKind.TITLE
        if self._is_only_numbered(filled):
            return RowKind.EMPTY
        if self._is_sum(filled):
            return RowKind.SUM
        return RowKind.TITLE if len(filled) == 1 and self._is_title(*filled[0]) else RowKind.DATA

    def _is_only_numbered(self, filled: list[tuple[int, Cell]]) -> bool:
        """Rows numbered beforehand, with nothing behind the number."""
        return len(filled) == 1 and filled[0][0] == self._numbering and _is_number(text_of(filled[0][1]))

    def _repeats_headings(self, filled: list[tuple[int, Cell]]) -> bool:
        same = sum(
            1 for at, cell in filled if at < len(self._headings) and plain(text_of(cell)) == self._headings[at] != ""
        )
        return same >= max(1, _SAME_HEADINGS * len(filled))

    def _is_sum(self, filled: list[tuple[int, Cell]]) -> bool:
        labelled = False
        for _at, cell in filled:
            text = text_of(cell)
            if not any(map(str.isalpha, text)):
                continue
            if not is_sum_label(text) and not text.endswith(":"):
                return False
            labelled = labelled or is_sum_label(text)
        places = {at for at, _cell in filled}
        numbers = all(isinstance(cell, int | float) or _is_number(text_of(cell)) for _at, cell in filled)
        return labelled or (numbers and self._numbering not in places and not places & self._names and not self._narrow)

    def _is_footer(self, filled: list[tuple[int, Cell]]) -> bool:
        return len(filled) <= _FOOTER_CELLS and is_footer_label(text_of(filled[0][1]))

    def _is_title(self, at: int, cell: Cell) -> bool:
        """Whether a lone cell heads a group of rows; any other stays data, and is imported or reported."""
        text = text_of(cell)
        if self._narrow or has_comma_name(text):
            return False
        if text.endswith(":") or _GROUP.fullmatch(plain(text)):
            return True
        if at not in self._names:
            return at == 0 and any(map(str.isalpha, text))
        long_or_numbered = len(text) > _LONGEST_NAME or any(map(str.isdigit, text))
        return long_or_numbered or bool(self._lookups.municipality(text, "").candidates)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d.,\s]+\s*[%€]?", text))
