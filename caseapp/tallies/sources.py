"""The records that count. A table counts when its model has

    tallied = ("on_day", "detail", ...)   # the columns and sealed records that the line is made of
    def tally(self) -> AnyLine | None:    # what the record says, None where it does not count

`tally` reads nothing but its id and what `tallied` names: it is also asked with a `Reading` in place of an object, for
bulk inserts and recounts, which know nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, inspect, select
from sqlalchemy.orm import Session

from caseapp.db import Base, ClientBound, ClientListed
from caseapp.sealed import Sealed
from caseapp.security.vault import Key, UnreadableError

CHUNK = 500
_CLIENT = "client"


def counts(table: Any) -> bool:
    """Whether the records of this table count."""
    return hasattr(table, "tally")


@cache
def tables() -> tuple[Any, ...]:
    """All tables that count, in the order of their names."""
    found = [mapper.class_ for mapper in Base.registry.mappers if counts(mapper.class_)]
    return tuple(sorted(found, key=lambda table: str(table.__tablename__)))


def client_table() -> Any:
    """The table of client files; it is declared in an upper storey."""
    return next(table for table in tables() if table.__tablename__ == _CLIENT)


@cache
def owner_name(table: Any) -> str | None:
    """The attribute that holds the client's id; None for records without a file."""
    if not issubclass(table, ClientBound | ClientListed):
        return None
    return "client_id" if "client_id" in inspect(table).column_attrs else "id"


@cache
def watched(table: Any) -> tuple[str, ...]:
    """The mapped attributes whose change may change the line or its place."""
    own = [name.revision if isinstance(name, Sealed) else name for name in _parts(table)]
    owner = owner_name(table)
    return (*own, "organisation_id", *((owner,) if owner else ()))


@cache
def _parts(table: Any) -> tuple[str | Sealed[Any], ...]:
    return tuple(part if isinstance(part := getattr(table, name), Sealed) else name for name in table.tallied)


@cache
def columns(table: Any) -> tuple[str, ...]:
    """The mapped attributes that a line and its place are made of; the id first."""
    owner = owner_name(table)
    names = ["id", "organisation_id", *((owner,) if owner else ())]
    for part in _parts(table):
        names += (part.blob, part.revision) if isinstance(part, Sealed) else (part,)
    return tuple(dict.fromkeys(names))


@cache
def _defaults(table: Any) -> dict[str, Any]:
    """What a column holds that an insert does not name."""
    mapped = inspect(table).column_attrs
    found = {}
    for name in columns(table):
        default = mapped[name].columns[0].default
        found[name] = getattr(default, "arg", None) if default is not None and default.is_scalar else None
    return found


class Reading:
    """A stored record as `tally` sees it, without the object: columns by name, records opened when they are asked for.

    Raises UnreadableError where a record cannot be opened, AttributeError for what `tallied` does not name.
    """

    __slots__ = ("_key", "_table", "_values")

    def __init__(self, table: Any, values: Mapping[str, Any], key: Key | None) -> None:
        self._table, self._values, self._key = table, values, key

    def __getattr__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        sealed = getattr(self._table, name, None)
        if not isinstance(sealed, Sealed) or sealed.blob not in self._values:
            raise AttributeError(f"{self._table.__name__}.tallied does not name {name}")
        if self._key is None:
            raise UnreadableError
        place = sealed.place(self._table.__tablename__, self._values["id"], self._values[sealed.revision])
        return sealed.decode(self._key.open(self._values[sealed.blob], place))

    def tally(self) -> Any:
        """The line of the record, or None."""
        return self._table.tally(self)


class Stored(NamedTuple):
    """A record that may count: its id, whose it is, and how to read it."""

    row_id: UUID
    client_id: UUID | None
    organisation_id: UUID
    record: Any


def of_object(row: Any) -> Stored:
    """An object of the session."""
    table: Any = type(row)
    owner = owner_name(table)
    return Stored(row.id, getattr(row, owner) if owner else None, row.organisation_id, row)


def of_values(table: Any, rows: Iterable[Mapping[str, Any]], keys: Mapping[UUID, Key]) -> Iterator[Stored]:
    """Rows as they are inserted in bulk or were read; `keys` by client, and by organisation for those without one."""
    defaults, owner = _defaults(table), owner_name(table)
    for row in rows:
        values = defaults | {name: row[name] for name in defaults if name in row}
        client_id = values[owner] if owner else None
        key = keys.get(client_id or values["organisation_id"])
        yield Stored(values["id"], client_id, values["organisation_id"], Reading(table, values, key))


def select_values(table: Any) -> Select[Any]:
    """Everything that lines are made of, a row each."""
    return select(*(getattr(table, name).label(name) for name in columns(table)))


@cache
def children(table: Any) -> tuple[tuple[Any, Any], ...]:
    """Tables whose rows a foreign key deletes along with this table's and that count, or lead to some that do."""
    parent = inspect(table).local_table
    found = []
    for mapper in sorted(Base.registry.mappers, key=lambda each: str(each.class_.__tablename__)):
        child: Any = mapper.class_
        for key in sorted(mapper.local_table.foreign_keys, key=lambda each: str(each.parent.name)):
            cascades = key.ondelete == "CASCADE" and key.column.table is parent and child is not table
            if cascades and (counts(child) or children(child)):
                found.append((child, mapper.get_property_by_column(key.parent).class_attribute))
    return tuple(found)


def doomed(session: Session, table: Any, ids: Iterable[UUID]) -> Iterator[UUID]:
    """The ids of records that count among these rows and all that go with them, also out of the actor's sight."""
    given = list(ids)
    if counts(table):
        yield from given
    for child, key in children(table):
        below: list[UUID] = []
        for start in range(0, len(given), CHUNK):
            chunk: list[UUID] | ScalarSelect[Any] = given[start : start + CHUNK]
            below += session.scalars(select(child.id).where(key.in_(chunk)).order_by(child.id))
        if below:
            yield from doomed(session, child, below)
