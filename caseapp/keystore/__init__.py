"""Wrapped client keys, always in a database apart from the data.

Keys are committed here before the data that uses them: an orphan key is harmless, data without its key is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
)

from caseapp.db.types import Id
from caseapp.db.unit import make_engine
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

_CHUNK = 500


class KeyStore:
    """Creates and unwraps client keys. A key that does not open is left out, so that one loss breaks no list."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.engine: Engine = make_engine(url, durable=True)
        self.keyring = keyring

    def create(self, owners: Iterable[tuple[UUID, UUID]]) -> dict[UUID, Key]:
        """Keys for new clients, given as (client id, organisation id); they are on disk when this returns."""
        rows, keys = [], {}
        for client_id, organisation_id in owners:
            secret, epoch = new_secret(), self.keyring.epoch(organisation_id)
            wrapping = self.keyring.organisation(organisation_id, epoch)
            rows.append(
                {
                    "client_id": client_id,
                    "organisation_id": organisation_id,
                    "epoch": epoch,
                    "generation": 1,
                    "wrapped": wrapping.wrap(secret, _purpose(organisation_id, epoch, 1, client_id)),
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

    def load(self, client_ids: Iterable[UUID]) -> dict[UUID, Key]:
        """The keys of these clients; one statement up to 500 clients."""
        wanted = list(client_ids)
        found: dict[UUID, Key] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                rows = connection.execute(select(client_key).where(client_key.c.client_id.in_(chunk)))
                found.update(self._unwrap(rows))
        return found

    def load_organisation(self, organisation_id: UUID) -> dict[UUID, Key]:
        """The keys of all clients of one organisation: one statement, for searches over many."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(client_key).where(client_key.c.organisation_id == organisation_id))
            return self._unwrap(rows)

    def _unwrap(self, rows: Iterable[tuple[UUID, UUID, int, int, bytes]]) -> dict[UUID, Key]:
        keys = {}
        for client_id, organisation_id, epoch, generation, wrapped in rows:
            try:
                wrapping = self.keyring.organisation(organisation_id, epoch)
                secret = wrapping.unwrap(wrapped, _purpose(organisation_id, epoch, generation, client_id))
            except UnreadableError:
                continue
            keys[client_id] = Key(secret, generation)
        return keys

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def _purpose(organisation_id: UUID, epoch: int, generation: int, client_id: UUID) -> bytes:
    return b"client|%b|%d|%d|%b" % (
        organisation_id.bytes,
        epoch,
        generation,
        client_id.bytes,
    )
