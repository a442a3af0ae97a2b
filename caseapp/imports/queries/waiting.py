"""Contacts that wait for their client, and the clients who may be meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.imports.models import WaitingContact, WaitingState
from caseapp.sealed import keys_of, open_column
from caseapp.security.actor import Actor


class FoundClient(NamedTuple):
    """What a choice of clients shows."""

    name: str
    born_on: dt.date | None
    file_number: str
    worker_id: UUID | None
    closed: bool


def list_waiting(actor: Actor, *, limit: int = 5_000) -> Sequence[WaitingContact]:
    """The actor's contacts that wait for their client, in the order of their lists."""
    return (
        session()
        .scalars(
            select(WaitingContact)
            .where(WaitingContact.user_id == actor.user_id, WaitingContact.state == WaitingState.WAITING.value)
            .order_by(WaitingContact.import_id, WaitingContact.number, WaitingContact.id)
            .limit(limit)
        )
        .all()
    )


def count_waiting(actor: Actor) -> int:
    """How many of the actor's contacts wait for their client."""
    statement = select(func.count(WaitingContact.id)).where(
        WaitingContact.user_id == actor.user_id, WaitingContact.state == WaitingState.WAITING.value
    )
    return session().scalar(statement) or 0


def get_waiting(actor: Actor, waiting_id: UUID) -> WaitingContact:
    """The actor's own waiting contact, whatever became of it. Raises NotFoundError."""
    found = (
        session()
        .scalars(select(WaitingContact).where(WaitingContact.id == waiting_id, WaitingContact.user_id == actor.user_id))
        .one_or_none()
    )
    if found is None:
        raise NotFoundError
    return found


def list_known_waiting(actor: Actor) -> Sequence[WaitingContact]:
    """The actor's contacts that wait or were discarded: the same list may come a second time."""
    return (
        session()
        .scalars(
            select(WaitingContact)
            .where(WaitingContact.user_id == actor.user_id, WaitingContact.state != WaitingState.ASSIGNED.value)
            .order_by(WaitingContact.id)
        )
        .all()
    )


def find_clients(client_ids: Collection[UUID]) -> dict[UUID, FoundClient]:
    """These clients as far as the actor may find them, in the order given."""
    rows = (
        session()
        .execute(
            select(Client.id, Client.head_rev, Client.head_blob, Client.file_number, Client.worker_id, Client.closed_on)
            .where(Client.id.in_(client_ids))
            .order_by(Client.id)
        )
        .all()
    )
    keys = keys_of(session(), [row[0] for row in rows])
    heads = open_column(Client.head, "client", [(row[0], row[0], row[1], row[2]) for row in rows], keys)
    found = {
        row[0]: FoundClient(opened.record.full_name, opened.record.birth.day, row[3], row[4], row[5] is not None)
        for row, opened in zip(rows, heads, strict=True)
        if opened.record is not None
    }
    return {client_id: found[client_id] for client_id in client_ids if client_id in found}


def find_client_by_number(organisation_id: UUID, file_number: str) -> UUID | None:
    """The client with this file number, if the actor may find it."""
    return session().scalar(
        select(Client.id).where(Client.organisation_id == organisation_id, Client.file_number == file_number)
    )
