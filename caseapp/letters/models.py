"""The table of letters."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import LONG, Record, Sealed


class LetterContent(Record, frozen=True, kw_only=True):
    """Everything that the letter says. Its print is made from this alone, so that two prints are the same."""

    recipient: tuple[str, ...] = ()  # lines of the address; one line only where the letter is given into the hand
    carrier: str = ""
    sender: tuple[str, ...] = ()  # lines of the carrier's address
    writer: str = ""
    phone: str = ""  # for questions
    name: str = ""
    values: tuple[tuple[str, str], ...] = ()  # what was filled in, by field; days as YYYY-MM-DD
    language: str = "de"  # of the client's copy
    tells: tuple[str, ...] = ()  # codes of the list release_fields: what somebody else learns from it
    purpose: str = ""  # code of the list release_purposes, where it was sent under a release
    release_ids: tuple[UUID, ...] = ()

    def value(self, field: str) -> str:
        """What was filled in, "" for nothing."""
        return dict(self.values).get(field, "")


class Letter(ClientBound, Base):
    """A letter. It never changes; a wrong one is cancelled. `way`: "hand" given to the client, "post" sent by us."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_day", "client_id", "on_day"),)

    template: Mapped[str]  # code of config/rules/letter_templates.csv
    way: Mapped[str]  # hand | post
    on_day: Mapped[dt.date]
    state: Mapped[str] = mapped_column(default="valid")  # valid | cancelled
    partner_id: Mapped[UUID | None] = mapped_column(Id)
    contact_id: Mapped[UUID | None] = mapped_column(Id)  # the contact that it made
    task_id: Mapped[UUID | None] = mapped_column(Id)  # the task that asked for it
    finished_task: Mapped[bool] = mapped_column(default=False)  # whether writing it finished that task
    book_version: Mapped[int]  # of the phrase book
    written_by: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"))
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    content_blob: Mapped[bytes] = mapped_column("content")
    content_rev: Mapped[int]

    content = Sealed(LetterContent, blob="content_blob", revision="content_rev", block=LONG)
