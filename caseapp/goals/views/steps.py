"""Steps: one more, another wording, and the tap that finishes one."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp.clients.models import Client
from caseapp.errors import ConflictError, RuleError
from caseapp.goals import queries, service
from caseapp.goals.forms import StepChangeForm, StepForm, step_days
from caseapp.goals.models import Goal, GoalStep
from caseapp.goals.rules import checks
from caseapp.goals.views.area import area, back, load
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/ziele/<uuid:goal_id>/schritte/neu", permission=Permission.GOAL_ASSESS, methods=("GET", "POST"))
def add_step(goal_id: UUID) -> ResponseReturnValue:
    """One more step of either side."""
    goal, client = load(goal_id)
    form = StepForm(choices={"party": _parties(), "due_in": step_days()})
    if form.validate_on_submit():
        try:
            step = service.add_step(context.actor(), client, goal, form.read(), step_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Schritt hinzugefügt."), undo=url_for("goals.cancel_step", step_id=step.id))
            return back(goal)
    return render_template("goals/step.html", form=form, goal=goal, client=client), form.status


@area.page("/ziele/schritte/<uuid:step_id>", permission=Permission.GOAL_ASSESS, methods=("GET", "POST"))
def change_step(step_id: UUID) -> ResponseReturnValue:
    """Another wording or day. What somebody else changed meanwhile is shown beside what was typed."""
    step, goal, client = _load(step_id)
    view = next(each for each in queries.load_view(goal).steps if each.id == step.id)
    form = StepChangeForm(data={"text": view.text, "due_on": view.due_on, "version": str(step.text_rev)})
    theirs = None
    if form.validate_on_submit():
        try:
            service.change_step(
                context.actor(),
                client,
                goal,
                step,
                text=form.text.data or "",
                due_on=form.due_on.data,
                revision=form.revision,
            )
        except ConflictError:
            form.version.data, theirs = str(step.text_rev), [view.text]
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Schritt geändert."))
            return back(goal)
    page = render_template("goals/step.html", form=form, goal=goal, client=client, step=view, theirs=theirs)
    return page, 409 if theirs else form.status


@area.page("/ziele/schritte/<uuid:step_id>/erledigt", permission=Permission.GOAL_ASSESS, methods=("POST",))
def finish_step(step_id: UUID) -> ResponseReturnValue:
    """One tap: done."""
    step, goal, client = _load(step_id)
    service.finish_step(context.actor(), client, goal, step)
    tell(_("Schritt erledigt."), undo=url_for("goals.reopen_step", step_id=step.id))
    return back(goal)


@area.page("/ziele/schritte/<uuid:step_id>/offen", permission=Permission.GOAL_ASSESS, methods=("POST",))
def reopen_step(step_id: UUID) -> ResponseReturnValue:
    """Take "done" or "no longer needed" back."""
    step, goal, client = _load(step_id)
    service.reopen_step(context.actor(), client, goal, step)
    tell(_("Der Schritt ist wieder offen."))
    return back(goal)


@area.page("/ziele/schritte/<uuid:step_id>/streichen", permission=Permission.GOAL_ASSESS, methods=("POST",))
def cancel_step(step_id: UUID) -> ResponseReturnValue:
    """The step is no longer needed."""
    step, goal, client = _load(step_id)
    service.cancel_step(context.actor(), client, goal, step)
    tell(_("Schritt gestrichen."), undo=url_for("goals.reopen_step", step_id=step.id))
    return back(goal)


def _load(step_id: UUID) -> tuple[GoalStep, Goal, Client]:
    step = queries.get_step(step_id)
    goal, client = load(step.goal_id)
    return step, goal, client


def _parties() -> dict[str, str]:
    return {checks.CLIENT: _("die Person selbst"), checks.OFFICE: _("das Büro (wird Aufgabe)")}
