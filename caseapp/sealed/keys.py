"""Which key seals which row, and the keys that a unit of work has already unwrapped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from caseapp.db import ClientBound, ClientListed, OrganisationBound
from caseapp.keystore import KeyStore
from caseapp.security.vault import Key, UnreadableError

_OPEN_KEYS = "open_client_keys"


def _keystore(session: Session) -> KeyStore:
    keystore: KeyStore = session.info["keystore"]
    return keystore


def open_keys(session: Session) -> dict[UUID, Key]:
    """The client keys unwrapped in this unit of work. They live no longer than the unit."""
    keys: dict[UUID, Key] = session.info.setdefault(_OPEN_KEYS, {})
    return keys


def keys_of(session: Session, client_ids: Iterable[UUID]) -> dict[UUID, Key]:
    """The keys of these clients (at most one statement); missing or damaged ones are left out."""
    held = open_keys(session)
    missing = {client_id for client_id in client_ids if client_id not in held}
    if missing:
        held.update(_keystore(session).load(missing))
    return held


def open_organisation_keys(session: Session, organisation_id: UUID) -> dict[UUID, Key]:
    """The keys of all clients of one organisation, in one statement: before opening very many heads."""
    held = open_keys(session)
    held.update(_keystore(session).load_organisation(organisation_id))
    return held


def raw_organisation_keys(session: Session, organisation_id: UUID) -> dict[bytes, Key]:
    """The same by the ids' bytes, for one look through very many heads; they are not kept for the unit."""
    return _keystore(session).load_organisation_raw(organisation_id)


def key_of(session: Session, client_id: UUID) -> Key:
    """One client's key. Raises UnreadableError when it is lost or erased."""
    try:
        return keys_of(session, (client_id,))[client_id]
    except KeyError:
        raise UnreadableError from None


def create_keys(session: Session, owners: Iterable[tuple[UUID, UUID]]) -> None:
    """Keys for new clients as (client id, organisation id), on disk before anything is sealed under them."""
    new = [owner for owner in owners if owner[0] not in open_keys(session)]
    if new:
        open_keys(session).update(_keystore(session).create(new))


def destroy_keys_after_commit(session: Session, client_ids: Iterable[UUID]) -> None:
    """Let these clients' keys go as soon as their deletion is committed: a rollback must find its keys again."""
    keystore, doomed = _keystore(session), tuple(client_ids)
    event.listen(session, "after_commit", lambda _session: keystore.destroy(doomed), once=True)


def owner_of(row: Any) -> UUID | None:
    """The client under whose key the row is sealed; None for rows of an organisation or the installation."""
    bound = issubclass(type(row), ClientBound | ClientListed)
    return row.client_id if bound else None


def key_for_row(session: Session | None, row: Any) -> Key:
    """The key that seals this row. Raises UnreadableError."""
    if session is None:
        raise UnreadableError
    client_id = owner_of(row)
    if client_id is not None:
        return key_of(session, client_id)
    keyring = _keystore(session).keyring
    if isinstance(row, OrganisationBound):
        return keyring.organisation(row.organisation_id)
    return keyring.installation
