"""What the log's codes, roots and signatures are computed over. Pure functions; a change here breaks old logs."""

from __future__ import annotations

import datetime as dt
import hmac
import struct
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import msgspec

from caseapp.sealed import Written

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_ENTRY = struct.Struct(">16sI16s")
_NOTHING = b"\xff\xff\xff\xff"
NO_DIGEST = bytes(32)  # stands before the first seal


class Event(Protocol):
    """The columns of an event that its code covers."""

    id: Any
    at: Any
    actor_id: Any
    organisation_id: Any
    client_id: Any
    action: Any
    detail_digest: Any
    envelopes: Any


class Batch(Protocol):
    """The columns of a seal that its signature covers."""

    number: Any
    sealed_at: Any
    count: Any
    first_at: Any
    last_at: Any
    root: Any
    previous: Any
    public_key: Any
    next_public_key: Any
    adopted: Any
    resumed: Any
    pruned_through: Any


def event_bytes(event: Event) -> bytes:
    """One unambiguous text of the event: every field with its length before it."""
    return _joined(
        b"event 1",
        event.id.bytes,
        _moment(event.at),
        _id(event.actor_id),
        _id(event.organisation_id),
        _id(event.client_id),
        event.action.encode(),
        event.detail_digest,
        event.envelopes,
    )


def event_mac(key: bytes, event: Event) -> bytes:
    """The event's authentication code."""
    return hmac.digest(key, event_bytes(event), "sha256")


def detail_digest(key: bytes, detail: bytes) -> bytes:
    """The keyed digest of a sealed detail: it stays in the event when an erased client's detail goes."""
    return hmac.digest(key, b"detail|" + detail, "sha256")


def leaf(event: Event, mac: bytes | None) -> bytes:
    """The event's leaf in the tree of its batch."""
    return sha256(b"\x00" + _joined(event_bytes(event), mac)).digest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root (RFC 6962: leaves and nodes are hashed differently, an odd node moves up as it is)."""
    level = list(leaves)
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        paired = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def order(event: Event) -> tuple[Any, bytes]:
    """The place of an event in its batch."""
    return event.at, event.id.bytes


def batch_payload(batch: Batch) -> bytes:
    """What is signed."""
    return _joined(
        b"seal 1",
        _number(batch.number),
        _moment(batch.sealed_at),
        _number(batch.count),
        _moment(batch.first_at),
        _moment(batch.last_at),
        batch.root,
        batch.previous,
        batch.public_key,
        batch.next_public_key,
        _number(batch.adopted),
        _number(batch.resumed),
        _number(batch.pruned_through),
    )


def chain_digest(batch: Batch) -> bytes:
    """The digest of a seal and, through `previous`, of all before it: the root that leaves the house."""
    return sha256(batch_payload(batch)).digest()


def pack(written: Iterable[Written]) -> bytes:
    """Digests of sealed values in few bytes, in their order within each column."""
    groups: list[tuple[str, str, bytearray]] = []
    held: dict[tuple[str, str], bytearray] = {}
    for table, column, row, revision, digest in written:
        if not column and (not groups or groups[-1][:2] != (table, column)):
            held = {}  # what comes after a deletion stays after it
        rows = held.get((table, column))
        if rows is None:
            rows = held[table, column] = bytearray()
            groups.append((table, column, rows))
        rows += _ENTRY.pack(row, revision, digest)
    return msgspec.msgpack.encode(groups)


def unpack(packed: bytes) -> Iterator[tuple[str, str, list[tuple[bytes, int, bytes]]]]:
    """Table, column, and the values as (row, revision, digest). Raises ValueError for anything else."""
    try:
        for table, column, rows in msgspec.msgpack.decode(packed, type=list[tuple[str, str, bytes]]):
            yield table, column, list(_ENTRY.iter_unpack(rows))
    except (msgspec.MsgspecError, struct.error) as error:
        raise ValueError from error


def _joined(*fields: bytes | None) -> bytes:
    return b"".join([_NOTHING if field is None else len(field).to_bytes(4, "big") + field for field in fields])


def _id(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _number(value: int) -> bytes:
    return int(value).to_bytes(8, "big")


def _moment(value: dt.datetime) -> bytes:
    return ((value - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)
