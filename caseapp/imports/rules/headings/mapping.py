"""Which column becomes which field: guessed, shown, corrected, saved per office and applied again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping as ReadOnly

import msgspec

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports.rules.cells import plain
from caseapp.imports.rules.fields import FIELDS, KEEP, field_label

NUMBERING = "number"
"""Field of a running number: kept like any column without a field, but it does not fill a row."""


class MappingError(RuleError):
    """A correction names a field that does not exist here, or gives one field to two columns."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="mapping")


class Column(msgspec.Struct, frozen=True):
    """A column by its place from 0, its heading word for word, and its field (`KEEP` for none)."""

    index: int
    heading: str
    field: str = KEEP


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How one sheet is read. Rows count from 0; `header_rows` is 0 for a sheet without headings."""

    kind: str
    header: int
    header_rows: int
    columns: tuple[Column, ...]

    @property
    def first_data_row(self) -> int:
        """Place of the first row behind the headings."""
        return self.header + self.header_rows

    @property
    def fields(self) -> dict[str, int]:
        """Field -> place of its first column."""
        return {column.field: column.index for column in reversed(self.columns) if column.field}

    @property
    def signature(self) -> str:
        """The same for every file with the same headings, in whatever order: the key of a saved mapping."""
        words = sorted(key for key in map(_heading_key, self.columns) if key)
        return hashlib.sha256("\n".join((self.kind, *words)).encode()).hexdigest()[:32]


def _heading_key(column: Column) -> str:
    return plain(column.heading)


def saved_fields(mapping: Mapping) -> dict[str, str]:
    """What an office saves: heading in plain form (with "#2" for its second column) -> field."""
    return {key: column.field for key, column in _keyed(mapping).items()}


def reapplied(mapping: Mapping, saved: ReadOnly[str, str]) -> Mapping:
    """The mapping with saved fields where the heading is known; saved fields that no longer exist are passed over."""
    chosen = {
        column.index: saved[key]
        for key, column in _keyed(mapping).items()
        if key in saved and _allowed(saved[key], mapping.kind)
    }
    given = set(chosen.values())
    columns = [
        msgspec.structs.replace(
            column, field=chosen.get(column.index, KEEP if _taken(column.field, given) else column.field)
        )
        for column in mapping.columns
    ]
    return msgspec.structs.replace(mapping, columns=tuple(columns))


def corrected(mapping: Mapping, fields: ReadOnly[int, str]) -> Mapping:
    """The mapping with the fields that a person chose for some columns. Raises MappingError."""
    columns = tuple(
        msgspec.structs.replace(column, field=fields.get(column.index, column.field)) for column in mapping.columns
    )
    for name, often in Counter(column.field for column in columns).items():
        if not _allowed(name, mapping.kind):
            raise MappingError(_("Dieses Feld gibt es für diese Liste nicht. Bitte wählen Sie ein anderes."))
        if often > 1 and _taken(name, {name}):
            raise MappingError(
                _(
                    "„%(field)s“ ist mehreren Spalten zugeordnet. Bitte lassen Sie nur eine davon.",
                    field=field_label(name),
                )
            )
    return msgspec.structs.replace(mapping, columns=columns)


def _keyed(mapping: Mapping) -> dict[str, Column]:
    seen: Counter[str] = Counter()
    keyed: dict[str, Column] = {}
    for column in mapping.columns:
        key = _heading_key(column)
        seen[key] += 1
        if key:
            keyed[key if seen[key] == 1 else f"{key} #{seen[key]}"] = column
    return keyed


def _allowed(field: str, kind: str) -> bool:
    return field in (KEEP, NUMBERING) or (field in FIELDS and kind in FIELDS[field].kinds)


def _taken(field: str, given: set[str]) -> bool:
    return field in given and field in FIELDS and not FIELDS[field].several
