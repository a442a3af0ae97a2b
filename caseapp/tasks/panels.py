"""What other slices show of tasks: the next steps on the client page."""

from __future__ import annotations

from typing import Any

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.security.actor import Actor
from caseapp.tasks import queries
from caseapp.tasks.forms import new_task_form

TEMPLATE = "tasks/panel.html"


def next_steps(_actor: Actor, client: Client) -> dict[str, Any]:
    """The client's open tasks and the form for one more; one statement."""
    return {
        "tasks": queries.list_for_client(client.id),
        "today": clock.today(),
        "task_form": new_task_form(),
    }
