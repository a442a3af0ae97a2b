"""The form of a letter: its page shows the fields that the template asks for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from caseapp.i18n import lazy_gettext as _l
from caseapp.letters.rules import LONGEST_LINE, LONGEST_TEXT, MARKS, Template, Way
from caseapp.letters.service import NewLetter
from caseapp.web.fields import ChipsField, GermanDateField, LongTextField
from caseapp.web.forms import CreateForm


class LetterForm(CreateForm):
    """One letter. `task_id` names the task that asked for it."""

    task_id = HiddenField()
    day = GermanDateField(_l("Tag"), [Optional()])
    since = GermanDateField(_l("Beratung seit"), [Optional()], future=False)
    from_time = StringField(_l("Beginn"), [Length(max=20)], description=_l("zum Beispiel 9:30"))
    to_time = StringField(_l("Ende"), [Length(max=20)])
    place = StringField(_l("Ort"), [Length(max=LONGEST_LINE)])
    things = StringField(_l("Bitte mitbringen"), [Length(max=LONGEST_LINE)])
    interpreter = BooleanField(_l("Jemand dolmetscht"))
    invite = BooleanField(_l("Es ist eine Einladung, noch kein vereinbarter Termin"))
    born = BooleanField(_l("Geburtsdatum nennen"))
    purpose = SelectField(_l("Bestimmt für"), [Optional()])
    reference = StringField(_l("Zeichen der Stelle"), [Length(max=LONGEST_LINE)])
    enclosures = LongTextField(_l("Unterlagen, je Zeile eine"), [Optional()], most=LONGEST_TEXT)
    text = LongTextField(_l("Text"), [Optional()], most=LONGEST_TEXT)
    partner_id = SelectField(_l("Stelle aus dem Verzeichnis"), [Optional()])
    recipient = LongTextField(_l("Empfänger"), [Optional()], most=500)
    way = ChipsField(_l("Wie geht der Brief weg?"), [Optional()], default=Way.HAND.value)
    release_purpose = SelectField(_l("Zweck der Freigabe"), [Optional()])
    language = SelectField(_l("Sprache neben Deutsch"), [Optional()])
    phone = StringField(_l("Telefon für Rückfragen"), [Length(max=40)])

    def read(self, template: Template) -> NewLetter:
        """What was filled in, of the fields that the template asks for."""
        values = {name: _text(self[name].data, mark=name in MARKS or name == "born") for name in template.asks}
        return NewLetter(
            template=template.code,
            values={name: text for name, text in values.items() if text},
            language=self.language.data or "de",
            way=self.way.data or Way.HAND.value,
            partner_id=_identity(self.partner_id.data),
            recipient=self.recipient.data or "",
            phone=self.phone.data or "",
            purpose=self.release_purpose.data or "",
            task_id=_identity(self.task_id.data),
        )


def _text(data: object, *, mark: bool) -> str:
    if mark:
        return "1" if data else ""
    return data.isoformat() if isinstance(data, dt.date) else str(data or "")


def _identity(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
