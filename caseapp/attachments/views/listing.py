"""The list of a client's files; changing one, striking it out and taking that back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.attachments import service
from caseapp.attachments.forms import CLASSES, ChangeForm, new_upload_form
from caseapp.attachments.models import AttachmentClass, AttachmentHead
from caseapp.attachments.queries import AttachmentLine
from caseapp.attachments.rules import kinds, names
from caseapp.attachments.views.area import area, back, load
from caseapp.clients import queries as clients
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A line of the list in words."""

    line: AttachmentLine
    head: AttachmentHead
    about: str
    person: str


@area.page("/klienten/<uuid:client_id>/dateien", permission=Permission.ATTACHMENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """The client's files, and the form for more."""
    client = clients.get_client(client_id)
    lines = service.list_shown(context.actor(), client)
    people = accounts.names_of({line.created_by for line in lines})
    present = [line for line in lines if line.cancelled_at is None]
    undoable = clock.now() - service.UNDO
    return render_template(
        "attachments/index.html",
        client=client,
        form=new_upload_form(formdata=None),
        files=[_shown(line, people) for line in present if line.head],
        unreadable=sum(line.head is None for line in present),
        cancelled=[_shown(line, people) for line in lines if line.head and _is_after(line, undoable)],
    )


@area.page("/dateien/<uuid:attachment_id>/aendern", permission=Permission.CONTACT_WRITE, methods=("GET", "POST"))
def change(attachment_id: UUID) -> ResponseReturnValue:
    """Name, class and remark. What somebody else changed meanwhile is shown beside what was typed."""
    actor = context.actor()
    attachment, client = load(attachment_id)
    service.require_readable(actor, client, attachment)
    policy.require(actor, Permission.CONTACT_WRITE, client)
    head, theirs = attachment.head, None
    stored = {"name": head.name, "level": head.level, "note": head.note, "version": str(attachment.head_rev)}
    form = ChangeForm(data=stored, choices={"level": CLASSES})
    if form.validate_on_submit():
        try:
            service.change_attachment(
                actor,
                client,
                attachment,
                name=form.name.data or "",
                protected=form.level.data == AttachmentClass.PROTECTED,
                note=form.note.data or "",
                revision=form.revision,
            )
        except ConflictError:
            theirs, form.version.data = head, str(attachment.head_rev)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Gespeichert."))
            return back(client)
    page = render_template(
        "attachments/change.html", form=form, client=client, attachment=attachment, theirs=theirs, classes=CLASSES
    )
    return page, 409 if theirs else form.status


@area.page("/dateien/<uuid:attachment_id>/streichen", permission=Permission.CONTACT_WRITE, methods=("POST",))
def cancel(attachment_id: UUID) -> ResponseReturnValue:
    """Strike the file out."""
    attachment, client = load(attachment_id)
    service.cancel(context.actor(), client, attachment)
    tell(
        _("Datei gestrichen. In 10 Minuten wird sie endgültig gelöscht."),
        undo=url_for("attachments.restore", attachment_id=attachment.id),
    )
    return back(client)


@area.page("/dateien/<uuid:attachment_id>/zurueckholen", permission=Permission.CONTACT_WRITE, methods=("POST",))
def restore(attachment_id: UUID) -> ResponseReturnValue:
    """Take the striking out back."""
    attachment, client = load(attachment_id)
    service.restore(context.actor(), client, attachment)
    tell(_("Die Datei ist wieder da."))
    return back(client)


def _is_after(line: AttachmentLine, moment: dt.datetime) -> bool:
    return line.cancelled_at is not None and line.cancelled_at > moment


def _shown(line: AttachmentLine, people: dict[UUID, str]) -> ShownFile:
    assert line.head is not None  # noqa: S101  # the caller leaves out what cannot be read
    about = [kinds.KINDS[line.head.kind].label, names.size_text(line.head.size)]
    return ShownFile(line, line.head, " · ".join(map(str, about)), people.get(line.created_by, "–"))
