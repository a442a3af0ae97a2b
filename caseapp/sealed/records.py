"""What goes into an envelope: typed records with a schema number, upgraded when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from caseapp.security.vault import UnreadableError

_encoder = msgspec.msgpack.Encoder()
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
R = TypeVar("R", bound="Record")


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of sealed records. Give every field a default where one is honest: old records then need no upgrade.

    Records hold texts, days, numbers, tuples and other records, never a way back to themselves: the collector of cycles
    may pass them by (a search opens thousands). `schema` is the present number; `upgrades[n]` turns the plain
    dictionary of schema n into that of n + 1.
    """

    schema: ClassVar[int] = 1
    upgrades: ClassVar[dict[int, Upgrade]] = {}


def encode(record: Record) -> bytes:
    """Schema number (one byte) and the record's MessagePack form."""
    return bytes((type(record).schema,)) + _encoder.encode(record)


class Decoder(Generic[R]):
    """Reads records of one type; fast for the present schema, through the upgrades for older ones."""

    def __init__(self, record_type: type[R]) -> None:
        self._type = record_type
        self._decoder = msgspec.msgpack.Decoder(record_type)

    def decode(self, raw: bytes) -> R:
        """The record. Raises UnreadableError if the bytes are no such record."""
        try:
            if raw[0] == self._type.schema:
                return self._decoder.decode(raw[1:])
            return self._upgraded(raw)
        except (msgspec.MsgspecError, IndexError, KeyError):
            raise UnreadableError from None

    def _upgraded(self, raw: bytes) -> R:
        content = msgspec.msgpack.decode(memoryview(raw)[1:])
        for schema in range(raw[0], self._type.schema):
            content = self._type.upgrades[schema](content)
        return msgspec.convert(content, self._type)
