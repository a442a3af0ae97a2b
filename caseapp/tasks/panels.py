"""What other slices show of tasks: the next steps on the client page."""

from __future__ import annotations

from typing import Any

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.db import new_id
from caseapp.security.actor import Actor
from caseapp.tasks import queries, rules

TEMPLATE = "tasks/panel.html"


def next_steps(_actor: Actor, client: Client) -> dict[str, Any]:
    """The client's open tasks and the form for one more; one statement."""
    return {
        "tasks": queries.list_for_client(client.id),
        "today": clock.today(),
        "form_id": new_id(),
        "due_choices": rules.due_choices(),
    }
