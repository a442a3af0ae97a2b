"""The goals of a file with their steps, scores, counted events, reviews and follow-up questions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, String, cast, literal, null, select, union_all

from caseapp.db import Id, session
from caseapp.errors import NotFoundError
from caseapp.goals.models import Followup, Goal, GoalEvent, GoalReview, GoalStep, GoalText, Score
from caseapp.goals.rules.checks import CLIENT, START
from caseapp.sealed import keys_of, open_column
from caseapp.security.vault import Key
from caseapp.tasks.models import Task

OPEN, DONE, CANCELLED = "open", "done", "cancelled"


@dataclass(frozen=True, slots=True)
class StepView:
    """A step. Day, state and completion of an office's step are those of its task. `text` is "" where unreadable."""

    id: UUID
    goal_id: UUID
    party: str  # client | office
    text: str
    due_on: dt.date | None
    state: str  # open | done | cancelled
    done_on: dt.date | None
    task_id: UUID | None

    @property
    def of_client(self) -> bool:
        """Whether the client takes this step."""
        return self.party == CLIENT


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One score, 0 to 4."""

    on_day: dt.date
    moment: str  # start | review | end
    by: str  # client | worker
    value: int


@dataclass(frozen=True, slots=True)
class EventView:
    """Something counted towards the goal."""

    id: UUID
    kind: str
    on_day: dt.date


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One look at the goal. `result` "" : it goes on."""

    id: UUID
    on_day: dt.date
    result: str


@dataclass(frozen=True, slots=True)
class FollowupView:
    """The question whether the goal still holds. `answer` "" : not answered yet."""

    id: UUID
    task_id: UUID
    after_days: int
    due_on: dt.date
    answer: str
    answered_on: dt.date | None


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with all that belongs to it. Steps by beginning, the rest by day; cancelled events are left out."""

    id: UUID
    client_id: UUID
    area: str
    state: str
    opened_on: dt.date
    due_on: dt.date | None
    closed_on: dt.date | None
    successor_id: UUID | None
    version: str
    created_at: dt.datetime
    text: GoalText
    readable: bool
    steps: tuple[StepView, ...] = ()
    scores: tuple[ScoreView, ...] = ()
    events: tuple[EventView, ...] = ()
    reviews: tuple[ReviewView, ...] = ()
    followups: tuple[FollowupView, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the goal is being worked on."""
        return self.closed_on is None

    @property
    def adjusted(self) -> bool:
        """Whether another goal took its place ("angepasst")."""
        return self.successor_id is not None

    @property
    def title(self) -> str:
        """The goal in one line."""
        return self.text.title

    @property
    def reviewed_on(self) -> dt.date | None:
        """The day of the last look at it together."""
        return max((review.on_day for review in self.reviews), default=None)

    def steps_of(self, party: str, state: str = "") -> tuple[StepView, ...]:
        """The steps of one side, in one state where it is named."""
        return tuple(step for step in self.steps if step.party == party and state in {"", step.state})

    def open_steps(self) -> tuple[StepView, ...]:
        """The steps that are still to be done, of both sides."""
        return tuple(step for step in self.steps if step.state == OPEN)

    def latest(self, by: str, moment: str = "") -> int | None:
        """The last score of one side, None without any; `moment` "start": the first one."""
        values = [score.value for score in self.scores if score.by == by and moment in {"", score.moment}]
        if not values:
            return None
        return values[0] if moment == START else values[-1]


def list_goals(client_id: UUID, *, open_only: bool = False) -> list[GoalView]:
    """The client's goals, the oldest first; three statements (and one for the key), whatever the rows."""
    wanted: list[ColumnElement[bool]] = [Goal.client_id == client_id, Goal.cancelled_at.is_(None)]
    if open_only:
        wanted.append(Goal.closed_on.is_(None))
    return _views(client_id, wanted)


def load_view(goal: Goal) -> GoalView:
    """One goal with all that belongs to it; three statements."""
    found = _views(goal.client_id, [Goal.id == goal.id])
    if not found:
        raise NotFoundError
    return found[0]


def _views(client_id: UUID, wanted: Sequence[ColumnElement[bool]]) -> list[GoalView]:
    keys = keys_of(session(), (client_id,))
    goals = (
        session()
        .execute(
            select(
                *(Goal.id, Goal.text_rev, Goal.text_blob, Goal.area, Goal.state, Goal.opened_on, Goal.due_on),
                *(Goal.closed_on, Goal.successor_id, Goal.edition, Goal.created_at),
            )
            .where(*wanted)
            .order_by(Goal.opened_on, Goal.created_at, Goal.id)
        )
        .all()
    )
    if not goals:
        return []
    texts = _opened(Goal.text, "goal", client_id, keys, goals)
    ids = [row.id for row in goals]
    steps, marks = _steps(client_id, keys, ids), _marks(ids)
    return [
        GoalView(
            id=row.id,
            client_id=client_id,
            area=row.area,
            state=row.state,
            opened_on=row.opened_on,
            due_on=row.due_on,
            closed_on=row.closed_on,
            successor_id=row.successor_id,
            version=str(row.edition),
            created_at=row.created_at,
            text=text or GoalText(),
            readable=text is not None,
            steps=tuple(steps[row.id]),
            scores=tuple(mark for mark in marks[row.id] if isinstance(mark, ScoreView)),
            events=tuple(mark for mark in marks[row.id] if isinstance(mark, EventView)),
            reviews=tuple(mark for mark in marks[row.id] if isinstance(mark, ReviewView)),
            followups=tuple(mark for mark in marks[row.id] if isinstance(mark, FollowupView)),
        )
        for row, text in zip(goals, texts, strict=True)
    ]


