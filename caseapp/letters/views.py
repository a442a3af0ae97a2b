"""Pages of letters: the list with its templates, the form, printing, taking back, the slip for the door."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.catalogue import phrases
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.frame import open_file, shown
from caseapp.clients.models import Client, FactKind, StayFact
from caseapp.counselling import queries as contacts
from caseapp.counselling.models import Contact
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.letters import queries, rules, service
from caseapp.letters.forms import LetterForm
from caseapp.letters.models import Letter
from caseapp.letters.rules import Audience, Template, Way
from caseapp.letters.service import NewLetter
from caseapp.network import queries as network
from caseapp.papers import queries as papers
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.tasks import queries as tasks
from caseapp.web import context
from caseapp.web.area import Area
from caseapp.web.forms import Choices, CreateForm
from caseapp.web.messages import tell

area = Area("letters", __name__)

WAS_HERE = "WAR"


@area.page("/klienten/<uuid:client_id>/schreiben", permission=Permission.CLIENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """All letters of the file, and the templates; `?aufgabe=` names the task that asks for one."""
    opened = open_file(client_id)
    written = queries.list_letters(client_id)
    prints = papers.list_papers(queries.PAPER_KIND, [each.id for each in written])
    printed = {paper.subject_id: paper for paper in reversed(prints)}
    task_id = request.args.get("aufgabe", "")
    return shown(
        "letters/index.html",
        opened,
        "letters",
        templates=queries.templates(),
        letters=[(each, queries.get_template(each.template), printed.get(each.id)) for each in written],
        task_id=task_id,
        form=CreateForm(),
        here_today=queries.find_todays_contact(client_id, clock.today()) is not None,
    )


@area.page(
    "/klienten/<uuid:client_id>/schreiben/<template>", permission=Permission.LETTER_WRITE, methods=("GET", "POST")
)
def write(client_id: UUID, template: str) -> ResponseReturnValue:
    """A letter from a template; `?kontakt=` takes day and time from a contact, `?aufgabe=` finishes a task."""
    actor, client = context.actor(), clients.get_client(client_id)
    policy.require(actor, Permission.LETTER_WRITE, client)
    chosen = queries.get_template(template)
    form = LetterForm(data=_proposed(client, chosen), choices=_choices(chosen))
    if form.validate_on_submit():
        try:
            letter = service.write_letter(actor, client, form.read(chosen), letter_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _printed(client, letter)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    return render_template("letters/write.html", form=form, client=client, template=chosen), form.status


@area.page("/klienten/<uuid:client_id>/schreiben/heute-hier", permission=Permission.LETTER_WRITE, methods=("POST",))
def was_here(client_id: UUID) -> ResponseReturnValue:
    """ "War heute hier" with one click: today's contact, into the client's hand, in the client's language too."""
    actor, client = context.actor(), clients.get_client(client_id)
    policy.require(actor, Permission.LETTER_WRITE, client)
    form, contact = CreateForm(), queries.find_todays_contact(client_id, clock.today())
    if contact is None or not form.validate_on_submit():  # without a talk today there is nothing to certify unasked
        return redirect(url_for("letters.write", client_id=client_id, template=WAS_HERE))
    new = NewLetter(
        template=WAS_HERE,
        values={"day": clock.today().isoformat(), **_times(contact)},
        language=phrases.print_language(client.head.language),
        recipient=_("Zur Vorlage"),
    )
    return _printed(client, service.write_letter(actor, client, new, letter_id=form.form_id.data))


@area.page("/schreiben/<uuid:letter_id>/drucken", permission=Permission.LETTER_WRITE, methods=("POST",))
def print_again(letter_id: UUID) -> ResponseReturnValue:
    """Print a letter once more."""
    letter, client = _load(letter_id)
    paper, _job = service.print_letter(context.actor(), client, letter)
    return redirect(url_for("papers.show", paper_id=paper.id))


@area.page("/schreiben/<uuid:letter_id>/stornieren", permission=Permission.LETTER_WRITE, methods=("POST",))
def cancel(letter_id: UUID) -> ResponseReturnValue:
    """The letter was wrong: its contact goes with it, its task is open again."""
    letter, client = _load(letter_id)
    service.cancel_letter(context.actor(), client, letter)
    tell(_("Schreiben storniert."), undo=url_for("letters.restore", letter_id=letter.id))
    return redirect(url_for("letters.index", client_id=client.id))


