"""Attached files for tests: contents of every kind that may be attached, and one stored through its service."""

from __future__ import annotations

import io
import zipfile
from uuid import uuid4

from PIL import Image

from caseapp.attachments import service
from caseapp.attachments.models import Attachment
from caseapp.clients.models import Client
from caseapp.sealed.files import files
from caseapp.security.actor import Actor

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def image(kind: str = "PNG", size: tuple[int, int] = (320, 200), colour: str = "teal", **options: object) -> bytes:
    """A picture of one colour."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def packed(*names: str, content: bytes = b"<x/>") -> bytes:
    """A packed file that holds parts of these names."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return written.getvalue()


def word(content: bytes = b"<x/>") -> bytes:
    """What a word processor writes, seen from outside."""
    return packed("[Content_Types].xml", "_rels/.rels", "word/document.xml", content=content)


def open_text() -> bytes:
    """An OpenDocument text: its kind stands uncompressed in front."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return written.getvalue()


def stored(actor: Actor, client: Client, content: bytes, name: str, *, protected: bool = False) -> Attachment:
    """A file of this client, in the running unit."""
    received = service.look_at(files(), files().store(content), name)
    made = service.attach(actor, client, received, service.Sent(uuid4(), protected=protected), 0)
    assert made is not None
    return made


def stored_text(actor: Actor, client: Client, content: bytes = b"Guten Tag.\n") -> Attachment:
    """A text file of this client, in the running unit."""
    return stored(actor, client, content, "anschreiben.txt")
