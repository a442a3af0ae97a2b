"""Units of work: one session, one actor, one transaction. Services flush; only a unit commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from caseapp.db import postgres, scope
from caseapp.security.actor import Actor

_current: ContextVar[Session | None] = ContextVar("session", default=None)
_BUSY_MILLISECONDS = 15_000


class CaseSession(Session):
    """The session class that carries row scope and sealing; nothing else is opened on the data database."""


scope.install(CaseSession)


def session() -> Session:
    """The session of the running unit of work. Outside of one: RuntimeError."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no unit of work is open")
    return current


class Database:
    """The data database. `provide` puts what sessions need (the keystore) into each session's `info`."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._sessions = sessionmaker(self.engine, class_=CaseSession, expire_on_commit=False)
        self._provided: dict[str, Any] = {}

    def provide(self, name: str, value: object) -> None:
        """Make `value` available as `session.info[name]` in every session from now on."""
        self._provided[name] = value

    @contextmanager
    def unit(self, actor: Actor | None, *, write: bool) -> Iterator[Session]:
        """Run the block in one transaction: committed at its end if `write`, rolled back on any error.

        A writing unit takes its write lock at its start, so a read that is followed by a write never fails half-way and
        never decides on what is changed meanwhile: on SQLite the one of the database (BEGIN IMMEDIATE), on PostgreSQL
        those of the actor's carriers.
        """
        opened = self._sessions(info=dict(self._provided))
        scope.set_actor(opened, actor)
        opened.bind = self.engine.execution_options(write_intent=write, **{postgres.SCOPE: opened.info})
        if write:
            opened.connection()
        token = _current.set(opened)
        try:
            yield opened
            if write:
                opened.commit()
        finally:
            _current.reset(token)
            opened.close()

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def make_engine(url: str, *, durable: bool = False) -> Engine:
    """An engine with the project's settings. `durable`, for the keystore, waits for the disk at each commit on SQLite.

    PostgreSQL waits for the disk anyway; the keystore is read there without a transaction. Its connections are pooled
    and not asked before use whether they still live; the driver prepares a statement that comes back.
    """
    engine = create_engine(url, hide_parameters=True)  # errors of the database would quote what was typed
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_pragmas("FULL" if durable else "NORMAL"))
        event.listen(engine, "begin", _sqlite_begin)
    else:
        postgres.install(engine, reads_alone=durable)
    return engine


def _sqlite_pragmas(synchronous: str) -> Any:
    def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours, see _sqlite_begin
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
            "cache_size=-16384",  # 16 MB a connection: a search through 5,000 files does not fit into the usual 2
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return connect


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write_intent", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
