"""Reading attachments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp.attachments.models import Attachment, AttachmentClass, AttachmentHead
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.sealed import keys_of, open_column


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file as a list shows it. `head` is None where it cannot be read."""

    attachment_id: UUID
    head: AttachmentHead | None
    has_preview: bool
    cancelled_at: dt.datetime | None
    created_by: UUID
    created_at: dt.datetime

    @property
    def protected(self) -> bool:
        """Whether only those may see it who work with the file; also what cannot be read."""
        return self.head is None or self.head.level == AttachmentClass.PROTECTED


def get_attachment(attachment_id: UUID) -> Attachment:
    """The attachment. Raises NotFoundError for a missing and for a foreign one alike."""
    found = session().get(Attachment, attachment_id)
    if found is None:
        raise NotFoundError
    return found


def list_for_client(client_id: UUID) -> list[AttachmentLine]:
    """The client's files, the newest first, those that are cancelled and not yet gone included; two statements."""
    rows = (
        session()
        .execute(
            select(
                Attachment.id,
                Attachment.client_id,
                Attachment.head_rev,
                Attachment.head_blob,
                Attachment.preview_id,
                Attachment.cancelled_at,
                Attachment.created_by,
                Attachment.created_at,
            )
            .where(Attachment.client_id == client_id)
            .order_by(Attachment.created_at.desc(), Attachment.place, Attachment.id)
        )
        .all()
    )
    keys = keys_of(session(), {client_id} if rows else ())
    heads = open_column(Attachment.head, "attachment", [row[:4] for row in rows], keys)
    return [
        AttachmentLine(row[0], opened.record, row[4] is not None, *row[5:])
        for row, opened in zip(rows, heads, strict=True)
    ]


def find_sent(form_id: UUID, place: int) -> Attachment | None:
    """What this form stored in this place."""
    return session().scalars(select(Attachment).where(Attachment.form_id == form_id, Attachment.place == place)).first()


def list_file_ids(client_ids: Collection[UUID]) -> list[UUID]:
    """The sealed files of these clients, previews included."""
    rows = session().execute(
        select(Attachment.file_id, Attachment.preview_id)
        .where(Attachment.client_id.in_(tuple(client_ids)))
        .order_by(Attachment.id)
    )
    return [each for row in rows for each in row if each is not None]


def list_all_file_ids() -> list[UUID]:
    """The sealed files of everything within the scope."""
    rows = session().execute(select(Attachment.file_id, Attachment.preview_id).order_by(Attachment.id))
    return [each for row in rows for each in row if each is not None]


def list_cancelled_before(moment: dt.datetime) -> Sequence[Attachment]:
    """What was cancelled before this moment."""
    return session().scalars(select(Attachment).where(Attachment.cancelled_at < moment).order_by(Attachment.id)).all()
