"""Goals of a member as rows: scores, first steps, looks with their results, questions afterwards."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caseapp.agreements.rules import StepTerms
from caseapp.demo.rules.agreed import GoalWords, PastGoal, Plan, Question, Wording
from caseapp.demo.rules.days import DAY
from caseapp.demo.rules.goals import load_words
from caseapp.demo.service.cases import Book, Member, draw_id, moment
from caseapp.demo.service.versions import Papers, Placed, add_versions
from caseapp.goals import queries as goals
from caseapp.goals.models import Followup, Goal, GoalReview, GoalStep, GoalText, ReviewTrace, Score, StepText
from caseapp.goals.rules import checks, states
from caseapp.goals.service.followups import question
from caseapp.settings import PROJECT_ROOT

_MORNING = 10 * 60  # minutes after midnight: when plans are spoken of
_MONTH = 28 * DAY
_STEP_DONE = frozenset({states.REACHED, states.PARTLY})


def goal_words(today: dt.date) -> GoalWords:
    """What clients and offices say about goals, by area."""
    office: dict[str, list[Wording]] = {}
    for code in goals.wordings(today):
        said = Wording(text=code.de, noticed_by=code.extra["noticed"], step=code.extra["step_client"])
        office.setdefault(code.extra["area"], []).append(said)
    return GoalWords(load_words(PROJECT_ROOT / "config" / "demo"), office)


def add_plan(book: Book, papers: Papers, member: Member, plan: Plan) -> None:
    """Everything that one member agreed; the caseload row follows."""
    rng = member.case.rng
    ids = [draw_id(rng) for _goal in plan.goals]
    successors = {goal.follows: ids[place] for place, goal in enumerate(plan.goals) if goal.follows is not None}
    # Successors first: the goal that they follow points to them.
    for place, goal in reversed(list(enumerate(plan.goals))):
        _Goals(book, member, goal, ids[place], successors.get(place)).add()
    member.caseload["open_goals"] += sum(goal.open for goal in plan.goals)
    placed = [
        Placed(goal, ids[place], None if goal.follows is None else ids[goal.follows], _first_step(goal))
        for place, goal in enumerate(plan.goals)
    ]
    add_versions(book, papers, member, plan, placed)


def _first_step(goal: PastGoal) -> StepTerms:
    return StepTerms(party=checks.CLIENT, text=goal.wording.step, due_on=goal.opened_on + _MONTH)


class _Goals:
    """The rows of one goal."""

    def __init__(self, book: Book, member: Member, goal: PastGoal, goal_id: UUID, successor: UUID | None) -> None:
        self._book, self._member, self._goal, self._id, self._successor = book, member, goal, goal_id, successor
        self._rng = member.case.rng

    def add(self) -> None:
        goal, member = self._goal, self._member
        words = goal.wording
        text = GoalText(own_words=goal.own_words, wording=words.text, noticed_by=words.noticed_by)
        self._book.rows[Goal].append(
            {
                "id": self._id,
                **member.bound,
                "area": goal.area,
                "state": goal.result or self._state(len(goal.seen) - (self._successor is not None)),
                "opened_on": goal.opened_on,
                "due_on": goal.due_on,
                "closed_on": goal.closed_on,
                "successor_id": self._successor,
                "cancelled_at": None,
                "edition": 1 + len(goal.seen),
                "contact_id": None,
                "created_by": member.worker_id,
                "created_at": moment(goal.opened_on, _MORNING),
                **self._book.seal(Goal.text, "goal", member.client_id, self._id, text),
            }
        )
        self._scores(goal.opened_on, checks.START, goal.start, None)
        self._step()
        last = [self._look(place) for place in range(len(goal.seen))]
        if goal.closed_on and goal.result:
            self._scores(goal.closed_on, checks.END, goal.final, last[-1])
        for asked in goal.questions:
            self._question(asked, last[-1] if asked is goal.questions[0] else None)

    @staticmethod
    def _state(looks: int) -> str:
        """An open goal runs from the first look on."""
        return states.RUNNING if looks else states.OPEN

    def _scores(self, on: dt.date, when: str, values: tuple[int, int], review_id: UUID | None) -> None:
        self._book.rows[Score] += [
            {
                "id": draw_id(self._rng),
                **self._member.bound,
                "goal_id": self._id,
                "review_id": review_id,
                "on_day": on,
                "moment": when,
                "by": by,
                "value": value,
                "created_at": moment(on, _MORNING),
            }
            for by, value in zip((checks.CLIENT, checks.WORKER), values, strict=True)
        ]

    def _step(self) -> None:
        """What the client does first: done with the goal, struck out with it, or still open."""
        goal, member, row_id = self._goal, self._member, draw_id(self._rng)
        done = goal.result in _STEP_DONE
        state = goals.OPEN if goal.open else goals.DONE if done else goals.CANCELLED
        text = StepText(text=goal.wording.step)
        self._book.rows[GoalStep].append(
            {
                "id": row_id,
                **member.bound,
                "goal_id": self._id,
                "party": checks.CLIENT,
                "task_id": None,
                "due_on": goal.opened_on + _MONTH,
                "state": state,
                "done_on": goal.closed_on if done else None,
                "created_at": moment(goal.opened_on, _MORNING),
                **self._book.seal(GoalStep.text, "goal_step", member.client_id, row_id, text),
            }
        )

    def _look(self, place: int) -> UUID:
        seen, member, row_id = self._goal.seen[place], self._member, draw_id(self._rng)
        ends_it = place == len(self._goal.seen) - 1
        trace = ReviewTrace(state=self._state(place), successor=self._successor if ends_it else None)
        self._book.rows[GoalReview].append(
            {
                "id": row_id,
                **member.bound,
                "goal_id": self._id,
                "on_day": seen.on,
                "result": seen.result,
                "edition": 2 + place,
                "contact_id": None,
                "undone_at": None,
                "created_by": member.worker_id,
                "created_at": moment(seen.on, _MORNING),
                **self._book.seal(GoalReview.trace, "goal_review", member.client_id, row_id, trace),
            }
        )
        return row_id

    def _question(self, asked: Question, review_id: UUID | None) -> None:
        member = self._member
        due_on, made_on = asked.since_on + asked.after_days * DAY, asked.since_on
        title = question(goals.measure_of(self._goal.area))
        self._book.rows[Followup].append(
            {
                "id": draw_id(self._rng),
                **member.bound,
                "goal_id": self._id,
                "review_id": review_id,
                "task_id": self._book.add_task(member, title, due_on, made_on, done_on=asked.answered_on),
                "after_days": asked.after_days,
                "since_on": asked.since_on,
                "answer": asked.answer or None,
                "answered_on": asked.answered_on,
                "created_at": moment(made_on, _MORNING),
            }
        )
