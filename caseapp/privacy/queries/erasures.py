"""Requests to erase a file (rows of `client_grant` of the kind `erase`), and the erasures that were decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.queries import Person
from caseapp.clients.models import Client, ClientGrant, ClientHead
from caseapp.clients.queries.grants import ERASE
from caseapp.clients.queries.heads import find_heads
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.privacy.models import Erasure, ErasureStep
from caseapp.security.actor import Role
from caseapp.security.vault import UnreadableError


@dataclass(frozen=True, slots=True)
class Request:
    """An open request. `requested_by` None: the account is gone. `reason` is "" where it is not readable."""

    id: UUID
    client_id: UUID
    requested_by: UUID | None
    asked_id: UUID
    at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request with the file's number, and its head as far as it is readable."""

    request: Request
    file_number: str
    head: ClientHead | None


def find_request(client_id: UUID) -> Request | None:
    """The file's open request, or None. There is one at most."""
    grant = find_request_grant(client_id)
    return _request(grant) if grant else None


def find_request_grant(client_id: UUID) -> ClientGrant | None:
    """The row of the open request, for the service."""
    now = clock.now()
    return (
        session()
        .scalars(
            select(ClientGrant)
            .where(ClientGrant.kind == ERASE, ClientGrant.client_id == client_id, ClientGrant.from_at <= now)
            .where(or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
            .order_by(ClientGrant.from_at, ClientGrant.id)
            .limit(1)
        )
        .first()
    )


def list_waiting(organisation_ids: Collection[UUID]) -> list[WaitingRequest]:
    """The open requests of these carriers as far as the actor finds the files, oldest first. Two statements."""
    now = clock.now()
    rows = (
        session()
        .execute(
            select(ClientGrant, Client.file_number)
            .join(Client, Client.id == ClientGrant.client_id)
            .where(ClientGrant.kind == ERASE, ClientGrant.from_at <= now)
            .where(or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
            .where(ClientGrant.organisation_id.in_(organisation_ids))
            .order_by(ClientGrant.from_at, ClientGrant.id)
        )
        .all()
    )
    heads = find_heads({grant.client_id for grant, _number in rows})
    return [WaitingRequest(_request(grant), number, heads.get(grant.client_id)) for grant, number in rows]


def list_heads(organisation_id: UUID, *, but: UUID) -> list[Person]:
    """The carrier's heads, by name: leads whose duty is for the whole carrier. Never the person who asks."""
    people = {
        duty.user.id: Person(duty.user.id, duty.user.profile.name)
        for duty in accounts.list_duties([organisation_id])
        if duty.membership.role == Role.LEAD
        and duty.membership.team_id is None
        and duty.user.active
        and accounts.is_active(duty.membership)
    }
    people.pop(but, None)
    return sorted(people.values(), key=lambda person: (person.name.casefold(), person.user_id))


def find_erasure(client_id: UUID) -> Erasure | None:
    """The decided erasure of this client, or None."""
    return session().scalars(select(Erasure).where(Erasure.client_id == client_id)).one_or_none()


def get_erasure(erasure_id: UUID, organisation_ids: Collection[UUID], *, lock: bool = False) -> Erasure:
    """The erasure, if it belongs to one of these carriers. Raises NotFoundError."""
    statement = select(Erasure).where(Erasure.id == erasure_id, Erasure.organisation_id.in_(organisation_ids))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session().scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_erasures(organisation_ids: Collection[UUID], *, limit: int = 200) -> Sequence[Erasure]:
    """The erasures of these carriers, the newest first."""
    return (
        session()
        .scalars(
            select(Erasure)
            .where(Erasure.organisation_id.in_(organisation_ids))
            .order_by(Erasure.decided_at.desc(), Erasure.id)
            .limit(limit)
        )
        .all()
    )


def list_unfinished(before: dt.datetime) -> Sequence[UUID]:
    """The erasures that were decided before that moment and are not done, oldest first; within the unit's scope."""
    return (
        session()
        .scalars(
            select(Erasure.id)
            .where(Erasure.step != ErasureStep.DONE.value, Erasure.decided_at < before)
            .order_by(Erasure.decided_at, Erasure.id)
        )
        .all()
    )


def _request(grant: ClientGrant) -> Request:
    try:
        reason = grant.reason.text
    except UnreadableError:
        reason = ""
    return Request(grant.id, grant.client_id, grant.granted_by, grant.user_id, grant.from_at, reason)
