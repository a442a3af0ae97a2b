"""Tables of erasures, of papers about who saw a file, and of names that a complaint has opened."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, Record, Sealed


class ErasureStep(enum.StrEnum):
    """How far an erasure has come. Every step may be done again; none is ever taken back."""

    DECIDED = "decided"
    LISTED = "listed"  # on the erasure list beside the keys
    CLEARED = "cleared"  # what names the person outside the file is gone: to find it the file must be readable
    KEYLESS = "keyless"  # the client's key is gone: nothing of the file can be read any more
    REMOVED = "removed"  # the rows are gone
    DONE = "done"  # the protocol is stored


class ErasurePlan(Record, frozen=True, kw_only=True):
    """How much goes, by kind. `requested_as` and `decided_as` are functions (`Role`), never names."""

    counts: tuple[tuple[str, int], ...] = ()
    requested_as: str = ""
    decided_as: str = ""


class ErasureProtocol(Record, frozen=True, kw_only=True):
    """The Löschprotokoll as PDF, and the check value printed on it. Empty until the erasure is done."""

    pdf: bytes = b""
    digest: str = ""


class Erasure(OrganisationBound, Base):
    """The erasure of one file, decided by two people. It outlives the file and names nobody.

    `client_id` is the random id that the erasure list keeps, too: without it an interrupted erasure could not go on.
    """

    __tablename__ = "erasure"

    client_id: Mapped[UUID] = mapped_column(Id, unique=True)
    requested_by: Mapped[UUID | None] = mapped_column(Id)
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID] = mapped_column(Id)
    decided_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    job_id: Mapped[UUID | None] = mapped_column(Id)
    step: Mapped[str] = mapped_column(default=ErasureStep.DECIDED.value)
    plan_blob: Mapped[bytes] = mapped_column("plan")
    plan_rev: Mapped[int]
    protocol_blob: Mapped[bytes] = mapped_column("protocol", deferred=True)
    protocol_rev: Mapped[int]

    plan = Sealed(ErasurePlan, blob="plan_blob", revision="plan_rev", block=LONG)
    protocol = Sealed(ErasureProtocol, blob="protocol_blob", revision="protocol_rev", block=LONG)


class PaperContent(Record, frozen=True, kw_only=True):
    """The paper as PDF; empty until the job has made it."""

    pdf: bytes = b""


class AccessPaper(ClientBound, Base):
    """ "Wer hat meine Akte gesehen" on paper, for handing over to the client."""

    __tablename__ = "access_paper"

    made_by: Mapped[UUID] = mapped_column(Id)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    job_id: Mapped[UUID | None] = mapped_column(Id)
    content_blob: Mapped[bytes] = mapped_column("content", deferred=True)
    content_rev: Mapped[int]

    content = Sealed(PaperContent, blob="content_blob", revision="content_rev", block=LONG)


class ComplaintNote(Record, frozen=True, kw_only=True):
    """The number under which the house keeps the complaint, and why the name is needed."""

    number: str
    reason: str


class Complaint(OrganisationBound, Base):
    """A complaint that has opened the name of one person (`user_id`) behind a pseudonym to data protection."""

    __tablename__ = "complaint"

    user_id: Mapped[UUID] = mapped_column(Id)
    opened_by: Mapped[UUID] = mapped_column(Id)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    note_blob: Mapped[bytes] = mapped_column("note")
    note_rev: Mapped[int]

    note = Sealed(ComplaintNote, blob="note_blob", revision="note_rev", block=LONG)
