"""Opening the name behind a pseudonym: on a numbered complaint only, kept with number and reason."""

from __future__ import annotations

from uuid import UUID

from caseapp import audit, clock
from caseapp.db import new_id, session, stored_before
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.privacy.models import Complaint, ComplaintNote
from caseapp.privacy.queries.codes import find_person
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def open_name(
    actor: Actor, organisation_id: UUID, *, code: str, number: str, reason: str, complaint_id: UUID | None
) -> Complaint:
    """Keep the complaint; its page shows the name. Raises RuleError on `code`, `number` or `reason`.

    Sent twice, one complaint is kept.
    """
    policy.require_in(actor, Permission.AUDIT_REGISTER, organisation_id)
    if not number.strip():
        raise RuleError(_("Tragen Sie die Nummer der Beschwerde ein."), field="number")
    if not reason.strip():
        raise RuleError(_("Schreiben Sie in einem Satz, warum Sie den Namen brauchen."), field="reason")
    user_id = find_person(code, [organisation_id])
    if user_id is None:
        raise RuleError(_("Diese Kennung gibt es in diesem Träger nicht. Sie sieht so aus: P-7KQ2MXA."), field="code")
    complaint = Complaint(
        id=complaint_id or new_id(),
        organisation_id=organisation_id,
        user_id=user_id,
        opened_by=actor.user_id,
        opened_at=clock.now(),
        note=ComplaintNote(number=number.strip(), reason=reason.strip()),
    )
    stored = stored_before(complaint, "organisation_id", "user_id", "note")
    if stored is not None:
        return stored
    session().add(complaint)
    session().flush()
    detail = audit.Detail(note=complaint.id.hex, changed=(user_id.hex,))
    audit.record("complaint:open_name", organisation_id=organisation_id, detail=detail)
    return complaint
