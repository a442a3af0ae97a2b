"""What a lead or worker does with one file: assign, close, reopen, open its notes."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.teamwork import queries, service
from caseapp.teamwork.forms import AssignForm, CloseForm, NoteAccessForm
from caseapp.teamwork.views.area import area
from caseapp.teamwork.views.parts import say_assigned, worker_choices
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/zuweisen", permission=Permission.CLIENT_ASSIGN, methods=("GET", "POST"))
def assign(client_id: UUID) -> ResponseReturnValue:
    """Give one file to a worker, its household along if wished."""
    actor = context.actor()
    client = clients.get_client(client_id)
    policy.require(actor, Permission.CLIENT_ASSIGN, client)
    teams = queries.list_led_teams(actor, Permission.CLIENT_ASSIGN)
    own_teams = [team for team in teams if team.organisation_id == client.organisation_id]
    others = _household_files(client)
    form = AssignForm(choices={"worker": worker_choices(own_teams, but=client.worker_id)})
    if form.validate_on_submit():
        before, worker_id = client.worker_id, UUID(form.worker.data)
        going = [client, *(others if form.household.data else [])]
        try:
            for each in going:
                service.assign_client(actor, each, worker_id)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            say_assigned([each.id for each in going], before, worker_id)
            return _back_to(client)
    return render_template("teamwork/assign.html", form=form, client=client, others=others), form.status


@area.page("/klienten/<uuid:client_id>/abschliessen", permission=Permission.CLIENT_CLOSE, methods=("GET", "POST"))
def close(client_id: UUID) -> ResponseReturnValue:
    """Close a file."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_CLOSE, client)
    form = CloseForm(
        data={"on": clock.today()},
        choices={"reason": catalogue.options("closing_reasons", client.organisation_id)},
    )
    on = form.on.data
    if form.validate_on_submit() and on is not None:
        try:
            service.close_file(context.actor(), client, reason=form.reason.data, on=on)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            back = url_for("teamwork.reopen", client_id=client_id)
            tell(_("Akte abgeschlossen."), undo=back)
            return _back_to(client)
    running = (
        frame.running(client, clock.today()) if policy.allows(context.actor(), Permission.CLIENT_READ, client) else []
    )
    return render_template("teamwork/close.html", form=form, client=client, running=running), form.status


@area.page("/klienten/<uuid:client_id>/wieder-oeffnen", permission=Permission.CLIENT_CLOSE, methods=("POST",))
def reopen(client_id: UUID) -> ResponseReturnValue:
    """Open a closed file again."""
    client = clients.get_client(client_id)
    service.reopen_file(context.actor(), client)
    tell(_("Die Akte ist wieder offen."))
    return _back_to(client)


@area.page("/klienten/<uuid:client_id>/notizen", permission=Permission.NOTE_ACCESS, methods=("GET", "POST"))
def notes(client_id: UUID) -> ResponseReturnValue:
    """Open this client's notes with a reason."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.NOTE_ACCESS, client)
    form = NoteAccessForm(choices={"reason": catalogue.options("access_reasons", client.organisation_id)})
    if form.validate_on_submit():
        try:
            service.open_notes(context.actor(), client, reason=form.reason.data, text=form.text.data or "")
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Die Notizen sind für 24 Stunden geöffnet."))
            return redirect(url_for("clients.show", client_id=client_id))
    return render_template("teamwork/notes.html", form=form, client=client), form.status


def _household_files(client: Client) -> list[Client]:
    """The other open files of the household that the actor may assign and that have the same worker."""
    actor = context.actor()
    return [
        member.client
        for member in clients.list_household(client.id)
        if member.client.id != client.id
        and member.link.until_on is None
        and member.client.worker_id == client.worker_id
        and policy.allows(actor, Permission.CLIENT_ASSIGN, member.client)
    ]


def _back_to(client: Client) -> Response:
    """The file, for whoever may open it; else the lists."""
    actor = context.actor()
    if policy.allows(actor, Permission.CLIENT_READ, client):
        return redirect(url_for("clients.show", client_id=client.id))
    return redirect(url_for("teamwork.board" if policy.may(actor, Permission.TEAM_BOARD) else "clients.caseload"))
