"""Changing the master data, with both versions side by side where two people changed it."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries, service
from caseapp.clients.forms.conflicts import base_of, differences, take_chosen
from caseapp.clients.forms.files import FileForm, change_of, form_of
from caseapp.clients.models import Client
from caseapp.clients.views.area import area
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.places.queries import get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/bearbeiten", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def edit(client_id: UUID) -> ResponseReturnValue:
    """The master data on one page."""
    client = queries.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_EDIT, client)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    form = form_of(client)
    form.municipality.district = (get_organisation(client.organisation_id).profile.ags or "")[:5] or None
    take_chosen(form, form_of(client, posted=False), request.form)
    if form.validate_on_submit():
        try:
            service.edit_file(context.actor(), client, change_of(form, client))
        except ConflictError:
            return _conflict(client, form)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Gespeichert."))
            return redirect(url_for("clients.show", client_id=client.id))
    return render_template("clients/edit.html", form=form, client=client, conflict=()), form.status


def _conflict(client: Client, form: FileForm) -> ResponseReturnValue:
    """The same page with what was typed, and for each field that differs the choice between both values."""
    theirs = form_of(client, posted=False)
    found = differences(form, theirs, form.base.data or "")
    form.head_rev.data, form.body_rev.data = str(client.head_rev), str(client.body_rev)
    form.base.data = base_of(theirs)
    return render_template("clients/edit.html", form=form, client=client, conflict=found, conflicting=True), 409
