"""Counting what is done towards a goal: applications, interviews, inquiries about flats."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caseapp import audit, clock
from caseapp.clients.models import Client
from caseapp.db import new_id, session, stored_before
from caseapp.errors import RuleError
from caseapp.goals import queries
from caseapp.goals.models import Goal, GoalEvent
from caseapp.goals.rules import checks
from caseapp.goals.service.goals import require_open
from caseapp.goals.service.steps import begin
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def count_event(
    actor: Actor, client: Client, goal: Goal, kind: str, on_day: dt.date, *, event_id: UUID | None = None
) -> GoalEvent:
    """One more of this kind. `event_id` is that of the form: sent twice, it is counted once.

    Raises RuleError on `kind` for something that is not counted in the goal's area, and on `on_day`.
    """
    policy.require(actor, Permission.GOAL_ASSESS, client)
    event = GoalEvent(
        id=event_id or new_id(),
        client_id=client.id,
        organisation_id=client.organisation_id,
        goal_id=goal.id,
        kind=kind,
        on_day=on_day,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    stored = stored_before(event, "client_id", "goal_id", "kind", "on_day") if event_id else None
    if stored is not None:
        return stored
    require_open(goal)
    if kind not in {code.code for code in queries.event_kinds(queries.measure_of(goal.area))}:
        raise RuleError(_("Das wird zu diesem Ziel nicht gezählt."), field="kind")
    checks.check_past_day(on_day, clock.today())
    session().add(event)
    begin(goal)
    audit.record("goal:count", client_id=client.id, detail=audit.Detail(note=kind))
    return event


def take_back_event(actor: Actor, client: Client, event: GoalEvent) -> None:
    """Counted by mistake: it stays, out of the figures. Twice changes nothing."""
    policy.require(actor, Permission.GOAL_ASSESS, client)
    if event.cancelled_at is None:
        event.cancelled_at = clock.now()
        audit.record("goal:count_back", client_id=client.id)
