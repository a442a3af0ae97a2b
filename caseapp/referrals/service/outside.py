"""Requests about a client by authorities, police and courts: entered, and answered with a refusal or by law."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.papers.models import Paper
from caseapp.papers.service import order_paper
from caseapp.referrals.models import LegalRequest, OutsideRequest, OutsideText
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

REFUSAL_PAPER = "referral-refusal"
REFUSED, BY_LAW, BY_CLIENT = "refused", "by_law", "client"


def add_outside(
    actor: Actor,
    client: Client,
    *,
    asker: str,
    received_on: dt.date,
    text: OutsideText,
    outside_id: UUID | None = None,
) -> OutsideRequest:
    """Enter who asked for what. Sent twice, it is stored once. Raises RuleError on `received_on` or `office`."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if received_on > clock.today():
        raise RuleError(_("Dieser Tag liegt in der Zukunft."), field="received_on")
    if not text.office.strip():
        raise RuleError(_("Schreiben Sie, wer gefragt hat."), field="office")
    request = OutsideRequest(
        id=outside_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        asker=asker,
        received_on=received_on,
        answer="",
        created_by=actor.user_id,
        created_at=clock.now(),
        text=text,
    )
    stored = stored_before(request, "client_id", "asker", "received_on", "text")
    if stored is not None:
        return stored
    session().add(request)
    audit.record("outside:add", client_id=client.id)
    session().flush()
    return request


def refuse_outside(actor: Actor, client: Client, request: OutsideRequest, *, version: str) -> tuple[Paper, Job]:
    """Answer with the letter of refusal: the paper that the job process prints. Refused before: another print.

    Raises ConflictError when somebody answered it otherwise since `version`.
    """
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if request.answer != REFUSED:
        _answer(actor, request, REFUSED, version)
        audit.record("outside:refuse", client_id=client.id)
    return order_paper(
        actor,
        client,
        REFUSAL_PAPER,
        request.id,
        file_name="antwort.pdf",
        permission=Permission.REFERRAL_SEND,
    )


def hand_to_client(actor: Actor, client: Client, request: OutsideRequest, *, version: str) -> None:
    """Answered by the client, who decides what to say. Raises ConflictError."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if request.answer == BY_CLIENT:
        return
    _answer(actor, request, BY_CLIENT, version)
    audit.record("outside:client", client_id=client.id)


def link_legal(actor: Actor, client: Client, request: OutsideRequest, legal: LegalRequest) -> None:
    """The request is answered by law: a second person was asked."""
    policy.require(actor, Permission.REFERRAL_BY_LAW, client)
    request.answer, request.legal_id = BY_LAW, legal.id
    request.answered_on, request.answered_by = clock.today(), actor.user_id
    audit.record("outside:by_law", client_id=client.id)
    session().flush()


def reopen_outside(actor: Actor, client: Client, request: OutsideRequest) -> None:
    """Undo an answer that was entered by mistake."""
    policy.require(actor, Permission.REFERRAL_SEND, client)
    if request.answer in {REFUSED, BY_CLIENT}:
        request.answer, request.answered_on, request.answered_by = "", None, None
        audit.record("outside:reopen", client_id=client.id)
        session().flush()


def _answer(actor: Actor, request: OutsideRequest, answer: str, version: str) -> None:
    if request.version != version:
        raise ConflictError(_("Diese Anfrage wurde inzwischen beantwortet."))
    request.answer, request.answered_on, request.answered_by = answer, clock.today(), actor.user_id
    session().flush()
