"""Deleting every row of a client, and mending what others' files say of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, update

from caseapp.attachments.service import delete_files_of
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client, Household, HouseholdMember
from caseapp.counselling.models import Contact, ContactParticipant
from caseapp.counselling.service.links import recount_last_contact
from caseapp.db import session
from caseapp.privacy.queries import bound_tables, list_guests
from caseapp.security.vault import UnreadableError


def remove_rows(client_id: UUID) -> bool:
    """Delete all rows of the client, outside the row scope. False when there was no file any more.

    Works without the client's key. Repeating it changes nothing.
    """
    current = session()
    guests = set(list_guests(client_id))
    there = current.scalar(select(Client.id).where(Client.id == client_id)) is not None
    delete_files_of([client_id])
    _forget_participation(client_id)
    households = _leave_households(client_id)
    for table in bound_tables():
        owner = table.id if table is Client else table.client_id
        _run(delete(table).where(owner == client_id))
    _run(delete(Household).where(Household.id.in_(households), Household.id.not_in(_inhabited())))
    _run(update(AuditEvent).where(AuditEvent.client_id == client_id).values(detail=None))
    current.expire_all()
    recount_last_contact(sorted(guests, key=lambda each: each.bytes))
    return there


def _forget_participation(client_id: UUID) -> None:
    """Contacts of others in which the client took part name the id among their participants."""
    shared = select(ContactParticipant.contact_id).where(ContactParticipant.client_id == client_id)
    contacts: Iterable[Contact] = session().scalars(select(Contact).where(Contact.id.in_(shared)).order_by(Contact.id))
    for contact in contacts:
        try:
            detail = contact.detail
        except UnreadableError:
            continue
        others = tuple(each for each in detail.participants if each != client_id)
        contact.detail = msgspec.structs.replace(detail, participants=others)
    session().flush()


def _leave_households(client_id: UUID) -> list[UUID]:
    """The client's households, in which the next member takes the place of an anchor that goes."""
    own = session().scalars(
        select(HouseholdMember).where(HouseholdMember.client_id == client_id).order_by(HouseholdMember.id)
    )
    households = []
    for link in own.all():
        households.append(link.household_id)
        if link.anchor:
            _next_anchor(link)
    session().flush()
    return households


def _next_anchor(leaving: HouseholdMember) -> None:
    successor = session().scalars(
        select(HouseholdMember)
        .where(HouseholdMember.household_id == leaving.household_id, HouseholdMember.client_id != leaving.client_id)
        .where(HouseholdMember.until_on.is_(None))
        .order_by(HouseholdMember.from_on, HouseholdMember.id)
        .limit(1)
    )
    found = successor.first()
    if found is not None:
        found.anchor = True


def _inhabited() -> Any:
    return select(HouseholdMember.household_id)


def _run(statement: Any) -> None:
    session().execute(statement.execution_options(synchronize_session=False))
