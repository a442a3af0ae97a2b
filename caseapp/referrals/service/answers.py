"""What came back: answers, silence, withdrawal, and taking the last step back within ten minutes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.counselling import queries as contacts
from caseapp.counselling.rules import can_undo
from caseapp.counselling.service import undo_contact
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.referrals import queries
from caseapp.referrals.models import Referral, ReferralStep
from caseapp.referrals.rules.states import ANSWERS, AWAITING, State, Way
from caseapp.referrals.service import steps
from caseapp.referrals.service.referring import UncoveredError
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks


def record_answer(
    actor: Actor,
    client: Client,
    referral: Referral,
    answer: State,
    *,
    version: str,
    reason: str = "",
    on_day: dt.date | None = None,
) -> UUID | None:
    """Note what the partner said; the id of the step, None where the same answer stands already (a double click).

    Raises ConflictError when somebody noted another answer since `version`, StateTransitionError, and RuleError on
    `on_day` for a day ahead.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if referral.state == answer:
        return None
    _require_version(referral, version)
    if answer not in ANSWERS:
        raise RuleError(_("Wählen Sie einen der angebotenen Werte aus."), field="answer")
    if on_day is not None and on_day > clock.today():
        raise RuleError(_("Dieser Tag liegt in der Zukunft."), field="on_day")
    step = steps.enter(actor, client, referral, answer, reason=reason, on_day=on_day)
    return step.id


def ask_again(actor: Actor, client: Client, referral: Referral, due_on: dt.date, *, version: str) -> None:
    """After silence: wait once more, until that day. Raises ConflictError, UncoveredError, StateTransitionError."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    _require_version(referral, version)
    text = referral.text
    partner = network.find_partner(text.partner_id) if text.partner_id else None
    if referral.way == Way.SENT:
        gaps, _resting = queries.covered(client.id, text, referral.channel, clock.today(), partner)
        if gaps:
            raise UncoveredError(gaps)
    name = partner.profile.name if partner else text.recipient
    steps.chase(actor, client, referral, name, due_on)
    steps.enter(actor, client, referral, State.SENT)


def withdraw(actor: Actor, client: Client, referral: Referral, *, version: str, reason: str = "") -> UUID | None:
    """End the referral from our side. What was told stays listed. The id of the step, None where it was ended before.

    Raises ConflictError, StateTransitionError.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if referral.state == State.WITHDRAWN:
        return None
    _require_version(referral, version)
    return steps.enter(actor, client, referral, State.WITHDRAWN, reason=reason).id


def undo_step(actor: Actor, client: Client, referral: Referral, step_id: UUID) -> State:
    """Take the own last step back within ten minutes, with what it made. The state that holds again.

    Raises NotFoundError for somebody else's step, RuleError later, or after another step.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    last = queries.last_step(referral.id)
    if last is None or last.by != actor.user_id:
        raise NotFoundError
    if last.id != step_id or not can_undo(last.at, None, clock.now()):
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen."))
    before = State(last.before)
    _reverse(actor, client, referral, last)
    last.undone = True
    referral.state = before.value
    steps.keep_wish(referral)
    audit.record("referral:undo", client_id=client.id)
    steps.keep(client)
    return before


def _reverse(actor: Actor, client: Client, referral: Referral, step: ReferralStep) -> None:
    task = steps.chase_of(referral)
    if step.state == State.SENT and step.before == State.PROPOSED:
        disclosure = queries.find_disclosure(referral.id)
        if disclosure is not None:
            disclosure.stopped = True
        contact = contacts.find_contact(referral.contact_id) if referral.contact_id else None
        if contact is not None and contact.state == contacts.VALID:
            undo_contact(actor, client, contact)
        referral.contact_id = None
    if step.state in AWAITING:
        if task is not None and task.state == task_queries.OPEN:
            tasks.cancel_task(actor, client, task)
        referral.answer_due_on = None
    elif step.before in AWAITING and task is not None:
        tasks.reopen_task(actor, client, task)


def _require_version(referral: Referral, version: str) -> None:
    if referral.version != version:
        raise ConflictError(_("Diese Vermittlung wurde inzwischen geändert."))
