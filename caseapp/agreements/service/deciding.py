"""What becomes of a version: presented, signed, declined, withdrawn; binding the scan of a signed paper."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.agreements import queries
from caseapp.agreements.models import Agreement, Decision, Signature
from caseapp.agreements.rules import AgreementState, goals_digest, move
from caseapp.agreements.service.composing import goal_terms
from caseapp.agreements.service.talks import FILE_NAMES, SIGNED_PAPER, STEPS_PAPER, print_paper
from caseapp.attachments import queries as attachments
from caseapp.clients.models import Client
from caseapp.clients.rules.ages import is_minor
from caseapp.clients.service import caseload
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.goals import queries as goals
from caseapp.i18n import gettext as _
from caseapp.papers.models import Paper
from caseapp.papers.service import order_paper
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks

SIGNED, DECLINED = "signed", "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signed how. `signed_on`: the day, which lies back where the paper was signed at home."""

    client: Signature | None
    worker: Signature | None
    representative: Signature | None = None
    copy_received: bool = False
    signed_on: dt.date


def present(actor: Actor, client: Client, agreement: Agreement, pdf: bytes) -> None:
    """The paper is printed: from now on this version can be signed. For the printer; later prints change nothing."""
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    if queries.standing(agreement) != AgreementState.DRAFTED:
        return
    agreement.state = move(queries.standing(agreement), AgreementState.PRESENTED).value
    agreement.paper_digest = hashlib.sha256(pdf).hexdigest()
    agreement.presented_at = clock.now()
    audit.record("agreement:present", client_id=client.id, detail=_of(agreement))


def print_again(actor: Actor, client: Client, agreement: Agreement) -> None:
    """Order the paper once more, where the print failed: the one to sign, or the copy with the signatures.

    Raises RuleError for a version that has neither to come.
    """
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    match queries.standing(agreement):
        case AgreementState.DRAFTED:
            print_paper(actor, client, agreement)
        case AgreementState.SIGNED:
            _print_copy(actor, client, agreement)
        case _:
            raise RuleError(_("Das Papier zu dieser Fassung ist schon gedruckt."))


def print_steps(actor: Actor, client: Client, agreement: Agreement) -> Paper:
    """Order the annex "Stand der Schritte" to a signed version, as of the moment of printing."""
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    paper, _job = order_paper(
        actor,
        client,
        STEPS_PAPER,
        agreement.id,
        file_name=FILE_NAMES[STEPS_PAPER],
        permission=Permission.AGREEMENT_SIGN,
    )
    return paper


def sign(actor: Actor, client: Client, agreement: Agreement, signing: Signing, *, digest: str) -> None:
    """The version is in force; the one before is superseded. The next talk becomes a task, the last one's is done.

    `digest` is that of the version which was read. Raises StateTransitionError with the reason for a version that is
    not presented, ConflictError where the digest is another, RuleError where a goal was changed since, or on `client`,
    `worker`, `representative`, `signed_on`.
    """
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    _require_read(agreement, digest)
    signed = move(queries.standing(agreement), AgreementState.SIGNED)
    _require_same_goals(agreement)
    _check(client, agreement, signing)
    before = queries.in_force(client.id)
    if before is not None:
        before.state = move(queries.standing(before), AgreementState.SUPERSEDED).value
        _finish_task(actor, client, before)
    agreement.state = signed.value
    _decide(agreement, SIGNED, signing.signed_on)
    agreement.decision = Decision(
        client=signing.client,
        representative=signing.representative,
        worker=signing.worker,
        copy_received=signing.copy_received,
    )
    caseload.set_review(client.id, agreement.review_on)
    agreement.task_id = tasks.add_task(actor, client, _("Gespräch zur Vereinbarung"), agreement.review_on).id
    _print_copy(actor, client, agreement)
    audit.record("agreement:sign", client_id=client.id, detail=_of(agreement))


def decline(actor: Actor, client: Client, agreement: Agreement, words: str, *, digest: str) -> None:
    """The client says no, in own words or without any. What was in force before stays in force.

    Raises as `sign`.
    """
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    _require_read(agreement, digest)
    agreement.state = move(queries.standing(agreement), AgreementState.DECLINED).value
    _decide(agreement, DECLINED, clock.today())
    agreement.decision = Decision(words=words.strip())
    audit.record("agreement:decline", client_id=client.id, detail=_of(agreement))


