"""Looking at a goal together: its result or "goes on", scores, next steps, or another goal in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.db import new_id, session
from caseapp.errors import AlreadyStoredError, RuleError
from caseapp.goals import queries
from caseapp.goals.models import Goal, GoalReview, GoalStep, ReviewTrace
from caseapp.goals.rules import checks, states
from caseapp.goals.service import followups
from caseapp.goals.service.goals import (
    NewGoal,
    NewStep,
    add_goal,
    add_scores,
    keep,
    new_steps,
    require_version,
)
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as task_queries
from caseapp.tasks import service as tasks

UNDO = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What both say of a goal on a day. `result`: code of goal_states that closes it, "" for "goes on".

    `adjusted`: the goal that takes its place; there is no result then. `done` and `cancelled` name steps.
    """

    result: str = ""
    client_score: int | None = None
    worker_score: int | None = None
    steps: tuple[NewStep, ...] = ()
    done: frozenset[UUID] = frozenset()
    cancelled: frozenset[UUID] = frozenset()
    adjusted: NewGoal | None = None
    on_day: dt.date | None = None  # None: today

    @property
    def closes(self) -> bool:
        """Whether the goal ends with it."""
        return bool(self.result) or self.adjusted is not None


def review_goal(
    actor: Actor,
    client: Client,
    goal: Goal,
    review: Review,
    *,
    version: str,
    contact_id: UUID | None = None,
    review_id: UUID | None = None,
) -> GoalReview:
    """Store the review; the goal goes on, ends with its result, or gives way to its successor.

    Open steps of a goal that ends with a result are struck out; those of an adjusted goal go on with the successor.
    A reached goal with a history (housing, employment, benefits) gets the task to ask again after 183 days.
    `review_id` is that of the form: sent twice, it is stored once. Raises ConflictError when somebody else changed the
    goal since `version`, GoalStateError for a goal that is closed, RuleError with the field it belongs to.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    stored = queries.find_review(review_id) if review_id else None
    if stored is not None:
        return _stored(stored, goal, review)
    require_version(goal, version)
    on_day = _check(goal, review)
    before = goal.state
    made = GoalReview(
        id=review_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        goal_id=goal.id,
        on_day=on_day,
        result=review.result,
        edition=goal.edition + 1,
        contact_id=contact_id,
        created_by=actor.user_id,
        created_at=clock.now(),
        trace=ReviewTrace(),
    )
    session().add(made)
    session().flush()
    scores = checks.check_scores({checks.CLIENT: review.client_score, checks.WORKER: review.worker_score})
    add_scores(goal, scores, on_day, checks.END if review.closes else checks.REVIEW, review_id=made.id)
    trace = _work_on_steps(actor, client, goal, review)
    successor = _succeed(actor, client, review, scores, contact_id)
    if successor is not None:
        trace = replace(trace, carried=_carry(goal, successor))
    added = new_steps(actor, client, successor or goal, review.steps, contact_id=contact_id)
    goal.state = before if review.adjusted else review.result or states.RUNNING
    goal.edition += 1
    if review.closes:
        goal.closed_on = on_day
        goal.successor_id = successor.id if successor else None
        keep(client)
    followup = followups.plan(actor, client, goal, made) if review.result == states.REACHED else None
    made.trace = ReviewTrace(
        state=before,
        done=trace.done,
        cancelled=trace.cancelled,
        carried=trace.carried,
        made=tuple(step.id for step in added),
        successor=successor.id if successor else None,
        followup=followup.id if followup else None,
    )
    audit.record("goal:review", client_id=client.id, detail=audit.Detail(note=review.result))
    return made


def take_back_review(actor: Actor, client: Client, goal: Goal, review: GoalReview) -> None:
    """Undo `review_goal` within ten minutes: result, scores, steps, successor and question are as they were before.

    Raises RuleError later, after another change of the goal or its successor, and for somebody else's review.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if review.undone_at is not None:
        return
    trace = review.trace
    successor = queries.find_goal(trace.successor) if trace.successor else None
    changed = goal.edition != review.edition or (successor is not None and successor.edition != 1)
    if changed or review.created_by != actor.user_id or clock.now() - review.created_at > UNDO:
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen: Das Ziel wurde danach geändert."))
    review.undone_at = clock.now()
    goal.state, goal.closed_on, goal.successor_id = trace.state, None, None
    goal.edition += 1
    session().flush()
    _restore_steps(actor, client, goal, trace)
    if trace.followup:
        tasks.cancel_tasks(actor, client, (queries.get_followup(trace.followup).task_id,))
    if successor is not None:
        session().flush()
        _settle(actor, client, queries.list_steps(successor.id), queries.CANCELLED)
        successor.cancelled_at, successor.edition = clock.now(), successor.edition + 1
    keep(client)
    audit.record("goal:review_back", client_id=client.id)


