"""Pages of who is around a person: offices, representatives, the notice given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries, service
from caseapp.clients.forms import around
from caseapp.clients.models import Client, Notice
from caseapp.clients.views.area import area
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.places.queries import get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

L = TypeVar("L", bound=around.ListForm)


@area.page("/klienten/<uuid:client_id>/stellen", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def agencies(client_id: UUID) -> ResponseReturnValue:
    """ "Zuständige Stellen": office, person, phone, their file number."""

    def save(client: Client, form: around.AgenciesForm) -> None:
        service.set_agencies(context.actor(), client, around.agencies_of(form), body_rev=form.revision)

    return _list_page(client_id, around.agencies_form, save, "clients/agencies.html")


@area.page("/klienten/<uuid:client_id>/vertretung", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def representatives(client_id: UUID) -> ResponseReturnValue:
    """Who speaks for the person: custody, guardian, Betreuung, Vollmacht."""

    def save(client: Client, form: around.RepresentativesForm) -> None:
        service.set_representatives(context.actor(), client, around.representatives_of(form), body_rev=form.revision)

    return _list_page(client_id, around.representatives_form, save, "clients/representatives.html")


@area.page("/klienten/<uuid:client_id>/information", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def notice(client_id: UUID) -> ResponseReturnValue:
    """A privacy notice was handed over."""
    client = _editable(client_id)
    form = around.notice_form(client)
    if form.validate_on_submit() and form.given_on.data:
        version = get_organisation(client.organisation_id).profile.notice_version
        given = Notice(
            version=version, language=form.language.data or "", given_on=form.given_on.data, way=form.way.data or ""
        )
        service.give_notice(context.actor(), client, given)
        return _saved(client)
    return render_template("clients/notice.html", form=form, client=client), form.status


def _editable(client_id: UUID) -> Client:
    client = queries.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_EDIT, client)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    return client


def _list_page(
    client_id: UUID, form_of: Callable[[Client], L], save: Callable[[Client, L], None], template: str
) -> ResponseReturnValue:
    """A list of the file that is saved as a whole, under the lock of the master data."""
    client = _editable(client_id)
    form = form_of(client)
    conflicting = False
    if form.validate_on_submit():
        try:
            save(client, form)
        except ConflictError:
            conflicting, form.body_rev.data = True, str(client.body_rev)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _saved(client)
    page = render_template(template, form=form, client=client, conflicting=conflicting)
    return page, 409 if conflicting else form.status


def _saved(client: Client) -> ResponseReturnValue:
    tell(_("Gespeichert."))
    return redirect(url_for("clients.show", client_id=client.id))
