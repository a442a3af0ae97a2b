"""Requests to tell by law, the register without names, and requests from outside."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.queries import Person
from caseapp.clients.models import Client, ClientGrant, ClientHead
from caseapp.clients.queries.grants import WORKING_KINDS
from caseapp.clients.queries.heads import find_heads
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.referrals.models import LegalEntry, LegalRequest, OutsideRequest
from caseapp.referrals.rules.legal import OPEN, WAITING, LegalState
from caseapp.sealed import key_of


@dataclass(frozen=True, slots=True)
class WaitingLegal:
    """A request that waits for the actor as the second person; `head` is None where it is not readable."""

    request: LegalRequest
    file_number: str
    head: ClientHead | None


@dataclass(frozen=True, slots=True)
class LegalCount:
    """One line of the register's summary: a ground and a state, and how many."""

    basis: str
    state: LegalState
    count: int


def get_legal(request_id: UUID) -> LegalRequest:
    """The request. Raises NotFoundError for a missing and for a foreign one alike."""
    found = session().get(LegalRequest, request_id)
    if found is None:
        raise NotFoundError
    return found


def list_legal(client_id: UUID) -> Sequence[LegalRequest]:
    """The client's requests to tell by law, the latest first."""
    rows = (
        session()
        .scalars(
            select(LegalRequest)
            .where(LegalRequest.client_id == client_id)
            .order_by(LegalRequest.asked_at.desc(), LegalRequest.id)
        )
        .all()
    )
    if rows:
        key_of(session(), client_id)
    return rows


def list_waiting_legal(user_id: UUID) -> list[WaitingLegal]:
    """The requests that wait for this person as the second one, the most urgent first; one statement if none."""
    return _waiting(LegalRequest.asked_id == user_id, WAITING)


def list_own_legal(user_id: UUID) -> list[WaitingLegal]:
    """The open requests that this person made, the most urgent first."""
    return _waiting(LegalRequest.asked_by == user_id, OPEN)


def list_second_persons(client: Client, *, but: UUID) -> list[Person]:
    """Who can agree, by name: the people in charge of the file and, unless it is protected, the leads of its team."""
    named = {client.worker_id, *_named(client.id)}
    people = {} if client.protected else {each.user_id: each for each in _leads(client)}
    for person in (*accounts.list_workers(client.organisation_id), *accounts.list_leads(client.organisation_id)):
        if person.user_id in named:
            people[person.user_id] = person
    people.pop(but, None)
    return sorted(people.values(), key=lambda person: (person.name.casefold(), person.user_id))


def list_entries(organisation_id: UUID, *, limit: int = 500) -> Sequence[LegalEntry]:
    """The register of the carrier, the latest first: days, grounds and states, nobody's name."""
    return (
        session()
        .scalars(
            select(LegalEntry)
            .where(LegalEntry.organisation_id == organisation_id)
            .order_by(LegalEntry.on_day.desc(), LegalEntry.id)
            .limit(limit)
        )
        .all()
    )


def get_entry(entry_id: UUID) -> LegalEntry:
    """The line of the register that belongs to a request. Raises NotFoundError."""
    found = session().get(LegalEntry, entry_id)
    if found is None:
        raise NotFoundError
    return found


def count_entries(entries: Sequence[LegalEntry]) -> list[LegalCount]:
    """How many by ground and state."""
    counted = Counter((entry.basis, entry.state) for entry in entries)
    return [LegalCount(basis, LegalState(state), count) for (basis, state), count in sorted(counted.items())]


def get_outside(outside_id: UUID) -> OutsideRequest:
    """A request from outside. Raises NotFoundError."""
    found = session().get(OutsideRequest, outside_id)
    if found is None:
        raise NotFoundError
    return found


def list_outside(client_id: UUID) -> Sequence[OutsideRequest]:
    """The requests about the client from outside, the latest first."""
    rows = (
        session()
        .scalars(
            select(OutsideRequest)
            .where(OutsideRequest.client_id == client_id)
            .order_by(OutsideRequest.received_on.desc(), OutsideRequest.created_at.desc(), OutsideRequest.id)
        )
        .all()
    )
    if rows:
        key_of(session(), client_id)
    return rows


def _waiting(whose: object, states: Collection[LegalState]) -> list[WaitingLegal]:
    rows = (
        session()
        .execute(
            select(LegalRequest, Client.file_number)
            .join(Client, Client.id == LegalRequest.client_id)
            .where(whose, LegalRequest.state.in_([state.value for state in states]))  # type: ignore[arg-type]
            .order_by(LegalRequest.due_on.is_(None), LegalRequest.due_on, LegalRequest.asked_at, LegalRequest.id)
        )
        .all()
    )
    heads = find_heads({request.client_id for request, _number in rows}) if rows else {}
    return [WaitingLegal(request, number, heads.get(request.client_id)) for request, number in rows]


def _leads(client: Client) -> list[Person]:
    return accounts.list_leads(client.organisation_id, client.team_id)


def _named(client_id: UUID) -> set[UUID]:
    now: dt.datetime = clock.now()
    return set(
        session().scalars(
            select(ClientGrant.user_id)
            .where(ClientGrant.client_id == client_id, ClientGrant.kind.in_(WORKING_KINDS))
            .where(ClientGrant.from_at <= now, or_(ClientGrant.until_at.is_(None), ClientGrant.until_at > now))
            .order_by(ClientGrant.id)
        )
    )
