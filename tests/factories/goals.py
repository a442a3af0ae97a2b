"""Goals for tests: stored through the services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from caseapp.clients.queries import get_client
from caseapp.goals.service import NewGoal, NewStep, add_goal
from tests.factories.world import World

STEPS = (NewStep("client", "Jeden Tag nach Anzeigen schauen"), NewStep("office", "Wohnungsbau anrufen"))


def new_goal(**values: Any) -> NewGoal:
    """A goal to find a flat, with a step of either side and both scores."""
    given = {
        "area": "WOH",
        "own_words": "Ich will eine eigene Wohnung mit Tür",
        "wording": "Mietet eine eigene Wohnung",
        "noticed_by": "Der Mietvertrag ist unterschrieben.",
        "steps": STEPS,
        "scores": {"client": 1, "worker": 2},
    }
    return NewGoal(**{**given, **values})


def stored_goal(world: World, client_id: UUID, login: str = "maier", **values: Any) -> UUID:
    """The id of a goal that this caseworker has agreed with the client."""
    with world.unit(login, write=True):
        return add_goal(world.actor(login), get_client(client_id), new_goal(**values)).id
