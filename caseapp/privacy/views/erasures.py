"""Erasing one file: to ask, to see what would go and what stays, to decide."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.privacy import queries, service
from caseapp.privacy.forms import DecisionForm, RequestForm
from caseapp.privacy.rules.kinds import in_words, what_stays
from caseapp.privacy.views.area import area, traces
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/loeschen", permission=Permission.ERASURE_REQUEST, methods=("GET", "POST"))
def erase(client_id: UUID) -> ResponseReturnValue:
    """The request to erase the file: to make it, to see how it stands; what would go and what stays."""
    actor, client = context.actor(), clients.get_client(client_id)
    policy.require(actor, Permission.ERASURE_REQUEST, client)
    decided = queries.find_erasure(client.id)
    if decided is not None:
        return redirect(url_for("privacy.erasure", erasure_id=decided.id))
    heads = {str(each.user_id): each.name for each in queries.list_heads(client.organisation_id, but=actor.user_id)}
    form = RequestForm(choices={"head": heads})
    if len(heads) == 1 and not form.is_submitted():
        (form.head.data,) = heads
    if form.validate_on_submit():
        try:
            service.request_erasure(
                actor,
                client,
                head_id=UUID(form.head.data),
                reason=form.reason.data or "",
                request_id=form.form_id.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(
                _("Beantragt. Bis zur Entscheidung bleibt die Akte, wie sie ist."),
                undo=url_for("privacy.withdraw", client_id=client.id),
            )
            return redirect(url_for("privacy.erase", client_id=client.id))
    return _page(client, form, heads), form.status


@area.page("/klienten/<uuid:client_id>/loeschen/zurueck", permission=Permission.ERASURE_REQUEST, methods=("POST",))
def withdraw(client_id: UUID) -> ResponseReturnValue:
    """Take the own request back."""
    client = clients.get_client(client_id)
    said = _("Antrag zurückgezogen. Die Akte bleibt, wie sie ist.")
    return _answered(client, lambda: service.withdraw(context.actor(), client), said)


@area.page("/klienten/<uuid:client_id>/loeschen/ablehnen", permission=Permission.ERASURE_EXECUTE, methods=("POST",))
def decline(client_id: UUID) -> ResponseReturnValue:
    """Refuse as the carrier's head."""
    client = clients.get_client(client_id)
    said = _("Abgelehnt. Die Akte bleibt, wie sie ist.")
    return _answered(client, lambda: service.decline(context.actor(), client, _seen()), said)


@area.page(
    "/klienten/<uuid:client_id>/loeschen/entscheiden",
    permission=Permission.ERASURE_EXECUTE,
    methods=("POST",),
    own_units=True,
)
def decide(client_id: UUID) -> ResponseReturnValue:
    """Have the file erased, as the carrier's head; the job process begins once the decision is committed."""
    actor, form = context.actor(), DecisionForm()
    decided: Job | None = None
    with context.database().unit(actor, write=True):
        client = clients.get_client(client_id)
        policy.require(actor, Permission.ERASURE_EXECUTE, client)
        if form.validate_on_submit():
            try:
                erasure, decided = service.decide(actor, client, _seen(), file_number=form.file_number.data or "")
            except RuleError as refusal:
                form.refuse(refusal)
    if decided is None:
        return _shown_again(client_id, form)
    context.hand_over([decided.id])
    return redirect(url_for("privacy.erasure", erasure_id=erasure.id))


def _shown_again(client_id: UUID, form: DecisionForm) -> ResponseReturnValue:
    with context.database().unit(context.actor(), write=False) as unit:
        client = clients.get_client(client_id)
        body = _page(client, RequestForm(formdata=None, choices={"head": {}}), {}, form)
    audit.write_pending(context.database(), unit)
    return body, form.status


def _seen() -> UUID | None:
    """The request that the page showed when its button was pressed."""
    try:
        return UUID(request.form.get("request", ""))
    except ValueError:
        return None


def _answered(client: Client, act: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        act()
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(said)
    actor = context.actor()
    if policy.allows(actor, Permission.CLIENT_READ, client):
        return redirect(url_for("clients.show", client_id=client.id))
    return redirect(url_for("privacy.erasures"))


def _page(client: Client, form: RequestForm, heads: dict[str, str], decision: DecisionForm | None = None) -> str:
    actor = context.actor()
    found = queries.find_request(client.id)
    people = {found.asked_id} | ({found.requested_by} if found.requested_by else set()) if found else set()
    mine = found is not None and found.requested_by == actor.user_id
    audit.note_read("erasure:preview", client_id=client.id)
    return render_template(
        "privacy/erase.html",
        client=client,
        head=client.head,
        request_=found,
        mine=mine,
        decides=found is not None and not mine and policy.allows(actor, Permission.ERASURE_EXECUTE, client),
        names=accounts.names_of(people),
        goes=in_words(service.count_all(client, traces())),
        stays=what_stays(),
        form=decision if decision and decision.problems else form,
        decision=decision or DecisionForm(formdata=None),
        anybody=bool(heads),
    )
