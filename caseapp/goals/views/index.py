"""The tab "Ziele und Plan": the client's goals, their course, and what the histories say."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients import frame
from caseapp.goals import queries
from caseapp.goals.views import shown
from caseapp.goals.views.area import COUNTS, area, load
from caseapp.security.permissions import Permission


@area.page("/klienten/<uuid:client_id>/ziele", permission=Permission.CLIENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """Open goals as cards, closed ones below."""
    opened = frame.open_file(client_id)
    goals = queries.list_goals(client_id)
    cards = [shown.card(goal, goals, opened.entries, opened.today) for goal in goals]
    kinds = {card.measure for card in cards if card.goal.open}
    sources = current_app.extensions.get(COUNTS, {})
    return frame.shown(
        "goals/index.html",
        opened,
        "goals",
        current=[card for card in cards if card.goal.open],
        closed=[card for card in reversed(cards) if not card.goal.open],
        counted={kind: sources[kind](client_id) for kind in kinds if kind in sources},
        today=opened.today,
    )


@area.page("/ziele/<uuid:goal_id>", permission=Permission.CLIENT_READ)
def show(goal_id: UUID) -> ResponseReturnValue:
    """Where the goal stands on the page of goals."""
    goal, client = load(goal_id, Permission.CLIENT_READ)
    return redirect(url_for("goals.index", client_id=client.id, _anchor=f"ziel-{goal.id}"))
