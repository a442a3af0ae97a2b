"""Single rows of goals, and how many are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select

from caseapp.clients.queries.milestones import MilestoneSelect
from caseapp.db import Base, session
from caseapp.errors import NotFoundError
from caseapp.goals.models import Followup, Goal, GoalEvent, GoalReview, GoalStep

_Row = TypeVar("_Row", bound=Base)


def get_goal(goal_id: UUID) -> Goal:
    """The goal. Raises NotFoundError for a missing, a foreign and a cancelled one alike."""
    found = find_goal(goal_id)
    if found is None or found.cancelled_at is not None:
        raise NotFoundError
    return found


def get_cancelled(goal_id: UUID) -> Goal:
    """A goal that was struck out. Raises NotFoundError."""
    found = find_goal(goal_id)
    if found is None or found.cancelled_at is None:
        raise NotFoundError
    return found


def find_goal(goal_id: UUID) -> Goal | None:
    """The goal, a cancelled one too, or None."""
    return session().get(Goal, goal_id)


def get_step(step_id: UUID) -> GoalStep:
    """The step. Raises NotFoundError."""
    return _get(GoalStep, step_id)


def find_step(step_id: UUID) -> GoalStep | None:
    """The step or None."""
    return session().get(GoalStep, step_id)


def list_steps(goal_id: UUID) -> Sequence[GoalStep]:
    """The steps of a goal in the order in which they were made."""
    return session().scalars(_steps().where(GoalStep.goal_id == goal_id)).all()


def list_chosen_steps(client_id: UUID, step_ids: Iterable[UUID]) -> Sequence[GoalStep]:
    """Those of the client's steps that are named."""
    chosen = tuple(step_ids)
    if not chosen:
        return []
    return session().scalars(_steps().where(GoalStep.client_id == client_id, GoalStep.id.in_(chosen))).all()


def get_event(event_id: UUID) -> GoalEvent:
    """The counted event. Raises NotFoundError."""
    return _get(GoalEvent, event_id)


def get_review(review_id: UUID) -> GoalReview:
    """The review. Raises NotFoundError."""
    return _get(GoalReview, review_id)


def find_review(review_id: UUID) -> GoalReview | None:
    """The review or None."""
    return session().get(GoalReview, review_id)


def get_followup(followup_id: UUID) -> Followup:
    """The question whether a goal still holds. Raises NotFoundError."""
    return _get(Followup, followup_id)


def open_goals(client_id: UUID) -> ScalarSelect[int]:
    """How many of the client's goals are open, to be counted inside an update."""
    return select(func.count(Goal.id)).where(Goal.client_id == client_id, *_OPEN).scalar_subquery()


def goal_counts() -> Mapping[UUID, tuple[int]]:
    """`open_goals` of all clients with open goals: for rebuilding the caseload."""
    rows = session().execute(
        select(Goal.client_id, func.count(Goal.id)).where(*_OPEN).group_by(Goal.client_id).order_by(Goal.client_id)
    )
    return {client_id: (number,) for client_id, number in rows}


def select_opened(client_id: UUID) -> MilestoneSelect:
    """Milestones of the timeline: goals that were agreed. The code is their area."""
    return select(Goal.opened_on, Goal.created_at, Goal.id, Goal.area).where(
        Goal.client_id == client_id, Goal.cancelled_at.is_(None)
    )


def select_closed(client_id: UUID) -> MilestoneSelect:
    """Milestones of the timeline: goals that ended with a result. The code is "area result"."""
    return select(Goal.closed_on, Goal.created_at, Goal.id, Goal.area + " " + Goal.state).where(
        Goal.client_id == client_id,
        Goal.cancelled_at.is_(None),
        Goal.closed_on.is_not(None),
        Goal.successor_id.is_(None),
    )


_OPEN = (Goal.closed_on.is_(None), Goal.cancelled_at.is_(None))


def _steps() -> Select[Any]:
    return select(GoalStep).order_by(GoalStep.created_at, GoalStep.id)


def _get(table: type[_Row], row_id: UUID) -> _Row:
    found = session().get(table, row_id)
    if found is None:
        raise NotFoundError
    return found
