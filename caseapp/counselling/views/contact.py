"""The contact form, and the page that leads to it from anywhere."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.counselling import queries, service
from caseapp.counselling.forms import ContactForm, values_of
from caseapp.counselling.models import Contact
from caseapp.counselling.queries import FormPage
from caseapp.counselling.service import NewContact
from caseapp.counselling.views import shown
from caseapp.counselling.views.area import area
from caseapp.counselling.views.drafts import CONTACT
from caseapp.db import new_id
from caseapp.drafts.forms import fields_of
from caseapp.drafts.queries import get_draft
from caseapp.errors import AlreadyStoredError, ForbiddenError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell
from caseapp.web.parsing import phone_text


@area.page("/kontakt", permission=Permission.CONTACT_WRITE)
def pick() -> ResponseReturnValue:
    """Choose the client first: the people of the last contacts, or the search."""
    recent = queries.list_recent_clients(context.actor())
    audit.note_read(
        "client:list",
        detail=audit.Detail(count=len(recent), digest=audit.list_digest(each.client_id for each in recent)),
    )
    return render_template("counselling/pick.html", recent=recent)


@area.page("/klienten/<uuid:client_id>/kontakt", permission=Permission.CONTACT_WRITE, methods=("GET", "POST"))
def contact(client_id: UUID) -> ResponseReturnValue:
    """A new contact. `?art=TEL` chooses the kind, `?entwurf=` goes on with a draft, `?wieder=` with one taken back."""
    if request.method == "POST":
        return _posted(client_id)
    page = _load(client_id)
    chips = shown.kind_chips(page)
    form = _opened_form(page, chips)
    audit.note_read("client:contact_form", client_id=client_id)
    return _page(form, page, chips)


@area.page("/kontakte/<uuid:contact_id>/zurueck", permission=Permission.CONTACT_WRITE, methods=("POST",))
def undo(contact_id: UUID) -> ResponseReturnValue:
    """Take a contact back; its text stands in the form again."""
    taken = queries.get_contact(contact_id)
    client = clients.get_client(taken.client_id)
    service.undo_contact(context.actor(), client, taken)
    tell(_("Der Kontakt ist zurückgenommen. Seine Angaben stehen hier noch einmal."))
    return redirect(url_for("counselling.contact", client_id=client.id, wieder=taken.id))


def _posted(client_id: UUID) -> ResponseReturnValue:
    form = ContactForm()
    client = clients.find_client(client_id)
    if client is None or not policy.allows(context.actor(), Permission.CONTACT_WRITE, client):
        return _given_back(form, client)
    if form.validate_on_submit():
        try:
            return _saved(form, client)
        except RuleError as refusal:
            form.refuse(refusal)
    page = _load(client_id)
    return _page(form, page, shown.kind_chips(page))


def _given_back(form: ContactForm, client: Client | None) -> ResponseReturnValue:
    """The file was closed or handed over while somebody wrote: nothing is saved, and the text is there to be copied."""
    if not form.note.data:
        raise (
            NotFoundError if client is None else ForbiddenError(_("Für diese Akte können Sie keine Kontakte erfassen."))
        )
    return render_template("counselling/given_back.html", text=form.note.data), 404 if client is None else 403


def _saved(form: ContactForm, client: Client) -> ResponseReturnValue:
    new = form.read()
    form_id = form.form_id.data or new_id()
    existing = queries.find_contact(form_id)
    if existing is None:
        made = service.save_contact(context.actor(), client, new, contact_id=form_id)
        return _done(made, len(new.tasks))
    if existing.client_id == client.id and existing.state == queries.VALID and says_the_same(existing, new):
        return _done(existing, 0)
    raise AlreadyStoredError(
        _("Mit diesem Formular ist schon ein Kontakt gespeichert. Wenn Sie jetzt speichern, entsteht ein weiterer.")
    )


_TYPED = (
    *("note", "topics", "language", "interpreter", "participants", "others_present", "address", "slip_left"),
    *("third_party", "third_party_kind", "child_interpreted", "started_at"),
)


def says_the_same(contact: Contact, new: NewContact) -> bool:
    """Whether the form was sent twice, not changed and sent again."""
    detail = contact.detail
    return (contact.on_day, contact.kind, contact.minutes) == (new.on_day, new.kind, new.minutes) and all(
        getattr(detail, name) == getattr(new.detail, name) for name in _TYPED
    )


def _done(made: Contact, tasks: int) -> ResponseReturnValue:
    added = ngettext(" Eine Aufgabe angelegt.", " %(num)s Aufgaben angelegt.", tasks) if tasks else ""
    tell(_("Kontakt gespeichert.") + added, undo=url_for("counselling.undo", contact_id=made.id))
    if made.detail.child_interpreted:
        tell(_("Ein Kind hat gedolmetscht. Buchen Sie für das nächste Gespräch eine Dolmetscherin."), "warning")
    return redirect(url_for("clients.show", client_id=made.client_id))


def _load(client_id: UUID) -> FormPage:
    page = queries.load_page(client_id, context.actor().user_id, CONTACT)
    policy.require(context.actor(), Permission.CONTACT_WRITE, page.client)
    return page


def _opened_form(page: FormPage, chips: list[shown.KindChip]) -> ContactForm:
    begun = request.args.get("entwurf", type=UUID)
    if begun is not None:
        draft = get_draft(context.actor().user_id, begun)
        form = ContactForm(formdata=fields_of(draft))
        form.show_draft(draft)
        return form
    taken_back = request.args.get("wieder", type=UUID)
    if taken_back is not None:
        return ContactForm(data=values_of(_taken_back(page.client, taken_back)))
    return ContactForm(data=shown.start_values(page, chips, request.args.get("art", "")))


def _taken_back(client: Client, contact_id: UUID) -> Contact:
    found = queries.find_contact(contact_id)
    mine = found is not None and found.created_by == context.actor().user_id and found.client_id == client.id
    if found is None or not mine or found.state != queries.UNDONE:
        raise NotFoundError
    return found


def _page(form: ContactForm, page: FormPage, chips: list[shown.KindChip]) -> ResponseReturnValue:
    shown.offer(form, page, chips)
    draft_url = url_for("drafts.save", draft_id=form.form_id.data or new_id(), form=CONTACT, client=page.client.id)
    return render_template(
        "counselling/contact.html",
        form=form,
        client=page.client,
        page=page,
        chips=chips,
        line=shown.line(form),
        route=shown.route(form.address.data or ""),
        phones=[(number, phone_text(number)) for number in page.client.head.phones],
        safe=shown.safe_ways(page.client),
        prominent=queries.prominent_topics(),
        words=queries.topic_words(),
        draft_url=draft_url,
        offers=shown.offers_of(
            page,
            form.form_id.data,
            lambda draft_id: url_for("counselling.contact", client_id=page.client.id, entwurf=draft_id),
        ),
    ), form.status
