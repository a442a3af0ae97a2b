"""Taking a withdrawal: for the worker, and for the colleague who takes the call."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.consents import forms, queries, service
from caseapp.consents.models import DeclarationState
from caseapp.consents.service import Withdrawal, Withdrawn
from caseapp.consents.views.area import area, hooks, load_declaration, to_paper
from caseapp.consents.views.shown import titled_text, view_text
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/widerruf", permission=Permission.CONSENT_WITHDRAW, methods=("GET", "POST"))
def withdraw(client_id: UUID) -> ResponseReturnValue:
    """What is withdrawn, by ticks, and how. It holds as soon as it is stored."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CONSENT_WITHDRAW, client)
    offered = _offered(client)
    form = forms.withdraw_form(client, offered)
    if form.validate_on_submit():
        given = Withdrawal(way=form.way.data or "", note=form.note.data or "")
        try:
            done = service.withdraw(context.actor(), client, form.ids, given, hooks())
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _answered(client, done)
    audit.note_read("consent:list", client_id=client.id, detail=audit.Detail(count=len(offered)))
    page = render_template(
        "consents/withdraw.html",
        client=client,
        head=client.head,
        form=form,
        offered=offered,
        reads=_reads(client),
        back=_back(client),
    )
    return page, form.status


@area.page("/freigaben/zeile/<uuid:declaration_id>/nachweis", permission=Permission.CLIENT_READ, methods=("POST",))
def print_proof(declaration_id: UUID) -> ResponseReturnValue:
    """The proof of a withdrawal, for the client."""
    declaration, client = load_declaration(declaration_id, Permission.CLIENT_READ)
    return to_paper(service.order_proof(context.actor(), client, declaration), "")


@area.page("/freigaben/zeile/<uuid:declaration_id>/mitteilung", permission=Permission.CLIENT_READ, methods=("POST",))
def print_stop(declaration_id: UUID) -> ResponseReturnValue:
    """The notice to the recipient: that it holds no more, nothing else."""
    declaration, client = load_declaration(declaration_id, Permission.CLIENT_READ)
    return to_paper(service.order_stop(context.actor(), client, declaration), "")


def _reads(client: Client) -> bool:
    return policy.allows(context.actor(), Permission.CLIENT_READ, client)


def _offered(client: Client) -> list[tuple[str, str]]:
    """Ids and words. Who may not read the file sees whom a declaration names, where the name says no more than that."""
    if _reads(client):
        views = queries.list_views(client.id)
        return [(str(view.id), view_text(view)) for view in views if view.state == DeclarationState.VALID]
    return [(str(each.id), titled_text(each)) for each in queries.list_withdrawable(client.id)]


def _answered(client: Client, done: Withdrawn) -> ResponseReturnValue:
    if not done.ids:
        tell(_("Das war schon widerrufen."))
    else:
        said = ngettext("Widerrufen. Das gilt ab jetzt nicht mehr.", "%(num)s Erklärungen widerrufen.", len(done.ids))
        stopped = ngettext("Ein Vorgang wurde angehalten.", "%(num)s Vorgänge wurden angehalten.", done.stopped)
        tell(f"{said} {stopped}" if done.stopped else said)
    return redirect(_back(client))


def _back(client: Client) -> str:
    page = "consents.index" if _reads(client) else "clients.show"
    return url_for(page, client_id=client.id)
