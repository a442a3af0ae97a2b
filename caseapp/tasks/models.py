"""The table of tasks."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import SHORT, Record, Sealed


class TaskText(Record, frozen=True, kw_only=True):
    """What is to be done."""

    title: str
    note: str = ""


class Task(ClientBound, Base):
    """A step of the office with a due date. `deadline` marks a Frist, which cannot be put off."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_worker", "worker_id", "state", "due_on"),)

    worker_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("user_account.id"))
    due_on: Mapped[dt.date | None]
    deadline: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="open")  # open | done | cancelled
    done_on: Mapped[dt.date | None]
    contact_id: Mapped[UUID | None] = mapped_column(Id)  # the contact whose form made it
    # What it asks after ("referral"), so that its line offers the way there.
    origin: Mapped[str] = mapped_column(default="", server_default="")
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(TaskText, blob="text_blob", revision="text_rev", block=SHORT)

    @property
    def version(self) -> str:
        """Another one after every change of text or day. A form carries it along, so that no change is lost."""
        return f"{self.text_rev} {self.due_on or ''}".strip()
