"""Requests to end the protection of a file: rows of `client_grant` of the kind `lift`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.queries import Person
from caseapp.clients.models import Client, ClientGrant, ClientHead
from caseapp.clients.queries.grants import LIFT, WORKING_KINDS
from caseapp.clients.queries.heads import find_heads
from caseapp.db import session
from caseapp.security.vault import UnreadableError


@dataclass(frozen=True, slots=True)
class Lift:
    """An open request. `requested_by` None: the account is gone. `reason` is "" where it is not readable."""

    id: UUID
    client_id: UUID
    requested_by: UUID | None
    asked_id: UUID
    from_at: dt.datetime
    until_at: dt.datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingLift:
    """A request that waits for the actor; `head` is None where it is not readable."""

    lift: Lift
    requester: str
    head: ClientHead | None


def find_lift(client_id: UUID) -> Lift | None:
    """The file's open request, or None. There is one at most."""
    grant = find_lift_grant(client_id)
    return _lift(grant) if grant else None


def find_lift_grant(client_id: UUID) -> ClientGrant | None:
    """The row of the open request, for the service."""
    now = clock.now()
    return (
        session()
        .scalars(
            select(ClientGrant)
            .where(ClientGrant.kind == LIFT, ClientGrant.client_id == client_id)
            .where(ClientGrant.from_at <= now, ClientGrant.until_at > now)
            .order_by(ClientGrant.from_at, ClientGrant.id)
            .limit(1)
        )
        .first()
    )


def list_waiting_lifts(user_id: UUID) -> list[WaitingLift]:
    """The requests that this person may decide: asked by name, or in an own file; oldest first. One statement if none.

    Two more for the names of clients and requesters.
    """
    now = clock.now()
    grants = session().scalars(
        select(ClientGrant)
        .join(Client, Client.id == ClientGrant.client_id)
        .where(ClientGrant.kind == LIFT, ClientGrant.from_at <= now, ClientGrant.until_at > now)
        .where(ClientGrant.granted_by != user_id, Client.protected.is_(True))
        .where(or_(ClientGrant.user_id == user_id, Client.worker_id == user_id))
        .order_by(ClientGrant.from_at, ClientGrant.id)
    )
    lifts = [_lift(grant) for grant in grants]
    heads = find_heads({lift.client_id for lift in lifts})
    names = accounts.names_of({lift.requested_by for lift in lifts if lift.requested_by})
    return [
        WaitingLift(lift, names.get(lift.requested_by, "") if lift.requested_by else "", heads.get(lift.client_id))
        for lift in lifts
    ]


def list_second_persons(client: Client, *, but: UUID) -> list[Person]:
    """Who can agree that the protection ends, by name: the people named for the file, and the leads of its team.

    With one person named that leaves the leads: without them nobody could ever end the protection.
    """
    named = {client.worker_id, *_named(client.id)}
    carrier = client.organisation_id
    people = {person.user_id: person for person in accounts.list_leads(carrier, client.team_id)}
    for person in (*accounts.list_workers(carrier), *accounts.list_leads(carrier)):
        if person.user_id in named:
            people[person.user_id] = person
    people.pop(but, None)
    return sorted(people.values(), key=lambda person: (person.name.casefold(), person.user_id))


def _named(client_id: UUID) -> set[UUID]:
    now = clock.now()
    return set(
        session().scalars(
            select(ClientGrant.user_id)
            .where(ClientGrant.client_id == client_id, ClientGrant.kind.in_(WORKING_KINDS))
            .where(ClientGrant.from_at <= now, or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
            .order_by(ClientGrant.id)
        )
    )


def _lift(grant: ClientGrant) -> Lift:
    try:
        reason = grant.reason.text
    except UnreadableError:
        reason = ""
    return Lift(
        id=grant.id,
        client_id=grant.client_id,
        requested_by=grant.granted_by,
        asked_id=grant.user_id,
        from_at=grant.from_at,
        until_at=grant.until_at,
        reason=reason,
    )
