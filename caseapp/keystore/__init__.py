"""Wrapped client keys, always in a database apart from the data.

Keys are committed here before the data that uses them: an orphan key is harmless, data without its key is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    delete,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.exc import IntegrityError

from caseapp.db.types import Id, RawId
from caseapp.db.unit import make_engine
from caseapp.keystore.erasures import ErasureList
from caseapp.security.keyring import Keyring
from caseapp.security.vault import Key, UnreadableError, new_secret

metadata = MetaData()

client_key = Table(
    "client_key",
    metadata,
    Column("client_id", Id, primary_key=True),
    Column("organisation_id", Id, nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

_ROWS = select(
    type_coerce(client_key.c.client_id, RawId),
    type_coerce(client_key.c.organisation_id, RawId),
    client_key.c.epoch,
    client_key.c.generation,
    client_key.c.wrapped,
)
_CHUNK = 500


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
            left = {each: key for each, key in self.load(wanted).items() if self._owner(each) == wanted[each]}
            return left | self._create({each: wanted[each] for each in wanted if each not in left})

    def _create(self, owners: dict[UUID, UUID]) -> dict[UUID, Key]:
        rows, keys = [], {}
        epochs = {organisation_id: self.keyring.epoch(organisation_id) for organisation_id in set(owners.values())}
        for client_id, organisation_id in owners.items():
            secret, epoch = new_secret(), epochs[organisation_id]
            wrapping = self.keyring.organisation(organisation_id, epoch)
            rows.append(
                {
                    "client_id": client_id,
                    "organisation_id": organisation_id,
                    "epoch": epoch,
                    "generation": 1,
                    "wrapped": wrapping.wrap(secret, _purpose(organisation_id.bytes, epoch, 1) + client_id.bytes),
                }
            )
            keys[client_id] = Key(secret, generation=1)
        if rows:
            with (
                self.engine.connect().execution_options(write_intent=True) as connection,
                connection.begin(),
            ):
                connection.execute(insert(client_key), rows)
        return keys

    def holds_keys(self) -> bool:
        """Whether there is the key of any client."""
        with self.engine.connect() as connection:
            return connection.execute(select(client_key.c.client_id).limit(1)).first() is not None

    def _owner(self, client_id: UUID) -> UUID | None:
        statement = select(client_key.c.organisation_id).where(client_key.c.client_id == client_id)
        with self.engine.connect() as connection:
            return connection.execute(statement).scalar()

    def load(self, client_ids: Iterable[UUID]) -> dict[UUID, Key]:
        """The keys of these clients; one statement up to 500 clients."""
        wanted = list(client_ids)
        found: dict[bytes, Key] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                found.update(self._unwrap(connection.execute(_ROWS.where(client_key.c.client_id.in_(chunk))).all()))
        return {client_id: found[client_id.bytes] for client_id in wanted if client_id.bytes in found}

    def load_organisation(self, organisation_id: UUID) -> dict[UUID, Key]:
        """The keys of all clients of one organisation: one statement, for lists over many."""
        return {UUID(bytes=client_id): key for client_id, key in self.load_organisation_raw(organisation_id).items()}

    def load_organisation_raw(self, organisation_id: UUID) -> dict[bytes, Key]:
        """The same by the ids' bytes: for searches, where making UUID objects would cost more than deciphering."""
        with self.engine.connect() as connection:
            return self._unwrap(connection.execute(_ROWS.where(client_key.c.organisation_id == organisation_id)).all())

    def destroy(self, client_ids: Iterable[UUID]) -> None:
        """Delete the keys of clients whose rows are gone. Repeating it changes nothing."""
        doomed = list(client_ids)
        with self.engine.connect().execution_options(write_intent=True) as connection, connection.begin():
            for start in range(0, len(doomed), _CHUNK):
                connection.execute(delete(client_key).where(client_key.c.client_id.in_(doomed[start : start + _CHUNK])))

    def _unwrap(self, rows: Iterable[Row[bytes, bytes, int, int, bytes]]) -> dict[bytes, Key]:
        unwrappers: dict[tuple[bytes, int, int], Callable[[bytes, bytes], bytes]] = {}
        keys = {}
        for client_id, organisation_id, epoch, generation, wrapped in rows:
            sort = (organisation_id, epoch, generation)
            try:
                if sort not in unwrappers:
                    wrapping = self.keyring.organisation(UUID(bytes=organisation_id), epoch)
                    unwrappers[sort] = wrapping.unwrapper(_purpose(*sort))
                keys[client_id] = Key(unwrappers[sort](wrapped, client_id), generation)
            except UnreadableError:
                continue
        return keys

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def _purpose(organisation_id: bytes, epoch: int, generation: int) -> bytes:
    """What ties a wrapped key to its client; the client's id follows."""
    return b"client|%b|%d|%d|" % (organisation_id, epoch, generation)
