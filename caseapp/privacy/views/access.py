""" "Wer hat meine Akte gesehen": on the screen and on paper, for the client."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries as clients
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.privacy import service
from caseapp.privacy.queries.access import find_paper, list_months, list_papers
from caseapp.privacy.queries.codes import file_code
from caseapp.privacy.views.area import area
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.downloads import pdf_answer
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/zugriffe", permission=Permission.AUDIT_CLIENT_ACCESS)
def access(client_id: UUID) -> ResponseReturnValue:
    """Day, purpose and function of everybody who was in the file, by month."""
    actor, client = context.actor(), clients.get_client(client_id)
    policy.require(actor, Permission.AUDIT_CLIENT_ACCESS, client)
    prints = policy.allows(actor, Permission.CLIENT_READ, client)
    months = list_months(client)
    audit.note_read("access:read", client_id=client.id)
    return render_template(
        "privacy/access.html",
        client=client,
        head=client.head,
        months=months,
        code=file_code(client.id),
        prints=prints,
        papers=list_papers(client.id) if prints else [],
    )


@area.page("/klienten/<uuid:client_id>/zugriffe/papier", permission=Permission.CLIENT_READ, methods=("POST",))
def order_paper(client_id: UUID) -> ResponseReturnValue:
    """Have the list printed; the job process needs less than a second."""
    service.order_paper(context.actor(), clients.get_client(client_id))
    tell(_("Das PDF wird geschrieben. Gleich steht es in der Liste."))
    return redirect(url_for("privacy.access", client_id=client_id, _anchor="papier"))


@area.page("/klienten/<uuid:client_id>/zugriffe/papier/<uuid:printout_id>", permission=Permission.CLIENT_READ)
def paper(client_id: UUID, printout_id: UUID) -> ResponseReturnValue:
    """The printed list."""
    actor, client = context.actor(), clients.get_client(client_id)
    policy.require(actor, Permission.AUDIT_CLIENT_ACCESS, client)
    policy.require(actor, Permission.CLIENT_READ, client)
    found = find_paper(client.id, printout_id)
    pdf = found.content.pdf if found else b""
    if not pdf:
        raise NotFoundError
    audit.note_read("access:print", client_id=client.id)
    return pdf_answer(pdf, "wer-hat-meine-akte-gesehen.pdf")
