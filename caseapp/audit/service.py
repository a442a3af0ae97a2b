"""Recording of events. `record` joins the running transaction; `record_apart` survives its rollback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.audit.models import AuditEvent
from caseapp.db import Database, new_id, scope, session
from caseapp.keystore import KeyStore
from caseapp.sealed.keys import key_of
from caseapp.sealed.records import Record, encode
from caseapp.security.actor import Actor
from caseapp.security.vault import Key, Place, UnreadableError, keyed_digest

_PENDING = "audit_pending"
_BLOCK = 32


class Detail(Record, frozen=True, kw_only=True):
    """What an event says beyond its columns. Short codes and counts, never free text of a file."""

    note: str = ""
    reason: str = ""
    count: int | None = None
    digest: str = ""
    changed: tuple[str, ...] = ()


def record(
    action: str,
    *,
    client_id: UUID | None = None,
    organisation_id: UUID | None = None,
    detail: Detail | None = None,
) -> None:
    """Record a change in the running transaction; it is committed or rolled back with the change."""
    current = session()
    current.add(_event(current, action, client_id, organisation_id, detail))


def note_read(
    action: str,
    *,
    client_id: UUID | None = None,
    organisation_id: UUID | None = None,
    detail: Detail | None = None,
) -> None:
    """Record that something was read. Written apart, after the read and before the answer leaves (`write_pending`)."""
    current = session()
    current.info.setdefault(_PENDING, []).append(_event(current, action, client_id, organisation_id, detail))


def write_pending(database: Database, finished: Session) -> None:
    """Write the read events of a finished unit in a short transaction of their own. Raises if they cannot be kept."""
    events: list[AuditEvent] = finished.info.pop(_PENDING, [])
    if events:
        with database.unit(None, write=True) as apart:
            apart.add_all(events)


def record_apart(
    database: Database,
    actor: Actor | None,
    action: str,
    *,
    client_id: UUID | None = None,
    organisation_id: UUID | None = None,
    detail: Detail | None = None,
) -> None:
    """Record in a transaction of its own what must outlive a rollback: refusals, failed sign-ins."""
    with database.unit(actor, write=True) as apart:
        apart.add(_event(apart, action, client_id, organisation_id, detail))


@contextmanager
def everything(reason: str) -> Iterator[None]:
    """Lift the row scope inside the block; recorded with its reason. For system work, never for a person's page."""
    current = session()
    with scope.everything(current):
        record("scope:everything", detail=Detail(reason=reason))
        yield


def list_digest(ids: Iterable[UUID]) -> str:
    """A keyed digest of the ids on a list page: it proves which rows were shown without naming them."""
    keystore: KeyStore = session().info["keystore"]
    joined = "".join(sorted(row_id.hex for row_id in ids))
    return keyed_digest(keystore.keyring.secret("audit"), joined).hex()[:32]


def _event(
    current: Session,
    action: str,
    client_id: UUID | None,
    organisation_id: UUID | None,
    detail: Detail | None,
) -> AuditEvent:
    actor: Actor | None = current.info.get("actor")
    event_id = new_id()
    return AuditEvent(
        id=event_id,
        at=dt.datetime.now(dt.UTC),
        actor_id=actor.user_id if actor else None,
        organisation_id=organisation_id or _only_organisation(actor),
        client_id=client_id,
        action=action,
        detail=_sealed(current, event_id, client_id, detail) if detail else None,
    )


def _only_organisation(actor: Actor | None) -> UUID | None:
    ids = actor.organisation_ids if actor else frozenset()
    return next(iter(ids)) if len(ids) == 1 else None


def _sealed(current: Session, event_id: UUID, client_id: UUID | None, detail: Detail) -> bytes:
    place = Place("audit_event", "detail", event_id, 1)
    return _detail_key(current, client_id).seal(encode(detail), place, block=_BLOCK)


def _detail_key(current: Session, client_id: UUID | None) -> Key:
    keystore: KeyStore = current.info["keystore"]
    if client_id is None:
        return keystore.keyring.installation
    try:
        return key_of(current, client_id)
    except UnreadableError:
        # A file whose key is lost must still leave a trace of the attempt.
        return keystore.keyring.installation
