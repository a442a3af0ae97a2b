"""What the client page shows of attachments: the way to them. It costs no statement."""

from __future__ import annotations

from typing import Any

from caseapp.clients.models import Client
from caseapp.security.actor import Actor

TEMPLATE = "attachments/panel.html"


def ways(_actor: Actor, _client: Client) -> dict[str, Any]:
    """Nothing beyond the client: the card leads to the page of the files."""
    return {}
