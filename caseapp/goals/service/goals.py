"""Adding, changing and cancelling a goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.goals import queries
from caseapp.goals.models import Goal, GoalStep, GoalText, Score, StepText
from caseapp.goals.rules import checks, states
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks
from caseapp.tasks.service import NewTask


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be added; `party` "client" or "office". `due_on` None: without a day."""

    party: str
    text: str
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoal:
    """A goal as somebody says it. Own words or wording must be there. `scores`: "client" and "worker" to 0..4."""

    area: str
    own_words: str = ""
    wording: str = ""
    noticed_by: str = ""
    due_on: dt.date | None = None
    steps: tuple[NewStep, ...] = ()
    scores: Mapping[str, int | None] = field(default_factory=dict)
    opened_on: dt.date | None = None  # None: today


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChange:
    """What a goal is to say from now on."""

    area: str
    own_words: str = ""
    wording: str = ""
    noticed_by: str = ""
    due_on: dt.date | None = None


def add_goal(
    actor: Actor, client: Client, new: NewGoal, *, goal_id: UUID | None = None, contact_id: UUID | None = None
) -> Goal:
    """A new goal with its first steps and scores. `goal_id` is that of the form: sent twice, it is stored once.

    A step of the office becomes a task of the client's worker. Raises RuleError on `own_words`, `area`, `due_on`,
    `text` (of a step) or `scores`, AlreadyStoredError where the form has stored another goal before.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    goal = _new_goal(actor, client, new, contact_id)
    goal.id = goal_id or goal.id
    scores = checks.check_scores(new.scores)
    if goal_id is not None:
        stored = stored_before(goal, "client_id", "area", "text", "due_on", "cancelled_at")
        if stored is not None:
            return stored
    session().add(goal)
    session().flush()
    add_scores(goal, scores, goal.opened_on, checks.START)
    new_steps(actor, client, goal, new.steps, contact_id=contact_id)
    keep(client)
    audit.record("goal:add", client_id=client.id, detail=audit.Detail(note=goal.area))
    return goal


def edit_goal(actor: Actor, client: Client, goal: Goal, change: GoalChange, *, version: str) -> None:
    """Put a goal's words, area or day right. Another aim is an adjustment (`review_goal`), not an edit.

    Raises ConflictError when somebody else changed it since `version`, RuleError as `add_goal` and for a closed goal.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    require_version(goal, version)
    require_open(goal)
    text = _text(change.own_words, change.wording, change.noticed_by)
    _check_area(client, change.area, keep=goal.area)
    checks.check_due(change.due_on, clock.today())
    if (goal.area, goal.text, goal.due_on) == (change.area, text, change.due_on):
        return
    goal.area, goal.due_on, goal.text = change.area, change.due_on, text
    goal.edition += 1
    audit.record("goal:edit", client_id=client.id)


def cancel_goal(actor: Actor, client: Client, goal: Goal) -> None:
    """The goal was entered by mistake: it leaves lists and figures, and its open tasks are struck out."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    require_open(goal)
    goal.cancelled_at = clock.now()
    goal.edition += 1
    tasks.cancel_tasks(actor, client, [step.task_id for step in queries.list_steps(goal.id) if step.task_id])
    keep(client)
    audit.record("goal:cancel", client_id=client.id)


def restore_goal(actor: Actor, client: Client, goal: Goal) -> None:
    """Undo `cancel_goal`: the goal is back, and so are its tasks that are struck out."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if goal.cancelled_at is None:
        return
    goal.cancelled_at = None
    goal.edition += 1
    session().flush()
    own = task_queries.list_chosen(client.id, [step.task_id for step in queries.list_steps(goal.id) if step.task_id])
    tasks.reopen_tasks(actor, client, [task.id for task in own if task.state == task_queries.CANCELLED])
    keep(client)
    audit.record("goal:restore", client_id=client.id)


