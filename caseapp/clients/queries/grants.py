"""Rights on single cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select

from caseapp import clock
from caseapp.clients.models import Client, ClientGrant
from caseapp.db import UtcDateTime, scope, session
from caseapp.sealed import keys_of, open_column
from caseapp.security.actor import Openings

# A grant of kind "note" opens notes only: it does not make somebody a worker of the case.
WORKING_KINDS = ("cover", "co_work", "protection")
NOTE = "note"
# Somebody is asked to agree that the protection ends: finds the file, and opens nothing (`queries.protection`).
LIFT = "lift"
# Somebody is asked to decide on the erasure of the file (`privacy`): the same.
ERASE = "erase"
_ASKING = (LIFT, ERASE)


def opened_clients(user_id: UUID) -> Openings:
    """The clients whose files are opened to this person now, one by one.

    Read while the actor is only being made, therefore outside the row scope; it reads this person's own grants only.
    """
    now = clock.now()
    current = session()
    with scope.everything(current):
        rows = current.execute(_opened(), {"user_id": user_id, "now": now}).all()
    return Openings(
        granted=frozenset(client_id for client_id, kind in rows if kind in WORKING_KINDS),
        asked=frozenset(client_id for client_id, kind in rows if kind in _ASKING),
        notes=frozenset(client_id for client_id, kind in rows if kind == NOTE),
    )


@cache
def _opened() -> Select[UUID, str]:
    """Made once: every page asks it."""
    now = bindparam("now", type_=UtcDateTime())
    return (
        select(ClientGrant.client_id, ClientGrant.kind)
        .where(ClientGrant.user_id == bindparam("user_id"))
        .where(or_(*(ClientGrant.kind == kind for kind in (*WORKING_KINDS, *_ASKING, NOTE))))
        .where(ClientGrant.from_at <= now, or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
        .order_by(ClientGrant.client_id, ClientGrant.id)
    )


def find_note_access(user_id: UUID, client_id: UUID) -> ClientGrant | None:
    """The person's running access to the client's notes, the one that lasts longest, or None."""
    now = clock.now()
    return (
        session()
        .scalars(
            select(ClientGrant)
            .where(ClientGrant.kind == NOTE, ClientGrant.client_id == client_id, ClientGrant.user_id == user_id)
            .where(ClientGrant.from_at <= now, ClientGrant.until_at > now)
            .order_by(ClientGrant.until_at.desc(), ClientGrant.id)
            .limit(1)
        )
        .first()
    )


@dataclass(frozen=True, slots=True)
class NoteAccess:
    """Notes of one client that were opened to a lead: when, and why; `reason` is "" where it is not readable."""

    client_id: UUID
    user_id: UUID
    from_at: dt.datetime
    until_at: dt.datetime | None
    reason: str


def list_note_accesses(client_id: UUID, *, limit: int = 5) -> list[NoteAccess]:
    """When the client's notes were opened to a lead, newest first."""
    return _accesses(_access_rows().where(ClientGrant.client_id == client_id).limit(limit))


def list_note_accesses_for_worker(worker_id: UUID, since: dt.datetime) -> list[NoteAccess]:
    """When a lead opened notes in this worker's cases since that moment, newest first: the worker is to see it."""
    return _accesses(
        _access_rows()
        .join(Client, Client.id == ClientGrant.client_id)
        .where(Client.worker_id == worker_id, ClientGrant.from_at >= since, ClientGrant.user_id != worker_id)
    )


def _access_rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ClientGrant.id,
            ClientGrant.client_id,
            ClientGrant.reason_rev,
            ClientGrant.reason_blob,
            ClientGrant.user_id,
            ClientGrant.from_at,
            ClientGrant.until_at,
        )
        .where(ClientGrant.kind == NOTE)
        .order_by(ClientGrant.from_at.desc(), ClientGrant.id)
    )


def _accesses(statement: Select[*tuple[Any, ...]]) -> list[NoteAccess]:
    rows = session().execute(statement).all()
    keys = keys_of(session(), {row[1] for row in rows})
    reasons = open_column(ClientGrant.reason, "client_grant", [tuple(row[:4]) for row in rows], keys)
    return [
        NoteAccess(client_id, user_id, from_at, until_at, opened.record.text if opened.record else "")
        for (_id, client_id, _rev, _blob, user_id, from_at, until_at), opened in zip(rows, reasons, strict=True)
    ]
