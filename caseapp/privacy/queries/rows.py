"""Every row that belongs to one client, found by walking over the declared tables: a new table cannot be forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.counselling.models import Contact, ContactParticipant
from caseapp.db import Base, ClientBound, ClientListed, scope, session


def bound_tables() -> list[type[Any]]:
    """The tables with rows of clients, dependent ones first; the client's own table is the last."""
    classes = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    ordered = [classes[table.name] for table in reversed(Base.metadata.sorted_tables) if table.name in classes]
    bound = [each for each in ordered if issubclass(each, ClientBound | ClientListed) and each is not Client]
    return [*bound, Client]


def count_rows(client_id: UUID) -> dict[str, int]:
    """How many rows of each table belong to the client, out of the actor's sight too. One statement a table.

    The caller has asked for the right to erase the file: the numbers are shown before the decision.
    """
    current = session()
    counts: dict[str, int] = {}
    with scope.everything(current):
        for table in bound_tables():
            owner = table.id if table is Client else table.client_id
            counts[table.__tablename__] = current.scalar(select(func.count(table.id)).where(owner == client_id)) or 0
        counts["guest"] = len(list_guests(client_id))
    counts["event"] = count_events(client_id)
    return counts


def count_events(client_id: UUID) -> int:
    """How many events of the log have a detail that is sealed with the client."""
    statement = select(func.count(AuditEvent.id)).where(
        AuditEvent.client_id == client_id, AuditEvent.detail.is_not(None)
    )
    return session().scalar(statement) or 0


def list_guests(client_id: UUID) -> list[UUID]:
    """The clients who took part in contacts of this one, once for each contact. Within the scope of the unit."""
    own = select(Contact.id).where(Contact.client_id == client_id)
    statement = (
        select(ContactParticipant.client_id)
        .where(ContactParticipant.contact_id.in_(own), ContactParticipant.client_id != client_id)
        .order_by(ContactParticipant.client_id, ContactParticipant.id)
    )
    return list(session().scalars(statement))
