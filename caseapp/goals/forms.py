"""Forms of goals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp import clock
from caseapp.catalogue.rules import Code
from caseapp.goals.queries import StepView
from caseapp.goals.rules import checks, states
from caseapp.goals.service import GoalChange, NewGoal, NewStep, Review
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import ChecksField, ChipsField, GermanDateField, LongTextField
from caseapp.web.forms import CreateForm, PageForm

ADJUSTED, GOES_ON = "adjusted", "goes_on"
_TOO_LONG = _l("Kürzen Sie den Schritt.")
_MOST = 2_000


def score_choices() -> dict[str, str]:
    """0 to 4 in words."""
    return {
        "0": _("0 – weit weg"),
        "1": "1",
        "2": _("2 – halb"),
        "3": "3",
        "4": _("4 – erreicht"),
    }


def due_choices() -> dict[str, str]:
    """The usual lengths of a goal, in days."""
    return {"91": _("in 3 Monaten"), "183": _("in 6 Monaten"), "365": _("in 1 Jahr"), "": _("offen")}


def step_days() -> dict[str, str]:
    """The usual due days of a step."""
    return {"7": _("in 1 Woche"), "14": _("in 2 Wochen"), "28": _("in 4 Wochen"), "": _("ohne Termin")}


class GoalForm(CreateForm):
    """A new goal. Area and one sentence, or a wording that was chosen, are enough."""

    area = ChipsField(_l("Bereich"), [InputRequired(_l("Wählen Sie den Bereich des Ziels aus."))])
    own_words = LongTextField(
        _l("In den Worten der Person"),
        [Optional()],
        most=_MOST,
        description=_l("So, wie sie es gesagt hat: „Ich will …“"),
    )
    suggestion = ChipsField(_l("Vorschlag für die fachliche Formulierung"), [Optional()], validate_choice=False)
    with_steps = BooleanField(_l("Übliche Schritte zum Vorschlag übernehmen"), default=True)
    wording = LongTextField(_l("Eigene fachliche Formulierung"), [Optional()], most=_MOST)
    noticed_by = LongTextField(_l("Woran merken wir, dass es erreicht ist?"), [Optional()], most=_MOST)
    due_in = ChipsField(_l("Bis wann?"), [Optional()], default="183")
    due_on = GermanDateField(_l("Anderer Tag"), [Optional()])
    step_client = StringField(_l("Erster Schritt der Person"), [Length(max=200, message=_TOO_LONG)])
    step_office = StringField(_l("Erster Schritt des Büros (wird Aufgabe)"), [Length(max=200, message=_TOO_LONG)])
    client_score = ChipsField(_l("Wie nah ist das Ziel? Sicht der Person"), [Optional()])
    worker_score = ChipsField(_l("Wie nah ist das Ziel? Ihre Sicht"), [Optional()])

    def read(self, offered: Iterable[Code]) -> NewGoal:
        """The goal as the service takes it: a chosen wording fills what was left empty.

        One that was chosen before the area was changed is out of sight, and counts no more.
        """
        own = (code for code in offered if code.extra["area"] == self.area.data)
        chosen = next((code for code in own if code.code == self.suggestion.data), None)
        extra = chosen.extra if chosen else {}
        usual = extra if self.with_steps.data else {}
        return NewGoal(
            area=self.area.data or "",
            own_words=self.own_words.data or "",
            wording=(self.wording.data or "").strip() or (chosen.de if chosen else ""),
            noticed_by=(self.noticed_by.data or "").strip() or extra.get("noticed", ""),
            due_on=_due(self.due_on.data, self.due_in.data),
            steps=next_steps(
                (self.step_client.data or "").strip() or usual.get("step_client", ""),
                (self.step_office.data or "").strip() or usual.get("step_office", ""),
            ),
            scores={checks.CLIENT: score(self.client_score.data), checks.WORKER: score(self.worker_score.data)},
        )


class GoalChangeForm(PageForm):
    """Putting a goal's words right. `version` is that of the goal when the form was filled."""

    version = HiddenField()
    area = ChipsField(_l("Bereich"), [InputRequired(_l("Wählen Sie den Bereich des Ziels aus."))])
    own_words = LongTextField(_l("In den Worten der Person"), [Optional()], most=_MOST)
    wording = LongTextField(_l("Fachliche Formulierung"), [Optional()], most=_MOST)
    noticed_by = LongTextField(_l("Woran merken wir, dass es erreicht ist?"), [Optional()], most=_MOST)
    due_on = GermanDateField(_l("Bis wann?"), [Optional()])

    def read(self) -> GoalChange:
        """What the goal is to say."""
        return GoalChange(
            area=self.area.data or "",
            own_words=self.own_words.data or "",
            wording=self.wording.data or "",
            noticed_by=self.noticed_by.data or "",
            due_on=self.due_on.data,
        )