def new_steps(
    actor: Actor, client: Client, goal: Goal, new: Sequence[NewStep], *, contact_id: UUID | None = None
) -> list[GoalStep]:
    """Add steps to the goal, in this order; those of the office with their tasks. Raises RuleError on `text`."""
    texts = [(each, checks.check_step(each.text)) for each in new]
    for each in new:
        if each.party not in {checks.CLIENT, checks.OFFICE}:
            raise RuleError(_("Wählen Sie aus, wer den Schritt geht."), field="party")
        checks.check_due(each.due_on, clock.today())
    promised = [NewTask(text, each.due_on) for each, text in texts if each.party == checks.OFFICE]
    made = iter(tasks.add_tasks(actor, client, promised, contact_id=contact_id))
    session().flush()
    steps = [
        _new_step(goal, each, text, next(made).id if each.party == checks.OFFICE else None) for each, text in texts
    ]
    # One after the other: lists show them in the order of their moments.
    now = clock.now()
    for place, step in enumerate(steps):
        step.created_at = now + dt.timedelta(microseconds=place)
    session().add_all(steps)
    return steps


def add_scores(
    goal: Goal, scores: Mapping[str, int], on_day: dt.date, moment: str, *, review_id: UUID | None = None
) -> None:
    """Store checked scores of a day."""
    session().add_all(
        Score(
            client_id=goal.client_id,
            organisation_id=goal.organisation_id,
            goal_id=goal.id,
            review_id=review_id,
            on_day=on_day,
            moment=moment,
            by=by,
            value=value,
            created_at=clock.now(),
        )
        for by, value in scores.items()
    )


def keep(client: Client) -> None:
    """Count the open goals of the client's caseload row anew."""
    session().flush()
    caseload.set_open_goals(client.id, queries.open_goals(client.id))


def require_version(goal: Goal, version: str) -> None:
    """Raises ConflictError when somebody else changed the goal since `version`."""
    if goal.version != version:
        raise ConflictError(_("Dieses Ziel wurde inzwischen geändert."))


def require_open(goal: Goal) -> None:
    """Raises RuleError for a goal that is closed."""
    if not goal.open:
        raise states.GoalStateError(_("Dieses Ziel ist schon abgeschlossen. Legen Sie ein neues Ziel an."))


def _new_goal(actor: Actor, client: Client, new: NewGoal, contact_id: UUID | None) -> Goal:
    today = clock.today()
    text = _text(new.own_words, new.wording, new.noticed_by)
    _check_area(client, new.area)
    checks.check_due(new.due_on, today)
    opened_on = new.opened_on or today
    checks.check_past_day(opened_on, today)
    return Goal(
        id=new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        area=new.area,
        state=states.OPEN,
        opened_on=opened_on,
        due_on=new.due_on,
        edition=1,
        contact_id=contact_id,
        created_by=actor.user_id,
        created_at=clock.now(),
        text=text,
    )


def _new_step(goal: Goal, new: NewStep, text: str, task_id: UUID | None) -> GoalStep:
    of_client = new.party == checks.CLIENT
    return GoalStep(
        id=new_id(),
        client_id=goal.client_id,
        organisation_id=goal.organisation_id,
        goal_id=goal.id,
        party=new.party,
        task_id=task_id,
        due_on=new.due_on if of_client else None,
        state=queries.OPEN if of_client else None,
        created_at=clock.now(),
        text=StepText(text=text),
    )


def _text(own_words: str, wording: str, noticed_by: str) -> GoalText:
    words, professional, notice = checks.check_words(own_words, wording, noticed_by)
    return GoalText(own_words=words, wording=professional, noticed_by=notice)


def _check_area(client: Client, area: str, *, keep: str = "") -> None:
    offered = dict(queries.areas(client.organisation_id, keep=(keep,)))
    if area not in offered:
        raise RuleError(_("Wählen Sie den Bereich des Ziels aus."), field="area")
