"""Tables of an import: the file as it was read (sealed in parts), saved columns, contacts that wait for a client."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.counselling.models import ContactDetail
from caseapp.db import Base, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed


class ImportState(enum.StrEnum):
    """What is stored of an import. What is being done with it at the moment, its job says."""

    UPLOADED = "uploaded"  # read, the columns wait for a look
    PREVIEWED = "previewed"  # checked row by row, nothing stored yet
    DONE = "done"
    UNDONE = "undone"


class PartKind(enum.StrEnum):
    """What a part holds; `content` and, after the import, all findings but the reported rows are deleted."""

    CONTENT = "content"
    SAMPLE = "sample"  # some rows as they were understood
    FINDING = "finding"
    STORED = "stored"  # which files an import of clients has opened


class FileNote(Record, frozen=True, kw_only=True):
    """The file's name and how it is read; `mapping` is packed by `imports.rules.stored`."""

    file_name: str = ""
    sheet: int = 0
    mapping: bytes = b""
    unmatched_workers: tuple[tuple[str, int], ...] = ()  # as written, and how many rows
    levels: tuple[tuple[int, int], ...] = ()  # how many findings of each level


class Import(OrganisationBound, Base):
    """One file on its way in. Only the person who uploaded it sees it: it holds people who are nobody's clients yet."""

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_user", "user_id", "created_at"),)

    user_id: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"))
    team_id: Mapped[UUID] = mapped_column(Id, ForeignKey("team.id"))
    kind: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    job_id: Mapped[UUID | None] = mapped_column(Id)
    imported: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    titles: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    sums: Mapped[int] = mapped_column(default=0)
    note_blob: Mapped[bytes] = mapped_column("note")
    note_rev: Mapped[int]

    note = Sealed(FileNote, blob="note_blob", revision="note_rev", block=LONG)

    @property
    def total(self) -> int:
        """All data rows of the file, as far as they were checked."""
        return self.imported + self.reported


class Packed(Record, frozen=True, kw_only=True):
    """Bytes packed by `imports.rules.stored`."""

    data: bytes


class ImportPart(OrganisationBound, Base):
    """A piece of an import that is too large for one envelope."""

    __tablename__ = "import_part"
    __table_args__ = (Index("ix_import_part_kind", "import_id", "kind", "number"),)

    import_id: Mapped[UUID] = mapped_column(Id, ForeignKey("import.id", ondelete="CASCADE"))
    kind: Mapped[str]
    number: Mapped[int]
    packed_blob: Mapped[bytes] = mapped_column("packed")
    packed_rev: Mapped[int]

    packed = Sealed(Packed, blob="packed_blob", revision="packed_rev", block=LONG)


class MappingFields(Record, frozen=True, kw_only=True):
    """Heading in plain form -> field."""

    fields: dict[str, str]


class ImportMapping(OrganisationBound, Base):
    """The columns as a person of this office has put them right, for the next file with the same headings."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("organisation_id", "signature"),)

    signature: Mapped[str]
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    saved_blob: Mapped[bytes] = mapped_column("saved")
    saved_rev: Mapped[int]

    saved = Sealed(MappingFields, blob="saved_blob", revision="saved_rev", block=LONG)


class WaitingState(enum.StrEnum):
    """What became of a contact that fitted no client for certain."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    DISCARDED = "discarded"


class Candidate(Record, frozen=True, kw_only=True):
    """A client whom the contact may concern, and what speaks for it in German."""

    client_id: UUID
    why: str


class WaitingEntry(Record, frozen=True, kw_only=True):
    """The contact as the list has it. `name` and `birth` are its words for the client."""

    name: str
    birth: str = ""
    row: int = 0
    on_day: dt.date
    kind: str
    minutes: int | None = None
    worker_id: UUID | None = None
    detail: ContactDetail = ContactDetail()
    candidates: tuple[Candidate, ...] = ()


class DiscardReason(Record, frozen=True, kw_only=True):
    """Why a contact was not taken over, in the worker's words."""

    text: str = ""


class WaitingContact(OrganisationBound, Base):
    """A contact that fits several clients, or none for certain. Only the person who imported it sees it."""

    __tablename__ = "waiting_contact"
    __table_args__ = (Index("ix_waiting_contact_user", "user_id", "state"),)

    import_id: Mapped[UUID] = mapped_column(Id, ForeignKey("import.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=WaitingState.WAITING.value)
    contact_id: Mapped[UUID | None] = mapped_column(Id)
    entry_blob: Mapped[bytes] = mapped_column("entry")
    entry_rev: Mapped[int]
    reason_blob: Mapped[bytes] = mapped_column("reason")
    reason_rev: Mapped[int]

    entry = Sealed(WaitingEntry, blob="entry_blob", revision="entry_rev", block=LONG)
    reason = Sealed(DiscardReason, blob="reason_blob", revision="reason_rev", block=SHORT)
