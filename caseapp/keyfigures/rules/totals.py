"""Totals of a year: numbers of a carrier and of each Integrationsmanager, in a form that has one digest. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Self

import msgspec

TOTAL = ""  # who: the carrier or applicant as a whole
NOBODY = "-"  # who: the numbers of nobody, for example contacts of a list without a name


class Cell(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Which number: of whom (`TOTAL`, `NOBODY` or the id of a worker as hex), which field, which class of which
    breakdown; both "" for the number of the field."""

    who: str
    field: str
    dimension: str = ""
    cls: str = ""


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Exact numbers of one year. `names`: who the workers are, as of the count. Never for publication."""

    year: int
    values: tuple[tuple[Cell, int], ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    hidden: tuple[Cell, ...] = ()  # numbers below the threshold of a collected report, and what would give them away

    @classmethod
    def of(cls, year: int, counted: Mapping[Cell, int], names: Mapping[str, str] | None = None) -> Self:
        """Totals of what was counted; zeros are left out."""
        values = tuple((cell, counted[cell]) for cell in sorted(counted) if counted[cell])
        return cls(year=year, values=values, names=tuple(sorted((names or {}).items())))

    def number(self, field: str, dimension: str = "", code: str = "", *, who: str = TOTAL) -> int:
        """One number; 0 where nothing was counted."""
        return self.as_dict().get(Cell(who, field, dimension, code), 0)

    def as_dict(self) -> dict[Cell, int]:
        """All numbers by cell."""
        return dict(self.values)

    def classes(self, field: str, dimension: str) -> dict[str, int]:
        """The numbers of one breakdown of the whole, by class."""
        return {
            cell.cls: number
            for cell, number in self.values
            if cell.who == TOTAL and cell.field == field and cell.dimension == dimension
        }

    @property
    def workers(self) -> tuple[str, ...]:
        """Who has numbers, in the order of names; `NOBODY` last."""
        found = {cell.who for cell, _number in self.values if cell.who != TOTAL}
        names = dict(self.names)
        return tuple(sorted(found, key=lambda who: (who == NOBODY, (names.get(who) or who).casefold(), who)))

    @property
    def parts_workers(self) -> bool:
        """Whether it holds breakdowns of single workers. What a district collects does not: they are unknown, not 0."""
        return any(cell.dimension and cell.who != TOTAL for cell, _number in self.values)

    @property
    def digest(self) -> str:
        """SHA-256 of the packed form: the check value that stands on the paper."""
        return hashlib.sha256(pack(self)).hexdigest()

    def without_breakdowns(self) -> Totals:
        """Only the numbers of fields, of the whole and of each worker: what a carrier hands over."""
        kept = tuple((cell, number) for cell, number in self.values if not cell.dimension)
        return msgspec.structs.replace(self, values=kept)


def summed(year: int, parts: Iterable[Totals]) -> Totals:
    """The sum of several carriers. A person has one file in each carrier, so files are summed."""
    counted: Counter[Cell] = Counter()
    names: dict[str, str] = {}
    for part in parts:
        for cell, number in part.values:
            counted[cell] += number
        names.update(part.names)
    return Totals.of(year, counted, names)


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(Totals)


def pack(totals: Totals) -> bytes:
    """The one form of these totals as bytes."""
    return _encoder.encode(totals)


def unpack(data: bytes) -> Totals:
    """The totals of such bytes; none for empty ones."""
    return _decoder.decode(data) if data else Totals(year=0)
