"""Tables of own figures: computed ones of large scopes, works agreements, and comparisons that were looked at."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec import field
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed


class SnapshotCell(Record, frozen=True, kw_only=True):
    """One cell. `keys` are record keys of eight bytes each; `amounts` stand in their order, empty where each is 1."""

    figure: str
    name: str
    keys: bytes
    amounts: tuple[int, ...] = ()


class SnapshotContent(Record, frozen=True, kw_only=True):
    """The figures of a large scope: numbers and the pseudonymous keys behind them, no id of a file and no name."""

    cells: tuple[SnapshotCell, ...] = ()
    advice: dict[str, int] = field(default_factory=dict)
    advice_minutes: int = 0
    activities: dict[str, int] = field(default_factory=dict)
    activity_minutes: int = 0
    notes: tuple[str, ...] = ()


class FigureSnapshot(OrganisationBound, Base):
    """What a job has counted for one person, whose scope is too large to be counted while a page waits."""

    __tablename__ = "figure_snapshot"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", "period"),)

    user_id: Mapped[UUID] = mapped_column(Id)
    period: Mapped[str]
    made_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # None: the first count has not ended
    job_id: Mapped[UUID | None] = mapped_column(Id)
    content_blob: Mapped[bytes] = mapped_column("content", deferred=True)
    content_rev: Mapped[int]

    content = Sealed(SnapshotContent, blob="content_blob", revision="content_rev", block=LONG)


class WorksAgreementText(Record, frozen=True, kw_only=True):
    """What the parties call it, and the figures that it allows: codes of `config/figures/comparable.csv`."""

    title: str = ""
    figures: tuple[str, ...] = ()


class WorksAgreement(OrganisationBound, Base):
    """A Dienstvereinbarung that allows to compare figures of workers. Never changed; ended, and a new one recorded."""

    __tablename__ = "works_agreement"

    agreed_on: Mapped[dt.date]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    recorded_by: Mapped[UUID] = mapped_column(Id)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[UUID | None] = mapped_column(Id)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(WorksAgreementText, blob="text_blob", revision="text_rev", block=SHORT)

    @property
    def ended(self) -> bool:
        """Whether somebody has ended it before its time."""
        return self.ended_at is not None


class ComparedWorker(Record, frozen=True, kw_only=True):
    """One line of a comparison. `number` None: fewer cases than a comparison may show."""

    worker_id: UUID
    number: int | None = None


class ComparisonContent(Record, frozen=True, kw_only=True):
    """What the comparison showed."""

    workers: tuple[ComparedWorker, ...] = ()


class WorkerComparison(OrganisationBound, Base):
    """A comparison that somebody looked at: kept, so that everybody in it can see who saw what and when."""

    __tablename__ = "worker_comparison"

    agreement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("works_agreement.id"), index=True)
    seen_by: Mapped[UUID] = mapped_column(Id)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    period: Mapped[str]
    figure: Mapped[str]
    content_blob: Mapped[bytes] = mapped_column("content")
    content_rev: Mapped[int]

    content = Sealed(ComparisonContent, blob="content_blob", revision="content_rev", block=LONG)
