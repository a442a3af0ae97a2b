"""The page of all imports, and uploading a list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries, service
from caseapp.imports.forms import UploadForm
from caseapp.imports.models import Import
from caseapp.imports.rules.fields import CLIENTS, CONTACTS
from caseapp.imports.rules.tables import read_workbook
from caseapp.imports.rules.tables.limits import MEGABYTE
from caseapp.imports.service import Target
from caseapp.imports.views.area import area
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell
from caseapp.web.uploads import read_away


def kind_labels() -> dict[str, str]:
    """What a list may hold."""
    return {CLIENTS: _("Klientinnen und Klienten"), CONTACTS: _("Kontakte")}


@area.page("/importe", permission=Permission.IMPORT_RUN, methods=("GET", "POST"), own_units=True)
def index() -> ResponseReturnValue:
    """The person's imports, and the form for a new one. A file is read before any lock is taken."""
    actor = context.actor()
    with context.database().unit(actor, write=False):
        targets = service.list_targets(actor)
    form = UploadForm(
        choices={
            "kind": {"": _("Automatisch erkennen"), **kind_labels()},
            "team": [(target.team_id.hex, f"{target.team}, {target.carrier}") for target in targets],
        }
    )
    if len(targets) == 1:
        del form.team
    if form.validate_on_submit():
        try:
            stored = _upload(form, _chosen(form, targets))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("imports.columns", import_id=stored.id))
    with context.database().unit(actor, write=False):
        page = render_template(
            "imports/index.html",
            form=form,
            several_teams=len(targets) > 1,
            imports=queries.list_imports(actor),
            waiting=queries.count_waiting(actor),
            kinds=kind_labels(),
        )
    return page, form.status


@area.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A file above the limit leads back to the form, with the limit and what to do."""
    read_away()
    tell(
        _(
            "Die Datei ist größer als %(limit)s MB und wurde nicht angenommen. Speichern Sie nur das Blatt mit der "
            "Liste als neue Datei (.xlsx oder .csv, ohne Bilder), oder teilen Sie die Liste auf mehrere Dateien auf.",
            limit=context.settings().upload_limit_bytes // MEGABYTE,
        ),
        "danger",
    )
    return redirect(url_for("imports.index"), 303)


def _chosen(form: UploadForm, targets: Sequence[Target]) -> Target:
    """The team that the form names; with one team only it does not ask."""
    return next(target for target in targets if len(targets) == 1 or target.team_id.hex == form.team.data)


def _upload(form: UploadForm, target: Target) -> Import:
    """Read, guess and store the file; sent twice it is stored once. Raises RuleError on `file`."""
    actor, database, import_id = context.actor(), context.database(), form.form_id.data
    assert import_id is not None  # noqa: S101  # the field refuses forms without one
    file = form.file.data
    # Some browsers send a whole path; only its last part is the file's name.
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name
    workbook = read_workbook(file.read(), name)
    with database.unit(actor, write=False):
        known = queries.find_import(actor, import_id)
        if known is not None:
            return known
        guess = service.guess_columns(target, workbook, form.kind.data or "")
    with database.unit(actor, write=True):
        return service.store_upload(actor, target, workbook, guess, name, import_id=import_id)
