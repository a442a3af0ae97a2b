"""Sheets, mappings and findings as bytes and back: what the database keeps of an import, sealed by the caller."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from caseapp.imports.rules.cells import Cell, Row
from caseapp.imports.rules.headings import Mapping
from caseapp.imports.rules.tables import Sheet

_PORTION_CELLS = 4_000
"""So many cells go into one part: an envelope stays far below a megabyte."""

_encode = msgspec.msgpack.Encoder().encode
_mappings = msgspec.msgpack.Decoder(Mapping)


class Portion(msgspec.Struct, frozen=True):
    """Some rows of one sheet; cells that MessagePack has no form for are pairs of a tag and a text or number."""

    sheet: int
    name: str
    visible: bool
    rows: list[list[Any]]


_portions = msgspec.msgpack.Decoder(Portion)


def pack_mapping(mapping: Mapping) -> bytes:
    """The mapping as bytes."""
    return _encode(mapping)


def unpack_mapping(data: bytes) -> Mapping:
    """The mapping that was packed."""
    return _mappings.decode(data)


def pack_sheets(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The sheets in portions, in order."""
    for place, sheet in enumerate(sheets):
        for rows in _portioned(sheet.rows):
            yield _encode(Portion(place, sheet.name, sheet.visible, [list(map(_portable, row)) for row in rows]))


def unpack_sheets(portions: Iterable[bytes]) -> list[Sheet]:
    """The sheets whose portions these are, in order."""
    names: dict[int, tuple[str, bool]] = {}
    rows: dict[int, list[Row]] = {}
    for data in portions:
        portion = _portions.decode(data)
        names[portion.sheet] = (portion.name, portion.visible)
        rows.setdefault(portion.sheet, []).extend(tuple(map(_cell, row)) for row in portion.rows)
    return [Sheet(name, tuple(rows[place]), visible) for place, (name, visible) in sorted(names.items())]


def _portioned(rows: Sequence[Row]) -> Iterator[list[Row]]:
    portion: list[Row] = []
    cells = 0
    for row in rows:
        portion.append(row)
        cells += len(row) + 1
        if cells >= _PORTION_CELLS:
            yield portion
            portion, cells = [], 0
    if portion:
        yield portion


def _portable(cell: Cell) -> str | float | list[str | float]:
    if isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, dt.timedelta):
        return ["s", cell.total_seconds()]
    tag = "dt" if isinstance(cell, dt.datetime) else "d" if isinstance(cell, dt.date) else "t"
    return [tag, cell.isoformat()]


def _cell(stored: Any) -> Cell:
    if not isinstance(stored, list):
        return stored  # type: ignore[no-any-return]
    tag, value = stored
    match tag:
        case "s":
            return dt.timedelta(seconds=value)
        case "dt":
            return dt.datetime.fromisoformat(value)
        case "d":
            return dt.date.fromisoformat(value)
        case _:
            return dt.time.fromisoformat(value)


class Stored(msgspec.Struct, frozen=True):
    """A file that an import opened, with the worker and household that it was given, and what tells its row again."""

    number: int
    client_id: UUID
    worker_id: UUID | None
    digest: bytes = b""
    household_id: UUID | None = None


_stored = msgspec.msgpack.Decoder(list[Stored])
_PORTION_FILES = 1_000


def pack_stored(files: Sequence[Stored]) -> list[bytes]:
    """The files in portions."""
    return [_encode(files[at : at + _PORTION_FILES]) for at in range(0, len(files), _PORTION_FILES)]


def unpack_stored(portions: Iterable[bytes]) -> list[Stored]:
    """The files of these portions."""
    return [one for data in portions for one in _stored.decode(data)]
