"""Steps: those of the client are ticked here, those of the office are tasks and follow them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import AlreadyStoredError, ConflictError, RuleError
from caseapp.goals import queries
from caseapp.goals.models import Goal, GoalStep, StepText
from caseapp.goals.rules import checks, states
from caseapp.goals.service.goals import NewStep, new_steps, require_open
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks


def add_step(
    actor: Actor,
    client: Client,
    goal: Goal,
    new: NewStep,
    *,
    step_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> GoalStep:
    """One more step. `step_id` is that of the form: sent twice, it is stored once.

    Raises RuleError on `text` or `due_on` and for a closed goal, AlreadyStoredError for a form changed and sent again.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    stored = queries.find_step(step_id) if step_id else None
    if stored is not None:
        if (stored.goal_id, stored.party, stored.text.text) != (goal.id, new.party, checks.check_step(new.text)):
            raise AlreadyStoredError(
                _("Dieser Schritt ist schon gespeichert. Wenn Sie jetzt speichern, entsteht ein weiterer.")
            )
        return stored
    require_open(goal)
    (step,) = new_steps(actor, client, goal, (new,), contact_id=contact_id)
    step.id = step_id or step.id
    begin(goal)
    audit.record("goal:add_step", client_id=client.id)
    return step


def change_step(
    actor: Actor, client: Client, goal: Goal, step: GoalStep, *, text: str, due_on: dt.date | None, revision: int
) -> None:
    """Another wording or day of a step; the task of an office's step follows.

    Raises ConflictError when somebody else changed the step since `revision`, RuleError on `text` or `due_on` and for a
    closed goal.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    require_open(goal)
    if step.text_rev != revision:
        raise ConflictError(_("Dieser Schritt wurde inzwischen geändert."))
    cleaned = checks.check_step(text)
    checks.check_due(due_on, clock.today())
    if step.task_id:
        task = task_queries.get_task(step.task_id)
        tasks.change_task(actor, client, task, title=cleaned, due_on=due_on, note=task.text.note, version=task.version)
    else:
        _require_open_step(step)
        step.due_on = due_on
    step.text = StepText(text=cleaned)
    audit.record("goal:edit_step", client_id=client.id)


def finish_step(actor: Actor, client: Client, goal: Goal, step: GoalStep) -> None:
    """The step is done; twice changes nothing. Raises RuleError for a closed goal."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    require_open(goal)
    if step.task_id:
        tasks.finish_tasks(actor, client, (step.task_id,))
    elif step.state == queries.OPEN:
        step.state, step.done_on = queries.DONE, clock.today()
    begin(goal)
    audit.record("goal:step_done", client_id=client.id)


def reopen_step(actor: Actor, client: Client, goal: Goal, step: GoalStep) -> None:
    """Undo `finish_step` and `cancel_step`. Raises RuleError for a closed goal."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    require_open(goal)
    if step.task_id:
        tasks.reopen_tasks(actor, client, (step.task_id,))
    else:
        step.state, step.done_on = queries.OPEN, None
    audit.record("goal:step_reopen", client_id=client.id)


def cancel_step(actor: Actor, client: Client, goal: Goal, step: GoalStep) -> None:
    """The step is no longer needed: it stays, struck out. Raises RuleError for a closed goal."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    require_open(goal)
    if step.task_id:
        tasks.cancel_tasks(actor, client, (step.task_id,))
    else:
        _require_open_step(step)
        step.state = queries.CANCELLED
    audit.record("goal:step_cancel", client_id=client.id)


def tick_steps(actor: Actor, client: Client, step_ids: Collection[UUID]) -> list[UUID]:
    """Finish those of the client's own steps that are named, with a contact, whose own event records it. Their ids."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    today = clock.today()
    ticked = [step for step in queries.list_chosen_steps(client.id, step_ids) if step.state == queries.OPEN]
    for step in ticked:
        step.state, step.done_on = queries.DONE, today
    if ticked:
        begun = {step.goal_id for step in ticked}
        waiting = select(Goal).where(Goal.id.in_(begun), Goal.state == states.OPEN).order_by(Goal.id)
        for goal in session().scalars(waiting):  # one by one: their lines are written with that of the contact
            goal.state = states.RUNNING
    return [step.id for step in ticked]


def untick_steps(actor: Actor, client: Client, step_ids: Collection[UUID]) -> None:
    """The inverse of `tick_steps`: what it finished is open again."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    for step in queries.list_chosen_steps(client.id, step_ids):
        if step.state == queries.DONE:
            step.state, step.done_on = queries.OPEN, None


def begin(goal: Goal) -> None:
    """Somebody works on the goal now."""
    if goal.state == states.OPEN:
        goal.state = states.RUNNING


def _require_open_step(step: GoalStep) -> None:
    if step.state != queries.OPEN:
        raise RuleError(_("Dieser Schritt ist schon abgeschlossen. Öffnen Sie ihn zuerst wieder."))