@area.page("/schreiben/<uuid:letter_id>/wiederherstellen", permission=Permission.LETTER_WRITE, methods=("POST",))
def restore(letter_id: UUID) -> ResponseReturnValue:
    """Undo `cancel`."""
    letter, client = _load(letter_id)
    service.restore_letter(context.actor(), client, letter)
    tell(_("Das Schreiben gilt wieder."))
    return redirect(url_for("letters.index", client_id=client.id))


@area.page("/aufgaben/<uuid:task_id>/schreiben", permission=Permission.LETTER_WRITE)
def from_task(task_id: UUID) -> ResponseReturnValue:
    """From a task to the templates: writing one finishes the task."""
    task = tasks.get_task(task_id)
    policy.require(context.actor(), Permission.LETTER_WRITE, clients.get_client(task.client_id))
    return redirect(url_for("letters.index", client_id=task.client_id, aufgabe=task.id))


@area.page("/klienten/<uuid:client_id>/zettel", permission=Permission.CONTACT_WRITE, methods=("POST",))
def slip(client_id: UUID) -> ResponseReturnValue:
    """Print the slip "nicht angetroffen"."""
    client = clients.get_client(client_id)
    paper, _job = service.print_slip(context.actor(), client)
    return redirect(url_for("papers.show", paper_id=paper.id))


def _printed(client: Client, letter: Letter) -> ResponseReturnValue:
    paper, _job = service.print_letter(context.actor(), client, letter)
    tell(_("Schreiben erstellt. Es steht auch bei den Kontakten."), undo=url_for("letters.cancel", letter_id=letter.id))
    return redirect(url_for("papers.show", paper_id=paper.id))


def _load(letter_id: UUID) -> tuple[Letter, Client]:
    letter = queries.get_letter(letter_id)
    client = clients.get_client(letter.client_id)
    policy.require(context.actor(), Permission.LETTER_WRITE, client)
    return letter, client


def _proposed(client: Client, template: Template) -> dict[str, object]:
    """What a new form holds."""
    today = clock.today()
    found: dict[str, object] = {
        "task_id": request.args.get("aufgabe", ""),
        "language": phrases.print_language(client.head.language),
        "since": client.opened_on,
        "phone": queries.find_last_phone(client.id, context.actor().user_id),
    }
    if template.code == WAS_HERE:
        contact = _asked_contact(client) or queries.find_todays_contact(client.id, today)
        found |= {"day": contact.on_day if contact else today, "recipient": _("Zur Vorlage"), **_times(contact)}
    if template.audience != Audience.THIRD:
        found["recipient"] = "\n".join(_address(client))
    return found


def _asked_contact(client: Client) -> Contact | None:
    try:
        contact = contacts.find_contact(UUID(request.args.get("kontakt", "")))
    except (ValueError, NotFoundError):
        return None
    return contact if contact is not None and contact.client_id == client.id else None


def _times(contact: Contact | None) -> dict[str, str]:
    """Beginning and end of the contact, where both are known."""
    if contact is None or not contact.minutes:
        return {}
    try:
        begins = dt.datetime.strptime(contact.detail.started_at, "%H:%M")  # noqa: DTZ007 - a time of day
    except ValueError:
        return {}
    ends = begins + dt.timedelta(minutes=contact.minutes)
    if ends.date() != begins.date():
        return {}
    return {"from_time": f"{begins:%H:%M}".lstrip("0"), "to_time": f"{ends:%H:%M}".lstrip("0")}


def _address(client: Client) -> list[str]:
    """Street and town of the present stay; empty where they are not known."""
    entries = [each for each in clients.list_facts(client.id) if each.kind == FactKind.STAY and each.until_on is None]
    stay = entries[-1].box.fact if entries else None
    if not isinstance(stay, StayFact) or not stay.street:
        return []
    return [stay.street, " ".join(part for part in (stay.postcode, stay.place) if part)]


def _choices(template: Template) -> dict[str, Choices]:
    book = phrases.book()
    languages = {code: catalogue.label("languages", code) for code in phrases.LANGUAGES}
    return {
        "purpose": {code: book.said(f"letters.purpose.{code}", "de").text for code in rules.PURPOSES},
        "partner_id": {} if template.audience == Audience.CLIENT else network.partner_choices(),
        "way": {Way.HAND.value: _("in die Hand der Person"), Way.POST.value: _("wir schicken ihn")},
        "release_purpose": {code.code: code.label() for code in catalogue.rows_of("release_purposes")},
        "language": {"de": _("nur Deutsch"), **languages},
    }
