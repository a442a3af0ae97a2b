""" "Nicht angetroffen": two taps from the client page or a card of Heute."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients import queries as clients
from caseapp.counselling import service
from caseapp.counselling.forms import AbsentForm
from caseapp.counselling.views.area import area
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/nicht-angetroffen", permission=Permission.CONTACT_WRITE, methods=("GET", "POST"))
def absent(client_id: UUID) -> ResponseReturnValue:
    """First tap: the link to this page. Second tap: one of its two buttons."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CONTACT_WRITE, client)
    form = AbsentForm()
    if form.validate_on_submit() and form.slip.data in {"0", "1"} and form.form_id.data:
        made = service.save_absent(
            context.actor(), client, slip_left=form.slip.data == "1", contact_id=form.form_id.data
        )
        tell(_("„Nicht angetroffen“ gespeichert."), undo=url_for("counselling.undo", contact_id=made.id))
        here = request.form.get("next")
        return redirect(signin.safe_path(here) if here else url_for("clients.show", client_id=client.id))
    return render_template("counselling/absent.html", form=form, client=client), form.status
