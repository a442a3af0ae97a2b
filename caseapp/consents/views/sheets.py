"""Preparing a sheet, looking at it, changing what nobody has signed yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.clients.rules.ages import is_minor
from caseapp.consents import forms, queries, service
from caseapp.consents.forms import MandateForm, SheetForm
from caseapp.consents.models import DeclarationKind, DeclarationSheet, DeclarationState
from caseapp.consents.queries import DeclarationView
from caseapp.consents.views.area import area, load_sheet, to_list, to_paper
from caseapp.consents.views.shown import shown
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.papers import queries as papers
from caseapp.papers.models import Paper
from caseapp.places.queries import get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_TEMPLATES = {"consent": "consents/prepare.html", "mandate": "consents/mandate.html"}


@area.page("/klienten/<uuid:client_id>/freigaben/neu", permission=Permission.CONSENT_RECORD, methods=("GET", "POST"))
def prepare(client_id: UUID) -> ResponseReturnValue:
    """A new sheet with releases and consents."""
    client = _recordable(client_id)
    return _prepared(client, forms.sheet_form(client), _TEMPLATES["consent"])


@area.page("/klienten/<uuid:client_id>/vollmacht/neu", permission=Permission.CONSENT_RECORD, methods=("GET", "POST"))
def prepare_mandate(client_id: UUID) -> ResponseReturnValue:
    """A new Vollmacht."""
    client = _recordable(client_id)
    return _prepared(client, forms.mandate_form(client, holder=_holder(client)), _TEMPLATES["mandate"])


@area.page("/freigaben/<uuid:sheet_id>/aendern", permission=Permission.CONSENT_RECORD, methods=("GET", "POST"))
def change(sheet_id: UUID) -> ResponseReturnValue:
    """Change a sheet that nobody has signed. What somebody else changed meanwhile is shown beside what was typed."""
    sheet, client = load_sheet(sheet_id, Permission.CONSENT_RECORD)
    if sheet.state != DeclarationState.PREPARED:
        return redirect(url_for("consents.sheet", sheet_id=sheet.id))  # which says why it can no longer be changed
    views = sorted(queries.list_views(client.id, sheet_id=sheet.id), key=lambda view: view.place)
    form, theirs = _filled(client, sheet, views), None
    if form.validate_on_submit():
        try:
            version = form.version.data or ""
            number = int(version) if version.isdecimal() and len(version) < 10 else 0
            service.change_sheet(context.actor(), client, sheet, form.new_sheet(client), version=number)
        except ConflictError:
            theirs = [shown(view, clock.today()) for view in views]
            form.version.data = str(sheet.text_rev)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _to_print(sheet)
    page = render_template(_TEMPLATES[sheet.kind], form=form, sheet=sheet, theirs=theirs, **_around(client))
    return page, 409 if theirs else form.status


@area.page("/freigaben/<uuid:sheet_id>/verwerfen", permission=Permission.CONSENT_RECORD, methods=("POST",))
def discard(sheet_id: UUID) -> ResponseReturnValue:
    """The sheet is not needed."""
    sheet, client = load_sheet(sheet_id, Permission.CONSENT_RECORD)
    service.discard_sheet(context.actor(), client, sheet)
    tell(_("Blatt verworfen."), undo=url_for("consents.restore", sheet_id=sheet.id))
    return to_list(client)


@area.page("/freigaben/<uuid:sheet_id>/zurueckholen", permission=Permission.CONSENT_RECORD, methods=("POST",))
def restore(sheet_id: UUID) -> ResponseReturnValue:
    """Take the discarding back."""
    sheet, _client = load_sheet(sheet_id, Permission.CONSENT_RECORD)
    service.restore_sheet(context.actor(), _client, sheet)
    tell(_("Das Blatt ist wieder da."))
    return redirect(url_for("consents.sheet", sheet_id=sheet.id))


@area.page("/freigaben/<uuid:sheet_id>/drucken", permission=Permission.CLIENT_READ, methods=("POST",))
def print_again(sheet_id: UUID) -> ResponseReturnValue:
    """The sheet as a paper once more: signed, with its signatures."""
    sheet, client = load_sheet(sheet_id, Permission.CLIENT_READ)
    return to_paper(service.order_copy(context.actor(), client, sheet), "")


def paper_of(sheet: DeclarationSheet) -> Paper | None:
    """The print that was or is to be read before signing."""
    return papers.get_paper(sheet.paper_id) if sheet.paper_id else None


def _recordable(client_id: UUID) -> Client:
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CONSENT_RECORD, client)
    return client


def _prepared(client: Client, form: SheetForm | MandateForm, template: str) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            new = form.new_sheet(client)
            sheet = service.prepare_sheet(context.actor(), client, new, sheet_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _to_print(sheet)
    return render_template(template, form=form, sheet=None, theirs=None, **_around(client)), form.status


def _filled(client: Client, sheet: DeclarationSheet, views: Sequence[DeclarationView]) -> SheetForm | MandateForm:
    version = {"version": str(sheet.text_rev)}
    if sheet.kind == DeclarationKind.MANDATE:
        values = forms.values_of_mandate(client, sheet.text, views)
        return forms.mandate_form(client, holder=_holder(client), data=values | version)
    return forms.sheet_form(client, data=forms.values_of_sheet(client, sheet.text, views) | version)


def _to_print(sheet: DeclarationSheet) -> ResponseReturnValue:
    """Wait for the print, then read it and sign."""
    onward = url_for("consents.sheet", sheet_id=sheet.id)
    return redirect(url_for("papers.show", paper_id=sheet.paper_id, weiter=onward))


def _around(client: Client) -> dict[str, Any]:
    return {
        "client": client,
        "people": client.body.representatives,
        "minor": is_minor(client.head.birth.day, clock.today()),
        "back": url_for("consents.index", client_id=client.id),
    }


def _holder(client: Client) -> str:
    """Who usually acts: the person at the screen, for the carrier."""
    return f"{context.actor().name}, {get_organisation(client.organisation_id).profile.name}"
