"""Contacts as a client's timeline and list show them: in words, with the note only for those who may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp.accounts.queries import names_of
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.counselling import rules
from caseapp.counselling.models import Contact
from caseapp.counselling.queries.contacts import CANCELLED, list_contacts, list_links, note_readable
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_ICONS = {
    "BUE": "calendar-today",
    "HAU": "home",
    "UNT": "home",
    "BEG": "group",
    "TEL": "phone",
    "MAI": "mail",
    "MSG": "mail",
    "VID": "visibility",
    "BRF": "mail",
    "GRU": "group",
    "FAL": "group",
    "DRI": "arrow-forward",
    "NVE": "close",
}


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in words. `contact_id` None: of another file, where the client was only present."""

    contact_id: UUID | None
    on_day: dt.date
    at: dt.datetime | None
    icon: str
    title: str
    meta: str
    note: str = ""
    topics: tuple[str, ...] = ()
    cancelled: bool = False


def list_lines(
    actor: Actor, client: Client, *, kinds: Sequence[str] = (), topic: str = "", limit: int = 50
) -> list[ContactLine]:
    """The client's contacts and those of others in which the client took part, the latest first.

    Empty for those who may not read the file. `kinds` and `topic` narrow; links from other files have no topic. Three
    statements; topics and length are facts, the note is not.
    """
    lines = list_own_lines(actor, client, kinds=kinds, topic=topic, limit=limit)
    if topic or not policy.allows(actor, Permission.CLIENT_READ, client):
        return lines
    links = [link_line(link.kind, link.on_day) for link in list_links(client.id, kinds=kinds, limit=limit)]
    return sorted([*lines, *links], key=lambda line: (line.on_day, line.at is not None, line.at), reverse=True)


def list_own_lines(
    actor: Actor, client: Client, *, kinds: Sequence[str] = (), topic: str = "", limit: int = 50
) -> list[ContactLine]:
    """The client's own contacts, the latest first; two statements. Empty for those who may not read the file."""
    if not policy.allows(actor, Permission.CLIENT_READ, client):
        return []
    contacts = [
        contact
        for contact in list_contacts(client.id, kinds=kinds, limit=limit)
        if not topic or topic in contact.detail.topics
    ]
    names = names_of({contact.worker_id for contact in contacts if contact.worker_id})
    reads_note = note_readable(actor, client)
    return [_line(contact, names, reads_note=reads_note) for contact in contacts]


def _line(contact: Contact, names: Mapping[UUID, str], *, reads_note: bool) -> ContactLine:
    day, detail = contact.on_day, contact.detail
    facts = [
        names.get(contact.worker_id, "") if contact.worker_id else "",
        catalogue.label("languages", detail.language, day),
        _interpreter(detail.interpreter, day),
        _("%(number)s dabei", number=len(detail.participants)) if detail.participants else "",
        _("Zettel hinterlassen") if detail.slip_left else "",
    ]
    return ContactLine(
        contact_id=contact.id,
        on_day=day,
        at=contact.created_at,
        icon=_ICONS.get(contact.kind, "edit"),
        title=_title(contact, day),
        meta=" · ".join(filter(None, facts)),
        note=detail.note if reads_note else "",
        topics=tuple(catalogue.label("topics", code, day) for code in detail.topics),
        cancelled=contact.state == CANCELLED,
    )


def _title(contact: Contact, day: dt.date) -> str:
    kind = catalogue.label("contact_kinds", contact.kind, day)
    return kind if contact.minutes is None else _("%(kind)s · %(number)s min", kind=kind, number=contact.minutes)


def _interpreter(code: str, day: dt.date) -> str:
    return "" if code in {"", rules.NO_INTERPRETER} else catalogue.label("interpreter_kinds", code, day)


def link_line(kind: str, on_day: dt.date) -> ContactLine:
    """A contact of somebody else at which the client was present."""
    return ContactLine(
        contact_id=None,
        on_day=on_day,
        at=None,
        icon=_ICONS.get(kind, "edit"),
        title=catalogue.label("contact_kinds", kind, on_day),
        meta=_("Als weitere Person dabei; die Notiz steht in der anderen Akte."),
    )
