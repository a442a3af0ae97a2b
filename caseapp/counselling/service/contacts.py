"""Saving a contact, and taking it back within ten minutes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError

from caseapp import audit, clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client, FactKind
from caseapp.clients.service.facts import confirm_facts, unconfirm_facts
from caseapp.counselling import queries, rules
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.service import links
from caseapp.db import new_id, session
from caseapp.drafts.service import drop_on_save
from caseapp.errors import NotFoundError, RuleError
from caseapp.goals import service as goals
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks
from caseapp.tasks.service import NewTask


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """What a form says about a contact, its tasks and what was confirmed with it. `minutes` None: not known."""

    on_day: dt.date
    kind: str
    minutes: int | None
    detail: ContactDetail
    tasks: tuple[NewTask, ...] = ()
    done: frozenset[UUID] = frozenset()
    steps: frozenset[UUID] = frozenset()  # towards goals, taken by the client
    confirmed: frozenset[FactKind] = frozenset()


def save_contact(actor: Actor, client: Client, new: NewContact, *, contact_id: UUID | None = None) -> Contact:
    """Store the contact with its tasks, confirmations and links, and drop its draft (which has the same id).

    The caller looks for `contact_id` first (`queries.find_contact`): a double click must not come here. Raises
    RuleError with the field it belongs to.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    check(client, new)
    contact_id = contact_id or new_id()
    confirmed = confirm_facts(actor, client, new.confirmed, new.on_day) if new.confirmed else {}
    done = tasks.record_steps(actor, client, new=new.tasks, done=new.done, contact_id=contact_id)
    ticked = goals.tick_steps(actor, client, new.steps) if new.steps else []
    contact = Contact(
        id=contact_id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        worker_id=actor.user_id,
        on_day=new.on_day,
        kind=new.kind,
        minutes=new.minutes,
        state=queries.VALID,
        created_by=actor.user_id,
        created_at=clock.now(),
        detail=msgspec.structs.replace(
            new.detail, done_tasks=tuple(done), done_steps=tuple(ticked), confirmed=tuple(confirmed.items())
        ),
    )
    try:
        # Within a savepoint: the page that shows the refusal still reads in this transaction.
        with session().begin_nested():
            session().add(contact)
            links.add_links(contact)
            audit.record("contact:add", client_id=client.id, detail=audit.Detail(note=new.kind))
    except IntegrityError:
        # The id stands in a file that the actor cannot see: made up, or of a case that was handed over meanwhile.
        raise RuleError(_("Das Formular ist veraltet. Öffnen Sie den Kontakt neu; der Entwurf bleibt.")) from None
    links.note_last_contact(contact)
    drop_on_save(contact_id)
    return contact


def save_absent(actor: Actor, client: Client, *, slip_left: bool, contact_id: UUID) -> Contact:
    """ "Nicht angetroffen", today: with or without a slip left at the door. Sent twice, it is stored once."""
    policy.require(actor, Permission.CONTACT_WRITE, client)
    existing = queries.find_contact(contact_id)
    if existing is not None and existing.client_id == client.id:
        return existing
    new = NewContact(
        on_day=clock.today(),
        kind=rules.NOT_MET,
        minutes=None,
        detail=ContactDetail(slip_left=slip_left),
    )
    return save_contact(actor, client, new, contact_id=contact_id)


def undo_contact(actor: Actor, client: Client, contact: Contact) -> None:
    """Take the contact back with everything it did: tasks, confirmations, links.

    Raises RuleError after ten minutes or after a later change, NotFoundError for somebody else's contact.
    """
    policy.require(actor, Permission.CONTACT_WRITE, client)
    if contact.created_by != actor.user_id or contact.state == queries.UNDONE:
        raise NotFoundError
    if contact.state != queries.VALID or not rules.can_undo(contact.created_at, contact.changed_at, clock.now()):
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen. Sie können den Kontakt ändern oder stornieren."))
    detail = contact.detail
    if detail.confirmed:
        unconfirm_facts(actor, client, dict(detail.confirmed), contact.on_day)
    tasks.take_back_steps(actor, client, contact_id=contact.id, done=detail.done_tasks)
    goals.untick_steps(actor, client, detail.done_steps)
    contact.state = queries.UNDONE
    links.remove_links(contact)
    links.recount_last_contact((contact.client_id, *detail.participants))
    audit.record("contact:undo", client_id=client.id)


def check(client: Client, new: NewContact) -> None:
    """Whether the contact may be stored like this. Raises RuleError with the field it belongs to."""
    rules.check_day(new.on_day, clock.today())
    rules.check_minutes(new.minutes)
    _check_codes("contact_kinds", (new.kind,), new.on_day, "kind")
    _check_codes("topics", new.detail.topics, new.on_day, "topics")
    _check_codes("languages", (new.detail.language,), new.on_day, "language")
    _check_codes("interpreter_kinds", (new.detail.interpreter,), new.on_day, "interpreter")
    _check_codes("third_party_kinds", (new.detail.third_party_kind,), new.on_day, "third_party_kind")
    links.check_participants(client, new.detail.participants)


def _check_codes(name: str, codes: tuple[str, ...], on_day: dt.date, field: str) -> None:
    known = catalogue.catalogue()
    if any(code and known.find(name, code, on_day) is None for code in codes):
        raise RuleError(_("Wählen Sie einen der angebotenen Werte aus."), field=field)
