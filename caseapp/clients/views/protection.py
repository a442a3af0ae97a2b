"""Protecting a file, and ending the protection with two persons."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.clients import queries, service
from caseapp.clients.forms.protection import LiftForm
from caseapp.clients.models import Client
from caseapp.clients.queries import Lift
from caseapp.clients.views.area import area
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/schuetzen", permission=Permission.CLIENT_PROTECT, methods=("POST",))
def protect(client_id: UUID) -> ResponseReturnValue:
    """Show the file to its worker and named people only."""
    client = queries.get_client(client_id)
    service.protect(context.actor(), client)
    tell(_("Die Akte ist jetzt geschützt."))
    return _back(client)


@area.page("/klienten/<uuid:client_id>/schutz", permission=Permission.CLIENT_PROTECT, methods=("GET", "POST"))
def lift(client_id: UUID) -> ResponseReturnValue:
    """The request to end the protection: to make it, to see how it stands, to decide it."""
    actor, client = context.actor(), queries.get_client(client_id)
    policy.require(actor, Permission.CLIENT_PROTECT, client)
    if not client.protected:
        return _back(client)
    people = {str(each.user_id): each.name for each in queries.list_second_persons(client, but=actor.user_id)}
    form = LiftForm(choices={"second": people})
    if form.validate_on_submit():
        second_id, reason = UUID(form.second.data), form.reason.data or ""
        try:
            service.ask_to_lift(actor, client, second_id=second_id, reason=reason, lift_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(
                _("Beantragt. Die Akte bleibt geschützt, bis die zweite Person zustimmt."),
                undo=url_for("clients.withdraw_lift", client_id=client.id),
            )
            return redirect(url_for("clients.lift", client_id=client.id))
    return _page(client, form, people), form.status


@area.page("/klienten/<uuid:client_id>/schutz/bestaetigen", permission=Permission.CLIENT_PROTECT, methods=("POST",))
def confirm_lift(client_id: UUID) -> ResponseReturnValue:
    """Agree as the second person: the file is open to the team again."""
    client = queries.get_client(client_id)
    again = url_for("clients.protect", client_id=client_id)
    return _decided(
        client, lambda: service.confirm_lift(context.actor(), client, _seen()), _("Schutz aufgehoben."), again
    )


@area.page("/klienten/<uuid:client_id>/schutz/ablehnen", permission=Permission.CLIENT_PROTECT, methods=("POST",))
def decline_lift(client_id: UUID) -> ResponseReturnValue:
    """Refuse as the second person."""
    client = queries.get_client(client_id)
    said = _("Abgelehnt. Die Akte bleibt geschützt.")
    return _decided(client, lambda: service.decline_lift(context.actor(), client, _seen()), said)


@area.page("/klienten/<uuid:client_id>/schutz/zurueckziehen", permission=Permission.CLIENT_PROTECT, methods=("POST",))
def withdraw_lift(client_id: UUID) -> ResponseReturnValue:
    """Take the own request back."""
    client = queries.get_client(client_id)
    said = _("Antrag zurückgezogen. Die Akte bleibt geschützt.")
    return _decided(client, lambda: service.withdraw_lift(context.actor(), client), said)


def _seen() -> UUID | None:
    """The request that the page showed when its button was pressed."""
    try:
        return UUID(request.form.get("lift", ""))
    except ValueError:
        return None


def _decided(client: Client, decide: Callable[[], None], said: str, back: str = "") -> ResponseReturnValue:
    try:
        decide()
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(said, undo=back)
    return _back(client)


def _page(client: Client, form: LiftForm, people: dict[str, str]) -> str:
    found = queries.find_lift(client.id)
    audit.note_read("client:find", client_id=client.id)
    return render_template(
        "clients/protection.html",
        client=client,
        head=client.head,
        lift=found,
        mine=found is not None and found.requested_by == context.actor().user_id,
        names=accounts.names_of(_people_of(found)),
        form=form,
        anybody=bool(people),
    )


def _people_of(found: Lift | None) -> set[UUID]:
    return {found.asked_id} | ({found.requested_by} if found.requested_by else set()) if found else set()


def _back(client: Client) -> ResponseReturnValue:
    """The file for whoever may open it; else the list: a lead who protects a file or declines loses sight of it."""
    if policy.allows(context.actor(), Permission.CLIENT_READ, client):
        return redirect(url_for("clients.show", client_id=client.id))
    return redirect(url_for("clients.caseload"))
