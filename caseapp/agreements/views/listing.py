"""The list of versions and plans, the difference of two versions, and the check whether they are unchanged."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.agreements import queries, service
from caseapp.agreements.rules import differences
from caseapp.agreements.views import shown
from caseapp.agreements.views.area import area
from caseapp.agreements.views.drafts import TALK
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.clients import queries as clients
from caseapp.drafts.queries import list_client_drafts
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context

_MOST_DIGITS = 5


@area.page("/klienten/<uuid:client_id>/vereinbarung", permission=Permission.CLIENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """All versions with their state and papers, and the plans of other offices."""
    opened = frame.open_file(client_id)
    versions = queries.list_versions(client_id)
    signs = shown.may_sign(opened)
    current = next((line for line in versions if line.state == "signed"), None)
    return frame.shown(
        "agreements/index.html",
        opened,
        "goals",
        versions=versions,
        current=current,
        waiting=shown.undecided_of(versions),
        plans=queries.list_plans(client_id),
        drafts=list_client_drafts(context.actor().user_id, TALK, client_id) if signs else [],
        badge_of=shown.state_badge,
        label=catalogue.label,
        signs=signs,
    )


@area.page("/klienten/<uuid:client_id>/vereinbarung/vergleich", permission=Permission.CLIENT_READ)
def compare(client_id: UUID) -> ResponseReturnValue:
    """How two versions differ: `?alt=1&neu=2`; without numbers the last two. Raises NotFoundError for a missing one."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_READ, client)
    lines = queries.list_versions(client_id)
    new = _number("neu") or (lines[0].number if lines else 0)
    old = _number("alt") or max(new - 1, 1)
    changes = None
    if lines:
        before, after = queries.get_version(client_id, old), queries.get_version(client_id, new)
        changes = differences(queries.terms_of(before), queries.terms_of(after))
    audit.note_read("agreement:read", client_id=client_id)
    return render_template(
        "agreements/compare.html",
        client=client,
        head=client.head,
        versions=lines,
        old=old,
        new=new,
        changes=changes,
    )


@area.page("/klienten/<uuid:client_id>/vereinbarung/pruefung", permission=Permission.CLIENT_READ)
def verify(client_id: UUID) -> ResponseReturnValue:
    """Recomputes the check values of all versions and their papers."""
    client = clients.get_client(client_id)
    checked = service.verify(context.actor(), client)
    return render_template("agreements/verify.html", client=client, head=client.head, checked=checked)


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS else 0
