"""The page of a sheet: what stands on it, signing it, or that somebody does not want to."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from caseapp.attachments import queries as attachments
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.clients.models import Client
from caseapp.consents import forms, queries, service
from caseapp.consents.forms import SignForm
from caseapp.consents.models import DeclarationSheet, DeclarationState
from caseapp.consents.views.area import area, load_sheet, to_list
from caseapp.consents.views.sheets import paper_of
from caseapp.consents.views.shown import shown
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/freigaben/<uuid:sheet_id>", permission=Permission.CLIENT_READ)
def sheet(sheet_id: UUID) -> ResponseReturnValue:
    """The sheet: to be read and signed, or as it was signed."""
    found, client = load_sheet(sheet_id, Permission.CLIENT_READ)
    return _page(found, client, _form(found, client))


@area.page("/freigaben/<uuid:sheet_id>/unterschreiben", permission=Permission.CONSENT_RECORD, methods=("POST",))
def sign(sheet_id: UUID) -> ResponseReturnValue:
    """Sign; from now on what stands on it holds."""
    found, client = load_sheet(sheet_id, Permission.CONSENT_RECORD)
    form = forms.sign_form(client, found, attachments.list_for_client(client.id))
    if form.validate_on_submit():
        try:
            service.sign_sheet(context.actor(), client, found, form.given, version=form.revision)
        except ConflictError as conflict:
            return _page(found, client, _fresh(found, client), conflict=str(conflict)), 409
        except RuleError as refusal:
            _refuse(form, refusal)
        else:
            tell(_("Unterschrieben. Das gilt ab jetzt."))
            return to_list(client)
    return _page(found, client, form), form.status


@area.page("/freigaben/<uuid:sheet_id>/abgelehnt", permission=Permission.CONSENT_RECORD, methods=("POST",))
def decline(sheet_id: UUID) -> ResponseReturnValue:
    """The person does not want to sign: nothing follows from it."""
    found, client = load_sheet(sheet_id, Permission.CONSENT_RECORD)
    version = request.form.get("version", "")
    try:
        number = int(version) if version.isdecimal() and len(version) < 10 else 0
        service.decline_sheet(context.actor(), client, found, note="", version=number)
    except ConflictError as conflict:
        return _page(found, client, _fresh(found, client), conflict=str(conflict)), 409
    tell(_("Vermerkt: nicht unterschrieben. Die Beratung geht weiter wie bisher."))
    return to_list(client)


def _form(found: DeclarationSheet, client: Client) -> SignForm | None:
    signs = policy.allows(context.actor(), Permission.CONSENT_RECORD, client)
    if found.state != DeclarationState.PREPARED or not signs:
        return None
    return forms.sign_form(client, found, attachments.list_for_client(client.id))


def _fresh(found: DeclarationSheet, client: Client) -> SignForm | None:
    """The form for the sheet as it is now: signatures given for another content are not carried over."""
    form = _form(found, client)
    if form is not None:
        form.version.data = str(found.text_rev)
        for part in (form.client, form.representative):
            part.form.drawing.data = None
    return form


def _refuse(form: SignForm, refusal: RuleError) -> None:
    if refusal.field in {"client", "representative"}:
        way = form[refusal.field].form.way
        way.errors = [*way.errors, str(refusal)]
    else:
        form.refuse(refusal)


def _page(found: DeclarationSheet, client: Client, form: SignForm | None, *, conflict: str = "") -> str:
    opened = frame.load(client)
    views = sorted(queries.list_views(client.id, sheet_id=found.id), key=lambda view: view.place)
    paper = paper_of(found)
    return frame.shown(
        "consents/sheet.html",
        opened,
        "consents",
        sheet=found,
        lines=[shown(view, opened.today) for view in views],
        form=form,
        paper=paper,
        conflict=conflict,
        spoken=catalogue.label("languages", found.text.language),
        signed=found.signed,
        read_in=catalogue.label("languages", found.signed.read_aloud_in),
        upload=url_for("attachments.add", client_id=client.id),
    )
