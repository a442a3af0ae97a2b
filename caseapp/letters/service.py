"""Writing a letter, cancelling it, printing it. It makes its contact once and finishes the task that asked for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from caseapp import audit, clock, i18n
from caseapp.accounts import queries as accounts
from caseapp.catalogue import phrases
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.service.phrases import keep_book
from caseapp.clients.models import Client
from caseapp.consents import queries as consents
from caseapp.consents.rules import ValidRelease, uncovered
from caseapp.counselling import queries as contacts
from caseapp.counselling import service as counselling
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact
from caseapp.db import new_id, session, stored_before
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.letters import queries, rules
from caseapp.letters.models import Letter, LetterContent
from caseapp.letters.rules import Audience, Template, Way
from caseapp.network import queries as network
from caseapp.papers import service as papers
from caseapp.papers.models import Paper
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks

LETTER = "BRF"  # kind of contact, and way of a release
# The name of every download: nothing of the case, not even which letter it is.
FILE_NAME = "schreiben.pdf"
_SLIP_NAME = "zettel.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter to be written. `values` by field of the template, days as YYYY-MM-DD.

    `partner_id` fills the address from the directory; otherwise `recipient` holds its lines. `purpose` says under which
    purpose of a release it is sent, "" for the only one.
    """

    template: str
    values: Mapping[str, str] = field(default_factory=dict)
    language: str = "de"
    way: str = Way.HAND.value
    partner_id: UUID | None = None
    recipient: str = ""
    phone: str = ""
    purpose: str = ""
    task_id: UUID | None = None
    contact: bool = True


def write_letter(actor: Actor, client: Client, new: NewLetter, *, letter_id: UUID | None = None) -> Letter:
    """Write a letter, with a contact of its own, and finish the task that asked for it.

    `letter_id` is that of the form: sent twice, it is stored once. Raises RuleError on the field, NotFoundError for an
    unknown template or partner, AlreadyStoredError where the form has stored another letter before.
    """
    policy.require(actor, Permission.LETTER_WRITE, client)
    template = queries.get_template(new.template)
    content = _content(actor, client, template, new)
    letter = Letter(
        id=letter_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        template=template.code,
        way=Way(new.way).value,
        on_day=clock.today(),
        partner_id=new.partner_id,
        contact_id=new_id() if new.contact else None,
        task_id=new.task_id,
        book_version=keep_book().version,
        written_by=actor.user_id,
        written_at=clock.now(),
        content=content,
    )
    stored = stored_before(letter, "client_id", "template", "way", "partner_id", "task_id", "content", "state")
    if stored is not None:
        return stored
    session().add(letter)
    _note_contact(actor, client, letter, template)
    audit.record("letter:write", client_id=client.id, detail=audit.Detail(note=template.code))
    session().flush()
    return letter


def cancel_letter(actor: Actor, client: Client, letter: Letter) -> None:
    """Take a wrong letter back, with its contact; the task that it finished is open again. Twice changes nothing."""
    policy.require(actor, Permission.LETTER_WRITE, client)
    if letter.state != "valid":
        return
    letter.state, letter.cancelled_at = "cancelled", clock.now()
    contact = contacts.find_contact(letter.contact_id) if letter.contact_id else None
    if contact is not None and contact.state == contacts.VALID:
        counselling.cancel_contact(actor, client, contact, reason=_("Schreiben storniert"), change_id=new_id())
    if letter.finished_task and letter.task_id:
        tasks.reopen_tasks(actor, client, (letter.task_id,))
    audit.record("letter:cancel", client_id=client.id)
    session().flush()


def restore_letter(actor: Actor, client: Client, letter: Letter) -> None:
    """Undo `cancel_letter` within ten minutes. Raises RuleError later."""
    policy.require(actor, Permission.LETTER_WRITE, client)
    if letter.state == "valid" or letter.cancelled_at is None:
        return
    if clock.now() - letter.cancelled_at > rules.UNDO:
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen. Schreiben Sie den Brief neu."))
    letter.state, letter.cancelled_at = "valid", None
    contact = contacts.find_contact(letter.contact_id) if letter.contact_id else None
    if contact is not None:
        counselling.restore_contact(actor, client, contact)
    if letter.finished_task and letter.task_id:
        tasks.finish_tasks(actor, client, (letter.task_id,))
    audit.record("letter:restore", client_id=client.id)
    session().flush()


def print_letter(actor: Actor, client: Client, letter: Letter) -> tuple[Paper, Job]:
    """Order the paper of the letter; a second print makes no second contact. Raises RuleError when cancelled."""
    policy.require(actor, Permission.LETTER_WRITE, client)
    if letter.state != "valid":
        raise RuleError(_("Dieses Schreiben ist storniert."))
    return papers.order_paper(
        actor, client, queries.PAPER_KIND, letter.id, file_name=FILE_NAME, permission=Permission.LETTER_WRITE
    )


