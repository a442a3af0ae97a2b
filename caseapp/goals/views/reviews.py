"""Looking at a goal together, and asking again half a year after it was reached."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.catalogue import queries as catalogue
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.goals import queries, service
from caseapp.goals.forms import ADJUSTED, GOES_ON, AnswerForm, ReviewForm, score_choices, step_choices
from caseapp.goals.models import Goal
from caseapp.goals.rules import states
from caseapp.goals.service import Answer
from caseapp.goals.views import shown
from caseapp.goals.views.area import area, back, load
from caseapp.goals.views.goals import said
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell


@area.page("/ziele/<uuid:goal_id>/auswerten", permission=Permission.GOAL_ASSESS, methods=("GET", "POST"))
def review(goal_id: UUID) -> ResponseReturnValue:
    """Result or "goes on", scores of both, next steps; or another goal in its place."""
    goal, client = load(goal_id)
    view, theirs = queries.load_view(goal), None
    form = _review_form(goal, view)
    if form.validate_on_submit():
        try:
            made = service.review_goal(
                context.actor(),
                client,
                goal,
                form.read(goal.area),
                version=form.version.data or "",
                review_id=form.form_id.data,
            )
        except ConflictError:
            form.version.data, theirs = goal.version, said(goal)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_said_of(goal), undo=url_for("goals.take_back", review_id=made.id))
            return back(goal)
    if request.method == "GET":
        audit.note_read("client:read", client_id=client.id)
    page = render_template(
        "goals/review.html", form=form, goal=goal, view=view, client=client, theirs=theirs, course=shown.course(view)
    )
    return page, 409 if theirs else form.status


@area.page("/ziele/auswertungen/<uuid:review_id>/zurueck", permission=Permission.GOAL_ASSESS, methods=("POST",))
def take_back(review_id: UUID) -> ResponseReturnValue:
    """Undo a review within ten minutes."""
    made = queries.get_review(review_id)
    goal, client = load(made.goal_id)
    service.take_back_review(context.actor(), client, goal, made)
    tell(_("Die Auswertung ist zurückgenommen."))
    return back(goal)


@area.page("/ziele/nachfragen/<uuid:followup_id>", permission=Permission.GOAL_ASSESS, methods=("POST",))
def answer(followup_id: UUID) -> ResponseReturnValue:
    """One tap: it still holds, it does not, not known."""
    followup = queries.get_followup(followup_id)
    goal, client = load(followup.goal_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        raise RuleError(_("Prüfen Sie den Tag. Es ist nichts gespeichert."))
    given = service.answer_followup(
        context.actor(), client, goal, followup, form.answer.data or "", ended_on=form.ended_on.data
    )
    text = _("Antwort gespeichert.")
    if form.answer.data == "no" and given.ended is None:
        text = _("Antwort gespeichert. Tragen Sie beim Stand ein, was sich geändert hat.")
    tell(text, undo=url_for("goals.take_back_answer", followup_id=followup.id, marke=_token(followup.id, given)))
    return back(goal)


@area.page("/ziele/nachfragen/<uuid:followup_id>/zurueck", permission=Permission.GOAL_ASSESS, methods=("POST",))
def take_back_answer(followup_id: UUID) -> ResponseReturnValue:
    """Undo an answer within ten minutes."""
    followup = queries.get_followup(followup_id)
    goal, client = load(followup.goal_id)
    given = _given(followup_id, request.args.get("marke", ""))
    service.take_back_answer(context.actor(), client, followup, given)
    tell(_("Die Antwort ist zurückgenommen."))
    return back(goal)


def _review_form(goal: Goal, view: queries.GoalView) -> ReviewForm:
    scores, steps = score_choices(), step_choices(view.open_steps())
    text = goal.text
    outcomes = {GOES_ON: _("geht weiter")}
    outcomes |= {code: catalogue.label("goal_states", code) for code in states.RESULTS}
    outcomes[ADJUSTED] = _("wird angepasst")
    return ReviewForm(
        data={
            "version": goal.version,
            "own_words": text.own_words,
            "wording": text.wording,
            "noticed_by": text.noticed_by,
            "due_on": goal.due_on,
        },
        choices={
            "outcome": outcomes,
            "client_score": scores,
            "worker_score": scores,
            "done": steps,
            "dropped": steps,
        },
    )


def _said_of(goal: Goal) -> str:
    if goal.successor_id is not None:
        return _("Das Ziel ist angepasst. Offene Schritte gehen beim neuen Ziel weiter.")
    return _("Auswertung gespeichert.") if goal.open else _("Das Ziel ist abgeschlossen.")


_UNDO = "goals.answer"


def _token(followup_id: UUID, given: Answer) -> str:
    days = [f"{entry_id.hex}={day.isoformat() if day else ''}" for entry_id, day in given.confirmed.items()]
    return undo.sign(
        _UNDO,
        followup_id.hex,
        given.ended.hex if given.ended else "",
        given.next_id.hex if given.next_id else "",
        *days,
    )


def _given(followup_id: UUID, token: str) -> Answer:
    about, ended, following, *days = undo.read(_UNDO, token)
    if about != followup_id.hex:
        raise NotFoundError
    pairs = (each.partition("=") for each in days)
    return Answer(
        confirmed={UUID(entry): dt.date.fromisoformat(day) if day else None for entry, _sign, day in pairs},
        ended=UUID(ended) if ended else None,
        next_id=UUID(following) if following else None,
    )
