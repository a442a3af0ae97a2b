"""Sealing at the flush, when id and revision of every row are known; and the same for bulk inserts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from caseapp.db import ClientListed
from caseapp.db import session as running
from caseapp.db.unit import CaseSession, Database
from caseapp.keystore import KeyStore
from caseapp.sealed.descriptor import Sealed, has_pending, take_pending
from caseapp.sealed.keys import create_keys, key_for_row, keys_of, owner_of
from caseapp.sealed.notes import note, note_deletions
from caseapp.sealed.records import Record, encode
from caseapp.security.vault import Key


def install(database: Database, keystore: KeyStore) -> None:
    """Give every session of this database its keys."""
    database.provide("keystore", keystore)


def _seal_pending(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    note_deletions(session)
    rows = [row for row in (*session.new, *session.dirty) if has_pending(row)]
    if not rows:
        return
    new_clients = [row for row in session.new if _is_client(row)]
    create_keys(session, [(row.id, row.organisation_id) for row in new_clients])
    keys_of(session, [owner for row in rows if (owner := owner_of(row)) is not None])
    for row in rows:
        key = key_for_row(session, row)
        for name, record in take_pending(row).items():
            sealed: Sealed[Any] = getattr(type(row), name)
            setattr(
                row,
                sealed.blob,
                _envelope(
                    session,
                    key,
                    sealed,
                    row.__tablename__,
                    row.id,
                    getattr(row, sealed.revision),
                    record,
                ),
            )


def _is_client(row: Any) -> bool:
    """The client's own row: the one that needs a new key."""
    return issubclass(type(row), ClientListed) and owner_of(row) == row.id


event.listen(CaseSession, "before_flush", _seal_pending)


def seal_row(
    key: Key,
    sealed: Sealed[Any],
    table: str,
    row_id: UUID,
    record: Record,
    *,
    revision: int = 1,
) -> dict[str, Any]:
    """The two column values of a sealed record, for bulk inserts that pass by the ORM (demo, import).

    To be called in the unit of work that writes them: the log gets their digests.
    """
    return {
        sealed.blob: _envelope(running(), key, sealed, table, row_id, revision, record),
        sealed.revision: revision,
    }


def sealed_values(key: Key, row: Any) -> dict[str, Any]:
    """The column values of a new object that is inserted in bulk instead of being added to a session."""
    held = row.__dict__
    values = {column.key: held[column.key] for column in inspect(type(row)).column_attrs if column.key in held}
    for name, record in take_pending(row).items():
        values |= seal_row(key, getattr(type(row), name), row.__tablename__, row.id, record)
    return values


def _envelope(
    session: Session,
    key: Key,
    sealed: Sealed[Any],
    table: str,
    row_id: UUID,
    revision: int,
    record: Record,
) -> bytes:
    place = sealed.place(table, row_id, revision)
    envelope = key.seal(encode(record), place, block=sealed.block)
    if sealed.noted:
        note(session, place, envelope)
    return envelope