def _opened(sealed: Any, table: str, client_id: UUID, keys: dict[UUID, Key], rows: Sequence[Any]) -> list[Any]:
    """The records of rows that begin with id, revision and envelope; None where one is unreadable."""
    return [each.record for each in open_column(sealed, table, [(r[0], client_id, r[1], r[2]) for r in rows], keys)]


def _steps(client_id: UUID, keys: dict[UUID, Key], goal_ids: list[UUID]) -> dict[UUID, list[StepView]]:
    rows = (
        session()
        .execute(
            select(
                *(GoalStep.id, GoalStep.text_rev, GoalStep.text_blob, GoalStep.goal_id, GoalStep.party),
                *(GoalStep.due_on, GoalStep.state, GoalStep.done_on, GoalStep.task_id),
                Task.due_on.label("task_due_on"),
                Task.state.label("task_state"),
                Task.done_on.label("task_done_on"),
            )
            .join(Task, Task.id == GoalStep.task_id, isouter=True)
            .where(GoalStep.goal_id.in_(goal_ids))
            .order_by(GoalStep.created_at, GoalStep.id)
        )
        .all()
    )
    found: dict[UUID, list[StepView]] = defaultdict(list)
    for row, text in zip(rows, _opened(GoalStep.text, "goal_step", client_id, keys, rows), strict=True):
        of_client = row.party == CLIENT
        found[row.goal_id].append(
            StepView(
                id=row.id,
                goal_id=row.goal_id,
                party=row.party,
                text=text.text if text else "",
                due_on=row.due_on if of_client else row.task_due_on,
                # A task that the reader cannot see would belong to another file: there is none.
                state=(row.state if of_client else row.task_state) or CANCELLED,
                done_on=row.done_on if of_client else row.task_done_on,
                task_id=row.task_id,
            )
        )
    return found


_Mark = ScoreView | EventView | ReviewView | FollowupView
_PLAIN: dict[str, Any] = {"number": Integer(), "side": String(), "other": Id(), "later": Date()}


def _marks(goal_ids: list[UUID]) -> dict[UUID, list[_Mark]]:
    """Scores, counted events, reviews and follow-up questions by goal: one statement."""
    parts = union_all(
        _mark("score", Score, Score.on_day, Score.moment, number=Score.value, side=Score.by)
        .where(Score.goal_id.in_(goal_ids))
        .where(_stands(Score.review_id)),
        _mark("event", GoalEvent, GoalEvent.on_day, GoalEvent.kind).where(
            GoalEvent.goal_id.in_(goal_ids), GoalEvent.cancelled_at.is_(None)
        ),
        _mark("review", GoalReview, GoalReview.on_day, GoalReview.result).where(
            GoalReview.goal_id.in_(goal_ids), GoalReview.undone_at.is_(None)
        ),
        _mark(
            "followup",
            Followup,
            Followup.since_on,
            Followup.answer,
            number=Followup.after_days,
            other=Followup.task_id,
            later=Followup.answered_on,
        ).where(Followup.goal_id.in_(goal_ids), _stands(Followup.review_id)),
    ).subquery()
    rows = session().execute(select(parts).order_by(parts.c.day, parts.c.made_at, parts.c.id))
    found: dict[UUID, list[_Mark]] = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(_read_mark(row))
    return found


def _stands(review_id: Any) -> ColumnElement[bool]:
    """Whether the review that wrote the row, if one did, was not taken back."""
    undone = select(GoalReview.id).where(GoalReview.id == review_id, GoalReview.undone_at.is_not(None))
    return ~undone.exists()


def _mark(what: str, table: Any, day: Any, code: Any, **columns: Any) -> Select[Any]:
    plain = [columns.get(name, cast(null(), kind)).label(name) for name, kind in _PLAIN.items()]
    return select(
        literal(what).label("what"),
        table.id.label("id"),
        table.goal_id.label("goal_id"),
        day.label("day"),
        code.label("code"),
        table.created_at.label("made_at"),
        *plain,
    )


def _read_mark(row: Row[Any]) -> _Mark:
    match row.what:
        case "score":
            return ScoreView(row.day, row.code, row.side, row.number)
        case "event":
            return EventView(row.id, row.code, row.day)
        case "review":
            return ReviewView(row.id, row.day, row.code)
        case _:
            due_on = row.day + dt.timedelta(days=row.number)
            return FollowupView(row.id, row.other, row.number, due_on, row.code or "", row.later)
