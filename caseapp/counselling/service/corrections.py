"""Changing and cancelling a contact. What it said before stays, sealed, in its history."""

from __future__ import annotations

from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.clients.service.facts import confirm_facts
from caseapp.counselling import queries, rules
from caseapp.counselling.models import ChangeReason, Contact, ContactChange
from caseapp.counselling.service import links
from caseapp.counselling.service.contacts import NewContact, check
from caseapp.db import session
from caseapp.drafts.service import drop_on_save
from caseapp.errors import ConflictError, RuleError
from caseapp.goals import service as goals
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks


def change_contact(
    actor: Actor, client: Client, contact: Contact, new: NewContact, *, base_rev: int, reason: str, change_id: UUID
) -> None:
    """Correct the contact. The former version is kept; the draft of the change, which has its id, is dropped.

    Raises ConflictError when somebody else changed it since revision `base_rev`, RuleError on `reason` after 30 days
    without one, and otherwise as `save_contact`.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    _require_valid(contact)
    if contact.detail_rev != base_rev:
        raise ConflictError(_("Dieser Kontakt wurde inzwischen von jemand anderem geändert."))
    if not reason.strip() and rules.needs_reason(contact.created_at, clock.now()):
        raise RuleError(_("Der Kontakt ist älter als 30 Tage. Schreiben Sie, warum Sie ihn ändern."), field="reason")
    check(client, new)
    before = contact.detail
    confirmed = confirm_facts(actor, client, new.confirmed, new.on_day) if new.confirmed else {}
    done = tasks.record_steps(actor, client, new=new.tasks, done=new.done, contact_id=contact.id)
    ticked = goals.tick_steps(actor, client, new.steps) if new.steps else []
    _keep_version(actor, contact, change_id, reason=reason)
    contact.on_day, contact.kind, contact.minutes = new.on_day, new.kind, new.minutes
    contact.changed_at = clock.now()
    contact.detail = msgspec.structs.replace(
        new.detail,
        leftovers=before.leftovers,
        done_tasks=(*before.done_tasks, *done),
        done_steps=(*before.done_steps, *ticked),
        confirmed=(*before.confirmed, *confirmed.items()),
    )
    links.replace_links(contact)
    audit.record("contact:edit", client_id=client.id)
    links.recount_last_contact({contact.client_id, *before.participants, *new.detail.participants})
    drop_on_save(change_id)


def cancel_contact(actor: Actor, client: Client, contact: Contact, *, reason: str, change_id: UUID) -> None:
    """Take a wrong contact out of all figures. It stays visible with its reason. Raises RuleError on `reason`."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    _require_valid(contact)
    if not reason.strip():
        raise RuleError(_("Schreiben Sie, warum Sie den Kontakt stornieren."), field="reason")
    _keep_version(actor, contact, change_id, reason=reason, cancelled=True)
    contact.state = queries.CANCELLED
    contact.changed_at = clock.now()
    links.remove_links(contact)
    links.recount_last_contact((contact.client_id, *contact.detail.participants))
    audit.record("contact:cancel", client_id=client.id)


def restore_contact(actor: Actor, client: Client, contact: Contact) -> None:
    """Undo `cancel_contact` within ten minutes. Raises RuleError later."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if contact.state != queries.CANCELLED or contact.changed_at is None:
        return
    if not rules.can_undo(contact.changed_at, None, clock.now()):
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen. Erfassen Sie den Kontakt neu."))
    change = next(iter(queries.list_changes(contact.id)), None)
    if change is not None and change.reason.cancelled:
        session().delete(change)
    contact.state = queries.VALID
    links.add_links(contact)
    links.recount_last_contact((contact.client_id, *contact.detail.participants))
    audit.record("contact:restore", client_id=client.id)


def _require_valid(contact: Contact) -> None:
    if contact.state != queries.VALID:
        raise RuleError(_("Dieser Kontakt ist storniert und kann nicht geändert werden."))


def _keep_version(actor: Actor, contact: Contact, change_id: UUID, *, reason: str, cancelled: bool = False) -> None:
    session().add(
        ContactChange(
            id=change_id,
            client_id=contact.client_id,
            organisation_id=contact.organisation_id,
            contact_id=contact.id,
            at=clock.now(),
            by=actor.user_id,
            reason=ChangeReason(
                text=reason.strip(),
                before=contact.detail,
                on_day=contact.on_day,
                kind=contact.kind,
                minutes=contact.minutes,
                cancelled=cancelled,
            ),
        )
    )
