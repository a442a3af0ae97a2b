"""Changing attachments. A sealed file is on the disk before its row is, and its row is gone before it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.attachments import queries
from caseapp.attachments.models import Attachment, AttachmentClass, AttachmentHead, Preview
from caseapp.attachments.rules import kinds, names, pictures
from caseapp.attachments.rules.kinds import Kind
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import AlreadyStoredError, ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.sealed.files import FileStore, StoredFile, files
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

PREVIEW = "attachment:preview"  # the job that draws the small picture
UNDO = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived and is sealed on the disk, looked at once. `sent_as`: the name that came with it."""

    stored: StoredFile
    sent_as: str
    kind: Kind
    digest: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form says of its files: its id, whether they are protected, a remark."""

    form_id: UUID
    protected: bool = False
    note: str = ""


def look_at(store: FileStore, stored: StoredFile, sent_as: str) -> Received:
    """Tell the kind of a file that has just been sealed. Raises RuleError for one that may not be attached."""
    sniffer, digest = kinds.Sniffer(), sha256()
    for piece in store.read(stored):
        sniffer.look(piece)
        digest.update(piece)
    return Received(stored, sent_as, sniffer.kind(), digest.digest())


def attach(actor: Actor, client: Client, received: Received, sent: Sent, place: int) -> Attachment | None:
    """Add a file to the client's; sent twice it is stored once, and None is what the second time gives.

    Raises AlreadyStoredError where this form has stored another file in this place.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    before = queries.find_sent(sent.form_id, place)
    if before is not None:
        if before.client_id == client.id and before.head.digest == received.digest:
            return None
        raise AlreadyStoredError(_("Mit diesem Formular ist schon etwas gespeichert. Laden Sie die Datei noch einmal."))
    attachment = Attachment(
        client_id=client.id,
        organisation_id=client.organisation_id,
        file_id=received.stored.file_id,
        form_id=sent.form_id,
        place=place,
        created_by=actor.user_id,
        created_at=clock.now(),
        head=AttachmentHead(
            name=names.name_of(received.sent_as, received.kind),
            kind=received.kind.name,
            size=received.stored.size,
            level=_level(protected=sent.protected),
            note=sent.note,
            key=received.stored.key,
            digest=received.digest,
        ),
        preview=Preview(),
    )
    session().add(attachment)
    session().flush()
    audit.record("attachment:add", client_id=client.id, detail=_of(attachment))
    return attachment


def list_shown(actor: Actor, client: Client) -> list[queries.AttachmentLine]:
    """The client's files that this person may see, those cancelled a moment ago included."""
    policy.require(actor, Permission.ATTACHMENT_READ, client)
    protected_too = policy.allows(actor, Permission.ATTACHMENT_READ_PROTECTED, client)
    lines = [line for line in queries.list_for_client(client.id) if protected_too or not line.protected]
    audit.note_read("attachment:list", client_id=client.id, detail=audit.Detail(count=len(lines)))
    return lines


def require_readable(actor: Actor, client: Client, attachment: Attachment) -> None:
    """Whether this person may open the file. Raises ForbiddenError; NotFoundError for a protected one."""
    policy.require(actor, Permission.ATTACHMENT_READ, client)
    if attachment.head.level == AttachmentClass.PROTECTED and not policy.allows(
        actor, Permission.ATTACHMENT_READ_PROTECTED, client
    ):
        raise NotFoundError


def open_content(actor: Actor, client: Client, attachment: Attachment) -> StoredFile:
    """What opens the file, for sending it out; noted for the client. Raises NotFoundError, UnreadableError."""
    require_readable(actor, client, attachment)
    if attachment.cancelled_at is not None:
        raise NotFoundError
    stored = StoredFile(attachment.file_id, attachment.head.key, attachment.head.size)
    files().verify(stored)
    audit.note_read("attachment:open", client_id=client.id, detail=_of(attachment))
    return stored


