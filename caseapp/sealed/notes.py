"""Digests of the sealed values that a unit of work writes, until the log takes them into one of its events.

A value that is put back whole with its older revision opens again. Only the log can tell that it is not the latest.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from caseapp.db import Base
from caseapp.db.postgres import LIFTED
from caseapp.db.unit import CaseSession
from caseapp.keystore import KeyStore
from caseapp.sealed.descriptor import Sealed, sealed_columns
from caseapp.security.vault import Place

DIGEST_BYTES = 16
_CHUNK = 500
_WRITTEN, _MARKS, _KEY = "sealed_written", "sealed_written_marks", "audit_key"


class Written(NamedTuple):
    """One sealed value as it was written. A deleted row has no column, revision 0 and an empty digest."""

    table: str
    column: str
    row: bytes
    revision: int
    digest: bytes


def audit_key(session: Session) -> bytes:
    """The key of the log, unwrapped once a unit of work."""
    key: bytes | None = session.info.get(_KEY)
    if key is None:
        keystore: KeyStore = session.info["keystore"]
        key = session.info[_KEY] = keystore.keyring.secret("audit")
    return key


def envelope_digest(key: bytes, envelope: bytes) -> bytes:
    """What the log keeps of a sealed value."""
    return hmac.digest(key, b"envelope|" + envelope, "sha256")[:DIGEST_BYTES]


def written(session: Session) -> list[Written]:
    """What this unit has written and the log has not taken yet; whoever takes it empties the list."""
    noted: list[Written] = session.info.setdefault(_WRITTEN, [])
    return noted


def note(session: Session, place: Place, envelope: bytes) -> None:
    """Note a sealed value that is being written. A path that writes one and does not is named by `audit verify`."""
    digest = envelope_digest(audit_key(session), envelope)
    written(session).append(Written(place.table, place.column, place.row.bytes, place.revision, digest))


def note_deleted(session: Session, table: str, row_id: UUID) -> None:
    """Note that a row with sealed values is being deleted: it may not come back."""
    written(session).append(Written(table, "", row_id.bytes, 0, b""))


def sealed_tables(*, unnoted: bool = False) -> dict[type[Base], list[Sealed[Any]]]:
    """The noted sealed columns of every table that has some, in the order of the tables' names; `unnoted`: all."""
    declared = sealed_columns()
    found: dict[type[Base], list[Sealed[Any]]] = {}
    for mapper in sorted(Base.registry.mappers, key=lambda each: str(each.class_.__tablename__)):
        columns = [each for owner, each in declared if (each.noted or unnoted) and issubclass(mapper.class_, owner)]
        if columns:
            found[mapper.class_] = columns
    return found


def _is_sealed(table: type[Any]) -> bool:
    return any(isinstance(each, Sealed) and each.noted for owner in table.__mro__ for each in vars(owner).values())


@cache
def _children(table: Any) -> tuple[tuple[type[Any], Any], ...]:
    """Tables with sealed values whose rows a foreign key deletes along with this table's, and the key's attribute."""
    parent = inspect(table).local_table
    return tuple(
        (child, inspect(child).get_property_by_column(key.parent).class_attribute)
        for child in sealed_tables()
        for key in sorted(inspect(child).local_table.foreign_keys, key=lambda each: each.parent.name)
        if key.ondelete == "CASCADE" and key.column.table is parent
    )


def note_deletions(session: Session) -> None:
    """Note the objects that the coming flush deletes."""
    for row in session.deleted:
        if _is_sealed(type(row)):
            note_deleted(session, row.__tablename__, row.id)
        _note_children(session, type(row), [row.id])


def _note_children(session: Session, table: Any, ids: Sequence[UUID]) -> None:
    """Note the rows that go along, also those that the actor does not see."""
    before = session.info.get(LIFTED, False)
    session.info[LIFTED] = True
    try:
        for child, key in _children(table):
            for start in range(0, len(ids), _CHUNK):
                chunk = ids[start : start + _CHUNK]
                found = session.scalars(select(child.id).where(key.in_(chunk)).order_by(child.id)).all()
                for row_id in found:
                    note_deleted(session, child.__tablename__, row_id)
                _note_children(session, child, found)
    finally:
        session.info[LIFTED] = before


def _note_bulk_delete(state: ORMExecuteState) -> Any:
    """Let a delete statement say which rows it takes."""
    if not state.is_delete or state.bind_mapper is None:
        return None
    table: Any = state.bind_mapper.class_
    statement: Any = state.statement
    if _children(table):
        where = () if statement.whereclause is None else (statement.whereclause,)
        _note_children(state.session, table, state.session.scalars(select(table.id).where(*where)).all())
    if not _is_sealed(table):
        return None
    if statement.returning_column_descriptions:
        raise TypeError("a delete of rows with sealed values returns what the log needs, nothing else")
    result = state.invoke_statement(statement=statement.returning(table.id))
    for row_id in result.scalars().all():
        note_deleted(state.session, table.__tablename__, row_id)
    return result


def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = list(written(session))


def _forget(session: Session) -> None:
    """After a rollback only what was written before it counts, up to the savepoint if there is one."""
    savepoint = session.get_nested_transaction()
    written(session)[:] = session.info.get(_MARKS, {}).get(savepoint, [])


event.listen(CaseSession, "do_orm_execute", _note_bulk_delete)
event.listen(CaseSession, "after_transaction_create", _mark)
event.listen(CaseSession, "after_rollback", _forget)
