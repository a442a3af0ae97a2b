"""The lease: one click, and the way back."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp.db import session
from caseapp.errors import ConflictError, RuleError
from caseapp.housing import service
from caseapp.housing.views.area import area, load
from caseapp.housing.views.shown import new_lease_form, page
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell


@area.page(
    "/wohnungssuche/<uuid:application_id>/mietvertrag", permission=Permission.CLIENT_EDIT, methods=("GET", "POST")
)
def lease(application_id: UUID) -> ResponseReturnValue:
    """ "Mietvertrag ab": histories, goal, contact, tasks and dwelling in one transaction, or nothing."""
    application, client = load(application_id)
    form = new_lease_form(application, client, posted=True)
    status = 200
    if form.validate_on_submit() and form.lease is not None:
        try:
            with session().begin_nested():  # refused: what was written before the refusal goes, the page still reads
                service.enter_lease(context.actor(), client, application, form.lease, version=form.version.data or "")
        except ConflictError as refusal:
            form.version.data, status = application.version, 409
            form.refuse(str(refusal))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            token = undo.sign("housing-lease", application.id.hex, application.version)
            tell(
                _("Mietvertrag eingetragen: Wohnen, Ziel, Kontakt und Aufgaben sind geschrieben."),
                undo=url_for("housing.undo_lease", application_id=application.id, token=token),
            )
            return redirect(url_for("housing.show", application_id=application.id))
    return page(application, client, lease_form=form, status=status)


@area.page(
    "/wohnungssuche/<uuid:application_id>/mietvertrag/zurueck/<token>",
    permission=Permission.CLIENT_EDIT,
    methods=("POST",),
)
def undo_lease(application_id: UUID, token: str) -> ResponseReturnValue:
    """Take the lease back as a whole."""
    application, client = load(application_id)
    named, version = undo.read("housing-lease", token)
    if named != application.id.hex:
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen."))
    service.take_back_lease(context.actor(), client, application, version=version)
    tell(_("Der Mietvertrag ist zurückgenommen. Der Kontakt bleibt storniert sichtbar."))
    return redirect(url_for("housing.show", application_id=application.id))
