"""Reading a carrier's own notes; the row scope shows no other carrier's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.network.models import PartnerNote
from caseapp.network.queries.partners import same_as


def list_notes(partner_id: UUID) -> Sequence[PartnerNote]:
    """What the actor's carriers note on this partner, also on entries merged into it, the latest first."""
    return (
        session()
        .scalars(
            select(PartnerNote)
            .where(PartnerNote.partner_id.in_(tuple(same_as(partner_id))), PartnerNote.state == "valid")
            .order_by(PartnerNote.created_at.desc(), PartnerNote.id)
        )
        .all()
    )


def find_note(note_id: UUID) -> PartnerNote | None:
    """The note, or None for a missing and for another carrier's one alike."""
    return session().scalars(select(PartnerNote).where(PartnerNote.id == note_id)).one_or_none()


def get_note(note_id: UUID) -> PartnerNote:
    """The note. Raises NotFoundError."""
    found = find_note(note_id)
    if found is None:
        raise NotFoundError
    return found
