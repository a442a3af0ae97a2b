"""The table of papers."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import LONG, Record, Sealed


class PaperContent(Record, frozen=True, kw_only=True):
    """The paper as PDF with its SHA-256; empty until the job has made it."""

    pdf: bytes = b""
    sha256: str = ""


class Paper(ClientBound, Base):
    """A printed paper. It never changes once it is printed: another print is another paper.

    `kind` names the printer, `subject_id` the record that it prints. `file_name` is that of the download: never a name,
    never a detail of the case.
    """

    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_subject", "subject_id", "kind"),)

    kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(Id)
    file_name: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(Id)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    job_id: Mapped[UUID | None] = mapped_column(Id)
    printed: Mapped[bool] = mapped_column(default=False)
    content_blob: Mapped[bytes] = mapped_column("content", deferred=True)
    content_rev: Mapped[int]

    content = Sealed(PaperContent, blob="content_blob", revision="content_rev", block=LONG)
