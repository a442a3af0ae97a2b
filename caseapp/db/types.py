"""Column types with one meaning on every database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

_UNKNOWN = SafeUUID.unknown  # reading a member of an enumeration takes longer than the rest of making the object


class Id(TypeDecorator[UUID]):
    """A uuid: native on PostgreSQL, 16 bytes on SQLite (a text form would double every index)."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None] | None:
        return None if dialect.name == "postgresql" else _uuid_of


class RawId(Id):
    """The same uuid read as its 16 bytes: for loops over very many rows, where making UUID objects is half the time."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _bytes_of if dialect.name == "postgresql" else None


def _uuid_of(raw: bytes | None) -> UUID | None:
    """What `UUID(bytes=raw)` makes, in a third of the time: its checks are for other people's texts (1.0 to 0.4 us)."""
    if raw is None:
        return None
    made = UUID.__new__(UUID)
    object.__setattr__(made, "int", int.from_bytes(raw, "big"))
    object.__setattr__(made, "is_safe", _UNKNOWN)
    return made


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment. Only aware times go in, always UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        utc = value.astimezone(dt.UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
