"""Forms of contacts, short advice and activities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import cast
from uuid import UUID

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp import clock
from caseapp.clients.models import FactKind
from caseapp.counselling import rules
from caseapp.counselling.models import ActivityDetail, AdviceDetail, Contact, ContactDetail
from caseapp.counselling.service import NewContact
from caseapp.drafts.forms import DraftedForm
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.tasks.rules import read_note
from caseapp.tasks.service import NewTask
from caseapp.web.fields import ChecksField, ChipsField, GermanDateField, LongTextField, MinutesField, MultiChipsField
from caseapp.web.forms import CreateForm
from caseapp.web.grids import RowForm, RowsField


def minutes_meant(chip: str | None, typed: int | None) -> int | None:
    """The duration of a form: a typed one before a chip, None for none."""
    if typed is not None:
        return typed
    return int(chip) if chip and chip.isdecimal() and len(chip) < 5 else None


def _ids(values: list[str] | None) -> list[UUID]:
    try:
        return [UUID(value) for value in values or ()]
    except ValueError:
        raise RuleError(_("Das Formular ist veraltet. Laden Sie die Seite neu.")) from None


class TaskRow(RowForm):
    """One new task. A day that was typed counts more than the choice."""

    title = StringField(_l("Aufgabe"), [Length(max=200, message=_l("Kürzen Sie die Aufgabe."))])
    due_in = SelectField(_l("Fällig"), validate_choice=False, default="7")
    due_on = GermanDateField(_l("oder am"), [Optional()])

    @property
    def as_new(self) -> NewTask:
        """The task as the service takes it."""
        days = str(self.due_in.data or "")
        in_days = clock.today() + dt.timedelta(days=int(days)) if days.isdecimal() and len(days) < 4 else None
        return NewTask(self.title.data or "", self.due_on.data or in_days)


class ContactForm(DraftedForm):
    """One form for all kinds of contact. Only kind and day must be there; the rest has defaults or may stay empty.

    Choices are offered when the form is shown, not when it is saved: the service asks the code lists, and loading them
    costs statements.
    """

    kind = ChipsField(_l("Art"), [InputRequired(_l("Wählen Sie die Art des Kontakts aus."))], validate_choice=False)
    topics = MultiChipsField(_l("Themen"), validate_choice=False)
    main_topic = StringField(_l("Hauptthema"))
    note = LongTextField(_l("Notiz"), [Optional()])
    done = ChecksField(_l("Erledigt"), validate_choice=False)
    steps = ChecksField(_l("Schritte der Person"), validate_choice=False)
    confirmed = MultiChipsField(_l("Stand unverändert"), validate_choice=False)
    minutes = ChipsField(_l("Dauer"), [Optional()], validate_choice=False)
    minutes_other = MinutesField(_l("Andere Dauer"), [Optional()])
    language = SelectField(_l("Sprache"), [Optional()], validate_choice=False)
    interpreter = ChipsField(_l("Dolmetschen"), [Optional()], validate_choice=False)
    child_interpreted = BooleanField(_l("Ein Kind oder Jugendlicher hat gedolmetscht"))
    on_day = GermanDateField(_l("Tag"), [InputRequired(_l("Geben Sie den Tag ein."))], default=clock.today)
    started_at = StringField(_l("Beginn"), [Length(max=12)])
    participants = MultiChipsField(_l("Wer war dabei?"), validate_choice=False)
    others_present = StringField(_l("Weitere Personen"), [Length(max=500)])
    address = StringField(_l("Adresse"), [Length(max=300)])
    third_party_kind = SelectField(_l("Mit wem?"), [Optional()], validate_choice=False)
    third_party = StringField(_l("Name oder Stelle"), [Length(max=300)])
    slip_left = BooleanField(_l("Zettel hinterlassen"))
    tasks = RowsField(TaskRow, _l("Neue Aufgaben"), max_rows=10, add_label=_l("Weitere Aufgabe"))

    def offer(self, choices: Mapping[str, Mapping[str, str]]) -> None:
        """Give the fields what they offer; needed to show the form, not to save it."""
        for name, offered in choices.items():
            field = self[name]
            field.choices = {"": _("Bitte auswählen"), **offered} if type(field) is SelectField else dict(offered)

    def offer_in_rows(self, due: Mapping[str, str]) -> None:
        """Give the rows of new tasks their due days."""
        for row in self.tasks.entries:
            cast(SelectField, row.form["due_in"]).choices = dict(due)

    def read(self, *, known_note: str = "") -> NewContact:
        """What the form says. Lines of `known_note` have become tasks before. Raises RuleError with its field."""
        note = self.note.data or ""
        today = clock.today()
        known = {proposal.title for proposal in read_note(known_note, today)}
        proposed = [each for each in read_note(note, today) if each.title not in known]
        rows = [row.as_new for row in self.tasks.filled if isinstance(row, TaskRow)]
        return NewContact(
            on_day=self.on_day.data or today,
            kind=str(self.kind.data),
            minutes=minutes_meant(self.minutes.data, self.minutes_other.data),
            detail=self._detail(note),
            tasks=(*rows, *(NewTask(each.title, each.due_on) for each in proposed)),
            done=frozenset(_ids(self.done.data)),
            steps=frozenset(_ids(self.steps.data)),
            confirmed=frozenset(kind for kind in FactKind if kind.value in (self.confirmed.data or ())),
        )

    def _detail(self, note: str) -> ContactDetail:
        return ContactDetail(
            note=note,
            topics=rules.main_first(self.topics.data or (), self.main_topic.data or ""),
            language=self.language.data or "",
            interpreter=self.interpreter.data or "",
            child_interpreted=rules.check_interpreter(
                str(self.interpreter.data or ""), child=bool(self.child_interpreted.data)
            ),
            others_present=self.others_present.data or "",
            address=self.address.data or "",
            slip_left=bool(self.slip_left.data) and self.kind.data == rules.NOT_MET,
            third_party_kind=self.third_party_kind.data or "",
            third_party=self.third_party.data or "",
            started_at=rules.read_clock(self.started_at.data or ""),
            participants=tuple(dict.fromkeys(_ids(self.participants.data))),
        )


class ContactChangeForm(ContactForm):
    """Correcting a contact. `base_rev` is the revision that the page showed."""

    base_rev = HiddenField()
    reason = LongTextField(_l("Grund der Änderung"), [Optional()], most=2_000)

    @property
    def base(self) -> int:
        """The revision that the page showed; 0 for none, which is always an old one."""
        text = self.base_rev.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0


class CancelForm(CreateForm):
    """Cancelling a contact."""

    reason = LongTextField(_l("Warum ist dieser Kontakt falsch?"), [Optional()], most=2_000)


class AbsentForm(CreateForm):
    """ "Nicht angetroffen": the button says whether a slip was left."""

    slip = StringField(_l("Zettel hinterlassen"))


class AdviceForm(CreateForm):
    """Short advice without a file. There is no field for a name, and none for free text."""

    kind = ChipsField(_l("Art"), [InputRequired(_l("Wählen Sie die Art des Kontakts aus."))], default="BUE")
    topic = ChipsField(_l("Thema"), [InputRequired(_l("Wählen Sie das Thema aus."))])
    minutes = ChipsField(_l("Dauer"), [Optional()], default="10")
    minutes_other = MinutesField(_l("Andere Dauer"), [Optional()])
    age_band = ChipsField(_l("Alter"), [Optional()], default="UNB")
    language = SelectField(_l("Sprache"), [Optional()])
    ags = SelectField(_l("Wohnort"), [Optional()])
    on_day = GermanDateField(_l("Tag"), [InputRequired(_l("Geben Sie den Tag ein."))], default=clock.today)

    @property
    def detail(self) -> AdviceDetail:
        """What is sealed."""
        return AdviceDetail(
            topic=self.topic.data or "", age_band=self.age_band.data or "", language=self.language.data or ""
        )


class ActivityForm(DraftedForm):
    """An activity without a case."""

    kind = ChipsField(_l("Art"), [InputRequired(_l("Wählen Sie die Art der Tätigkeit aus."))])
    minutes = ChipsField(_l("Dauer"), [Optional()], default="60")
    minutes_other = MinutesField(_l("Andere Dauer"), [Optional()])
    text = LongTextField(_l("Worum ging es?"), [Optional()], most=5_000)
    on_day = GermanDateField(_l("Tag"), [InputRequired(_l("Geben Sie den Tag ein."))], default=clock.today)

    @property
    def detail(self) -> ActivityDetail:
        """What is sealed."""
        return ActivityDetail(kind=self.kind.data or "", text=self.text.data or "")


def values_of(contact: Contact) -> dict[str, object]:
    """A stored contact as the fields of its form."""
    detail = contact.detail
    return {
        "kind": contact.kind,
        "on_day": contact.on_day,
        "minutes": str(contact.minutes or ""),
        "topics": list(detail.topics),
        "main_topic": detail.topics[0] if detail.topics else "",
        "note": detail.note,
        "language": detail.language,
        "interpreter": detail.interpreter,
        "child_interpreted": detail.child_interpreted,
        "others_present": detail.others_present,
        "address": detail.address,
        "slip_left": detail.slip_left,
        "third_party_kind": detail.third_party_kind,
        "third_party": detail.third_party,
        "started_at": detail.started_at,
        "participants": [str(client_id) for client_id in detail.participants],
        "base_rev": str(contact.detail_rev),
    }