class StepForm(CreateForm):
    """One more step."""

    party = ChipsField(_l("Wer?"), [InputRequired(_l("Wählen Sie aus, wer den Schritt geht."))], default=checks.CLIENT)
    text = StringField(_l("Was?"), [InputRequired(_l("Schreiben Sie, was getan wird.")), Length(max=2_000)])
    due_in = ChipsField(_l("Bis wann?"), [Optional()], default="28")
    due_on = GermanDateField(_l("Anderer Tag"), [Optional()])

    def read(self) -> NewStep:
        """The step as the service takes it."""
        return NewStep(self.party.data or "", self.text.data or "", _due(self.due_on.data, self.due_in.data))


class StepChangeForm(PageForm):
    """Another wording or day of a step. `version` is its revision when the form was filled."""

    version = HiddenField()
    text = StringField(_l("Was?"), [InputRequired(_l("Schreiben Sie, was getan wird.")), Length(max=2_000)])
    due_on = GermanDateField(_l("Bis wann?"), [Optional()])

    @property
    def revision(self) -> int:
        """The revision that the page showed; 0 for none, which is always an old one."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0


class ReviewForm(CreateForm):
    """Looking at one goal together. Going on is the default: two scores and "Speichern" are a review."""

    version = HiddenField()
    outcome = ChipsField(_l("Was ist aus dem Ziel geworden?"), [InputRequired()], default=GOES_ON)
    client_score = ChipsField(_l("Wie nah ist das Ziel? Sicht der Person"), [Optional()])
    worker_score = ChipsField(_l("Wie nah ist das Ziel? Ihre Sicht"), [Optional()])
    done = ChecksField(_l("Diese Schritte sind getan"), [Optional()], validate_choice=False)
    dropped = ChecksField(_l("Diese Schritte fallen weg"), [Optional()], validate_choice=False)
    step_client = StringField(_l("Nächster Schritt der Person"), [Length(max=200, message=_TOO_LONG)])
    step_office = StringField(_l("Nächster Schritt des Büros (wird Aufgabe)"), [Length(max=200, message=_TOO_LONG)])
    on_day = GermanDateField(
        _l("Tag des Gesprächs"), [InputRequired(_l("Geben Sie den Tag ein."))], default=clock.today
    )
    own_words = LongTextField(_l("Das neue Ziel in den Worten der Person"), [Optional()], most=_MOST)
    wording = LongTextField(_l("Neue fachliche Formulierung"), [Optional()], most=_MOST)
    noticed_by = LongTextField(_l("Woran merken wir, dass es erreicht ist?"), [Optional()], most=_MOST)
    due_on = GermanDateField(_l("Bis wann?"), [Optional()])

    def read(self, area: str) -> Review:
        """The review as the service takes it; an adjusted goal stays in its area."""
        outcome = self.outcome.data or GOES_ON
        adjusted = None
        if outcome == ADJUSTED:
            adjusted = NewGoal(
                area=area,
                own_words=self.own_words.data or "",
                wording=self.wording.data or "",
                noticed_by=self.noticed_by.data or "",
                due_on=self.due_on.data,
            )
        return Review(
            result=outcome if outcome in states.RESULTS else "",
            client_score=score(self.client_score.data),
            worker_score=score(self.worker_score.data),
            steps=next_steps((self.step_client.data or "").strip(), (self.step_office.data or "").strip()),
            done=ids(self.done.data),
            cancelled=ids(self.dropped.data) - ids(self.done.data),
            adjusted=adjusted,
            on_day=self.on_day.data,
        )


class CountForm(CreateForm):
    """One more application, interview or inquiry."""

    kind = HiddenField()
    on_day = GermanDateField(_l("Tag"), [Optional()], default=clock.today)


class AnswerForm(PageForm):
    """Whether what was reached still holds. The button says which answer."""

    answer = HiddenField()
    ended_on = GermanDateField(_l("Beendet am"), [Optional()])


def next_steps(client: str, office: str) -> tuple[NewStep, ...]:
    """Steps of either side in four weeks, where a text is given."""
    due_on = clock.today() + checks.STEP_SPAN
    given = ((checks.CLIENT, client), (checks.OFFICE, office))
    return tuple(NewStep(party, text, due_on) for party, text in given if text)


def score(text: str | None) -> int | None:
    """The tapped score, None for none."""
    return int(text) if text and text.isdecimal() and len(text) == 1 else None


def ids(values: list[str] | None) -> frozenset[UUID]:
    """The steps that were ticked; what is no id is left out, as a step that is gone."""
    found = set()
    for value in values or ():
        try:
            found.add(UUID(value))
        except ValueError:
            continue
    return frozenset(found)


def step_choices(steps: Iterable[StepView]) -> dict[str, str]:
    """Steps as they stand in a list of ticks."""
    return {str(step.id): step.text for step in steps}


def _due(typed: dt.date | None, days: str | None) -> dt.date | None:
    if typed is not None:
        return typed
    return clock.today() + dt.timedelta(days=int(days)) if days and days.isdecimal() and len(days) < 5 else None
