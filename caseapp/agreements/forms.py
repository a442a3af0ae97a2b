"""Forms of agreements."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from caseapp import clock
from caseapp.drafts.forms import DraftedForm
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import ChipsField, GermanDateField, LongTextField, MinutesField, MultiChipsField
from caseapp.web.forms import CreateForm, PageForm
from caseapp.web.grids import RowForm, RowsField
from caseapp.web.signatures import SigningForm

ADJUSTED = "adjusted"  # no result: another goal takes the place
_SHORT = Length(max=200, message=_l("Kürzen Sie den Text auf höchstens 200 Zeichen."))


def scores() -> dict[str, str]:
    """How near a goal is, for chips."""
    return {str(number): str(number) for number in range(5)}


def in_four_weeks() -> dt.date:
    """What a next step is given where nobody says otherwise (flow F3)."""
    return clock.today() + dt.timedelta(weeks=4)


class _TicksField(SelectMultipleField):
    """Steps as a list of ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GoalRow(RowForm):
    """What was said of one goal. A row in which nothing was said keeps the goal as it is ("weiter so")."""

    goal_id = HiddenField()
    version = HiddenField()
    result = SelectField(_l("Wie geht es weiter?"), [Optional()])
    client_score = ChipsField(_l("Klientin oder Klient"), [Optional()])
    worker_score = ChipsField(_l("Beratung"), [Optional()])
    done = _TicksField(_l("Erledigte Schritte"))
    client_step = StringField(_l("Nächster Schritt: Klientin oder Klient"), [_SHORT])
    client_due = GermanDateField(_l("bis"), [Optional()], default=in_four_weeks)
    office_step = StringField(_l("Nächster Schritt: Beratung"), [_SHORT])
    office_due = GermanDateField(_l("bis"), [Optional()], default=in_four_weeks)
    new_own_words = LongTextField(_l("Neues Ziel in eigenen Worten"), [Optional()], most=2000)
    new_wording = LongTextField(_l("Neues Ziel, fachlich"), [Optional()], most=2000)
    new_due_on = GermanDateField(_l("bis wann"), [Optional()])

    @property
    def is_blank(self) -> bool:
        """Never: the row stands for a goal, and its choices are checked."""
        return False

    @property
    def said(self) -> bool:
        """Whether anything was said of the goal."""
        answers = (self.result, self.client_score, self.worker_score, self.done, self.client_step, self.office_step)
        return any(field.data for field in answers)

    def steps(self) -> list[tuple[str, str, dt.date | None]]:
        """Next steps as (party, text, due)."""
        typed = (("client", self.client_step, self.client_due), ("office", self.office_step, self.office_due))
        return [(party, text.data, due.data) for party, text, due in typed if text.data]


class NewGoalRow(RowForm):
    """A goal that arises in the talk."""

    area = SelectField(_l("Bereich"), [InputRequired(_l("Wählen Sie den Bereich des Ziels aus."))])
    own_words = LongTextField(_l("In eigenen Worten"), [Optional()], most=2000)
    wording = LongTextField(_l("Fachlich"), [Optional()], most=2000)
    noticed_by = StringField(_l("Woran merken wir es?"), [Length(max=2000)])
    due_on = GermanDateField(_l("Bis wann?"), [Optional()])
    client_step = StringField(_l("Erster Schritt: Klientin oder Klient"), [_SHORT])
    client_due = GermanDateField(_l("bis"), [Optional()], default=in_four_weeks)
    office_step = StringField(_l("Erster Schritt: Beratung"), [_SHORT])
    office_due = GermanDateField(_l("bis"), [Optional()], default=in_four_weeks)
    client_score = ChipsField(_l("Klientin oder Klient"), [Optional()])
    worker_score = ChipsField(_l("Beratung"), [Optional()])

    @property
    def is_blank(self) -> bool:
        """Proposed days alone make no goal."""
        texts = (self.own_words, self.wording, self.noticed_by, self.client_step, self.office_step)
        return not any((field.data or "").strip() for field in texts)

    def steps(self) -> list[tuple[str, str, dt.date | None]]:
        """First steps as (party, text, due)."""
        typed = (("client", self.client_step, self.client_due), ("office", self.office_step, self.office_due))
        return [(party, text.data, due.data) for party, text, due in typed if text.data]


