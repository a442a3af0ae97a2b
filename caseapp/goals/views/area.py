"""The area of goals, how its pages find a goal, and what slices above count for it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.goals import queries
from caseapp.goals.models import Goal
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.area import Area

area = Area("goals", __name__)

# What a slice above counts for all goals of one kind (say, viewings for "housing"): label and number, one statement.
CountSource = Callable[[UUID], list[tuple[str, int]]]
# Key of `app.extensions`: sources by measure, handed over by the factory.
COUNTS = "caseapp_goal_counts"


def load(goal_id: UUID, permission: Permission = Permission.GOAL_ASSESS) -> tuple[Goal, Client]:
    """The goal with its client. Raises NotFoundError, ForbiddenError."""
    goal = queries.get_goal(goal_id)
    client = clients.get_client(goal.client_id)
    policy.require(context.actor(), permission, client)
    return goal, client


def back(goal: Goal) -> ResponseReturnValue:
    """To where the button was pressed; the goal on the page of goals, when that is not known."""
    here = request.form.get("next")
    if here:
        return redirect(signin.safe_path(here))
    return redirect(url_for("goals.index", client_id=goal.client_id, _anchor=f"ziel-{goal.id}"))
