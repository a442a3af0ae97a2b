"""Entering and correcting rows of the histories."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries, service
from caseapp.clients.forms.facts import FORMS, FactForm, correction_form, new_form
from caseapp.clients.frame import texts
from caseapp.clients.models import Client, FactBox, FactKind, HistoryEntry
from caseapp.clients.rules import histories
from caseapp.clients.views.area import area
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/stand/neu/<kind>", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def add_fact(client_id: UUID, kind: str) -> ResponseReturnValue:
    """A new row of one history: what changed, and since when."""
    client = _editable(client_id)
    history = _kind(kind)
    form = new_form(history, client.organisation_id)
    if form.validate_on_submit():
        try:
            made = service.add_fact(
                context.actor(),
                client,
                history,
                FactBox(fact=form.fact()),
                form.from_on.data,
                form.until_on.data,
                entry_id=form.form_id.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Gespeichert."), undo=url_for("clients.cancel_fact", client_id=client.id, entry_id=made.id))
            return _to_history(client, history)
    return _form_page(client, history, form, first=_nothing_yet(client, history)), form.status


@area.page(
    "/klienten/<uuid:client_id>/stand/<uuid:entry_id>", permission=Permission.CLIENT_EDIT, methods=("GET", "POST")
)
def correct_fact(client_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    """Put a row right. A row that somebody else changed meanwhile is shown beside what was typed."""
    client = _editable(client_id)
    entry = queries.get_fact(client.id, entry_id)
    history = FactKind(entry.kind)
    form = correction_form(entry)
    if form.validate_on_submit():
        try:
            service.correct_fact(
                context.actor(),
                client,
                entry,
                FactBox(fact=form.fact()),
                form.from_on.data,
                form.until_on.data,
                revision=form.revision,
            )
        except ConflictError:
            form.box_rev.data = str(entry.box_rev)
            return _form_page(client, history, form, theirs=_said(entry)), 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Berichtigt."))
            return _to_history(client, history)
    return _form_page(client, history, form, correcting=True), form.status


@area.page(
    "/klienten/<uuid:client_id>/stand/<uuid:entry_id>/stornieren",
    permission=Permission.CLIENT_EDIT,
    methods=("POST",),
)
def cancel_fact(client_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    """Take back a row that was entered by mistake."""
    client = _editable(client_id)
    entry = queries.get_fact(client.id, entry_id)
    service.cancel_fact(context.actor(), client, entry)
    tell(_("Eintrag storniert."), undo=url_for("clients.restore_fact", client_id=client.id, entry_id=entry.id))
    return _to_history(client, FactKind(entry.kind))


@area.page(
    "/klienten/<uuid:client_id>/stand/<uuid:entry_id>/zurueckholen",
    permission=Permission.CLIENT_EDIT,
    methods=("POST",),
)
def restore_fact(client_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    """Bring a cancelled row back."""
    client = _editable(client_id)
    entry = queries.get_fact(client.id, entry_id)
    service.restore_fact(context.actor(), client, entry)
    tell(_("Eintrag wieder gültig."))
    return _to_history(client, FactKind(entry.kind))


def _editable(client_id: UUID) -> Client:
    client = queries.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_EDIT, client)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    return client


def _nothing_yet(client: Client, kind: FactKind) -> bool:
    """Whether the history is empty, so that there is nothing that a new row could change or end."""
    return not any(entry.kind == kind and entry.cancelled_at is None for entry in queries.list_facts(client.id))


def _said(entry: HistoryEntry) -> list[str]:
    """What the row says now, as short phrases."""
    fact = entry.box.fact
    said = [texts.fact_text(fact, entry.from_on), *texts.fact_details(fact, entry.from_on), texts.span_text(entry)]
    return [text for text in said if text]


def _kind(text: str) -> FactKind:
    try:
        return FactKind(text)
    except ValueError:
        raise NotFoundError from None


def _to_history(client: Client, kind: FactKind) -> ResponseReturnValue:
    return redirect(url_for("clients.facts", client_id=client.id, _anchor=kind.value))


def _form_page(
    client: Client,
    kind: FactKind,
    form: FactForm,
    *,
    correcting: bool = False,
    first: bool = False,
    theirs: list[str] | None = None,
) -> str:
    return render_template(
        "clients/fact_form.html",
        client=client,
        form=form,
        kind=kind.value,
        label=texts.KINDS[kind],
        correcting=correcting or theirs is not None,
        theirs=theirs or (),
        first=first,
        ends_former=not first and kind in histories.SINGLE_KINDS,
        fields=list(FORMS[kind].lists),
    )
