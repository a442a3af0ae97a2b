"""Links of a contact in the files of other participants, and the day of the last contact of all of them.

The actor may write this contact but need not be allowed to open the other files. These rows hold day and kind only;
they are removed outside the row scope, after the contact's own permission was asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import delete, select

from caseapp import clock
from caseapp.clients.models import Client, HouseholdMember
from caseapp.clients.service import caseload
from caseapp.counselling import queries
from caseapp.counselling.models import Contact, ContactParticipant
from caseapp.db import scope, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _


def check_participants(client: Client, participants: Collection[UUID]) -> None:
    """Only people of the client's present household whom the actor may find. Raises RuleError on `participants`."""
    if not participants:
        return
    own = select(HouseholdMember.household_id).where(
        HouseholdMember.client_id == client.id, HouseholdMember.until_on.is_(None)
    )
    found = session().scalars(
        select(Client.id)
        .join(HouseholdMember, HouseholdMember.client_id == Client.id)
        .where(HouseholdMember.household_id.in_(own), HouseholdMember.until_on.is_(None))
        .where(Client.id.in_(tuple(participants)), Client.organisation_id == client.organisation_id)
        .order_by(Client.id)
    )
    if set(participants) - set(found) or client.id in participants:
        raise RuleError(
            _("Eine der Personen gehört nicht mehr zum Haushalt. Prüfen Sie, wer dabei war."), field="participants"
        )


def add_links(contact: Contact, recorded: Mapping[UUID, dt.datetime] | None = None) -> None:
    """Let the contact show in the files of its participants.

    `recorded`: at a correction, since when those of before have been known; whoever is added is known from now on, so
    that figures which are out do not miss them for good. Without it all are known since the contact was entered.
    """
    since = contact.created_at if recorded is None else clock.now()
    session().add_all(
        ContactParticipant(
            client_id=client_id,
            organisation_id=contact.organisation_id,
            contact_id=contact.id,
            on_day=contact.on_day,
            kind=contact.kind,
            recorded_at=(recorded or {}).get(client_id, since),
        )
        for client_id in contact.detail.participants
    )


def remove_links(contact: Contact) -> None:
    """Take the contact out of the files of its participants."""
    current = session()
    current.flush()
    with scope.everything(current):
        current.execute(delete(ContactParticipant).where(ContactParticipant.contact_id == contact.id))


def replace_links(contact: Contact) -> None:
    """Let the corrected contact show in the files of those who took part after all, and in no other."""
    current = session()
    current.flush()
    with scope.everything(current):
        recorded = queries.recorded_links(contact.id)
    remove_links(contact)
    add_links(contact, recorded)


def note_last_contact(contact: Contact) -> None:
    """The client took part on that day, and so did the participants."""
    if queries.with_client(contact.kind, contact.on_day):
        present = (contact.client_id, *contact.detail.participants)
        caseload.note_contacts(present, contact.on_day)


def recount_last_contact(client_ids: Collection[UUID]) -> None:
    """The day of the last contact anew: after a contact was moved, cancelled or taken back."""
    current = session()
    current.flush()
    for client_id in client_ids:
        with scope.everything(current):
            day = queries.last_day_with_client(client_id)
        caseload.set_last_contact(client_id, day)
