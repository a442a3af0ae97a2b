"""The table of jobs."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, OrganisationBound, UtcDateTime


class JobState(enum.StrEnum):
    """Where a job stands. `failed` jobs may be started again; nothing of them was kept."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(OrganisationBound, Base):
    """One piece of background work for one person. `target_id` is the record it works on."""

    __tablename__ = "job"

    user_id: Mapped[UUID] = mapped_column(Id)
    kind: Mapped[str]
    target_id: Mapped[UUID] = mapped_column(Id)
    state: Mapped[str] = mapped_column(default=JobState.WAITING.value)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")  # a sentence of ours, never text from a file
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    @property
    def runs(self) -> bool:
        """Whether it works or waits for its turn."""
        return self.state in (JobState.WAITING, JobState.RUNNING)
