"""What a person should know about single rows before and after an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from uuid import UUID

import msgspec

from caseapp.imports.rules.rows import ClientRow, ContactRow
from caseapp.imports.rules.values.reading import Mark

PAGE = 50
"""Findings on one page; a stored part holds one page."""


class Level(IntEnum):
    """How much a row needs a person, the most urgent first."""

    REPORTED = 1  # not imported
    WAITING = 2  # a contact that waits for its client
    HINT = 3  # imported, with something to look at
    MARK = 4  # imported, a value was unclear


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row: `reasons` are German sentences, `cells` (reported rows only) are its texts by column.

    `client_id` is an existing file that the person may find, where the row is compared with one.
    """

    number: int
    level: Level
    name: str = ""
    reasons: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    cells: tuple[tuple[int, str], ...] = ()
    client_id: UUID | None = None
    file_number: str = ""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Finding]).decode


def pack_findings(findings: Iterable[Finding]) -> list[bytes]:
    """The findings in pages, the most urgent first, then by row."""
    ordered = sorted(findings, key=lambda finding: (finding.level, finding.number))
    return [_encode(ordered[at : at + PAGE]) for at in range(0, len(ordered), PAGE)]


def unpack_findings(data: bytes) -> list[Finding]:
    """One page of findings."""
    return _decode(data)


def reported(
    row: ClientRow | ContactRow, reasons: Sequence[str], *, client_id: UUID | None = None, file_number: str = ""
) -> Finding:
    """A row that is not imported, with all its cells."""
    cells = sorted((cell.column, cell.text) for cell in (*row.taken, *row.leftovers))
    return Finding(
        number=row.number,
        level=Level.REPORTED,
        name=name_of(row),
        reasons=tuple(reasons),
        marks=row.marks,
        cells=tuple(cells),
        client_id=client_id,
        file_number=file_number,
    )


def name_of(row: ClientRow | ContactRow) -> str:
    """`Rahimi, Zahra`, as far as known."""
    return ", ".join(filter(None, (row.last_name, row.first_name)))
