"""Opening one sealed column of many rows: lists read columns, not objects; one damaged value never breaks a list."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import structlog

from caseapp.sealed.descriptor import Sealed
from caseapp.sealed.records import Record
from caseapp.security.vault import Key, UnreadableError, open_each

R = TypeVar("R", bound=Record)
K = TypeVar("K", bound=Hashable)
_log = structlog.get_logger(__name__)


class Opened(NamedTuple, Generic[R]):
    """A row id with its record; `record` is None where the value is unreadable."""

    row_id: UUID
    record: R | None


def open_column(
    sealed: Sealed[R],
    table: str,
    rows: Iterable[tuple[UUID, UUID, int, bytes]],
    keys: Mapping[UUID, Key],
) -> list[Opened[R]]:
    """Open rows given as (row id, client id, revision, envelope), in the same order."""
    given = list(rows)
    raw = ((row_id.bytes, client_id, revision, envelope) for row_id, client_id, revision, envelope in given)
    return [Opened(row[0], record) for row, record in zip(given, open_records(sealed, table, raw, keys), strict=True)]


def open_records(
    sealed: Sealed[R],
    table: str,
    rows: Iterable[tuple[bytes, K, int, bytes]],
    keys: Mapping[K, Key],
) -> list[R | None]:
    """Like `open_column` with row ids as bytes, and clients under whatever name `keys` knows them by."""
    decode = sealed.decode
    opened: list[R | None] = []
    for raw in open_each(table, sealed.name, rows, keys):
        try:
            opened.append(None if raw is None else decode(raw))
        except UnreadableError:
            opened.append(None)
    _report(sealed, table, opened.count(None))
    return opened


def open_undecoded(
    sealed: Sealed[R],
    table: str,
    rows: Iterable[tuple[bytes, K, int, bytes]],
    keys: Mapping[K, Key],
) -> list[bytes | None]:
    """The same before `sealed.decode`: for a search that sifts thousands of records and reads a few."""
    opened = list(open_each(table, sealed.name, rows, keys))
    _report(sealed, table, opened.count(None))
    return opened


def _report(sealed: Sealed[Any], table: str, unreadable: int) -> None:
    for _row in range(unreadable):
        _log.error("sealed_value_unreadable", table=table, column=sealed.name)
