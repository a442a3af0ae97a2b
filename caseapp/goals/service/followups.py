"""Asking again: does what was reached still hold after half a year, and for work after a year?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from caseapp import audit, clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client, FactKind, HistoryEntry, WorkFact
from caseapp.clients.queries.files import get_fact
from caseapp.clients.service.facts import confirm_facts, correct_fact, present_facts, unconfirm_facts
from caseapp.db import new_id, session
from caseapp.errors import RuleError
from caseapp.goals import queries
from caseapp.goals.models import Followup, Goal, GoalReview
from caseapp.goals.rules.measures import HALF_YEAR, YEAR
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks
from caseapp.tasks.service import NewTask

YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = (YES, NO, UNKNOWN)
FACTS = {"housing": FactKind.STAY, "employment": FactKind.WORK, "benefits": FactKind.BENEFIT}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer changed, for `take_back_answer`: the former days of confirmed facts, and the job that it ended."""

    confirmed: dict[UUID, dt.date | None] = field(default_factory=dict)
    ended: UUID | None = None
    next_id: UUID | None = None


def plan(actor: Actor, client: Client, goal: Goal, review: GoalReview) -> Followup | None:
    """The question after half a year, as a task; None for an area without a history."""
    measure = queries.measure_of(goal.area)
    if measure not in FACTS:
        return None
    return _ask(actor, client, goal, measure, since_on=review.on_day, after_days=HALF_YEAR, review_id=review.id)


def answer_followup(
    actor: Actor, client: Client, goal: Goal, followup: Followup, answer: str, *, ended_on: dt.date | None = None
) -> Answer:
    """Write the answer where the figures read it: "yes" is "Stand unverändert" of today, "no" with a day ends the job.

    Its task is done by it. Work that still goes on after half a year is asked for once more after a year. Raises
    RuleError on `answer` or `ended_on`, and when the question was answered before.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if answer not in ANSWERS:
        raise RuleError(_("Wählen Sie eine Antwort aus."), field="answer")
    if followup.answer is not None:
        raise RuleError(_("Diese Frage ist schon beantwortet. Laden Sie die Seite neu."))
    measure = queries.measure_of(goal.area)
    confirmed, ended, following = {}, None, None
    if answer == YES:
        confirmed = confirm_facts(actor, client, (FACTS[measure],))
        if measure == "employment" and followup.after_days < YEAR:
            following = _ask(actor, client, goal, measure, since_on=followup.since_on, after_days=YEAR)
    elif answer == NO and measure == "employment" and ended_on is not None:
        ended = _end_work(actor, client, ended_on)
    followup.answer, followup.answered_on = answer, clock.today()
    tasks.finish_tasks(actor, client, (followup.task_id,))
    audit.record("goal:followup", client_id=client.id, detail=audit.Detail(note=answer))
    return Answer(confirmed, ended, following.id if following else None)


def take_back_answer(actor: Actor, client: Client, followup: Followup, answer: Answer) -> None:
    """The inverse of `answer_followup`, given what that one changed. Raises RuleError after a later change."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if followup.answer is None or followup.answered_on is None:
        return
    if answer.confirmed:
        unconfirm_facts(actor, client, answer.confirmed, followup.answered_on)
    if answer.ended:
        entry = get_fact(client.id, answer.ended)
        correct_fact(actor, client, entry, entry.box, entry.from_on, None, revision=entry.box_rev)
    if answer.next_id:
        following = queries.get_followup(answer.next_id)
        tasks.cancel_tasks(actor, client, (following.task_id,))
        session().delete(following)
    followup.answer = followup.answered_on = None
    tasks.reopen_tasks(actor, client, (followup.task_id,))
    audit.record("goal:followup_back", client_id=client.id)


def _ask(
    actor: Actor,
    client: Client,
    goal: Goal,
    measure: str,
    *,
    since_on: dt.date,
    after_days: int,
    review_id: UUID | None = None,
) -> Followup:
    due_on = since_on + dt.timedelta(days=after_days)
    (task,) = tasks.add_tasks(actor, client, [NewTask(question(measure), due_on)])
    session().flush()
    followup = Followup(
        id=new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        goal_id=goal.id,
        review_id=review_id,
        task_id=task.id,
        after_days=after_days,
        since_on=since_on,
        created_at=clock.now(),
    )
    session().add(followup)
    return followup


def question(measure: str) -> str:
    """The title of the task that asks, by what is measured."""
    return {
        "housing": _("Nachfragen, ob der Mietvertrag noch besteht"),
        "employment": _("Nachfragen, ob die Arbeit oder Ausbildung noch besteht"),
        "benefits": _("Nachfragen, ob es weiter ohne Sozialleistungen geht"),
    }[measure]


def _end_work(actor: Actor, client: Client, ended_on: dt.date) -> UUID:
    """End the only work that counts and runs today. Raises RuleError on `ended_on` where it is not the only one."""
    running = [entry for entry in present_facts(client.id, clock.today()) if _counts(entry)]
    if len(running) != 1:
        raise RuleError(
            _("Tragen Sie das Ende beim Stand ein: Dort ist nicht genau eine laufende Arbeit eingetragen."),
            field="ended_on",
        )
    if ended_on > clock.today():
        raise RuleError(_("Dieser Tag liegt in der Zukunft."), field="ended_on")
    (entry,) = running
    correct_fact(actor, client, entry, entry.box, entry.from_on, ended_on, revision=entry.box_rev)
    return entry.id


def _counts(entry: HistoryEntry) -> bool:
    fact = entry.box.fact
    if not isinstance(fact, WorkFact):
        return False
    code = catalogue.catalogue().find("employment_kinds", fact.kind, entry.from_on)
    return code is not None and code.says("counts_as_work")
