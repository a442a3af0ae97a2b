"""Creating, reading and destroying wrapped client keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, or_, select, type_coerce
from sqlalchemy.exc import IntegrityError

from caseapp import clock
from caseapp.db.remains import drop_remains
from caseapp.db.types import RawId
from caseapp.db.unit import make_engine
from caseapp.keystore.erasures import ErasureList
from caseapp.keystore.tables import client_key, purpose
from caseapp.security.keyring import Keyring
from caseapp.security.vault import Key, UnreadableError, new_secret

# Somebody who read a row before it was sealed anew looks for its key in this time; a list loads no more of them later.
LINGERING = dt.timedelta(days=3)
CHUNK = 500
_LOCK = 7_301_554  # of the keystore's own PostgreSQL cluster; SQLite locks the file
_Rows = Select[bytes, bytes, int, int, bytes]

_ROWS: _Rows = select(
    type_coerce(client_key.c.client_id, RawId),
    type_coerce(client_key.c.organisation_id, RawId),
    client_key.c.epoch,
    client_key.c.generation,
    client_key.c.wrapped,
)


class KeyStore:
    """Creates and unwraps client keys. A key that does not open is left out, so that one loss breaks no list."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.engine: Engine = make_engine(url, durable=True)
        self.keyring = keyring
        self.erasures = ErasureList(keyring.folder)

    def create(self, owners: Iterable[tuple[UUID, UUID]]) -> dict[UUID, Key]:
        """Keys for new clients, given as (client id, organisation id); they are on disk when this returns.

        A key that an interrupted attempt has left without its file is used by the repeated one. Raises IntegrityError
        for an id that has a key in another organisation.
        """
        wanted = dict(owners)
        try:
            return self._create(wanted)
        except IntegrityError:
            held = self.owners(wanted)
            left = {each: key for each, key in self.load(wanted).items() if held[each] == wanted[each]}
            return left | self._create({each: wanted[each] for each in wanted if each not in left})

    def _create(self, owners: dict[UUID, UUID]) -> dict[UUID, Key]:
        if not owners:
            return {}
        with self.writing() as connection:
            return self.insert_keys(connection, {client_id: (owner, 1) for client_id, owner in owners.items()})

    def insert_keys(self, connection: Connection, wanted: dict[UUID, tuple[UUID, int]]) -> dict[UUID, Key]:
        """New keys for clients, given with organisation and generation, in a transaction of `writing`."""
        rows, keys = [], {}
        epochs = {owner: self.keyring.epoch(owner) for owner, _ in wanted.values()}
        for client_id, (owner, generation) in wanted.items():
            secret, epoch = new_secret(), epochs[owner]
            wrapping = self.keyring.wrapping(owner, epoch)
            rows.append(
                {
                    "client_id": client_id,
                    "organisation_id": owner,
                    "epoch": epoch,
                    "generation": generation,
                    "wrapped": wrapping.wrap(secret, purpose(owner.bytes, epoch, generation) + client_id.bytes),
                }
            )
            keys[client_id] = Key(secret, generation)
        connection.execute(insert(client_key), rows)
        return keys

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction in which keys may be wrapped: the ring is as it lies on disk and no epoch ends meanwhile.

        `alone`: nobody else wraps at the same time. On SQLite every writer is alone.
        """
        with self.engine.connect().execution_options(write_intent=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                take = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
                connection.execute(select(take(_LOCK)))
            self.keyring.refresh()
            yield connection

    def holds_keys(self) -> bool:
        """Whether there is the key of any client."""
        with self.engine.connect() as connection:
            return connection.execute(select(client_key.c.client_id).limit(1)).first() is not None

    def owners(self, client_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """The organisations under whose keys these clients' keys stand, ordered by client."""
        wanted = sorted(client_ids)
        found: dict[UUID, UUID] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(wanted), CHUNK):
                rows = select(client_key.c.client_id, client_key.c.organisation_id).where(
                    client_key.c.client_id.in_(wanted[start : start + CHUNK])
                )
                found.update(connection.execute(rows.order_by(client_key.c.client_id)).all())
        return found

    def load(self, client_ids: Iterable[UUID]) -> dict[UUID, Key]:
        """The keys of these clients with all their generations; one statement up to 500 clients."""
        wanted = list(client_ids)
        found: dict[bytes, Key] = {}
        for start in range(0, len(wanted), CHUNK):
            found.update(self._read(_ROWS.where(client_key.c.client_id.in_(wanted[start : start + CHUNK]))))
        return {client_id: found[client_id.bytes] for client_id in wanted if client_id.bytes in found}

    def load_organisation(self, organisation_id: UUID) -> dict[UUID, Key]:
        """The keys of all clients of one organisation: one statement, for lists over many."""
        return {UUID(bytes=client_id): key for client_id, key in self.load_organisation_raw(organisation_id).items()}

    def load_organisation_raw(self, organisation_id: UUID) -> dict[bytes, Key]:
        """The same by the ids' bytes: for searches, where making UUID objects would cost more than deciphering."""
        lately = or_(client_key.c.superseded_at.is_(None), client_key.c.superseded_at > clock.now() - LINGERING)
        return self._read(_ROWS.where(client_key.c.organisation_id == organisation_id, lately))

    def destroy(self, client_ids: Iterable[UUID]) -> None:
        """Delete the keys of clients whose rows are gone. Repeating it changes nothing."""
        doomed = list(client_ids)
        with self.writing() as connection:
            for start in range(0, len(doomed), CHUNK):
                connection.execute(delete(client_key).where(client_key.c.client_id.in_(doomed[start : start + CHUNK])))
        self.forget()

    def forget(self) -> bool:
        """Let the journal of an SQLite keystore go, which still holds what was deleted or wrapped anew.

        False where a reader kept a part of it; the next call tries again.
        """
        return drop_remains(self.engine)

    def _read(self, statement: _Rows) -> dict[bytes, Key]:
        keys, outdated = self._unwrap(self._rows(statement))
        # Rows that were wrapped anew while they were read, and whose old epoch has ended since.
        return self._unwrap(self._rows(statement))[0] if outdated else keys

    def _rows(self, statement: _Rows) -> Iterable[Row[bytes, bytes, int, int, bytes]]:
        with self.engine.connect() as connection:
            return connection.execute(statement).all()

    def _unwrap(self, rows: Iterable[Row[bytes, bytes, int, int, bytes]]) -> tuple[dict[bytes, Key], bool]:
        """The keys that open, and whether one is wrapped with an epoch that is past."""
        unwrappers: dict[tuple[bytes, int, int], Callable[[bytes, bytes], bytes]] = {}
        keys: dict[bytes, Key] = {}
        outdated = False
        for client_id, organisation_id, epoch, generation, wrapped in rows:
            sort = (organisation_id, epoch, generation)
            try:
                if sort not in unwrappers:
                    unwrappers[sort] = self.keyring.wrapping(UUID(bytes=organisation_id), epoch).unwrapper(
                        purpose(*sort)
                    )
                key = Key(unwrappers[sort](wrapped, client_id), generation)
            except UnreadableError:
                outdated = outdated or self._is_past(UUID(bytes=organisation_id), epoch)
                continue
            keys[client_id] = key.joined(keys[client_id]) if client_id in keys else key
        return keys, outdated

    def _is_past(self, organisation_id: UUID, epoch: int) -> bool:
        try:
            return all(key.epoch > epoch for key in self.keyring.epochs(organisation_id))
        except UnreadableError:
            return False

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
