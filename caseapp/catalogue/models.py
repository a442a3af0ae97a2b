"""What an office hides of the shipped code lists, and the versions of the phrase book.

An office may hide codes, not add: figures must add up over the state.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, OrganisationBound, Shared, UtcDateTime
from caseapp.sealed import LONG, Record, Sealed


class HiddenCode(OrganisationBound, Base):
    """A code that the forms of one carrier no longer offer. Stored records keep their label."""

    __tablename__ = "hidden_code"
    __table_args__ = (UniqueConstraint("organisation_id", "list_name", "code"),)

    list_name: Mapped[str]
    code: Mapped[str]


class PhraseChange(Record, frozen=True, kw_only=True):
    """A phrase in one language, as it is from a version on. An empty text takes the translation out."""

    key: str
    language: str
    text: str
    checked_by: str = ""
    checked_on: dt.date | None = None


class PhraseVersionContent(Record, frozen=True, kw_only=True):
    """What a version of the phrase book brought.

    `base`: the shipped book of that time, deflated JSON, where it is not that of the version before; `changes` apply
    after it, in their order.
    """

    base: bytes = b""
    writer: str = ""  # the name of who made it, as it was then; "" where a shipped book was taken over
    changes: tuple[PhraseChange, ...] = ()


class PhraseVersion(Shared, Base):
    """A version of the phrase book, numbered from 1 without a gap; it never changes. The highest one is in use.

    `base_digest` is that of the shipped book it rests on, `digest` that of the whole book. `made_by` is nobody where a
    new shipped book was taken over.
    """

    __tablename__ = "phrase_version"

    number: Mapped[int] = mapped_column(unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[UUID | None] = mapped_column(Id)
    base_digest: Mapped[str]
    digest: Mapped[str]
    content_blob: Mapped[bytes] = mapped_column("content", deferred=True)
    content_rev: Mapped[int]

    content = Sealed(PhraseVersionContent, blob="content_blob", revision="content_rev", block=LONG)