def open_preview(actor: Actor, client: Client, attachment: Attachment) -> StoredFile | None:
    """What opens the small picture, None where there is none; noted like the file itself, which it shows."""
    require_readable(actor, client, attachment)
    if attachment.preview_id is None or attachment.cancelled_at is not None:
        return None
    stored = StoredFile(attachment.preview_id, attachment.preview.key, attachment.preview.size)
    files().verify(stored)
    audit.note_read("attachment:preview", client_id=client.id, detail=_of(attachment))
    return stored


def keep_preview(attachment: Attachment, picture: pictures.Picture, stored: StoredFile) -> bool:
    """Note the small picture of an image; False when it is not wanted any more. For the job that has drawn it."""
    if attachment.preview_id is not None or attachment.cancelled_at is not None:
        return False
    attachment.preview_id = stored.file_id
    attachment.preview = Preview(key=stored.key, size=stored.size, width=picture.width, height=picture.height)
    return True


def change_attachment(
    actor: Actor, client: Client, attachment: Attachment, *, name: str, protected: bool, note: str, revision: int
) -> None:
    """Change name, class and remark.

    Raises ConflictError when somebody else changed them since `revision`, RuleError on `name`.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    require_readable(actor, client, attachment)
    if attachment.cancelled_at is not None:
        raise NotFoundError
    if attachment.head_rev != revision:
        raise ConflictError(_("Diese Angaben wurden inzwischen geändert."))
    attachment.head = msgspec.structs.replace(
        attachment.head,
        name=names.changed_name(name, kinds.KINDS[attachment.head.kind]),
        level=_level(protected=protected),
        note=note,
    )
    audit.record("attachment:edit", client_id=client.id, detail=_of(attachment))


def cancel(actor: Actor, client: Client, attachment: Attachment) -> None:
    """Strike the file out. For ten minutes it can be taken back, then it is deleted. Doing it twice changes nothing."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    require_readable(actor, client, attachment)
    if attachment.cancelled_at is None:
        attachment.cancelled_at = clock.now()
        audit.record("attachment:cancel", client_id=client.id, detail=_of(attachment))


def restore(actor: Actor, client: Client, attachment: Attachment) -> None:
    """Undo `cancel`. Raises RuleError after ten minutes."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    require_readable(actor, client, attachment)
    if attachment.cancelled_at is None:
        return
    if clock.now() - attachment.cancelled_at > UNDO:
        raise RuleError(_("Das lässt sich nach 10 Minuten nicht mehr rückgängig machen."))
    attachment.cancelled_at = None
    audit.record("attachment:restore", client_id=client.id, detail=_of(attachment))


def purge() -> list[UUID]:
    """Remove the rows of what was cancelled more than ten minutes ago; the files that may be deleted after the commit.

    Sees what its unit sees: for the chore of the job process.
    """
    doomed: list[UUID] = []
    for attachment in queries.list_cancelled_before(clock.now() - UNDO):
        doomed += _file_ids(attachment)
        audit.record("attachment:purge", client_id=attachment.client_id, organisation_id=attachment.organisation_id)
        session().delete(attachment)
    return doomed


def delete_files_of(client_ids: Collection[UUID]) -> int:
    """Delete the sealed files of these clients, for an erasure: before their rows go. May be repeated.

    The number of files. Sees what its unit sees: the eraser works in `audit.everything`.
    """
    doomed = queries.list_file_ids(client_ids)
    files().delete(doomed)
    return len(doomed)


def _file_ids(attachment: Attachment) -> Iterator[UUID]:
    yield attachment.file_id
    if attachment.preview_id is not None:
        yield attachment.preview_id


def _level(*, protected: bool) -> str:
    return (AttachmentClass.PROTECTED if protected else AttachmentClass.GENERAL).value


def _of(attachment: Attachment) -> audit.Detail:
    return audit.Detail(note=attachment.id.hex)
