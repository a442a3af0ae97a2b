"""A carrier's own notes on partners."""

from __future__ import annotations

from uuid import UUID

from caseapp import clock
from caseapp.db import new_id, session, stored_before
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.network.models import NoteText, Partner, PartnerNote
from caseapp.network.service.doing import note
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def add_note(
    actor: Actor, partner: Partner, text: str, *, carrier_id: UUID, note_id: UUID | None = None
) -> PartnerNote:
    """Note something for one's own carrier only. Raises RuleError on `text`."""
    policy.require_in(actor, Permission.PARTNER_EDIT, carrier_id)
    if not text.strip():
        raise RuleError(_("Schreiben Sie die Notiz auf."), field="text")
    new = PartnerNote(
        id=note_id or new_id(),
        organisation_id=carrier_id,
        partner_id=partner.id,
        state="valid",
        created_by=actor.user_id,
        created_at=clock.now(),
        text=NoteText(text=text),
    )
    stored = stored_before(new, "partner_id", "text", "state")
    if stored is not None:
        return stored
    session().add(new)
    session().flush()
    note("partner:note", new, also=partner.id, organisation_id=carrier_id)
    return new


def strike_note(actor: Actor, struck: PartnerNote) -> None:
    """The note is no longer shown."""
    _move(actor, struck, "struck")


def restore_note(actor: Actor, struck: PartnerNote) -> None:
    """Undo `strike_note`."""
    _move(actor, struck, "valid")


def _move(actor: Actor, moved: PartnerNote, state: str) -> None:
    policy.require_in(actor, Permission.PARTNER_EDIT, moved.organisation_id)
    if moved.state != state:
        moved.state = state
        session().flush()
        note("partner:note", moved, also=moved.partner_id, organisation_id=moved.organisation_id)
