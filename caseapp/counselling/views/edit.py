"""Looking at a contact, correcting and cancelling it."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts.queries import names_of
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.counselling import queries, rules, service
from caseapp.counselling.forms import CancelForm, ContactChangeForm, values_of
from caseapp.counselling.models import Contact
from caseapp.counselling.service import NewContact
from caseapp.counselling.views import shown
from caseapp.counselling.views.area import area
from caseapp.counselling.views.contact import says_the_same
from caseapp.counselling.views.drafts import CHANGE
from caseapp.counselling.views.versions import Version, version_of, versions
from caseapp.db import new_id
from caseapp.drafts.forms import fields_of
from caseapp.drafts.queries import get_draft
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/kontakte/<uuid:contact_id>", permission=Permission.CLIENT_READ, methods=("GET", "POST"))
def edit(contact_id: UUID) -> ResponseReturnValue:
    """The contact with its history; a form for those who may correct it. 409 shows both versions."""
    found, client = _opened(contact_id)
    writes = policy.allows(context.actor(), Permission.CONTACT_WRITE, client) and found.state == queries.VALID
    if not writes:
        audit.note_read("contact:read", client_id=client.id)
        return _page("counselling/show.html", found, client)
    if request.method == "POST":
        return _posted(found, client)
    audit.note_read("contact:read", client_id=client.id)
    return _form_page(_opened_form(found), found, client)


@area.page("/kontakte/<uuid:contact_id>/stornieren", permission=Permission.CONTACT_WRITE, methods=("GET", "POST"))
def cancel(contact_id: UUID) -> ResponseReturnValue:
    """Take a wrong contact out of the figures, with a reason."""
    found, client = _opened(contact_id)
    policy.require(context.actor(), Permission.CONTACT_WRITE, client)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            service.cancel_contact(
                context.actor(), client, found, reason=form.reason.data or "", change_id=form.form_id.data or new_id()
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Kontakt storniert."), undo=url_for("counselling.restore", contact_id=found.id))
            return redirect(url_for("clients.show", client_id=client.id))
    return render_template(
        "counselling/cancel.html", form=form, client=client, version=version_of(found, reads_note=True)
    ), form.status


@area.page("/kontakte/<uuid:contact_id>/wiederherstellen", permission=Permission.CONTACT_WRITE, methods=("POST",))
def restore(contact_id: UUID) -> ResponseReturnValue:
    """Take the cancelling back."""
    found, client = _opened(contact_id)
    service.restore_contact(context.actor(), client, found)
    tell(_("Der Kontakt zählt wieder."))
    return redirect(url_for("clients.show", client_id=client.id))


def _opened(contact_id: UUID) -> tuple[Contact, Client]:
    found = queries.get_contact(contact_id)
    client = clients.get_client(found.client_id)
    policy.require(context.actor(), Permission.CLIENT_READ, client)
    return found, client


def _opened_form(found: Contact) -> ContactChangeForm:
    begun = request.args.get("entwurf", type=UUID)
    if begun is None:
        return ContactChangeForm(data=values_of(found))
    draft = get_draft(context.actor().user_id, begun)
    form = ContactChangeForm(formdata=fields_of(draft))
    form.show_draft(draft)
    return form


def _posted(found: Contact, client: Client) -> ResponseReturnValue:
    form = ContactChangeForm()
    if form.restored or not form.validate_on_submit():
        return _form_page(form, found, client)
    try:
        new = form.read(known_note=found.detail.note)
        if not _sent_before(form, found, new):
            service.change_contact(
                context.actor(),
                client,
                found,
                new,
                base_rev=form.base,
                reason=form.reason.data or "",
                change_id=form.form_id.data or new_id(),
            )
    except ConflictError:
        return _conflict(form, found, client)
    except RuleError as refusal:
        form.refuse(refusal)
        return _form_page(form, found, client)
    tell(_("Kontakt geändert."))
    return redirect(url_for("clients.show", client_id=client.id))


def _sent_before(form: ContactChangeForm, found: Contact, new: NewContact) -> bool:
    """Whether this is a double click. The same form with other words (after "back") becomes a change of its own."""
    if form.form_id.data is None or queries.find_change(form.form_id.data) is None:
        return False
    if says_the_same(found, new):
        return True
    form.renew()
    return False


def _conflict(form: ContactChangeForm, found: Contact, client: Client) -> ResponseReturnValue:
    # Nothing was written: the form keeps what was typed, and the next click on "Speichern" is a decision.
    form.base_rev.data = str(found.detail_rev)
    return _form_page(form, found, client, stored=version_of(found, reads_note=True))


def _form_page(
    form: ContactChangeForm, found: Contact, client: Client, *, stored: Version | None = None
) -> ResponseReturnValue:
    page = queries.load_page(client.id, context.actor().user_id, CHANGE)
    chips = shown.kind_chips(page)
    shown.offer(form, page, chips, keep=found.detail.topics)
    form_id = form.form_id.data or new_id()
    return render_template(
        "counselling/edit.html",
        form=form,
        client=client,
        contact=found,
        page=page,
        chips=chips,
        line=shown.line(form),
        route=shown.route(form.address.data or ""),
        prominent=queries.prominent_topics(),
        words=queries.topic_words(),
        stored=stored,
        locked=rules.needs_reason(found.created_at, clock.now()),
        versions=versions(found, reads_note=True),
        writer=_writer(found),
        draft_url=url_for("drafts.save", draft_id=form_id, form=CHANGE, client=client.id, about=found.id),
        offers=shown.offers_of(
            page,
            form.form_id.data,
            lambda draft_id: url_for("counselling.edit", contact_id=found.id, entwurf=draft_id),
            about=str(found.id),
        ),
    ), 409 if stored else form.status


def _page(template: str, found: Contact, client: Client) -> ResponseReturnValue:
    reads_note = queries.note_readable(context.actor(), client)
    return render_template(
        template,
        contact=found,
        client=client,
        version=version_of(found, reads_note=reads_note),
        reads_note=reads_note,
        versions=versions(found, reads_note=reads_note),
        writer=_writer(found),
    ), 403 if request.method == "POST" else 200


def _writer(found: Contact) -> str:
    return names_of({found.created_by}).get(found.created_by, "")
