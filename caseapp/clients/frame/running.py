"""What runs with a client beyond tasks, each line leading to its page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for

from caseapp.clients.models import Client
from caseapp.clients.queries.caseload import find_row
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext


def running(client: Client, today: dt.date) -> list[dict[str, Any]]:
    """What runs with this client beyond tasks: goals, the review talk, papers that end, answers that are awaited."""
    row = find_row(client.id)
    if row is None:
        return []
    goals = ngettext("ein offenes Ziel", "%(num)s offene Ziele", row.open_goals) if row.open_goals else ""
    due = (
        (row.review_on, _("Gespräch zum Plan"), "agreements.index"),
        (row.release_ends_on, _("Freigabe endet"), "consents.index"),
        (row.answer_due_on, _("Antwort erwartet"), "referrals.index"),
    )
    lines = [{"text": goals, "href": url_for("goals.index", client_id=client.id)}] if goals else []
    return lines + [
        {
            "text": label,
            "href": url_for(endpoint, client_id=client.id),
            "day": day,
            "late": day < today,
        }
        for day, label, endpoint in due
        if day
    ]
