"""What a withdrawn release stops, at once."""

from __future__ import annotations

from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.db import scope, session
from caseapp.network import queries as network
from caseapp.papers import queries as papers
from caseapp.referrals import queries
from caseapp.referrals.models import Referral, ReferralStep, StepReason
from caseapp.referrals.rules.states import State, Way
from caseapp.referrals.service.referring import LETTER_PAPER
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks


def stop_for_releases(actor: Actor, client: Client, release_ids: frozenset[UUID]) -> int:
    """Stop what rests on these releases and on no other valid one; the number of referrals. Repeating it stops none.

    Prepared ones, and sent ones whose letter is not printed yet, are withdrawn: their printer refuses. What has been
    told stays listed as told; nobody asks after its answer any more. Runs outside the row scope, because whoever takes
    the call may withdraw without being allowed to read the file.
    """
    policy.require(actor, Permission.CONSENT_WITHDRAW, client)
    with scope.everything(session()):
        stopped = [
            referral
            for referral in queries.list_resting_on(client.id, release_ids)
            if not _still_covered(client, referral, release_ids)
        ]
        for referral in stopped:
            _stop(actor, client, referral)
        task_ids = [referral.task_id for referral in stopped if referral.task_id]
        if stopped:
            session().flush()
            caseload.set_answer_due(client.id, queries.answer_due(client.id))
    if task_ids:
        tasks.stop_tasks(actor, client, task_ids)
    return len(stopped)


def _still_covered(client: Client, referral: Referral, gone: frozenset[UUID]) -> bool:
    text = referral.text
    partner = network.find_partner(text.partner_id) if text.partner_id else None
    gaps, _resting = queries.covered(client.id, text, referral.channel, clock.today(), partner, without=gone)
    return referral.way == Way.SENT and not gaps


def _stop(actor: Actor, client: Client, referral: Referral) -> None:
    """Withdraw what has not left; for what has, only the waiting ends."""
    before, told = State(referral.state), _has_left(referral)
    referral.text = msgspec.structs.replace(referral.text, release_ids=())
    if told:
        referral.answer_due_on = None
    else:
        disclosure = queries.find_disclosure(referral.id)
        if disclosure is not None:
            disclosure.stopped = True
        referral.state = State.WITHDRAWN.value
        session().add(
            ReferralStep(
                client_id=client.id,
                organisation_id=client.organisation_id,
                referral_id=referral.id,
                before=before.value,
                state=State.WITHDRAWN.value,
                on_day=clock.today(),
                at=clock.now(),
                by=actor.user_id,
                reason=StepReason(),
            )
        )
    audit.record("referral:stop", client_id=client.id, detail=audit.Detail(note="told" if told else "not told"))


def _has_left(referral: Referral) -> bool:
    """Whether the partner may know already: told by word of mouth, or the letter is printed."""
    if referral.state == State.PROPOSED:
        return False
    if referral.channel != queries.LETTER:
        return True
    return any(paper.printed for paper in papers.list_papers(LETTER_PAPER, [referral.id]))
