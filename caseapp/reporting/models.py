"""Tables of reports: one row a scope and period, the carriers' confirmations, notes, and the files of a release.

They belong to the installation, not to a carrier: there is one report over all of them. A draft holds no client and no
record key, but the memory of a release holds exact counts; everything with figures is sealed.
"""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, InstallationBound, UtcDateTime
from caseapp.sealed import LONG, Record, Sealed


class ReportState(enum.StrEnum):
    """Where the report of a period stands. A released one never changes; the others may be built anew."""

    OPEN = "open"
    DRAFT = "draft"
    CHECKED = "checked"
    RELEASED = "released"


class PackageBox(Record, frozen=True, kw_only=True):
    """The frozen package (`rules.package.freeze_package`); empty while there is no draft."""

    frozen: bytes = b""


class Remembered(Record, frozen=True, kw_only=True):
    """What the next period needs of one population (`disclosure.frozen.freeze_memory`): exact counts, so secret."""

    name: str
    memory: bytes


class MemoryBox(Record, frozen=True, kw_only=True):
    """The memory of all populations, in the order of the package."""

    parts: tuple[Remembered, ...] = ()


class SizeFacts(Record, frozen=True, kw_only=True):
    """Errors of the shown cells of `smallest` to `largest` persons; relative ones in per cent."""

    smallest: int
    largest: int | None = None
    cells: int
    median_relative: float
    p95_relative: float


class PopulationFacts(Record, frozen=True, kw_only=True):
    """How far one population's numbers are from the exact ones. For who checks, never published."""

    name: str
    indicator: str
    records: int
    cells: int
    largest_error: int
    useful: SizeFacts
    by_size: tuple[SizeFacts, ...] = ()
    unchanged: int = 0
    flipped: int = 0
    withheld: int = 0
    deviating: int = 0
    together: tuple[str, ...] = ()


class Change(Record, frozen=True, kw_only=True):
    """A number of the report before and the same one now, both as published."""

    indicator: str
    area: str
    before: int
    now: int


class ReportFacts(Record, frozen=True, kw_only=True):
    """What the second person looks at."""

    populations: tuple[PopulationFacts, ...] = ()
    changes: tuple[Change, ...] = ()
    merged_share: float = 0.0
    unknown_places: int = 0
    proposed: tuple[str, ...] = ()


class Answer(Record, frozen=True, kw_only=True):
    """Why the second person gave the draft back; "" otherwise."""

    reason: str = ""


class Proof(Record, frozen=True, kw_only=True):
    """What proves a release, in hexadecimal digits; `audit_root` is the line of the log's root at that moment."""

    signature: str = ""
    public_key: str = ""
    audit_root: str = ""


class Report(InstallationBound, Base):
    """The report of one scope (AGS of the Land or Kreis) and period. `version` grows with every change of its state.

    `job_id` is the job that builds or has built the draft; a job that is not the last one stores nothing.
    """

    __tablename__ = "report"
    __table_args__ = (Index("ux_report_period", "scope", "period", unique=True),)

    scope: Mapped[str]
    period: Mapped[str]
    funding_period: Mapped[str]
    state: Mapped[str] = mapped_column(default=ReportState.OPEN.value)
    version: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(default="")
    job_id: Mapped[UUID | None] = mapped_column(Id)
    files_job_id: Mapped[UUID | None] = mapped_column(Id)
    as_of: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    built_by: Mapped[UUID | None] = mapped_column(Id)
    checked_by: Mapped[UUID | None] = mapped_column(Id)
    checked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[UUID | None] = mapped_column(Id)
    released_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    package_blob: Mapped[bytes] = mapped_column("package", deferred=True)
    package_rev: Mapped[int]
    memory_blob: Mapped[bytes] = mapped_column("memory", deferred=True)
    memory_rev: Mapped[int]
    facts_blob: Mapped[bytes] = mapped_column("facts", deferred=True)
    facts_rev: Mapped[int]
    answer_blob: Mapped[bytes] = mapped_column("answer")
    answer_rev: Mapped[int]
    proof_blob: Mapped[bytes] = mapped_column("proof")
    proof_rev: Mapped[int]

    package = Sealed(PackageBox, blob="package_blob", revision="package_rev", block=LONG)
    memory = Sealed(MemoryBox, blob="memory_blob", revision="memory_rev", block=LONG)
    facts = Sealed(ReportFacts, blob="facts_blob", revision="facts_rev", block=LONG)
    answer = Sealed(Answer, blob="answer_blob", revision="answer_rev", block=LONG)
    proof = Sealed(Proof, blob="proof_blob", revision="proof_rev", block=LONG)

    @property
    def number(self) -> str:
        """The number of the release, e.g. 08117-2026-Q3: there is one for each scope and period."""
        return f"{self.scope}-{self.period}"


class ReportConfirmation(InstallationBound, Base):
    """A carrier's head says that the carrier's entries of a period are complete."""

    __tablename__ = "report_confirmation"
    __table_args__ = (Index("ux_report_confirmation", "organisation_id", "period", unique=True),)

    organisation_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organisation.id"))
    period: Mapped[str]
    confirmed_by: Mapped[UUID] = mapped_column(Id)
    confirmed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class NoteText(Record, frozen=True, kw_only=True):
    """What is to be known of a release afterwards."""

    text: str


class ReportNote(InstallationBound, Base):
    """A note to a released report. Its figures stay; what was corrected enters the next period."""

    __tablename__ = "report_note"

    report_id: Mapped[UUID] = mapped_column(Id, ForeignKey("report.id"), index=True)
    written_by: Mapped[UUID] = mapped_column(Id)
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    content_blob: Mapped[bytes] = mapped_column("content")
    content_rev: Mapped[int]

    content = Sealed(NoteText, blob="content_blob", revision="content_rev", block=LONG)


class FileContent(Record, frozen=True, kw_only=True):
    """The bytes of a file."""

    data: bytes


class ReportFile(InstallationBound, Base):
    """A form of a released report (`documents.FORMS`), made once by the job process. `digest`: SHA-256 of its bytes."""

    __tablename__ = "report_file"
    __table_args__ = (Index("ux_report_file", "report_id", "kind", unique=True),)

    report_id: Mapped[UUID] = mapped_column(Id, ForeignKey("report.id"))
    kind: Mapped[str]
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str]
    size: Mapped[int]
    content_blob: Mapped[bytes] = mapped_column("content", deferred=True)
    content_rev: Mapped[int]

    content = Sealed(FileContent, blob="content_blob", revision="content_rev", block=LONG)
