"""Receiving files. They are sealed while they arrive; here they are looked at and given their rows, or forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from caseapp import audit, jobs
from caseapp.attachments import service
from caseapp.attachments.forms import UploadForm, new_upload_form
from caseapp.attachments.models import Attachment, AttachmentClass
from caseapp.attachments.rules import kinds
from caseapp.attachments.service import Received, Sent
from caseapp.attachments.views.area import area
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import AlreadyStoredError, RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.jobs import Queue
from caseapp.sealed.files import FileStore
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Uploads
from caseapp.web.messages import tell
from caseapp.web.uploads import read_away, sealed_upload


@dataclass
class Outcome:
    """What became of the posted files: how many are stored, and which were refused, with the reason."""

    stored: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@area.page(
    "/klienten/<uuid:client_id>/dateien/neu",
    permission=Permission.CONTACT_WRITE,
    methods=("GET", "POST"),
    own_units=True,
    uploads=Uploads(kinds.LARGEST, kinds.MOST_TOGETHER),
)
def add(client_id: UUID) -> ResponseReturnValue:
    """New files for a client. Each is stored whole or not at all; the page names those that were refused."""
    actor, database = context.actor(), context.database()
    with database.unit(actor, write=False):
        _writable(client_id)
    form = new_upload_form()
    outcome = Outcome()
    if form.validate_on_submit():
        outcome = _receive(client_id, form)
        if _wants_json():
            return _told(outcome)
        if not outcome.refused:
            tell(ngettext("Datei gespeichert.", "%(num)s Dateien gespeichert.", outcome.stored))
            return redirect(url_for("attachments.index", client_id=client_id))
        form.renew()  # what is sent next is something of its own
    elif _wants_json():
        return {"refused": [each.message for each in form.problems] or [_("Laden Sie die Seite neu.")]}, 422
    with database.unit(actor, write=False):
        page = render_template("attachments/add.html", client=_writable(client_id), form=form, outcome=outcome)
    return page, 422 if outcome.refused else form.status


@area.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A request above the limit leads back to the form, with the limit and what to do."""
    read_away()
    message = _(
        "Zusammen sind die Dateien größer als %(limit)s MB. Es wurde nichts gespeichert. Laden Sie sie in mehreren "
        "Schritten hoch.",
        limit=kinds.MOST_TOGETHER // kinds.MEGABYTE,
    )
    if _wants_json():
        return {"refused": [message]}, 413
    tell(message, "danger")
    return redirect(url_for("attachments.add", **(request.view_args or {})), 303)


def _writable(client_id: UUID) -> Client:
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.ATTACHMENT_READ, client)
    policy.require(context.actor(), Permission.CONTACT_WRITE, client)
    return client


def _receive(client_id: UUID, form: UploadForm) -> Outcome:
    outcome = Outcome()
    looked_at: list[tuple[int, FileStorage, Received]] = []
    for place, file in enumerate(form.sent):
        try:
            looked_at.append((place, file, _look_at(place, file)))
        except RuleError as refusal:
            outcome.refused.append((file.filename or "", str(refusal)))
    sent = Sent(_form_id(form), protected=form.level.data == AttachmentClass.PROTECTED, note=form.note.data or "")
    for place, file, received in looked_at:
        try:
            _store(client_id, received, sent, place, file)
        except AlreadyStoredError as refusal:
            outcome.refused.append((file.filename or "", str(refusal)))
        else:
            outcome.stored += 1
    return outcome


def _look_at(place: int, file: FileStorage) -> Received:
    """Raises RuleError with what is wrong."""
    if place >= kinds.MOST_FILES:
        raise RuleError(_("Höchstens %(most)s Dateien auf einmal.", most=kinds.MOST_FILES))
    upload = sealed_upload(file)
    stored = upload.finish()
    if upload.too_large:
        limit = kinds.LARGEST // kinds.MEGABYTE
        raise RuleError(
            _("Die Datei ist größer als %(limit)s MB. Verkleinern oder teilen Sie sie, bitte.", limit=limit)
        )
    if stored is None:
        raise RuleError(
            _(
                "Auf dem Server ist kein Platz mehr. Von dieser Datei wurde nichts gespeichert. Sagen Sie bitte Ihrer "
                "Administration Bescheid."
            )
        )
    return service.look_at(cast(FileStore, current_app.extensions["caseapp_files"]), stored, file.filename or "")


def _store(client_id: UUID, received: Received, sent: Sent, place: int, file: FileStorage) -> None:
    """One file, one transaction. Raises AlreadyStoredError."""
    actor, database = context.actor(), context.database()
    job = None
    with database.unit(actor, write=True) as unit:
        attachment = service.attach(actor, clients.get_client(client_id), received, sent, place)
        if attachment is not None:
            # Before the commit: one whose end nobody saw must not leave a row without its file.
            sealed_upload(file).keep()
            job = _preview_job(attachment) if received.kind.picture else None
    audit.write_pending(database, unit)
    if job is not None:
        cast(Queue, current_app.extensions["caseapp_queue"]).put(job.id, actor.user_id)


def _preview_job(attachment: Attachment) -> jobs.Job:
    organisation_id = attachment.organisation_id
    return jobs.start(context.actor(), service.PREVIEW, organisation_id=organisation_id, target_id=attachment.id)


def _form_id(form: UploadForm) -> UUID:
    form_id = form.form_id.data
    assert form_id is not None  # noqa: S101  # the field refuses forms without one
    return form_id


def _wants_json() -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _told(outcome: Outcome) -> ResponseReturnValue:
    """For the script that sends one file after the other."""
    return {"stored": outcome.stored, "refused": [reason for _name, reason in outcome.refused]}, (
        422 if outcome.refused else 200
    )
