"""Dwellings that suit the household, with reasons; and what the household looks for."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients import frame
from caseapp.clients import queries as clients
from caseapp.db import new_id
from caseapp.errors import ConflictError
from caseapp.housing import queries, service
from caseapp.housing.forms import WishForm, wish_fields
from caseapp.housing.views.area import TAB, area, state_labels
from caseapp.i18n import gettext as _
from caseapp.places.queries import gazetteer, municipality_name
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/wohnungen", permission=Permission.CLIENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """What runs, and all offers of the district: the suitable ones first, each with its reasons."""
    opened = frame.open_file(client_id)
    household, hits = queries.list_hits(opened.client, opened.today)
    people = {opened.client.id, *(member.client.id for member in opened.living_together)}
    lines = queries.list_applications(people)
    running = {line.dwelling.id for line in lines if line.application.state not in {"declined", "withdrawn"}}
    return frame.shown(
        "housing/index.html",
        opened,
        TAB,
        looking=household,
        hits=[hit for hit in hits if hit.dwelling.id not in running],
        lines=lines,
        labels=state_labels(),
        wish=queries.wishes_of(client_id),
        town=municipality_name,
        goal_id=request.args.get("ziel", type=UUID),
        new_id=new_id,
    )


@area.page("/klienten/<uuid:client_id>/wohnungen/wunsch", permission=Permission.CLIENT_EDIT, methods=("GET", "POST"))
def wishes(client_id: UUID) -> ResponseReturnValue:
    """What the household looks for."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_EDIT, client)
    row = queries.find_wish(client.id)
    text, version = queries.wishes_of(client.id), queries.version_of(row)
    form = WishForm(data=wish_fields(text, version), choices={"towns": _towns(client.ags or "", text.towns)})
    status = 200
    if form.validate_on_submit():
        try:
            service.save_wishes(context.actor(), client, form.text, version=form.version.data or "")
        except ConflictError as refusal:
            form.version.data = version
            form.refuse(str(refusal))
            status = 409
        else:
            tell(_("Wünsche gespeichert."))
            return redirect(url_for("housing.index", client_id=client.id))
    theirs = text if status == 409 else None
    page = render_template("housing/wishes.html", form=form, client=client, theirs=theirs, town=municipality_name)
    return page, max(status, form.status) if status == 200 else status


def _towns(ags: str, stored: tuple[str, ...]) -> dict[str, str]:
    """The municipalities of the client's district, and those that were chosen before."""
    near = {key: each.name for key, each in gazetteer().municipalities.items() if ags and key[:5] == ags[:5]}
    near |= {key: municipality_name(key) for key in stored}
    return dict(sorted(near.items(), key=lambda pair: pair[1]))
