"""A new goal, its words put right, and a goal entered by mistake."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Code
from caseapp.clients import queries as clients
from caseapp.errors import ConflictError, RuleError
from caseapp.goals import queries, service
from caseapp.goals.forms import GoalChangeForm, GoalForm, due_choices, score_choices
from caseapp.goals.models import Goal
from caseapp.goals.views.area import area, back, load
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/ziele/neu", permission=Permission.GOAL_ASSESS, methods=("GET", "POST"))
def add(client_id: UUID) -> ResponseReturnValue:
    """A new goal. `?bereich=WOH` begins in an area."""
    client = clients.get_client(client_id)
    policy.require(context.actor(), Permission.GOAL_ASSESS, client)
    offered = queries.wordings()
    scores = score_choices()
    form = GoalForm(
        data={"area": request.args.get("bereich", "")},
        choices={
            "area": dict(queries.areas(client.organisation_id)),
            "suggestion": {code.code: catalogue.label("goal_wordings", code.code) for code in offered},
            "due_in": due_choices(),
            "client_score": scores,
            "worker_score": scores,
        },
    )
    if form.validate_on_submit():
        try:
            goal = service.add_goal(context.actor(), client, form.read(offered), goal_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Ziel vereinbart."), undo=url_for("goals.cancel", goal_id=goal.id))
            return back(goal)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    return render_template("goals/add.html", form=form, client=client, by_area=_by_area(offered)), form.status


@area.page("/ziele/<uuid:goal_id>/aendern", permission=Permission.GOAL_ASSESS, methods=("GET", "POST"))
def change(goal_id: UUID) -> ResponseReturnValue:
    """Put the words right. What somebody else changed meanwhile is shown beside what was typed."""
    goal, client = load(goal_id)
    text, theirs = goal.text, None
    form = GoalChangeForm(
        data={
            "area": goal.area,
            "own_words": text.own_words,
            "wording": text.wording,
            "noticed_by": text.noticed_by,
            "due_on": goal.due_on,
            "version": goal.version,
        },
        choices={"area": dict(queries.areas(client.organisation_id, keep=(goal.area,)))},
    )
    if form.validate_on_submit():
        try:
            service.edit_goal(context.actor(), client, goal, form.read(), version=form.version.data or "")
        except ConflictError:
            form.version.data, theirs = goal.version, said(goal)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Ziel geändert."))
            return back(goal)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    page = render_template("goals/change.html", form=form, goal=goal, client=client, theirs=theirs)
    return page, 409 if theirs else form.status


@area.page("/ziele/<uuid:goal_id>/streichen", permission=Permission.GOAL_ASSESS, methods=("POST",))
def cancel(goal_id: UUID) -> ResponseReturnValue:
    """The goal was entered by mistake."""
    goal, client = load(goal_id)
    service.cancel_goal(context.actor(), client, goal)
    tell(_("Das Ziel ist gestrichen."), undo=url_for("goals.restore", goal_id=goal.id))
    return back(goal)


@area.page("/ziele/<uuid:goal_id>/zurueckholen", permission=Permission.GOAL_ASSESS, methods=("POST",))
def restore(goal_id: UUID) -> ResponseReturnValue:
    """Bring a goal that was struck out back."""
    goal = queries.get_cancelled(goal_id)
    client = clients.get_client(goal.client_id)
    service.restore_goal(context.actor(), client, goal)
    tell(_("Das Ziel ist wieder da."))
    return back(goal)


def said(goal: Goal) -> list[str]:
    """What is stored now, as short phrases."""
    text = goal.text
    return [each for each in (text.own_words, text.wording, text.noticed_by) if each]


def _by_area(offered: list[Code]) -> dict[str, set[str]]:
    """The wordings by area, as the codes of their options."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in offered:
        found[code.extra["area"]].add(code.code)
    return found
