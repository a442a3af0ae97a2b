"""Transactions on PostgreSQL: what the server is told at their start, and the locks that stand for SQLite's write lock.

Each transaction names, for its own time only, the carriers whose rows it may see: row-level security (`db.walls`)
stands beneath the row scope and knows nothing else of the actor. All of it goes out in one message with the BEGIN.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from caseapp.security.actor import Actor, Role

# The settings that the policies read (`db.walls`).
EVERYTHING, ORGANISATIONS, FILES = "caseapp.everything", "caseapp.organisations", "caseapp.files"
# In `Session.info`, which goes with each connection as the execution option `SCOPE`.
SCOPE, LIFTED = "scope", "scope_everything"
_TOLD = "scope_told"
_LOCK_WAIT_SECONDS = 15


def install(engine: Engine, *, reads_alone: bool = False) -> None:
    """Let every transaction of this engine begin with its scope.

    `reads_alone`: what is only read goes without a transaction (the keystore, which has no scope), two ways less.
    """
    event.listen(engine, "connect", _own_begin)
    event.listen(engine, "begin", _begin_to_write if reads_alone else _begin)
    event.listen(engine, "before_cursor_execute", _tell_width)


def hold(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name, and hold it to the end of this one.

    For reading, deciding and writing without an actor, whose carriers would be held anyway. On SQLite nothing happens:
    there a unit that writes is alone from its start.
    """
    _take(session, _number(hashlib.blake2b(name.encode(), digest_size=8).digest()))


def hold_carrier(session: Session, organisation_id: UUID) -> None:
    """As `hold`, until nobody else writes in this carrier: for a unit without an actor who would hold it."""
    _take(session, _number_of_carrier(organisation_id))


def _take(session: Session, number: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _number(eight: bytes) -> int:
    return int.from_bytes(eight, "big", signed=True)


def _number_of_carrier(organisation_id: UUID) -> int:
    return _number(organisation_id.bytes[:8])


def _own_begin(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.autocommit = True  # BEGIN is ours, see _begin


def _begin_to_write(connection: Connection) -> None:
    if connection.get_execution_options().get("write_intent", False):
        _begin(connection)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    scope: MutableMapping[str, Any] | None = options.get(SCOPE)
    write = options.get("write_intent", False)
    # A reading page sees one moment of the database. A writing one sees what was committed before it got its locks.
    parts = ["BEGIN" if write or scope is None else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]
    if scope is not None:
        actor: Actor | None = scope.get("actor")
        parts += _visible(actor)
        if write:
            parts += _locks(actor)
        parts.append(_width(scope))
    connection.exec_driver_sql("; ".join(parts))


def _visible(actor: Actor | None) -> list[str]:
    if actor is None:
        return []
    files = {duty.organisation_id for duty in actor.duties_as(Role.CASEWORKER, Role.LEAD)}
    return [
        f"SET LOCAL {name} = '{','.join(sorted(map(str, ids)))}'"
        for name, ids in ((ORGANISATIONS, actor.organisation_ids), (FILES, files))
    ]


def _locks(actor: Actor | None) -> list[str]:
    """One writer a carrier: as much as the services need, who look first and then write, and as few as possible."""
    if actor is None:
        return []
    numbers = sorted(map(_number_of_carrier, actor.organisation_ids))
    taken = [f"SELECT pg_advisory_xact_lock({number})" for number in numbers]
    return [f"SET LOCAL lock_timeout = '{_LOCK_WAIT_SECONDS}s'", *taken]


def _width(scope: MutableMapping[str, Any]) -> str:
    lifted = bool(scope.get(LIFTED))
    scope[_TOLD] = lifted
    return f"SET LOCAL {EVERYTHING} = '{'on' if lifted else ''}'"


def _tell_width(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: object
) -> None:
    """Tell the server that the scope was lifted or came back, only before a statement that it concerns."""
    scope: MutableMapping[str, Any] | None = connection.get_execution_options().get(SCOPE)
    if scope is None or statement.startswith(("BEGIN", "SET LOCAL")):
        return
    if statement.startswith("ROLLBACK"):
        scope[_TOLD] = None  # back to a savepoint: what was told since then is forgotten
    elif scope.get(_TOLD) is not bool(scope.get(LIFTED)):
        connection.exec_driver_sql(_width(scope))
