"""Reading contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal, select, union_all

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.clients.queries.heads import find_heads
from caseapp.clients.queries.milestones import MilestoneSelect
from caseapp.counselling.models import Contact, ContactChange, ContactParticipant
from caseapp.counselling.queries.kinds import with_client_kinds
from caseapp.db import UtcDateTime, session
from caseapp.errors import NotFoundError
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

VALID, CANCELLED, UNDONE = "valid", "cancelled", "undone"


@dataclass(frozen=True, slots=True)
class Recent:
    """A client with whom the actor had to do lately."""

    client_id: UUID
    name: str
    on_day: dt.date


def find_contact(contact_id: UUID) -> Contact | None:
    """The contact, or None for a missing and for a foreign one."""
    return session().get(Contact, contact_id)


def get_contact(contact_id: UUID) -> Contact:
    """The contact. Raises NotFoundError, also for one that was taken back."""
    found = find_contact(contact_id)
    if found is None or found.state == UNDONE:
        raise NotFoundError
    return found


def find_change(change_id: UUID) -> ContactChange | None:
    """The change of a contact with this id, or None."""
    return session().get(ContactChange, change_id)


def list_contacts(client_id: UUID, *, kinds: Sequence[str] = (), limit: int = 50) -> Sequence[Contact]:
    """The client's contacts, the latest first, cancelled ones too, those taken back not. `kinds`: these only."""
    statement = select(Contact).where(Contact.client_id == client_id, Contact.state != UNDONE)
    if kinds:
        statement = statement.where(Contact.kind.in_(kinds))
    return (
        session()
        .scalars(statement.order_by(Contact.on_day.desc(), Contact.created_at.desc(), Contact.id).limit(limit))
        .all()
    )


def recorded_links(contact_id: UUID) -> dict[UUID, dt.datetime]:
    """Who took part in a contact, and since when that has been known."""
    rows = session().execute(
        select(ContactParticipant.client_id, ContactParticipant.recorded_at)
        .where(ContactParticipant.contact_id == contact_id)
        .order_by(ContactParticipant.id)
    )
    return {row.client_id: row.recorded_at for row in rows}


def list_links(client_id: UUID, *, kinds: Sequence[str] = (), limit: int = 50) -> Sequence[ContactParticipant]:
    """Contacts of other files in which this client took part, the latest first: day and kind only."""
    statement = select(ContactParticipant).where(ContactParticipant.client_id == client_id)
    if kinds:
        statement = statement.where(ContactParticipant.kind.in_(kinds))
    return (
        session()
        .scalars(statement.order_by(ContactParticipant.on_day.desc(), ContactParticipant.id).limit(limit))
        .all()
    )


def select_links(client_id: UUID) -> MilestoneSelect:
    """The same for the timeline, which reads the milestones of all slices in one statement."""
    present = ContactParticipant
    columns = (present.on_day, literal(None, UtcDateTime()).label("at"), present.id, present.kind)
    return select(*columns).where(present.client_id == client_id)


def list_changes(contact_id: UUID) -> Sequence[ContactChange]:
    """What was changed in the contact, the latest first."""
    return (
        session()
        .scalars(
            select(ContactChange)
            .where(ContactChange.contact_id == contact_id)
            .order_by(ContactChange.at.desc(), ContactChange.id)
        )
        .all()
    )


def last_day_with_client(client_id: UUID) -> dt.date | None:
    """The day of the last valid contact in which the client took part, links from other files included.

    Counted from the rows, within the scope of the running unit.
    """
    kinds = with_client_kinds()
    own = select(func.max(Contact.on_day)).where(
        Contact.client_id == client_id, Contact.state == VALID, Contact.kind.in_(kinds)
    )
    links = select(func.max(ContactParticipant.on_day)).where(
        ContactParticipant.client_id == client_id, ContactParticipant.kind.in_(kinds)
    )
    days = [day for (day,) in session().execute(union_all(own, links)) if day is not None]
    return max(days, default=None)


def last_contacts() -> Mapping[UUID, tuple[dt.date]]:
    """`last_day_with_client` of all clients within the scope, each in a tuple: for rebuilding the caseload."""
    kinds = with_client_kinds()
    found: dict[UUID, dt.date] = {}
    for statement in (
        select(Contact.client_id, func.max(Contact.on_day))
        .where(Contact.state == VALID, Contact.kind.in_(kinds))
        .group_by(Contact.client_id)
        .order_by(Contact.client_id),
        select(ContactParticipant.client_id, func.max(ContactParticipant.on_day))
        .where(ContactParticipant.kind.in_(kinds))
        .group_by(ContactParticipant.client_id)
        .order_by(ContactParticipant.client_id),
    ):
        for client_id, day in session().execute(statement):
            found[client_id] = max(day, found.get(client_id, day))
    return {client_id: (day,) for client_id, day in found.items()}


def list_recent_clients(actor: Actor, *, limit: int = 8) -> list[Recent]:
    """The clients of the actor's last contacts, the latest first; two statements and one for the keys."""
    since = clock.today() - dt.timedelta(days=60)
    last = func.max(Contact.on_day)
    rows = (
        session()
        .execute(
            select(Contact.client_id, last)
            .where(Contact.worker_id == actor.user_id, Contact.on_day >= since, Contact.state == VALID)
            .group_by(Contact.client_id)
            .order_by(last.desc(), func.max(Contact.created_at).desc(), Contact.client_id)
            .limit(limit)
        )
        .all()
    )
    heads = find_heads([client_id for client_id, _day in rows])
    return [
        Recent(client_id, head.full_name, day) for client_id, day in rows if (head := heads.get(client_id)) is not None
    ]


def note_readable(actor: Actor, client: Client) -> bool:
    """Whether the actor may read notes of this client: the worker, or a lead who gave a reason in the last 24 hours."""
    if policy.allows(actor, Permission.CLIENT_READ_NOTE, client):
        return True
    lead = policy.allows(actor, Permission.NOTE_ACCESS, client)
    return lead and client.id in actor.notes
