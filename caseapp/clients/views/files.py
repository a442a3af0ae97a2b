"""The client page and its tabs for reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame, queries
from caseapp.clients.frame import Opened, texts
from caseapp.clients.models import Client, FactKind, HistoryEntry
from caseapp.clients.rules import histories, kept
from caseapp.clients.rules.ages import belongs_in_school
from caseapp.clients.rules.timeline import TimelineEntry, runs
from caseapp.clients.service.entries import row_of
from caseapp.clients.views.area import area
from caseapp.i18n import gettext as _
from caseapp.places.queries import municipality_name
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.templating import day_text

STEP = 30
_MOST = 3_000


@area.page("/klienten/<uuid:client_id>", permission=Permission.CLIENT_FIND)
def show(client_id: UUID) -> ResponseReturnValue:
    """The file: what is next, what was, how to reach the person. Who may only find it sees its head and its worker."""
    actor = context.actor()
    client = queries.get_client(client_id)
    if not policy.allows(actor, Permission.CLIENT_READ, client):
        return _head_only(client)
    opened = frame.load(client)
    limit = min(max(request.args.get("bis", STEP, type=int), STEP), _MOST)
    entries, more = _timeline(opened, limit)
    return frame.shown(
        "clients/show.html",
        opened,
        "show",
        stops=_by_month(_folded(entries)),
        more_href=url_for("clients.show", client_id=client.id, bis=limit + STEP) if more else "",
        confirmations=_confirmations(opened),
        panels=_panels(client),
        contact=_contact_facts(opened),
        running=frame.running(client, opened.today),
        record=_record_facts(client),
    )


@area.page("/klienten/<uuid:client_id>/stand", permission=Permission.CLIENT_READ)
def facts(client_id: UUID) -> ResponseReturnValue:
    """The six histories with all their rows."""
    opened = frame.open_file(client_id)
    return frame.shown(
        "clients/facts.html",
        opened,
        "facts",
        histories=[_history(opened, kind) for kind in texts.KINDS],
        confirmations=_confirmations(opened),
    )


@area.page("/klienten/<uuid:client_id>/angaben", permission=Permission.CLIENT_READ)
def details(client_id: UUID) -> ResponseReturnValue:
    """The master data, what an import took over, and what is still to be checked."""
    opened = frame.open_file(client_id)
    return frame.shown("clients/details.html", opened, "details", groups=_details(opened))


def _head_only(client: Client) -> ResponseReturnValue:
    """What a colleague of the team sees: who this is and whom to ask."""
    audit.note_read("client:find", client_id=client.id)
    names = accounts.names_of({client.worker_id}) if client.worker_id else {}
    today = clock.today()
    return render_template(
        "clients/head_only.html",
        client=client,
        head=client.head,
        born=texts.born_text(client.head.birth, today),
        spoken=catalogue.label("languages", client.head.language),
        worker=next(iter(names.values()), ""),
    )


def _timeline(opened: Opened, limit: int) -> tuple[list[TimelineEntry], bool]:
    return frame.registry().timeline(context.actor(), opened.client, limit, own=_own_entries(opened))


def _own_entries(opened: Opened) -> list[TimelineEntry]:
    """What changed in the person's life, and when the file was opened."""
    client = opened.client
    opening = TimelineEntry(on=client.opened_on, icon="draft", title=_("Akte angelegt"), quiet=True)
    return [opening, *(_fact_entry(opened, entry) for entry in opened.entries if _is_event(opened, entry))]


def _is_event(opened: Opened, entry: HistoryEntry) -> bool:
    return entry.cancelled_at is None and entry.from_on is not None and entry.from_on <= opened.today


def _fact_entry(opened: Opened, entry: HistoryEntry) -> TimelineEntry:
    kind = FactKind(entry.kind)
    title = f"{texts.SHORT_KINDS[kind]}: {texts.fact_text(entry.box.fact, entry.from_on)}"
    return TimelineEntry(
        on=entry.from_on or opened.today,
        icon=texts.ICONS[kind],
        title=title,
        meta=" · ".join(texts.fact_details(entry.box.fact, entry.from_on)),
        link=url_for("clients.facts", client_id=opened.client.id, _anchor=kind),
        quiet=True,
    )


