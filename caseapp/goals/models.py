"""Tables of goals."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed
from caseapp.tallies.keys import mark
from caseapp.tallies.lines import AnyLine, FollowupLine, GoalLine, ReviewLine


class GoalText(Record, frozen=True, kw_only=True):
    """What the goal is: in the client's own words, in professional words, and how both notice that it is reached."""

    own_words: str = ""
    wording: str = ""
    noticed_by: str = ""

    @property
    def title(self) -> str:
        """The goal in one line: the professional wording, else the client's own words."""
        return self.wording or self.own_words


class Goal(ClientBound, Base):
    """A goal of the client. It is open as long as `closed_on` is None.

    `state` is a code of goal_states. An adjusted goal ("angepasst") has no result: it is closed, keeps its state and
    names its successor. `edition` rises with every change that somebody else could overwrite: the optimistic lock.
    """

    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_open", "client_id", "closed_on"),)

    area: Mapped[str]
    state: Mapped[str] = mapped_column(default="OFF")
    opened_on: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    successor_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("goal.id", ondelete="SET NULL"), index=True)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # by mistake: out of lists and figures
    edition: Mapped[int] = mapped_column(default=1)
    contact_id: Mapped[UUID | None] = mapped_column(Id)  # the talk in which it arose
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(GoalText, blob="text_blob", revision="text_rev", block=LONG)
    tallied: ClassVar = ("area", "state", "opened_on", "due_on", "closed_on", "successor_id", "cancelled_at")

    def tally(self) -> AnyLine | None:
        """The goal as the figures know it; one entered by mistake does not count."""
        if self.cancelled_at is not None:
            return None
        return GoalLine(
            goal=mark(self.id),
            area=self.area,
            state=self.state,
            opened_on=self.opened_on,
            due_on=self.due_on,
            closed_on=self.closed_on,
            successor=mark(self.successor_id) if self.successor_id else b"",
        )

    @property
    def open(self) -> bool:
        """Whether the goal is being worked on."""
        return self.closed_on is None and self.cancelled_at is None

    @property
    def version(self) -> str:
        """Another one after every change. A form carries it along, so that no change is lost."""
        return str(self.edition)


class StepText(Record, frozen=True, kw_only=True):
    """What is to be done, as it was agreed."""

    text: str


class GoalStep(ClientBound, Base):
    """A step towards a goal, of the client or of the office.

    A step of the office is a task: day, state and day of completion are those of the task (`task_id`) and stand here
    for a step of the client only. Read them through `queries.StepView`.
    """

    __tablename__ = "goal_step"
    __table_args__ = (
        CheckConstraint("(party = 'office') = (task_id IS NOT NULL)", name="task"),
        CheckConstraint("(party = 'client') = (state IS NOT NULL)", name="state"),
        Index("ix_goal_step_open", "client_id", "state"),
    )

    goal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    party: Mapped[str]  # client | office
    task_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("task.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[dt.date | None]
    state: Mapped[str | None]  # open | done | cancelled
    done_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(StepText, blob="text_blob", revision="text_rev", block=SHORT)


class Score(ClientBound, Base):
    """How near the goal is, from 0 (far away) to 4 (reached), as one of both sides sees it on a day."""

    __tablename__ = "goal_score"
    __table_args__ = (CheckConstraint("value BETWEEN 0 AND 4", name="value"),)

    goal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("goal_review.id", ondelete="CASCADE"))
    on_day: Mapped[dt.date]
    moment: Mapped[str]  # start | review | end
    by: Mapped[str]  # client | worker
    value: Mapped[int]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class GoalEvent(ClientBound, Base):
    """Something that counts towards a goal: an application, an interview, an inquiry about a flat."""

    __tablename__ = "goal_event"

    goal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # code of the list goal_events
    on_day: Mapped[dt.date]
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ReviewTrace(Record, frozen=True, kw_only=True):
    """What a review changed, so that it can be taken back."""

    state: str = ""  # before
    done: tuple[UUID, ...] = ()  # steps
    made: tuple[UUID, ...] = ()
    cancelled: tuple[UUID, ...] = ()
    carried: tuple[UUID, ...] = ()
    successor: UUID | None = None
    followup: UUID | None = None


class GoalReview(ClientBound, Base):
    """One look at a goal together: its result, or "" where it goes on. `successor` in the trace: it was adjusted.

    `edition` is that of the goal after it: a later change leaves the review as it is.
    """

    __tablename__ = "goal_review"

    goal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    on_day: Mapped[dt.date]
    result: Mapped[str]  # code of goal_states, "" for "goes on"
    edition: Mapped[int]
    contact_id: Mapped[UUID | None] = mapped_column(Id)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    trace_blob: Mapped[bytes] = mapped_column("trace")
    trace_rev: Mapped[int]

    trace = Sealed(ReviewTrace, blob="trace_blob", revision="trace_rev", block=SHORT)
    tallied: ClassVar = ("goal_id", "on_day", "result", "undone_at")

    def tally(self) -> AnyLine | None:
        """The look at the goal, unless it was taken back."""
        if self.undone_at is not None:
            return None
        return ReviewLine(goal=mark(self.goal_id), on_day=self.on_day, result=self.result)


class Followup(ClientBound, Base):
    """The question, half a year or a year after a goal was reached, whether it still holds; asked by a task."""

    __tablename__ = "goal_followup"

    goal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("goal_review.id", ondelete="CASCADE"))
    task_id: Mapped[UUID] = mapped_column(Id, ForeignKey("task.id", ondelete="CASCADE"), index=True)
    after_days: Mapped[int]  # 183 or 365, counted from `since_on`
    since_on: Mapped[dt.date]
    answer: Mapped[str | None]  # yes | no | unknown
    answered_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    tallied: ClassVar = ("goal_id", "after_days", "since_on", "answer", "answered_on")

    def tally(self) -> AnyLine:
        """The question and its answer, if there is one."""
        return FollowupLine(
            goal=mark(self.goal_id),
            after_days=self.after_days,
            since_on=self.since_on,
            answer=self.answer or "",
            answered_on=self.answered_on,
        )
