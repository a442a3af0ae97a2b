"""What other pages show of contacts: the timeline of a client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from flask import url_for

from caseapp.accounts.queries import names_of
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.counselling import queries, rules
from caseapp.counselling.models import Contact, ContactParticipant
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


def timeline(actor: Actor, client: Client, limit: int) -> list[TimelineEntry]:
    """The client's contacts and those of others in which the client took part. Three statements, four for a lead.

    Topics and length are facts; the note is there only for those who may read notes of this client.
    """
    if not policy.allows(actor, Permission.CLIENT_READ, client):
        return []
    contacts = queries.list_contacts(client.id, limit=limit)
    names = names_of({contact.worker_id for contact in contacts if contact.worker_id})
    reads_note = queries.note_readable(actor, client)
    entries = [_entry(contact, names, reads_note=reads_note) for contact in contacts]
    return entries + [_link(link) for link in queries.list_links(client.id, limit=limit)]


def _entry(contact: Contact, names: Mapping[UUID, str], *, reads_note: bool) -> TimelineEntry:
    day, detail = contact.on_day, contact.detail
    facts = [
        names.get(contact.worker_id, "") if contact.worker_id else "",
        catalogue.label("languages", detail.language, day),
        _interpreter(detail.interpreter, day),
        _("%(number)s dabei", number=len(detail.participants)) if detail.participants else "",
        _("Zettel hinterlassen") if detail.slip_left else "",
        _("storniert") if contact.state == queries.CANCELLED else "",
    ]
    return TimelineEntry(
        on=day,
        at=contact.created_at,
        icon=_ICONS.get(contact.kind, "edit"),
        title=_title(contact, day),
        meta=" · ".join(filter(None, facts)),
        text=detail.note if reads_note else "",
        tags=tuple(catalogue.label("topics", code, day) for code in detail.topics),
        link=url_for("counselling.edit", contact_id=contact.id),
        cancelled=contact.state == queries.CANCELLED,
    )


def _title(contact: Contact, day: dt.date) -> str:
    kind = catalogue.label("contact_kinds", contact.kind, day)
    return kind if contact.minutes is None else _("%(kind)s · %(number)s min", kind=kind, number=contact.minutes)


def _interpreter(code: str, day: dt.date) -> str:
    return "" if code in {"", rules.NO_INTERPRETER} else catalogue.label("interpreter_kinds", code, day)


def _link(link: ContactParticipant) -> TimelineEntry:
    return TimelineEntry(
        on=link.on_day,
        icon=_ICONS.get(link.kind, "edit"),
        title=catalogue.label("contact_kinds", link.kind, link.on_day),
        meta=_("Als weitere Person dabei; die Notiz steht in der anderen Akte."),
    )
