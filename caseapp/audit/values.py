"""The sealed values that the log knows, and those that stand in the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session

from caseapp.audit.models import AuditEvent
from caseapp.audit.proofs import unpack
from caseapp.db.types import RawId
from caseapp.sealed import Written, sealed_tables

Known = dict[bytes, tuple[int, bytes]]  # row to revision and digest
_DELETED = (0, b"")
_AT_ONCE = 2_000


class Noted(NamedTuple):
    """An event with digests, and the seal that holds it."""

    batch: int | None
    packed: bytes


class Values:
    """The latest digest of every sealed value, by table and column. Feed it with the events in their order."""

    def __init__(self) -> None:
        self.known: defaultdict[tuple[str, str], Known] = defaultdict(dict)

    def add(self, packed: bytes) -> None:
        """Take up one event's digests. Raises ValueError when they are no such thing."""
        for table, column, rows in unpack(packed):
            known = self.known[table, column]
            for row, revision, digest in rows:
                held = known.get(row)
                if held is None or revision >= held[0]:
                    known[row] = revision, digest
                if not column:
                    self._delete(table, row)

    def _delete(self, table: str, row: bytes) -> None:
        for (other, column), known in self.known.items():
            if other == table and column and row in known:
                known[row] = _DELETED

    def take(self, table: str, column: str, row: bytes) -> tuple[int, bytes] | None:
        """`latest`, and the value counts as seen: what is left over in the end stands nowhere."""
        return self.known[table, column].pop(row, None)

    def left(self, table: str, column: str) -> list[bytes]:
        """The rows that should be there and were not taken."""
        return sorted(row for row, latest in self.known[table, column].items() if latest != _DELETED)

    def has(self, table: str, column: str, row: bytes) -> bool:
        """Whether the log knows this value, or that its row was deleted."""
        return row in self.known[table, column] or row in self.known[table, ""]

    def latest(self, table: str, column: str, row: bytes) -> tuple[int, bytes] | None:
        """Revision and digest, (0, b"") for a deleted row, None for one that the log has never seen."""
        return self.known[table, column].get(row)


def noted(unit: Session, *, through: int | None = None) -> Iterator[Noted]:
    """The events with digests in their order, unsealed ones last; `through` only those of the batches up to it."""
    statement = (
        select(AuditEvent.batch, AuditEvent.envelopes)
        .where(AuditEvent.envelopes.is_not(None))
        .order_by(AuditEvent.batch.is_(None), AuditEvent.batch, AuditEvent.at, AuditEvent.id)
    )
    if through is not None:
        statement = statement.where(AuditEvent.batch <= through)
    for batch, packed in unit.execute(statement.execution_options(yield_per=_AT_ONCE)):
        if packed is not None:
            yield Noted(batch, packed)


def known_values(unit: Session) -> Values:
    """All that the log knows. Damaged digests are passed by; `verify` finds them at their event."""
    values = Values()
    for each in noted(unit):
        add_readable(values, each.packed)
    return values


def add_readable(values: Values, packed: bytes) -> bool:
    """Take up digests unless they are damaged; whether they were not."""
    try:
        values.add(packed)
    except ValueError:
        return False
    return True


class Present(NamedTuple):
    """A sealed value that stands in the data."""

    table: str
    column: str
    row: bytes
    revision: int
    envelope: bytes


def present_values(unit: Session) -> Iterator[Present]:
    """Every sealed value of the data. To be read with the row scope lifted."""
    for table, columns in sealed_tables().items():
        owner: Any = table
        for sealed in columns:
            revision, blob = getattr(owner, sealed.revision), getattr(owner, sealed.blob)
            statement = select(type_coerce(owner.id, RawId), revision, blob).order_by(owner.id)
            rows: Iterable[Any] = unit.execute(statement.execution_options(yield_per=_AT_ONCE))
            for row, number, envelope in rows:
                if envelope is not None:
                    yield Present(owner.__tablename__, sealed.name, row, number or 0, envelope)


def unknown_values(unit: Session, key_digest: Any) -> list[Written]:
    """What the log has never seen: values from before there was one. `key_digest` gives the digest of an envelope."""
    values = known_values(unit)
    return [
        Written(each.table, each.column, each.row, each.revision, key_digest(each.envelope))
        for each in present_values(unit)
        if values.latest(each.table, each.column, each.row) is None
    ]
