"""What a person should know about single rows before and after an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from uuid import UUID

import msgspec

from caseapp.imports.rules.fields import KEEP
from caseapp.imports.rules.headings import NUMBERING, Mapping
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
    """One row: `reasons` are German sentences, `cells` its texts by column: of a reported row all of them, of others
    those of mapped columns that were not understood completely.

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


class Sample(msgspec.Struct, frozen=True):
    """A row as it was understood: pairs of a German word and what will be stored."""

    number: int
    name: str
    values: tuple[tuple[str, str], ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Finding]).decode
_decode_samples = msgspec.msgpack.Decoder(list[Sample]).decode


def pack_findings(findings: Iterable[Finding]) -> list[bytes]:
    """The findings in pages, the most urgent first, then by row."""
    ordered = sorted(findings, key=lambda finding: (finding.level, finding.number))
    return [_encode(ordered[at : at + PAGE]) for at in range(0, len(ordered), PAGE)]


def unpack_findings(data: bytes) -> list[Finding]:
    """One page of findings."""
    return _decode(data)


def pack_samples(samples: Sequence[Sample]) -> bytes:
    """The samples as bytes."""
    return _encode(samples)


def unpack_samples(data: bytes) -> list[Sample]:
    """The samples that were packed."""
    return _decode_samples(data)


def count_levels(findings: Iterable[Finding]) -> tuple[tuple[int, int], ...]:
    """How many findings of each level there are, the most urgent first."""
    return tuple(sorted(Counter(int(finding.level) for finding in findings).items()))


def unclear_cells(row: ClientRow | ContactRow, mapped: frozenset[int]) -> tuple[tuple[int, str], ...]:
    """The cells of mapped columns that were not understood completely."""
    return tuple((cell.column, cell.text) for cell in row.leftovers if cell.column in mapped)


def mapped_columns(mapping: Mapping) -> frozenset[int]:
    """The places of the columns that have a field."""
    return frozenset(column.index for column in mapping.columns if column.field not in (KEEP, NUMBERING))


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