def print_slip(actor: Actor, client: Client) -> tuple[Paper, Job]:
    """The slip "nicht angetroffen" for today, in the client's language, without a word of who was there."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    return papers.order_paper(
        actor, client, queries.SLIP_KIND, client.id, file_name=_SLIP_NAME, permission=Permission.CONTACT_WRITE
    )


def check_release_again(client: Client, letter: Letter) -> None:
    """Between writing and printing a release may have ended. Raises RuleError then: nothing leaves."""
    if not letter.content.release_ids or letter.partner_id is None:
        return
    releases = consents.list_valid_releases(client.id, clock.today(), partner_id=letter.partner_id)
    if _gaps(releases, letter.partner_id, letter.content.purpose, letter.content.tells):
        raise RuleError(_("Die Freigabe gilt nicht mehr. Der Brief wird nicht gedruckt."))


def _content(actor: Actor, client: Client, template: Template, new: NewLetter) -> LetterContent:
    posted = Way(new.way) == Way.POST
    values = _filled(client, rules.check_values(template, new.values))
    recipient = _recipient(client, template, new, posted=posted)
    to_client = template.audience == Audience.CLIENT
    tells = () if to_client or _is_own(template, new) else template.told(values)
    releases: tuple[ValidRelease, ...] = ()
    purpose = ""
    if posted and tells:
        purpose, releases = _released(client, new, tells)
    profile = places.get_organisation(client.organisation_id).profile
    return LetterContent(
        recipient=recipient,
        carrier=profile.name,
        sender=_sender(profile.name, profile.controller),
        writer=accounts.get_user(actor.user_id).profile.name,
        phone=" ".join(new.phone.split())[:40],
        name=client.head.spoken_name,
        values=tuple(values.items()),
        language=phrases.print_language(new.language),
        tells=tells,
        purpose=purpose,
        release_ids=tuple(sorted((each.id for each in releases), key=str)),
    )


def _filled(client: Client, values: dict[str, str]) -> dict[str, str]:
    """The mark "with the birth date" becomes the date of the file."""
    if "born" in values:
        values["born"] = client.head.birth.written
        if not values["born"]:
            raise RuleError(_("In der Akte steht kein Geburtsdatum."), field="born")
    return values


def _recipient(client: Client, template: Template, new: NewLetter, *, posted: bool) -> tuple[str, ...]:
    if new.partner_id is not None and template.audience != Audience.CLIENT:
        return _partner_lines(new.partner_id, posted=posted)
    if _is_own(template, new) and posted:
        ways = client.body.safe_contact.ways
        if ways and LETTER not in ways:
            raise RuleError(
                _("Für diese Person ist Post kein sicherer Weg. Geben Sie den Brief in die Hand."), field="way"
            )
    elif posted:
        raise RuleError(
            _("Für den Versand an eine Stelle wählen Sie sie aus dem Verzeichnis: Daran hängt die Freigabe."),
            field="partner_id",
        )
    if _is_own(template, new):
        return (client.head.spoken_name, *rules.check_address(new.recipient, posted=posted))
    return rules.check_recipient(new.recipient)


def _is_own(template: Template, new: NewLetter) -> bool:
    """Whether the letter goes to the client: it tells nobody else anything."""
    return template.audience == Audience.CLIENT or (template.audience == Audience.ANY and new.partner_id is None)


def _partner_lines(partner_id: UUID, *, posted: bool) -> tuple[str, ...]:
    profile = network.get_partner(partner_id).profile
    if posted and not profile.has_address:
        raise RuleError(
            _("Im Verzeichnis fehlt die Anschrift dieser Stelle. Tragen Sie sie ein oder geben Sie den Brief mit."),
            field="partner_id",
        )
    town = " ".join(part for part in (profile.postcode, profile.place) if part)
    return tuple(part for part in (profile.name, profile.department, profile.street, town) if part)


def _released(client: Client, new: NewLetter, tells: tuple[str, ...]) -> tuple[str, tuple[ValidRelease, ...]]:
    """The purpose and the releases under which this may be sent. Raises RuleError when they do not cover it."""
    if new.partner_id is None:
        raise RuleError(_("Wählen Sie die Stelle aus dem Verzeichnis."), field="partner_id")
    partner_id = network.get_partner(new.partner_id).id
    releases = consents.list_valid_releases(client.id, clock.today(), partner_id=partner_id)
    if not releases:
        raise RuleError(rules.not_covered(()), field="way")
    purpose = rules.chosen_purpose(new.purpose, {each.purpose for each in releases})
    gaps = _gaps(releases, partner_id, purpose, tells)
    if gaps:
        locale = i18n.current_locale()
        known = catalogue.catalogue()
        labels = [known.label("release_fields", gap, clock.today(), locale) for gap in gaps if gap]
        raise RuleError(rules.not_covered(labels), field="way")
    return purpose, tuple(each for each in releases if each.purpose == purpose)


def _gaps(releases: list[ValidRelease], partner_id: UUID, purpose: str, tells: tuple[str, ...]) -> list[str]:
    """The codes that are not covered; "" for a release that does not fit at all."""
    today: dt.date = clock.today()
    found = uncovered(releases, partner_id=partner_id, purpose=purpose, fields=tells, way=LETTER, on=today)
    return [gap.field for gap in found]


def _sender(name: str, controller: str) -> tuple[str, ...]:
    """Name and address of the carrier; the field "controller" of its profile mostly holds both."""
    lines = rules.lines_of(controller)
    return lines if lines and name in lines[0] else (name, *lines)


def _note_contact(actor: Actor, client: Client, letter: Letter, template: Template) -> None:
    """The contact of the letter: that it was written, never what it says."""
    done = frozenset({letter.task_id}) if letter.task_id else frozenset()
    if letter.contact_id is None:
        letter.finished_task = bool(tasks.finish_tasks(actor, client, done)) if done else False
        return
    note = _("Schreiben: %(template)s", template=template.de)
    new = NewContact(on_day=letter.on_day, kind=LETTER, minutes=None, detail=ContactDetail(note=note), done=done)
    made = counselling.save_contact(actor, client, new, contact_id=letter.contact_id)
    letter.finished_task = bool(made.detail.done_tasks)
