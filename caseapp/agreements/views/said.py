"""From what the talk form says to what the service stores, and the way back of a refusal to its row."""

from __future__ import annotations

from uuid import UUID

from caseapp import clock
from caseapp.agreements.forms import ADJUSTED, GoalRow, NewGoalRow, TalkForm
from caseapp.agreements.service import GoalReviewed, Said, Talk, TalkError
from caseapp.catalogue import queries as catalogue
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact
from caseapp.errors import RuleError
from caseapp.goals import queries as goals
from caseapp.goals.service import NewGoal, NewStep, Review
from caseapp.i18n import gettext as _

# What a service calls a field, and what the row calls it.
_ROW_FIELDS = {"text": "client_step", "steps": "client_step", "due_on": "client_due", "scores": "client_score"}
_NEW_ROW_FIELDS = {"text": "client_step", "scores": "client_score"}


def talk_of(form: TalkForm) -> Talk:
    """The talk that the valid form says. Raises RuleError where a row names no goal."""
    return Talk(
        base=form.base.data or "",
        said=_said(form),
        review_on=form.review_on.data,
        reviews=tuple(_reviewed(row) for row in form.said),
        new_goals=tuple(_new_goal(row) for row in form.begun),
        contact=_contact(form) if form.log_contact.data else None,
    )


def refuse_row(form: TalkForm, refusal: TalkError) -> None:
    """Show the refusal at its field of its row, or above the form."""
    row: GoalRow | NewGoalRow
    if refusal.grid == "goals":
        row, names = form.said[refusal.place], _ROW_FIELDS
        if row.result.data == ADJUSTED:
            names = {**names, "own_words": "new_own_words", "due_on": "new_due_on"}
    else:
        row, names = form.begun[refusal.place], _NEW_ROW_FIELDS
    name = names.get(refusal.field or "", refusal.field or "")
    if name in row:
        row[name].errors = [*row[name].errors, str(refusal)]
    else:
        form.refuse(str(refusal))


def _said(form: TalkForm) -> Said:
    interpreter = form.interpreter_name.data or ""
    kind = catalogue.label("interpreter_kinds", form.interpreter.data or "")
    return Said(
        language=form.language.data or "",
        interpreter=f"{interpreter} ({kind})" if interpreter and kind else interpreter,
        read_aloud_in=form.read_aloud_in.data or "",
        read_aloud_by=form.read_aloud_by.data or "",
        situation=form.situation.data or "",
        strengths=form.strengths.data or "",
        school=form.school.data or "",
        degrees=form.degrees.data or "",
        work=form.work.data or "",
        languages=form.languages.data or "",
        helpers=tuple((form.helpers.data or "").splitlines()),
        helper_partners=tuple(UUID(each) for each in form.partners.data or ()),
    )


def _reviewed(row: GoalRow) -> GoalReviewed:
    adjusted = row.result.data == ADJUSTED
    steps = tuple(NewStep(*step) for step in row.steps())
    return GoalReviewed(
        _goal_id(row),
        row.version.data or "",
        Review(
            result="" if adjusted else row.result.data or "",
            client_score=_score(row.client_score.data),
            worker_score=_score(row.worker_score.data),
            steps=steps,
            done=frozenset(UUID(each) for each in row.done.data or ()),
            adjusted=_successor(row) if adjusted else None,
        ),
    )


def _goal_id(row: GoalRow) -> UUID:
    try:
        return UUID(row.goal_id.data or "")
    except ValueError:
        raise RuleError(_("Das Formular ist unvollständig. Laden Sie die Seite neu.")) from None


def _successor(row: GoalRow) -> NewGoal:
    goal = goals.get_goal(_goal_id(row))
    return NewGoal(
        area=goal.area,
        own_words=row.new_own_words.data or "",
        wording=row.new_wording.data or "",
        noticed_by=goal.text.noticed_by,
        due_on=row.new_due_on.data,
    )


def _new_goal(row: NewGoalRow) -> NewGoal:
    return NewGoal(
        area=row.area.data or "",
        own_words=row.own_words.data or "",
        wording=row.wording.data or "",
        noticed_by=row.noticed_by.data or "",
        due_on=row.due_on.data,
        steps=tuple(NewStep(*step) for step in row.steps()),
        scores={"client": _score(row.client_score.data), "worker": _score(row.worker_score.data)},
    )


def _contact(form: TalkForm) -> NewContact:
    """The talk as a contact; its topics are those of the goals that were talked about, with "weiter so" of all."""
    areas = [row.area.data or "" for row in form.begun]
    talked_about = form.goal_rows if form.keep_all.data else form.said
    areas += [goals.get_goal(_goal_id(row)).area for row in talked_about]
    return NewContact(
        on_day=clock.today(),
        kind=form.kind.data or "",
        minutes=form.minutes.data,
        detail=ContactDetail(
            note=form.note.data or "",
            topics=goals.topics_of(areas),
            language=form.language.data or "",
            interpreter=form.interpreter.data or "",
        ),
    )


def _score(text: str | None) -> int | None:
    return int(text) if text else None
