"""Goals for tests: stored through the services."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.clients.queries import get_client
from caseapp.goals import queries
from caseapp.goals.service import NewGoal, NewStep, Review, add_goal, count_event, review_goal
from caseapp.security.actor import Actor
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


def goal_records(actor: Actor, client: Client) -> dict[str, UUID]:
    """One record of every kind, for addresses: an open goal with its step, and what belongs to one that was reached."""
    goal = add_goal(actor, client, new_goal(area="ARB"))
    event = count_event(actor, client, goal, "BEW", clock.today())
    begun = clock.today() - dt.timedelta(days=200)
    reached = add_goal(actor, client, new_goal(opened_on=begun, steps=()))
    review = review_goal(actor, client, reached, Review(result="ERR", on_day=begun), version=reached.version)
    (followup,) = queries.load_view(reached).followups
    step = queries.load_view(goal).steps[0]
    return {
        "goal_id": goal.id,
        "step_id": step.id,
        "event_id": event.id,
        "review_id": review.id,
        "followup_id": followup.id,
    }
