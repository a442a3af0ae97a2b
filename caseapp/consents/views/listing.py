"""The tab "Freigaben": what holds now, what waits for a signature, what ended; the notice given."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.clients import queries as clients
from caseapp.clients.frame import Opened
from caseapp.clients.rules.ages import is_minor
from caseapp.consents import queries, service
from caseapp.consents.documents import missing_of
from caseapp.consents.models import DeclarationState, ReleaseLine
from caseapp.consents.queries import DeclarationView
from caseapp.consents.views.area import area, load_declaration, to_list, to_paper
from caseapp.consents.views.shown import shown, title_of
from caseapp.i18n import gettext as _
from caseapp.places.queries import get_organisation
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_ENDED = frozenset({DeclarationState.WITHDRAWN.value, DeclarationState.DONE.value})


@area.page("/klienten/<uuid:client_id>/freigaben", permission=Permission.CLIENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """What this person has declared: each adult for himself."""
    opened = frame.open_file(client_id)
    views = queries.list_views(client_id)
    valid = [view for view in views if view.state == DeclarationState.VALID]
    held = Counter(_recipient(view) for view in valid if view.holds_on(opened.today))
    ended = sorted((view for view in views if view.state in _ENDED), key=_ended_last, reverse=True)
    return frame.shown(
        "consents/index.html",
        opened,
        "consents",
        valid=[shown(view, opened.today, several=held[_recipient(view)] > 1) for view in valid],
        ended=[shown(view, opened.today) for view in ended],
        waiting=_waiting(client_id, views),
        others=_others(opened),
        minor=is_minor(opened.client.head.birth.day, opened.today),
        **_notice(opened),
    )


@area.page(
    "/klienten/<uuid:client_id>/datenschutzhinweise/drucken", permission=Permission.CLIENT_READ, methods=("POST",)
)
def print_notice(client_id: UUID) -> ResponseReturnValue:
    """The privacy notice as a paper, in the client's language."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_READ, client)
    return to_paper(service.order_notice(context.actor(), client), "")


@area.page("/freigaben/zeile/<uuid:declaration_id>/beenden", permission=Permission.CONSENT_RECORD, methods=("POST",))
def finish(declaration_id: UUID) -> ResponseReturnValue:
    """The purpose is reached, or what has run out is not needed again."""
    declaration, client = load_declaration(declaration_id, Permission.CONSENT_RECORD)
    service.finish_declaration(context.actor(), client, declaration)
    tell(_("Beendet."), undo=url_for("consents.reopen", declaration_id=declaration.id))
    return to_list(client)


@area.page("/freigaben/zeile/<uuid:declaration_id>/fortsetzen", permission=Permission.CONSENT_RECORD, methods=("POST",))
def reopen(declaration_id: UUID) -> ResponseReturnValue:
    """Take the end back."""
    declaration, client = load_declaration(declaration_id, Permission.CONSENT_RECORD)
    service.reopen_declaration(context.actor(), client, declaration)
    tell(_("Das gilt wieder."))
    return to_list(client)


def _recipient(view: DeclarationView) -> object:
    """By what two releases are for the same recipient; other declarations never are."""
    line = view.line
    return (line.partner_id or line.recipient.casefold()) if isinstance(line, ReleaseLine) else view.id


def _ended_last(view: DeclarationView) -> tuple[float, int]:
    return view.ended_at.timestamp() if view.ended_at else 0.0, -view.place


def _waiting(client_id: UUID, views: list[DeclarationView]) -> list[dict[str, Any]]:
    """Sheets that nobody has signed yet, with what stands on them."""
    waiting = [view for view in views if view.state == DeclarationState.PREPARED]
    if not waiting:
        return []
    return [
        {"sheet": sheet, "titles": [title_of(view.line) for view in waiting if view.sheet_id == sheet.id and view.line]}
        for sheet in queries.list_sheets(client_id, [DeclarationState.PREPARED.value])
    ]


def _others(opened: Opened) -> list[dict[str, Any]]:
    """The other people of the household: everybody declares for himself."""
    actor = context.actor()
    return [
        {
            "href": url_for("consents.index", client_id=member.client.id),
            "text": member.client.head.full_name,
            "note": _("minderjährig: die Vertretung unterschreibt")
            if is_minor(member.client.head.birth.day, opened.today)
            else _("erklärt für sich selbst"),
        }
        for member in opened.living_together
        if member.client.id != opened.client.id and policy.allows(actor, Permission.CLIENT_READ, member.client)
    ]


def _notice(opened: Opened) -> dict[str, Any]:
    profile = get_organisation(opened.client.organisation_id).profile
    notices = sorted(opened.client.body.notices, key=lambda notice: notice.given_on, reverse=True)
    return {
        "notices": [
            (notice, catalogue.label("languages", notice.language), catalogue.label("notice_ways", notice.way))
            for notice in notices
        ],
        "notice_version": profile.notice_version,
        "notice_missing": missing_of(profile),
        "notice_current": any(notice.version == profile.notice_version for notice in notices),
    }
