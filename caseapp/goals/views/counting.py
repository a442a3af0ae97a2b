"""Counting what is done towards a goal, one tap each."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.errors import RuleError
from caseapp.goals import queries, service
from caseapp.goals.forms import CountForm
from caseapp.goals.views.area import area, back, load
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/ziele/<uuid:goal_id>/zaehlen", permission=Permission.GOAL_ASSESS, methods=("POST",))
def count(goal_id: UUID) -> ResponseReturnValue:
    """One more, today or on the day that was typed."""
    goal, client = load(goal_id)
    form = CountForm()
    if not form.validate_on_submit():
        raise RuleError(_("Prüfen Sie den Tag. Es ist nichts gezählt."))
    event = service.count_event(
        context.actor(),
        client,
        goal,
        form.kind.data or "",
        form.on_day.data or clock.today(),
        event_id=form.form_id.data,
    )
    tell(_("Gezählt."), undo=url_for("goals.uncount", event_id=event.id))
    return back(goal)


@area.page("/ziele/gezaehlt/<uuid:event_id>/zurueck", permission=Permission.GOAL_ASSESS, methods=("POST",))
def uncount(event_id: UUID) -> ResponseReturnValue:
    """Take one back."""
    event = queries.get_event(event_id)
    goal, client = load(event.goal_id)
    service.take_back_event(context.actor(), client, event)
    tell(_("Nicht mehr gezählt."))
    return back(goal)
