"""Reading one client file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp.clients.models import Client, HistoryEntry, Household, HouseholdMember
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.sealed import keys_of


def find_client(client_id: UUID) -> Client | None:
    """The file with its master data, if the actor may know of it; else None."""
    return session().get(Client, client_id, options=[undefer(Client.body_blob)])


def get_client(client_id: UUID) -> Client:
    """The file with its master data. Raises NotFoundError for a missing and for a foreign one alike.

    Within the scope are also files of which the actor may see the head only: ask the policy before showing more.
    """
    found = find_client(client_id)
    if found is None:
        raise NotFoundError
    return found


def find_by_number(organisation_id: UUID, file_number: str) -> Client | None:
    """The carrier's file with this number, if the actor may know of it; else None."""
    wanted = file_number.strip()
    return (
        session()
        .scalars(select(Client).where(Client.organisation_id == organisation_id, Client.file_number == wanted))
        .one_or_none()
    )


def list_facts(client_id: UUID) -> Sequence[HistoryEntry]:
    """All rows of the file's six histories, cancelled ones too, in the order of their entry."""
    rows = session().scalars(
        select(HistoryEntry)
        .where(HistoryEntry.client_id == client_id)
        .order_by(HistoryEntry.created_at, HistoryEntry.id)
    )
    return rows.all()


def get_fact(client_id: UUID, entry_id: UUID) -> HistoryEntry:
    """One row of the file's histories. Raises NotFoundError."""
    entry = session().get(HistoryEntry, entry_id)
    if entry is None or entry.client_id != client_id:
        raise NotFoundError
    return entry


@dataclass(frozen=True, slots=True)
class Member:
    """A person's time in a household, with the file."""

    link: HouseholdMember
    client: Client


def list_household(client_id: UUID) -> list[Member]:
    """Everybody who is or was in the present household of this client and within the actor's sight, the client too.

    The anchor first, then in the order of entry. Empty for a person who lives alone. Two statements.
    """
    own = select(HouseholdMember.household_id).where(
        HouseholdMember.client_id == client_id, HouseholdMember.until_on.is_(None)
    )
    rows = session().execute(
        select(HouseholdMember, Client)
        .join(Client, Client.id == HouseholdMember.client_id)
        .where(HouseholdMember.household_id.in_(own))
        .order_by(HouseholdMember.anchor.desc(), Client.file_number, HouseholdMember.id)
    )
    members = [Member(link, client) for link, client in rows]
    keys_of(session(), [member.client.id for member in members])
    return members


def find_membership(client_id: UUID) -> HouseholdMember | None:
    """The client's present household link, or None."""
    return (
        session()
        .scalars(
            select(HouseholdMember)
            .where(HouseholdMember.client_id == client_id, HouseholdMember.until_on.is_(None))
            .order_by(HouseholdMember.id)
            .limit(1)
        )
        .one_or_none()
    )


def get_membership(client_id: UUID, link_id: UUID) -> HouseholdMember:
    """One link of the client, ended or not. Raises NotFoundError."""
    link = session().get(HouseholdMember, link_id)
    if link is None or link.client_id != client_id:
        raise NotFoundError
    return link


def find_household(household_id: UUID) -> Household | None:
    """The household, or None."""
    return session().get(Household, household_id)
