"""Reading drafts: always one person's own, whatever else the row scope would show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.db import session
from caseapp.drafts.models import ClientDraft, Draft, OfficeDraft
from caseapp.errors import NotFoundError

_TABLES: tuple[type[Draft], ...] = (ClientDraft, OfficeDraft)


def find_draft(user_id: UUID, draft_id: UUID) -> Draft | None:
    """The person's draft with this id, discarded or not, or None."""
    client_bound = select(ClientDraft).where(ClientDraft.id == draft_id, ClientDraft.user_id == user_id)
    found = session().scalars(client_bound).one_or_none()
    if found is not None:
        return found
    office = select(OfficeDraft).where(OfficeDraft.id == draft_id, OfficeDraft.user_id == user_id)
    return session().scalars(office).one_or_none()


def get_draft(user_id: UUID, draft_id: UUID) -> Draft:
    """The person's open draft. Raises NotFoundError for a foreign, a discarded and a missing one."""
    found = find_draft(user_id, draft_id)
    if found is None or found.discarded_at is not None:
        raise NotFoundError
    return found


def list_client_drafts(user_id: UUID, form: str, client_id: UUID) -> Sequence[ClientDraft]:
    """The person's open drafts of this form for this client, newest first."""
    return (
        session()
        .scalars(
            select(ClientDraft)
            .where(ClientDraft.user_id == user_id, ClientDraft.form == form, ClientDraft.client_id == client_id)
            .where(ClientDraft.discarded_at.is_(None))
            .order_by(ClientDraft.saved_at.desc(), ClientDraft.id)
        )
        .all()
    )


def list_office_drafts(user_id: UUID, form: str) -> Sequence[OfficeDraft]:
    """The person's open drafts of a form that concerns no client yet, newest first."""
    return (
        session()
        .scalars(
            select(OfficeDraft)
            .where(OfficeDraft.user_id == user_id, OfficeDraft.form == form, OfficeDraft.discarded_at.is_(None))
            .order_by(OfficeDraft.saved_at.desc(), OfficeDraft.id)
        )
        .all()
    )


def list_drafts(user_id: UUID) -> list[Draft]:
    """All open drafts of the person, newest first: for the start page."""
    found: list[Draft] = []
    for table in _TABLES:
        statement = select(table).where(table.user_id == user_id, table.discarded_at.is_(None)).order_by(table.id)
        found.extend(session().scalars(statement))
    return sorted(found, key=lambda draft: (draft.saved_at, draft.id), reverse=True)


def list_discarded_before(user_id: UUID, moment: dt.datetime) -> list[Draft]:
    """The person's drafts that were discarded before `moment`."""
    found: list[Draft] = []
    for table in _TABLES:
        statement = select(table).where(table.user_id == user_id, table.discarded_at < moment).order_by(table.id)
        found.extend(session().scalars(statement))
    return found
