"""All contacts of a client, narrowed by kind and topic."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.counselling import queries
from caseapp.counselling.views.area import area
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context

_MOST = 300


@area.page("/klienten/<uuid:client_id>/kontakte", permission=Permission.CLIENT_READ)
def listing(client_id: UUID) -> ResponseReturnValue:
    """The contacts of a file: `?art=` one of the groups, `?thema=` a topic."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.CLIENT_READ, client)
    groups = _groups()
    chosen, topic = request.args.get("art", ""), request.args.get("thema", "")
    kinds = groups[chosen][1] if chosen in groups else ()
    lines = queries.list_lines(context.actor(), client, kinds=kinds, topic=topic, limit=_MOST)
    audit.note_read("client:read", client_id=client.id)
    return render_template(
        "counselling/listing.html",
        client=client,
        lines=lines,
        most=_MOST,
        views=[
            {
                "label": label,
                "href": url_for("counselling.listing", client_id=client.id, art=key or None, thema=topic or None),
                "active": key == (chosen if chosen in groups else ""),
            }
            for key, (label, _kinds) in groups.items()
        ],
        topics=catalogue.options("topics", client.organisation_id, keep=(topic,)),
        topic=topic,
        chosen=chosen,
    )


def _groups() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The groups that people look for, by the word in the address, with the kinds of each; none: all."""
    return {
        "": (_("Alle"), ()),
        "persoenlich": (_("Persönlich"), ("BUE", "HAU", "UNT", "BEG", "GRU")),
        "fern": (_("Telefon und Nachrichten"), ("TEL", "MAI", "MSG", "VID", "BRF")),
        "dritte": (_("Mit Dritten"), ("DRI", "FAL")),
        "verfehlt": (_("Nicht angetroffen"), ("NVE",)),
    }
