"""Sending a file out: always as a download, except for the small picture, which was drawn by this application."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp.attachments import service
from caseapp.attachments.rules import kinds
from caseapp.attachments.views.area import area, load
from caseapp.sealed.files import FileStore, StoredFile
from caseapp.security.permissions import Permission
from caseapp.web import context, headers


@area.page("/dateien/<uuid:attachment_id>", permission=Permission.ATTACHMENT_READ)
def download(attachment_id: UUID) -> ResponseReturnValue:
    """The file itself, under its name, to be saved: the browser is told to show nothing of it as a page."""
    attachment, client = load(attachment_id)
    stored = service.open_content(context.actor(), client, attachment)
    answer = _sent(stored, kinds.KINDS[attachment.head.kind].media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=attachment.head.name)
    return answer


@area.page("/dateien/<uuid:attachment_id>/vorschau", permission=Permission.ATTACHMENT_READ)
def preview(attachment_id: UUID) -> ResponseReturnValue:
    """The small picture; without one the way leads to the list."""
    attachment, client = load(attachment_id)
    stored = service.open_preview(context.actor(), client, attachment)
    if stored is None:
        return redirect(url_for("attachments.index", client_id=client.id))
    return _sent(stored, "image/jpeg")


def _sent(stored: StoredFile, media_type: str) -> Response:
    headers.sandbox()
    # The whole file was verified before; each piece is again while it leaves.
    store = cast(FileStore, current_app.extensions["caseapp_files"])
    answer = Response(store.read(stored), mimetype=media_type)
    answer.content_length = stored.size
    return answer
