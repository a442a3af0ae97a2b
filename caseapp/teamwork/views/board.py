"""The board: facts and due dates of each worker's cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts.queries import Person
from caseapp.clients import queries as clients
from caseapp.i18n import lazy_gettext as _l
from caseapp.referrals import queries as referrals
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.permissions import Permission
from caseapp.teamwork import queries
from caseapp.teamwork.queries import LedTeam, ListedTeamCase
from caseapp.teamwork.rules import View, stands_in, tally
from caseapp.teamwork.views.area import area
from caseapp.teamwork.views.parts import assign_form, assign_many, waiting_duties
from caseapp.web import context

LABELS = {
    View.ALL: _l("Offene Fälle"),
    View.OVERDUE: _l("Schritt überfällig"),
    View.NO_CONTACT: _l("Ohne Kontakt > 30 Tage"),
    View.LONG_NO_CONTACT: _l("Ohne Kontakt > 60 Tage"),
    View.TITLE_ENDS: _l("Titel endet < 90 Tage"),
    View.UNCONFIRMED: _l("Stand älter als 180 Tage"),
    View.REVIEW: _l("Gespräch zum Plan überfällig"),
    View.NO_PLAN: _l("Ohne Plan > 90 Tage"),
}


@area.page("/team", permission=Permission.TEAM_BOARD)
def board() -> ResponseReturnValue:
    """The teams that the person leads, worker by worker; a caseworker's own row."""
    actor = context.actor()
    boards = queries.list_boards(queries.list_led_teams(actor))
    own = queries.own_line(actor)
    waiting = sum(each.unassigned for each in boards)
    rows = [line for each in boards for line in each.workers]
    audit.note_read("team:board", detail=audit.Detail(count=len(rows) + (own is not None)))
    return render_template(
        "teamwork/board.html",
        boards=boards,
        own=own,
        labels=LABELS,
        duties=waiting_duties(),
        waiting=waiting,
        total=sum(line.tally.counts[View.ALL] for line in rows) + waiting,
        lifts=clients.list_waiting_lifts(actor.user_id),
        legal=referrals.list_waiting_legal(actor.user_id),
    )


@area.page("/team/<uuid:worker_id>", permission=Permission.TEAM_BOARD, methods=("GET", "POST"))
def worker(worker_id: UUID) -> ResponseReturnValue:
    """A worker's cases; a lead gives some of them to somebody else. A caseworker sees the own ones."""
    actor = context.actor()
    teams = queries.list_led_teams(actor)
    person, cases = _cases(actor, worker_id, teams)
    form = assign_form(_led(cases, teams), teams, but=worker_id)
    if form.validate_on_submit() and assign_many(actor, form, worker_id):
        return redirect(url_for("teamwork.worker", worker_id=worker_id))
    view, today = _view(), clock.today()
    shown = [each for each in cases if stands_in(each.case, view, today)]
    _note_list("team:worker", shown)
    page = render_template(
        "teamwork/worker.html",
        person=person,
        cases=shown,
        assignable={each.case.client_id for each in _led(shown, teams)},
        form=form,
        today=today,
        views=_chips(worker_id, view, cases),
        title=LABELS[view],
        readable={each.case.client_id for each in shown if policy.allows(actor, Permission.CLIENT_READ, each.case)},
    )
    return page, form.status


def _cases(actor: Actor, worker_id: UUID, teams: list[LedTeam]) -> tuple[Person, list[ListedTeamCase]]:
    """Whose cases, and which: the own ones, or those in the teams that the actor leads. Raises NotFoundError."""
    if worker_id == actor.user_id and actor.duties_as(Role.CASEWORKER):
        return Person(actor.user_id, actor.name), queries.list_cases_of_actor(actor)
    cases = queries.list_cases_of(worker_id, teams)
    return queries.get_worker(worker_id, teams, has_cases=bool(cases)), cases


def _led(cases: list[ListedTeamCase], teams: list[LedTeam]) -> list[ListedTeamCase]:
    """Those that a lead can give to somebody else."""
    led = {team.team_id for team in teams}
    return [each for each in cases if each.case.team_id in led]


def _note_list(action: str, cases: list[ListedTeamCase]) -> None:
    ids = [each.case.client_id for each in cases]
    audit.note_read(action, detail=audit.Detail(count=len(ids), digest=audit.list_digest(ids)))


def _view() -> View:
    try:
        return View(request.args.get("ansicht", View.ALL))
    except ValueError:
        return View.ALL


def _chips(worker_id: UUID, active: View, cases: list[ListedTeamCase]) -> list[dict[str, Any]]:
    counts = tally((each.case for each in cases), clock.today()).counts
    return [
        {
            "label": str(LABELS[view]),
            "href": url_for("teamwork.worker", worker_id=worker_id, ansicht=view.value),
            "count": counts[view],
            "active": view is active,
            "late": view is View.OVERDUE,
        }
        for view in View
    ]
