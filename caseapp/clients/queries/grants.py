"""Rights on single cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select

from caseapp import clock
from caseapp.clients.models import Client, ClientGrant
from caseapp.db import scope, session

# A grant of kind "note" opens notes only: it does not make somebody a worker of the case.
_WORKING_KINDS = ("cover", "co_work", "protection")
NOTE = "note"


def granted_clients(user_id: UUID) -> frozenset[UUID]:
    """The clients whose files are opened to this person today, one by one.

    Read while the actor is only being made, therefore outside the row scope; it reads this person's own grants only.
    """
    now = clock.now()
    current = session()
    with scope.everything(current):
        rows = current.scalars(
            select(ClientGrant.client_id)
            .where(ClientGrant.user_id == user_id, ClientGrant.kind.in_(_WORKING_KINDS))
            .where(ClientGrant.from_at <= now, or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
            .order_by(ClientGrant.client_id)
        )
        return frozenset(rows)


def has_note_access(user_id: UUID, client_id: UUID) -> bool:
    """Whether a lead has opened this client's notes with a reason, and the 24 hours have not passed."""
    return find_note_access(user_id, client_id) is not None


def find_note_access(user_id: UUID, client_id: UUID) -> ClientGrant | None:
    """The person's running access to the client's notes, the one that lasts longest, or None."""
    now = clock.now()
    return (
        session()
        .scalars(
            _note_grants()
            .where(ClientGrant.client_id == client_id, ClientGrant.user_id == user_id)
            .where(ClientGrant.from_at <= now, ClientGrant.until_at > now)
            .limit(1)
        )
        .first()
    )


def list_note_accesses(client_id: UUID, *, limit: int = 5) -> Sequence[ClientGrant]:
    """When the client's notes were opened to a lead, by whom (`user_id`) and why (`reason.text`), newest first."""
    return session().scalars(_note_grants().where(ClientGrant.client_id == client_id).limit(limit)).all()


def list_note_accesses_for_worker(worker_id: UUID, since: dt.datetime) -> Sequence[ClientGrant]:
    """When a lead opened notes in this worker's cases since that moment, newest first: the worker is to see it."""
    return (
        session()
        .scalars(
            _note_grants()
            .join(Client, Client.id == ClientGrant.client_id)
            .where(Client.worker_id == worker_id, ClientGrant.from_at >= since, ClientGrant.user_id != worker_id)
        )
        .all()
    )


def _note_grants() -> Select[ClientGrant]:
    return (
        select(ClientGrant)
        .where(ClientGrant.kind == NOTE)
        .order_by(ClientGrant.until_at.desc(), ClientGrant.from_at.desc(), ClientGrant.id)
    )
