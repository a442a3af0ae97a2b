"""A referral's way from state to state, and what goes along: chase task, caseload row."""

from __future__ import annotations

import datetime as dt

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.db import session
from caseapp.i18n import gettext as _
from caseapp.referrals import queries
from caseapp.referrals.models import Referral, ReferralStep, StepReason, VolunteerWish
from caseapp.referrals.rules.states import AWAITING, State, check_transition
from caseapp.security.actor import Actor
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks
from caseapp.tasks.models import Task
from caseapp.tasks.rules import LONGEST_TITLE


def enter(
    actor: Actor, client: Client, referral: Referral, state: State, *, reason: str = "", on_day: dt.date | None = None
) -> ReferralStep:
    """Bring the referral into a state, note who, when and why, and keep task and caseload. Raises StateTransitionError.

    A chase task ends with the waiting: it is done by an answer and cancelled by anything else.
    """
    before = State(referral.state)
    check_transition(before, state)
    step = ReferralStep(
        client_id=client.id,
        organisation_id=client.organisation_id,
        referral_id=referral.id,
        before=before.value,
        state=state.value,
        on_day=on_day or clock.today(),
        at=clock.now(),
        by=actor.user_id,
        reason=StepReason(text=reason.strip()),
    )
    session().add(step)
    referral.state = state.value
    if state not in AWAITING:
        _end_chase(actor, client, referral, answered=state is not State.WITHDRAWN)
    keep_wish(referral)
    audit.record(f"referral:{state.value}", client_id=client.id, detail=audit.Detail(note=referral.way))
    keep(client)
    return step


def chase(actor: Actor, client: Client, referral: Referral, recipient: str, due_on: dt.date) -> None:
    """Ask after the answer on that day: a task for the worker, and the day in the caseload."""
    title = _("Antwort von %(name)s: nachfragen", name=recipient)
    task = tasks.add_task(actor, client, title[:LONGEST_TITLE], due_on)
    task.origin = queries.TASK_ORIGIN
    referral.task_id, referral.answer_due_on = task.id, due_on


def keep(client: Client) -> None:
    """The client's row of the caseload: the earliest day on which an answer is due."""
    session().flush()
    caseload.set_answer_due(client.id, queries.answer_due(client.id))


def keep_wish(referral: Referral) -> None:
    """The wish for a volunteer is found as long as somebody has accepted it; a closed one stays closed."""
    wish = session().get(VolunteerWish, referral.wish_id) if referral.wish_id else None
    if wish is not None and wish.state != "closed":
        wish.state = "found" if referral.state in {State.ACCEPTED, State.DONE} else "open"


def chase_of(referral: Referral) -> Task | None:
    """The task that asks after the answer, done or not."""
    return session().get(Task, referral.task_id) if referral.task_id else None


def _end_chase(actor: Actor, client: Client, referral: Referral, *, answered: bool) -> None:
    task = chase_of(referral)
    if task is not None and task.state == task_queries.OPEN:
        (tasks.finish_task if answered else tasks.cancel_task)(actor, client, task)