@dataclass(frozen=True, slots=True)
class _Worked:
    """What became of the steps."""

    done: tuple[UUID, ...] = ()
    cancelled: tuple[UUID, ...] = ()
    carried: tuple[UUID, ...] = ()


def _check(goal: Goal, review: Review) -> dt.date:
    """The day of the review. Raises RuleError where it cannot be stored like this."""
    today = clock.today()
    on_day = review.on_day or today
    if review.adjusted is not None and review.result:
        raise RuleError(_("Ein angepasstes Ziel hat kein Ergebnis: Es geht im neuen Ziel weiter."), field="result")
    states.require_transition(goal.state if goal.open else states.REACHED, review.result or states.RUNNING)
    checks.check_past_day(on_day, today, since=goal.opened_on)
    if review.result and review.steps:
        raise RuleError(
            _("Ein abgeschlossenes Ziel hat keine nächsten Schritte. Legen Sie dafür ein neues Ziel an."), field="steps"
        )
    return on_day


def _stored(stored: GoalReview, goal: Goal, review: Review) -> GoalReview:
    """The form was sent twice; raises AlreadyStoredError where it said something else the second time."""
    adjusted = stored.trace.successor is not None
    same = stored.goal_id == goal.id and stored.undone_at is None and stored.result == review.result
    if not same or adjusted != (review.adjusted is not None):
        raise AlreadyStoredError(_("Diese Auswertung ist schon gespeichert. Laden Sie die Seite neu."))
    return stored


def _succeed(
    actor: Actor, client: Client, review: Review, scores: dict[str, int], contact_id: UUID | None
) -> Goal | None:
    """The goal that takes the place of an adjusted one: it begins on the day of the review, with its scores."""
    if review.adjusted is None:
        return None
    begins = replace(
        review.adjusted,
        opened_on=review.adjusted.opened_on or review.on_day,
        scores=review.adjusted.scores or scores,
    )
    return add_goal(actor, client, begins, contact_id=contact_id)


def _work_on_steps(actor: Actor, client: Client, goal: Goal, review: Review) -> _Worked:
    """Finish and strike out what the review says; whatever is open in a goal with a result is struck out."""
    steps = queries.list_steps(goal.id)
    done = _settle(actor, client, [step for step in steps if step.id in review.done], queries.DONE)
    wanted = [step for step in steps if step.id not in review.done and (review.result or step.id in review.cancelled)]
    return _Worked(done=done, cancelled=_settle(actor, client, wanted, queries.CANCELLED))


def _settle(actor: Actor, client: Client, steps: Sequence[GoalStep], state: str) -> tuple[UUID, ...]:
    """Give open steps this state; those of the office through their tasks. The ids of those that changed."""
    act = tasks.finish_tasks if state == queries.DONE else tasks.cancel_tasks
    through = act(actor, client, [step.task_id for step in steps if step.task_id]) if steps else []
    changed = [step for step in steps if step.task_id in through or step.state == queries.OPEN]
    for step in changed:
        if step.task_id is None:
            step.state, step.done_on = state, clock.today() if state == queries.DONE else None
    return tuple(step.id for step in changed)


def _carry(goal: Goal, successor: Goal) -> tuple[UUID, ...]:
    """Open steps go on with the successor; they keep their ids, as papers that name them do."""
    steps = queries.list_steps(goal.id)
    tasks_of = {step.task_id for step in steps if step.task_id}
    open_tasks = {
        task.id for task in task_queries.list_chosen(goal.client_id, tasks_of) if task.state == task_queries.OPEN
    }
    carried = [step for step in steps if step.state == queries.OPEN or step.task_id in open_tasks]
    for step in carried:
        step.goal_id = successor.id
    return tuple(step.id for step in carried)


def _restore_steps(actor: Actor, client: Client, goal: Goal, trace: ReviewTrace) -> None:
    ids = {*trace.done, *trace.cancelled, *trace.carried, *trace.made}
    steps = {step.id: step for step in queries.list_chosen_steps(client.id, ids)}
    again = [steps[step_id] for step_id in (*trace.done, *trace.cancelled) if step_id in steps]
    tasks.reopen_tasks(actor, client, [step.task_id for step in again if step.task_id])
    for step in again:
        if step.task_id is None:
            step.state, step.done_on = queries.OPEN, None
    for step_id in trace.carried:
        if step_id in steps:
            steps[step_id].goal_id = goal.id
    _settle(actor, client, [steps[step_id] for step_id in trace.made if step_id in steps], queries.CANCELLED)
