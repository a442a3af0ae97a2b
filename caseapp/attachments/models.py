"""The table of attachments. The files themselves lie sealed on the disk (`sealed.files`), under random names."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import SHORT, Record, Sealed


class AttachmentClass(enum.StrEnum):
    """Who may open a file besides the worker."""

    GENERAL = "general"
    PROTECTED = "protected"  # health and the like: only who works with the file (row 18 of the table of roles)


class AttachmentHead(Record, frozen=True, kw_only=True):
    """What a person knows the file by, and the key that opens it. `kind` is a name of `rules.kinds`; `size` bytes."""

    name: str
    kind: str
    size: int
    level: str = AttachmentClass.GENERAL.value
    note: str = ""
    key: bytes
    digest: bytes  # of the content: tells a form that is sent twice from one that was changed


class Preview(Record, frozen=True, kw_only=True):
    """The small picture of an image: its size in pixels and the key of its file. Without a key there is none."""

    key: bytes = b""
    size: int = 0
    width: int = 0
    height: int = 0


class Attachment(ClientBound, Base):
    """A file of a client. It belongs to this one file, also where a household lives together."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("form_id", "place"),)

    file_id: Mapped[UUID] = mapped_column(Id, unique=True)
    preview_id: Mapped[UUID | None] = mapped_column(Id)
    form_id: Mapped[UUID] = mapped_column(Id)  # of the form that sent it, and its place among the form's files
    place: Mapped[int]
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    head_blob: Mapped[bytes] = mapped_column("head")
    head_rev: Mapped[int]
    preview_blob: Mapped[bytes] = mapped_column("preview")
    preview_rev: Mapped[int]

    head = Sealed(AttachmentHead, blob="head_blob", revision="head_rev", block=SHORT)
    preview = Sealed(Preview, blob="preview_blob", revision="preview_rev", block=SHORT)
