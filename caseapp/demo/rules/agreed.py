"""What a household has agreed over the years: goals with looks, results and questions, and the signed versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct, field


class Wording(Struct, frozen=True, kw_only=True):
    """How an office says a goal, by what it is noticed, and what the client does first."""

    text: str
    noticed_by: str
    step: str


class GoalWords(Struct, frozen=True):
    """What clients and offices say, by area."""

    own: Mapping[str, Sequence[str]]
    office: Mapping[str, Sequence[Wording]]


class Seen(Struct, frozen=True):
    """A look at the goal: `result` is a code of goal_states, "" where it goes on."""

    on: dt.date
    result: str = ""


class Question(Struct, frozen=True):
    """Whether what was reached still holds; `answer` "" while it is open."""

    after_days: int
    since_on: dt.date
    answer: str = ""
    answered_on: dt.date | None = None


class PastGoal(Struct, kw_only=True):
    """A goal of a member. `follows`: the place of the goal from which it was adjusted."""

    area: str
    own_words: str
    wording: Wording
    opened_on: dt.date
    due_on: dt.date
    start: tuple[int, int]  # as the client and the worker see it, 0 to 4
    final: tuple[int, int]
    seen: list[Seen] = field(default_factory=list)
    closed_on: dt.date | None = None
    result: str = ""
    follows: int | None = None
    questions: list[Question] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether it is being worked on."""
        return self.closed_on is None


class Version(Struct, frozen=True, kw_only=True):
    """A version of the agreement with the places of the goals that it names."""

    made_on: dt.date
    signed: bool  # else declined
    goals: tuple[int, ...]
    review_on: dt.date


class Plan(Struct, kw_only=True):
    """What one member agreed. Without `versions` goals were spoken of and nothing was signed."""

    member: int
    goals: list[PastGoal] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)


def title_of(goal: PastGoal) -> str:
    """The goal in one line, as papers say it."""
    return goal.wording.text or goal.own_words
