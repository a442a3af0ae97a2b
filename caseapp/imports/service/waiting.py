"""Contacts of a list that fit several clients: a person picks the client, or leaves the contact out with a reason."""

from __future__ import annotations

from uuid import UUID

import msgspec

from caseapp import audit
from caseapp.clients.models import Client
from caseapp.counselling.service.bulk import BulkContact, imported_contacts, remove_contacts, save_contacts_bulk
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports.models import DiscardReason, WaitingContact, WaitingEntry, WaitingState
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_LONGEST_REASON = 1_000


def assign(actor: Actor, waiting: WaitingContact, client: Client) -> None:
    """The contact is with this client, whom the actor may find. Repeated, or decided before: nothing happens.

    Raises RuleError for a closed file.
    """
    policy.require_in(actor, Permission.IMPORT_RUN, waiting.organisation_id)
    if waiting.state != WaitingState.WAITING:
        return
    if client.organisation_id != waiting.organisation_id:
        raise RuleError(_("Diese Akte gehört zu einem anderen Träger."))
    if client.closed:
        raise RuleError(_("Diese Akte ist geschlossen. Öffnen Sie sie zuerst wieder."))
    contact = _contact(waiting.entry, client.id)
    stored = save_contacts_bulk(actor, waiting.organisation_id, [contact], import_id=waiting.import_id)
    waiting.state, waiting.contact_id = WaitingState.ASSIGNED.value, stored[0]
    session().flush()
    audit.record("import:assign", client_id=client.id)


def leave_out(actor: Actor, waiting: WaitingContact, reason: str) -> None:
    """The contact is not taken over. Raises RuleError on `reason` without one. Repeated: nothing happens."""
    policy.require_in(actor, Permission.IMPORT_RUN, waiting.organisation_id)
    if waiting.state != WaitingState.WAITING:
        return
    if not reason.strip():
        raise RuleError(_("Sagen Sie kurz, warum der Kontakt nicht übernommen wird."), field="reason")
    waiting.state = WaitingState.DISCARDED.value
    waiting.reason = DiscardReason(text=reason.strip()[:_LONGEST_REASON])
    session().flush()
    audit.record("import:leave_out", organisation_id=waiting.organisation_id)


def wait_again(actor: Actor, waiting: WaitingContact) -> None:
    """Undo `assign` or `leave_out`. Raises RuleError when the contact was changed since."""
    policy.require_in(actor, Permission.IMPORT_RUN, waiting.organisation_id)
    if waiting.state == WaitingState.ASSIGNED:
        contacts = [each for each in imported_contacts(waiting.import_id) if each.id == waiting.contact_id]
        if any(each.changed_at or each.detail_rev > 1 for each in contacts):
            raise RuleError(_("Der Kontakt wurde inzwischen geändert. Stornieren Sie ihn in der Akte."))
        remove_contacts(actor, waiting.organisation_id, contacts)
    waiting.state, waiting.contact_id = WaitingState.WAITING.value, None
    waiting.reason = DiscardReason()
    session().flush()
    audit.record("import:wait_again", organisation_id=waiting.organisation_id)


def _contact(entry: WaitingEntry, client_id: UUID) -> BulkContact:
    named = (_("Name in der Liste"), entry.name)
    detail = msgspec.structs.replace(entry.detail, leftovers=(*entry.detail.leftovers, named))
    return BulkContact(
        client_id=client_id,
        on_day=entry.on_day,
        kind=entry.kind,
        minutes=entry.minutes,
        worker_id=entry.worker_id,
        detail=detail,
    )