def _folded(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """A child is present at most contacts of its parents: such lines become one, which can be opened."""
    return [run[0] if len(run) == 1 else _fold(run) for run in runs(entries)]


def _fold(run: tuple[TimelineEntry, ...]) -> TimelineEntry:
    return TimelineEntry(
        on=run[0].on,
        icon="group",
        title=_("Bei %(number)s Kontakten anderer dabei", number=len(run)),
        meta=_("Die Notizen stehen in den anderen Akten."),
        quiet=True,
        parts=run,
    )


def _by_month(entries: Iterable[TimelineEntry]) -> list[tuple[str, list[TimelineEntry]]]:
    """The entries below headings such as "November 2026"."""
    stops: list[tuple[str, list[TimelineEntry]]] = []
    for entry in entries:
        month = texts.month_text(entry.on)
        if not stops or stops[-1][0] != month:
            stops.append((month, []))
        stops[-1][1].append(entry)
    return stops


def _confirmations(opened: Opened) -> list[dict[str, Any]]:
    """The row "Stand unverändert": one button a kind, or a link where nothing is known yet."""
    found = []
    for kind, label in texts.SHORT_KINDS.items():
        present = opened.present[kind]
        if kind == FactKind.SCHOOL and not present and not _belongs_in_school(opened):
            continue
        days = [entry.confirmed_on for entry in present]
        oldest = None if None in days else min((day for day in days if day), default=None)
        found.append(
            {
                "kind": kind.value,
                "label": label,
                "value": ", ".join(texts.fact_text(entry.box.fact, opened.today) for entry in present),
                "confirmed": oldest,
                "fresh": oldest == opened.today,
                "add": url_for("clients.add_fact", client_id=opened.client.id, kind=kind.value),
            }
        )
    return found


def _belongs_in_school(opened: Opened) -> bool:
    """Whether nothing about Kita or school is something missing."""
    return belongs_in_school(opened.client.head.birth.day, opened.today)


def _panels(client: Client) -> list[dict[str, Any]]:
    actor = context.actor()
    return [
        {
            "key": panel.key,
            "title": panel.title,
            "body": Markup(render_template(panel.template, client=client, **panel.load(actor, client))),  # noqa: S704  # rendered with escaping
        }
        for panel in frame.registry().panels
    ]


def _contact_facts(opened: Opened) -> list[tuple[str, Any]]:
    body = opened.client.body
    stay = next(iter(opened.present[FactKind.STAY]), None)
    address = texts.address_text(stay.box.fact) if stay else ""  # type: ignore[arg-type]  # a row of this kind
    return [
        (_("Adresse"), address or municipality_name(opened.client.ags)),
        (_("E-Mail"), body.email),
        (_("Dolmetschen"), catalogue.label("interpreter_kinds", body.interpreter)),
    ]


def _record_facts(client: Client) -> list[tuple[str, Any]]:
    """Since when there is a file, and how long counselling lasts (VwV Integrationsmanagement 06.06.2023)."""
    until = kept.counselling_ends(client.opened_on, client.body.earlier_counselling_months)
    return [
        (_("Gemeinde"), municipality_name(client.ags)),
        (_("Angelegt am"), day_text(client.opened_on)),
        (_("Beratung bis"), day_text(until)),
    ]


def _history(opened: Opened, kind: FactKind) -> dict[str, Any]:
    """One history: what holds, what was, where nothing is known; cancelled rows last."""
    entries = [entry for entry in opened.entries if entry.kind == kind]
    rows = sorted(entries, key=lambda entry: (entry.from_on is not None, entry.from_on, entry.created_at), reverse=True)
    present = {entry.id for entry in opened.present[kind]}
    gaps = histories.gaps([row_of(entry, number) for number, entry in enumerate(entries)])
    return {
        "kind": kind.value,
        "label": texts.KINDS[kind],
        "rows": [_fact_row(opened, entry, now=entry.id in present) for entry in rows],
        "gaps": [_("%(begin)s bis %(end)s", begin=day_text(gap.from_on), end=day_text(gap.until_on)) for gap in gaps]
        if kind in histories.SINGLE_KINDS
        else [],
    }


def _fact_row(opened: Opened, entry: HistoryEntry, *, now: bool) -> dict[str, Any]:
    fact = entry.box.fact
    labelled = opened.today if now else entry.from_on
    return {
        "id": entry.id,
        "text": texts.fact_text(fact, labelled),
        "details": texts.fact_details(fact, labelled),
        "span": texts.span_text(entry),
        "end": texts.title_end(entry, opened.today) if now else None,
        "confirmed": entry.confirmed_on if now else None,
        "now": now,
        "coming": entry.from_on is not None and entry.from_on > opened.today and entry.cancelled_at is None,
        "cancelled": entry.cancelled_at is not None,
    }


def _details(opened: Opened) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The master data in groups of label and text."""
    head, body = opened.client.head, opened.client.body
    label = catalogue.label
    return [
        (
            _("Person"),
            [
                (_("Nachname"), head.family_name),
                (_("Vorname"), head.given_names),
                (_("Name in eigener Schrift"), head.own_script),
                (_("Weitere Schreibweisen"), ", ".join(head.other_names)),
                (_("Geburtsdatum"), texts.born_text(head.birth, opened.today).removeprefix("geb. ")),
                (_("Geschlecht"), label("sexes", head.sex)),
                (_("Staatsangehörigkeit"), ", ".join(label("nationalities", code) for code in body.nationalities)),
                (_("Sprache"), label("languages", head.language)),
                (_("Alphabetisierung"), label("literacy", body.literacy)),
            ],
        ),
        (
            _("Ankunft und Zugang"),
            [
                (_("In Deutschland seit"), day_text(body.entered_on) if body.entered_on else ""),
                (_("Anschlussunterbringung seit"), day_text(body.au_since) if body.au_since else ""),
                (_("Anspruch auf Beratung"), _eligibility(opened.client)),
                (_("Zugang"), label("access_routes", body.access_route)),
                (_("Schon anderswo beraten"), _earlier(opened.client)),
            ],
        ),
        (_("Bemerkung"), [("", body.remarks)]) if body.remarks else ("", []),
    ]


def _eligibility(client: Client) -> str:
    body = client.body
    said = [catalogue.label("eligibility_reasons", body.eligibility, body.eligibility_on), body.eligibility_note]
    if body.eligibility_on:
        said.append(_("geprüft am %(day)s", day=day_text(body.eligibility_on)))
    return ", ".join(filter(None, said))


def _earlier(client: Client) -> str:
    months = client.body.earlier_counselling_months
    said = [_("%(months)s Monate", months=months) if months else "", client.body.earlier_counselling]
    return ", ".join(filter(None, said))