def withdraw(actor: Actor, client: Client, agreement: Agreement, reason: str) -> None:
    """Take a version back, or end the one in force: the client may end it at any time.

    Raises RuleError on `reason` without one, StateTransitionError for a version that is over.
    """
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    if not reason.strip():
        raise RuleError(_("Schreiben Sie kurz, warum."), field="reason")
    was_in_force = queries.standing(agreement) == AgreementState.SIGNED
    agreement.state = move(queries.standing(agreement), AgreementState.WITHDRAWN).value
    agreement.decision = msgspec.structs.replace(agreement.decision, reason=reason.strip())
    if was_in_force:
        caseload.set_review(client.id, None)
        _finish_task(actor, client, agreement)
    audit.record("agreement:withdraw", client_id=client.id, detail=_of(agreement))


def bind_scan(actor: Actor, client: Client, agreement: Agreement, attachment_id: UUID) -> None:
    """Bind the scan of the signed paper, one of the client's files, to its version; another one takes its place.

    Raises RuleError on `scan` for a version that nobody signed, NotFoundError for a file of somebody else.
    """
    policy.require(actor, Permission.AGREEMENT_SIGN, client)
    attachment = attachments.get_attachment(attachment_id)
    if attachment.client_id != client.id or attachment.cancelled_at is not None:
        raise NotFoundError
    if agreement.decision_made != SIGNED:
        raise RuleError(_("Diese Fassung ist nicht unterschrieben."), field="scan")
    agreement.scan_id = attachment.id
    audit.record("agreement:scan", client_id=client.id, detail=_of(agreement))


def _print_copy(actor: Actor, client: Client, agreement: Agreement) -> None:
    """Order the copy with the signatures."""
    paper, _job = order_paper(
        actor,
        client,
        SIGNED_PAPER,
        agreement.id,
        file_name=FILE_NAMES[SIGNED_PAPER],
        permission=Permission.AGREEMENT_SIGN,
    )
    agreement.signed_paper_id = paper.id


def _require_read(agreement: Agreement, digest: str) -> None:
    if agreement.digest != digest:
        raise ConflictError(_("Das ist nicht die Fassung, die Sie gelesen haben. Lesen Sie sie noch einmal."))


def _require_same_goals(agreement: Agreement) -> None:
    """A signature binds what the file says; another aim needs another version."""
    if goals_digest(goal_terms(goals.list_goals(agreement.client_id, open_only=True))) != agreement.goals_digest:
        raise RuleError(
            _(
                "Seit dem Vorlegen hat sich ein Ziel geändert. Diese Fassung kann nicht mehr unterschrieben werden. "
                "Legen Sie eine neue vor."
            )
        )


def _check(client: Client, agreement: Agreement, signing: Signing) -> None:
    if not agreement.made_on <= signing.signed_on <= clock.today():
        raise RuleError(_("Der Tag der Unterschrift muss zwischen dem Vorlegen und heute liegen."), field="signed_on")
    minor = is_minor(client.head.birth.day, signing.signed_on)
    if minor and signing.representative is None:
        raise RuleError(
            _("Für eine minderjährige Person unterschreibt auch die gesetzliche Vertretung."), field="representative"
        )
    if not minor and signing.client is None:
        raise RuleError(
            _(
                "Es fehlt die Unterschrift der Klientin oder des Klienten. "
                "Wer nicht unterschreiben will, darf ablehnen."
            ),
            field="client",
        )
    if signing.worker is None:
        raise RuleError(_("Es fehlt die Unterschrift der Beratung."), field="worker")


def _decide(agreement: Agreement, decision: str, on: dt.date) -> None:
    agreement.decision_made, agreement.decided_on, agreement.decided_at = decision, on, clock.now()


def _finish_task(actor: Actor, client: Client, agreement: Agreement) -> None:
    """The talk of that version has taken place, or is not to be any more."""
    open_ones = task_queries.list_chosen(client.id, [agreement.task_id] if agreement.task_id else [])
    for task in open_ones:
        tasks.finish_task(actor, client, task)


def _of(agreement: Agreement) -> audit.Detail:
    return audit.Detail(note=agreement.id.hex)