class TalkForm(DraftedForm):
    """The review talk. `base` is the newest version when the form was filled."""

    base = HiddenField()
    keep_all = BooleanField(_l("Weiter so: alle Ziele und Schritte bleiben, wie sie sind"))
    goals = RowsField(GoalRow, _l("Ziele"), min_rows=0, max_rows=60, row_label=_l("Ziel"))
    new_goals = RowsField(
        NewGoalRow, _l("Neue Ziele"), max_rows=12, add_label=_l("Weiteres Ziel"), row_label=_l("Neues Ziel")
    )
    language = SelectField(_l("Sprache der Vereinbarung"), [Optional()])
    interpreter = SelectField(_l("Dolmetschen"), [Optional()])
    interpreter_name = StringField(_l("Name der dolmetschenden Person"), [_SHORT])
    read_aloud_in = SelectField(_l("Vorgelesen in"), [Optional()])
    read_aloud_by = StringField(_l("Vorgelesen durch"), [_SHORT])
    review_on = GermanDateField(
        _l("Nächstes Gespräch"), [InputRequired(_l("Geben Sie den Tag des nächsten Gesprächs an."))]
    )
    situation = LongTextField(_l("Situation"), [Optional()], most=4000)
    strengths = LongTextField(_l("Was die Person gut kann"), [Optional()], most=2000)
    school = StringField(_l("Schule"), [Length(max=500)])
    degrees = StringField(_l("Abschlüsse und Zeugnisse"), [Length(max=500)])
    work = StringField(_l("Arbeit und Berufserfahrung"), [Length(max=500)])
    languages = StringField(_l("Sprachen"), [Length(max=500)])
    partners = MultiChipsField(_l("Mit Freigabe"))
    helpers = LongTextField(_l("Andere Hilfe, ohne Namen"), [Optional()], most=1000)
    log_contact = BooleanField(_l("Das Gespräch als Kontakt eintragen"), default=True)
    kind = SelectField(_l("Art"), [Optional()])
    minutes = MinutesField(_l("Dauer"), [Optional()], default=60)
    note = LongTextField(_l("Notiz zum Gespräch"), [Optional()], most=20_000)

    @property
    def goal_rows(self) -> list[GoalRow]:
        """One row for each goal that was open when the form was filled."""
        return [row.form for row in self.goals.entries if isinstance(row.form, GoalRow)]

    @property
    def said(self) -> list[GoalRow]:
        """The rows in which something was said."""
        return [row for row in self.goal_rows if row.said]

    @property
    def begun(self) -> list[NewGoalRow]:
        """The rows of new goals with content."""
        return [row for row in self.new_goals.filled if isinstance(row, NewGoalRow)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also whether "weiter so" and what was said of single goals go together."""
        valid = super().validate(extra_validators)
        if not self.is_submitted() or self.restored:
            return valid
        if self.keep_all.data and self.said:
            self.refuse(
                _("Bei einem Ziel ist etwas eingetragen. Nehmen Sie „Weiter so“ weg, damit es zählt."), field="keep_all"
            )
            return False
        if self.goals.entries and not self.keep_all.data and not self.said:
            self.refuse(_("Tragen Sie bei den Zielen etwas ein, oder wählen Sie „Weiter so“."), field="keep_all")
            return False
        return valid


class SignForm(PageForm):
    """Signing. `digest` is that of the version which was read."""

    digest = HiddenField()
    client = FormField(SigningForm, _l("Klientin oder Klient"))
    representative = FormField(SigningForm, _l("Gesetzliche Vertretung"))
    worker = FormField(SigningForm, _l("Beratung"))
    signed_on = GermanDateField(_l("Unterschrieben am"), [Optional()], future=False)
    copy_received = BooleanField(_l("Ausfertigung ausgehändigt"), default=True)


class DeclineForm(PageForm):
    """The client says no."""

    digest = HiddenField()
    words = LongTextField(_l("In den Worten der Klientin oder des Klienten"), [Optional()], most=2000)


class WithdrawForm(PageForm):
    """Taking a version back, or ending it."""

    reason = LongTextField(_l("Warum?"), [InputRequired(_l("Schreiben Sie kurz, warum."))], most=1000)


class ScanForm(PageForm):
    """Which of the client's files is the scan."""

    scan = RadioField(_l("Datei"), [InputRequired(_l("Wählen Sie die Datei aus."))])


class PlanForm(CreateForm):
    """A plan of another office. `version` is that of the plan when the form was filled."""

    version = HiddenField()
    kind = SelectField(_l("Art des Plans"), [InputRequired(_l("Wählen Sie die Art aus."))])
    office = StringField(
        _l("Stelle"), [InputRequired(_l("Schreiben Sie, mit welcher Stelle der Plan vereinbart ist."))]
    )
    agreed_on = GermanDateField(_l("Vereinbart am"), [Optional()], future=False)
    ended_on = GermanDateField(_l("Beendet am"), [Optional()])
    main_goal = StringField(_l("Hauptziel"), [Optional()])
    leads = StringField(_l("Wer hat die Federführung?"), [Optional()])
    note = LongTextField(_l("Notiz"), [Optional()], most=500)
