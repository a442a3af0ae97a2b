"""What other slices show of teamwork: who is responsible for a file, and which notes were opened to a lead."""

from __future__ import annotations

from typing import Any

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.places import queries as places
from caseapp.security.actor import Actor

TEMPLATE = "teamwork/panel.html"


def responsibility(actor: Actor, client: Client) -> dict[str, Any]:
    """Worker, team, closing, and the accesses to notes; three statements."""
    accesses = clients.list_note_accesses(client.id)
    now = clock.now()
    people = {grant.user_id for grant in accesses} | ({client.worker_id} if client.worker_id else set())
    running = [grant.until_at for grant in accesses if grant.user_id == actor.user_id and grant.until_at]
    return {
        "team": places.get_team(client.team_id).profile.name,
        "names": accounts.names_of(people),
        "accesses": accesses,
        "open_until": max((until for until in running if until > now), default=None),
        "closing_reason": catalogue.label("closing_reasons", client.closing_reason or "", client.closed_on),
    }
