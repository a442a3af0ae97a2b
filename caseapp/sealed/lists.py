"""Opening one sealed column of many rows: lists read columns, not objects, and one damaged value never breaks a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog

from caseapp.sealed.descriptor import Sealed
from caseapp.sealed.records import Record
from caseapp.security.vault import Key, Place, UnreadableError

R = TypeVar("R", bound=Record)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened(Generic[R]):
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
    decode, column = sealed.decode, sealed.name
    opened: list[Opened[Any]] = []
    for row_id, client_id, revision, envelope in rows:
        key = keys.get(client_id)
        record: R | None = None
        if key is not None:
            try:
                record = decode(key.open(envelope, Place(table, column, row_id, revision)))
            except UnreadableError:
                record = None
        if record is None:
            _log.error("sealed_value_unreadable", table=table, column=column)
        opened.append(Opened(row_id, record))
    return opened
