"""The queue of files that nobody has, and the way back after assigning."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.clients import queries as clients
from caseapp.errors import ForbiddenError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.teamwork import queries, service
from caseapp.teamwork.views.area import area
from caseapp.teamwork.views.parts import ASSIGNED, QUEUE, assign_form, assign_many, waiting_duties
from caseapp.web import context, undo
from caseapp.web.messages import tell

_PAGE_ROWS = 50


@area.page("/team/zuteilung", permission=Permission.CLIENT_ASSIGN, methods=("GET", "POST"))
def queue() -> ResponseReturnValue:
    """Files that wait for a worker; posting assigns some of them."""
    actor = context.actor()
    teams = queries.list_led_teams(actor, Permission.CLIENT_ASSIGN)
    waiting = queries.list_cases_of(None, teams)
    form = assign_form(waiting, teams)
    if form.validate_on_submit() and assign_many(actor, form, None):
        return redirect(url_for("teamwork.queue"))
    pages = max(1, -(-len(waiting) // _PAGE_ROWS))
    number = min(max(1, request.args.get("seite", 1, type=int)), pages)
    shown = waiting[(number - 1) * _PAGE_ROWS : number * _PAGE_ROWS]
    ids = [each.case.client_id for each in shown]
    audit.note_read("team:queue", detail=audit.Detail(count=len(ids), digest=audit.list_digest(ids)))
    page = render_template(
        "teamwork/queue.html",
        cases=shown,
        form=form,
        today=clock.today(),
        total=len(waiting),
        number=number,
        pages=pages,
        first=(number - 1) * _PAGE_ROWS + 1,
        page_href=lambda wanted: url_for("teamwork.queue", seite=wanted),
        team_names={team.team_id: team.name for team in teams},
        duties=waiting_duties(),
        readable={each.case.client_id for each in shown if policy.allows(actor, Permission.CLIENT_READ, each.case)},
    )
    return page, form.status


@area.page("/team/zuteilung/zurueck/<token>", permission=Permission.CLIENT_ASSIGN, methods=("POST",))
def unassign(token: str) -> ResponseReturnValue:
    """Undo an assignment; files that were changed since stay where they are."""
    try:
        before, given_to, *ids = undo.read(ASSIGNED, token)
    except RuleError as refusal:
        tell(str(refusal), "danger")
        return redirect(url_for("teamwork.queue"))
    target = None if before == QUEUE else UUID(hex=before)
    returned = sum(_give_back(UUID(hex=text), UUID(hex=given_to), target) for text in ids)
    tell(ngettext("%(num)s Akte zurückgegeben.", "%(num)s Akten zurückgegeben.", returned))
    if returned < len(ids):
        tell(_("Was inzwischen geändert wurde, bleibt, wie es ist."), "warning")
    return redirect(url_for("teamwork.worker", worker_id=target) if target else url_for("teamwork.queue"))


def _give_back(client_id: UUID, given_to: UUID, before: UUID | None) -> bool:
    try:
        client = clients.get_client(client_id)
        if client.worker_id != given_to:
            return False
        service.assign_client(context.actor(), client, before)
    except (NotFoundError, ForbiddenError, RuleError):
        return False
    return True
