"""Tables of drafts. The id of a draft is the id of the form instance, and of the record that saving makes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, Record, Sealed


class DraftText(Record, frozen=True, kw_only=True):
    """The form's fields as posted: names and values, in order. `about`: id of the record that is being changed."""

    fields: tuple[tuple[str, str], ...] = ()
    about: str = ""


class DraftColumns:
    """What every draft holds, whoever it is about: the columns of both tables."""

    user_id: Mapped[UUID] = mapped_column(Id)
    form: Mapped[str]
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    discarded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # may be brought back for ten minutes
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]


class ClientDraft(DraftColumns, ClientBound, Base):
    """A draft about a client: sealed under the client's key, seen by its author only."""

    __tablename__ = "client_draft"
    __table_args__ = (Index("ix_client_draft_user", "user_id", "form"),)

    text = Sealed(DraftText, blob="text_blob", revision="text_rev", block=LONG, noted=False)


class OfficeDraft(DraftColumns, OrganisationBound, Base):
    """A draft that concerns no client yet (intake, short advice): sealed under the organisation's key."""

    __tablename__ = "office_draft"
    __table_args__ = (Index("ix_office_draft_user", "user_id", "form"),)

    text = Sealed(DraftText, blob="text_blob", revision="text_rev", block=LONG, noted=False)


Draft = ClientDraft | OfficeDraft
