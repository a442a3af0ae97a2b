"""What every page of a file shows around its part: the head, the household, the tabs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask import current_app, render_template, url_for

from caseapp import audit, clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries
from caseapp.clients.frame import texts
from caseapp.clients.models import Client, FactKind, HistoryEntry
from caseapp.clients.queries import Member
from caseapp.clients.rules import histories
from caseapp.clients.rules.ages import age_on, is_minor
from caseapp.clients.service.entries import row_of
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.parsing import phone_text

if TYPE_CHECKING:  # only the factory may import panels
    from caseapp.clients.panels import PanelRegistry


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that the actor may read, with its histories and household. `present` is what holds today, by kind."""

    client: Client
    entries: list[HistoryEntry]
    members: list[Member]
    present: dict[FactKind, list[HistoryEntry]]
    today: dt.date

    @property
    def living_together(self) -> list[Member]:
        """The members of today."""
        return [member for member in self.members if member.link.until_on is None]


def open_file(client_id: UUID, permission: Permission = Permission.CLIENT_READ) -> Opened:
    """Load a file for one of its pages and note that it was read. Raises NotFoundError, ForbiddenError."""
    client = queries.get_client(client_id)
    policy.require(context.actor(), permission, client)
    return load(client)


def load(client: Client) -> Opened:
    """Histories and household of a file; three statements and one for keys."""
    today = clock.today()
    entries = list(queries.list_facts(client.id))
    opened = Opened(client, entries, queries.list_household(client.id), present(entries, today), today)
    audit.note_read("client:read", client_id=client.id)
    return opened


def present(entries: list[HistoryEntry], today: dt.date) -> dict[FactKind, list[HistoryEntry]]:
    """What holds today, by kind, in the order of the kinds on the page."""
    by_id = {entry.id: entry for entry in entries}
    rows = [row_of(entry, number) for number, entry in enumerate(entries)]
    return {
        kind: [by_id[row.id] for row in histories.present([row for row in rows if row.kind == kind], today)]
        for kind in texts.KINDS
    }


def shown(template: str, opened: Opened, tab: str, **values: Any) -> str:
    """The page of one part of the file."""
    return render_template(
        template,
        client=opened.client,
        head=opened.client.head,
        header=header(opened),
        strip=_strip(opened),
        tabs=_tabs(opened, tab),
        opened=opened,
        lift=queries.find_lift(opened.client.id) if opened.client.protected else None,
        code_label=catalogue.label,
        phone_text=phone_text,
        **values,
    )


def header(opened: Opened) -> dict[str, Any]:
    """The texts of the head: what one must know before picking up the telephone."""
    client, today = opened.client, opened.today
    head = client.head
    title = next(iter(opened.present[FactKind.TITLE]), None)
    language = catalogue.catalogue().find("languages", head.language)
    return {
        "name": head.full_name,
        "own_script": head.own_script if head.own_script != head.full_name else "",
        "own_language": language.extra["iso639"] if language else "",
        "own_dir": language.extra["dir"] if language else "auto",
        "facts": [
            client.file_number,
            texts.born_text(head.birth, today),
            catalogue.label("languages", head.language),
        ],
        "title": texts.fact_text(title.box.fact, title.from_on) if title else "",
        "title_end": texts.title_end(title, today) if title else None,
        "phones": [(phone, phone_text(phone)) for phone in head.phones],
        "safe": _safe_contact(client),
    }


def _safe_contact(client: Client) -> list[str]:
    safe = client.body.safe_contact
    ways = [catalogue.label("safe_contact_ways", code) for code in safe.ways]
    return [text for text in (", ".join(ways), safe.note) if text]


def _strip(opened: Opened) -> list[dict[str, Any]]:
    """The household as links; nothing for a person who lives alone."""
    members = opened.living_together
    if len(members) < 2:
        return []
    return [
        {
            "name": member.client.head.given_names or member.client.head.full_name,
            "note": _member_note(member, opened.today),
            "href": url_for("clients.show", client_id=member.client.id),
            "current": member.client.id == opened.client.id,
            "minor": is_minor(member.client.head.birth.day, opened.today),
        }
        for member in members
    ]


def _member_note(member: Member, today: dt.date) -> str:
    relation = "" if member.link.anchor else catalogue.label("relationship_kinds", relation_of(member))
    day = member.client.head.birth.day
    age = str(age_on(day, today)) if day else ""
    return ", ".join(filter(None, (relation, age)))


def relation_of(member: Member) -> str:
    """How the member belongs; only readers of that file learn it."""
    readable = policy.allows(context.actor(), Permission.CLIENT_READ, member.client)
    return member.link.role.relation if readable else ""


def _tabs(opened: Opened, active: str) -> list[dict[str, Any]]:
    client_id = opened.client.id
    together = len(opened.living_together)
    items = [
        ("show", _("Übersicht"), 0),
        ("facts", _("Stand"), 0),
        ("household", _("Haushalt"), together if together > 1 else 0),
        ("details", _("Angaben"), len(opened.client.body.marks) + opened.client.head.name_check),
    ]
    own = [
        {
            "label": label,
            "href": url_for(f"clients.{key}", client_id=client_id),
            "count": count,
            "active": key == active,
        }
        for key, label, count in items
    ]
    more = [
        {"label": str(tab.label), "href": url_for(tab.endpoint, client_id=client_id), "active": tab.key == active}
        for tab in registry().tabs
        if policy.allows(context.actor(), tab.permission, opened.client)
    ]
    return own + more


def registry() -> PanelRegistry:
    """What the factory registered for the client pages."""
    return cast("PanelRegistry", current_app.extensions["caseapp_client_panels"])
