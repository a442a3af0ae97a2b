"""Tables of the Kennzahlen: counts, frozen numbers, what is handed to the district, the state's form, what was sent."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, OrganisationBound, Shared, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed


class CountBox(Record, frozen=True, kw_only=True):
    """Numbers packed by `rules.totals`. `late`: contacts of the year recorded after the last freeze."""

    totals: bytes = b""
    late: int = 0


class KeyfigureCount(OrganisationBound, Base):
    """The present count of a carrier's year, made anew by a job. `box_rev` is what a freeze was decided on."""

    __tablename__ = "keyfigure_count"
    __table_args__ = (UniqueConstraint("organisation_id", "year"),)

    year: Mapped[int]
    counted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    job_id: Mapped[UUID | None] = mapped_column(Id)
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(CountBox, blob="box_blob", revision="box_rev", block=LONG)


class FrozenBox(Record, frozen=True, kw_only=True):
    """Frozen numbers with last year's, and in the carrier's words why they changed and why they were frozen again."""

    totals: bytes = b""
    before: dict[str, int] | None = None
    comments: tuple[tuple[str, str], ...] = ()  # field and words
    reason: str = ""
    carrier: str = ""


class KeyfigureFreeze(OrganisationBound, Base):
    """The carrier's numbers of a year as its head has confirmed them. Never changed: a correction is a further one."""

    __tablename__ = "keyfigure_freeze"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "number"),)

    year: Mapped[int]
    number: Mapped[int]
    frozen_by: Mapped[UUID] = mapped_column(Id)
    frozen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str]
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(FrozenBox, blob="box_blob", revision="box_rev", block=LONG)


class KeyfigureHandover(Shared, Base):
    """What a carrier hands to the district: numbers of fields, of the carrier and of each Integrationsmanager.

    No breakdown stands in it. Sealed under the installation's key; only the collecting service reads it.
    """

    __tablename__ = "keyfigure_handover"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "number"),)

    organisation_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organisation.id"), index=True)
    freeze_id: Mapped[UUID] = mapped_column(Id)
    year: Mapped[int]
    number: Mapped[int]
    frozen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str]
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(FrozenBox, blob="box_blob", revision="box_rev", block=LONG)


class BeforeBox(Record, frozen=True, kw_only=True):
    """Numbers of fields, typed by hand from the paper of that year."""

    numbers: dict[str, int]


class KeyfigureBefore(OrganisationBound, Base):
    """A year that was counted before this system was there, for the comparison with the next one."""

    __tablename__ = "keyfigure_before"
    __table_args__ = (UniqueConstraint("organisation_id", "year"),)

    year: Mapped[int]
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(BeforeBox, blob="box_blob", revision="box_rev", block=SHORT)


class FormFile(Record, frozen=True, kw_only=True):
    """The state's workbook as it was uploaded."""

    name: str = ""
    xlsx: bytes = b""
    sha256: str = ""


class FormSlots(Record, frozen=True, kw_only=True):
    """Which cell takes which number, packed by `rules.sheets`."""

    slots: bytes = b""


class KeyfigureForm(OrganisationBound, Base):
    """A version of the state's workbook with its cells, valid from one year to another. Once used it never changes.

    `slots_rev` is the optimistic lock of the cells.
    """

    __tablename__ = "keyfigure_form"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    number: Mapped[int]
    from_year: Mapped[int]
    until_year: Mapped[int | None]
    used: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    file_blob: Mapped[bytes] = mapped_column("file", deferred=True)
    file_rev: Mapped[int]
    slots_blob: Mapped[bytes] = mapped_column("slots")
    slots_rev: Mapped[int]

    file = Sealed(FormFile, blob="file_blob", revision="file_rev", block=LONG)
    slots = Sealed(FormSlots, blob="slots_blob", revision="slots_rev", block=LONG)


class SubmissionState(enum.StrEnum):
    """Where a set of papers for the granting authority stands."""

    ORDERED = "ordered"  # the job makes the files
    MADE = "made"
    SENT = "sent"


class SubmissionNote(Record, frozen=True, kw_only=True):
    """The applicant's numbers, what they rest on, and what was said about them and about sending them."""

    totals: bytes = b""
    parts: tuple[tuple[str, int, str], ...] = ()  # carrier, number of its freeze, digest
    comments: tuple[tuple[str, str, str], ...] = ()  # field, who says it, the words
    before: dict[str, int] | None = None
    applicant: str = ""
    way: str = ""
    xlsx_sha256: str = ""
    pdf_sha256: str = ""


class SubmissionFiles(Record, frozen=True, kw_only=True):
    """The filled workbook and the print for signature, as they went out."""

    xlsx: bytes = b""
    pdf: bytes = b""


class KeyfigureSubmission(OrganisationBound, Base):
    """What an applicant made of the frozen numbers of a year: papers, the day they were sent, and their archive."""

    __tablename__ = "keyfigure_submission"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "number"),)

    year: Mapped[int]
    number: Mapped[int]
    form_id: Mapped[UUID] = mapped_column(Id, ForeignKey("keyfigure_form.id"))
    state: Mapped[str] = mapped_column(default=SubmissionState.ORDERED.value)
    job_id: Mapped[UUID | None] = mapped_column(Id)
    made_by: Mapped[UUID] = mapped_column(Id)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_on: Mapped[dt.date | None]
    digest: Mapped[str]
    note_blob: Mapped[bytes] = mapped_column("note")
    note_rev: Mapped[int]
    files_blob: Mapped[bytes] = mapped_column("files", deferred=True)
    files_rev: Mapped[int]

    note = Sealed(SubmissionNote, blob="note_blob", revision="note_rev", block=LONG)
    files = Sealed(SubmissionFiles, blob="files_blob", revision="files_rev", block=LONG)


class AnswerNote(Record, frozen=True, kw_only=True):
    """What was asked and has no answer: the person does not know it, or does not say it."""

    dimension: str


class KeyfigureAnswer(ClientBound, Base):
    """ "Weiß ich nicht / keine Angabe" to one question of one year: an honest answer, so that nobody asks again.

    The number stays "ohne Angabe"; the file is not changed. Next year the question is asked anew.
    """

    __tablename__ = "keyfigure_answer"
    __table_args__ = (Index("ix_keyfigure_answer_year", "year", "client_id"),)

    year: Mapped[int]
    answered_by: Mapped[UUID] = mapped_column(Id)
    answered_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    note_blob: Mapped[bytes] = mapped_column("note")
    note_rev: Mapped[int]

    note = Sealed(AnswerNote, blob="note_blob", revision="note_rev", block=SHORT)
