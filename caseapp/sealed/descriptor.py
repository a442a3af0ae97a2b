"""The descriptor that makes an encrypted column look like a typed attribute."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

from sqlalchemy.orm import object_session

from caseapp.sealed.keys import key_for_row
from caseapp.sealed.records import Decoder, Record
from caseapp.security.vault import Place

SHORT = 32
LONG = 256
R = TypeVar("R", bound=Record)

_PENDING = "_sealed_pending"
_OPENED = "_sealed_opened"


_declared: dict[tuple[type, str], Sealed[Any]] = {}


def sealed_columns() -> list[tuple[type, Sealed[Any]]]:
    """Every declared sealed column with its class, in the order of declaration."""
    return [(owner, sealed) for (owner, _), sealed in _declared.items()]


class Sealed(Generic[R]):
    """A record sealed in the column `blob` whose revision stands in the plain column `revision`.

    Assigning a record (they are frozen: replace them, do not change them) raises the revision and seals at the flush.
    Reading opens the envelope once per object and revision. Raises UnreadableError. `noted`: the log keeps a digest of
    every value, so that one put back whole is found; off only where that would trace each pause in somebody's typing.
    """

    def __init__(self, record: type[R], *, blob: str, revision: str, block: int, noted: bool = True) -> None:
        self.record, self.blob, self.revision, self.block = (
            record,
            blob,
            revision,
            block,
        )
        self.noted = noted
        self.decode = Decoder(record).decode

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        _declared[owner, name] = self

    @overload
    def __get__(self, row: None, owner: type) -> Sealed[R]: ...
    @overload
    def __get__(self, row: Any, owner: type) -> R: ...
    def __get__(self, row: Any, owner: type) -> R | Sealed[R]:
        if row is None:
            return self
        pending = row.__dict__.get(_PENDING, {})
        if self.name in pending:
            return pending[self.name]  # type: ignore[no-any-return]
        revision = getattr(row, self.revision)
        opened = row.__dict__.setdefault(_OPENED, {})
        held = opened.get(self.name)
        if held is None or held[0] != revision:
            held = opened[self.name] = (revision, self._open(row, revision))
        return held[1]  # type: ignore[no-any-return]

    def __set__(self, row: Any, value: R) -> None:
        pending = row.__dict__.setdefault(_PENDING, {})
        if self.name not in pending:
            # The revision changes with the assignment, not with the flush: it marks the row as changed for the ORM.
            setattr(row, self.revision, (getattr(row, self.revision) or 0) + 1)
        pending[self.name] = value

    def place(self, table: str, row_id: Any, revision: int) -> Place:
        """Where this column's value stands for one row."""
        return Place(table, self.name, row_id, revision)

    def _open(self, row: Any, revision: int) -> R:
        key = key_for_row(object_session(row), row)
        raw = key.open(getattr(row, self.blob), self.place(row.__tablename__, row.id, revision))
        return self.decode(raw)


def take_pending(row: Any) -> dict[str, Record]:
    """The records assigned since the last flush, by attribute; they count as sealed from now on."""
    pending: dict[str, Record] = row.__dict__.pop(_PENDING, {})
    opened = row.__dict__.setdefault(_OPENED, {})
    for name, record in pending.items():
        sealed = getattr(type(row), name)
        opened[name] = (getattr(row, sealed.revision), record)
    return pending


def has_pending(row: Any) -> bool:
    """Whether something waits to be sealed."""
    return bool(row.__dict__.get(_PENDING))
