"""Forms of referrals."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp.i18n import lazy_gettext as _l
from caseapp.referrals.rules.telling import TYPED
from caseapp.web.fields import ChecksField, ChipsField, GermanDateField, LongTextField, MultiChipsField
from caseapp.web.forms import CreateForm, PageForm

_MOST = 4_000


class HintForm(CreateForm):
    """An address for the client: nothing leaves."""

    partner = SelectField(_l("Welche Stelle?"), [Optional()])
    recipient = StringField(
        _l("Oder: Name der Stelle"),
        [Optional(), Length(max=200)],
        description=_l("Wenn sie nicht im Verzeichnis steht."),
    )
    note = LongTextField(_l("Notiz für die Akte"), [Optional()], most=_MOST)


class _Words(CreateForm):
    """What may be told, and the words for what the file does not hold."""

    partner = SelectField(_l("An wen?"), [Optional()])
    person = StringField(_l("Ansprechperson dort"), [Optional(), Length(max=200)])
    fields = ChecksField(_l("Was soll die Stelle erfahren?"), [Optional()])
    typed_ANL = LongTextField(  # noqa: N815 - the code of the datum is part of the name
        _l("Anliegen in eigenen Worten"),
        [Optional()],
        most=_MOST,
        description=_l("Steht so im Schreiben. Nur, was die Stelle wirklich braucht."),
    )
    typed_SCH = LongTextField(_l("Schule und Abschlüsse"), [Optional()], most=_MOST)  # noqa: N815
    typed_SDN = LongTextField(_l("Schulden und Verträge"), [Optional()], most=_MOST)  # noqa: N815
    typed_DOK = LongTextField(_l("Welche Kopien liegen bei?"), [Optional()], most=_MOST)  # noqa: N815
    typed_GES = LongTextField(  # noqa: N815
        _l("Gesundheit"),
        [Optional()],
        most=_MOST,
        description=_l("Nur mit eigener, ausdrücklicher Freigabe (Art. 9 DSGVO)."),
    )

    @property
    def typed(self) -> dict[str, str]:
        """The words by the code of their datum."""
        return {code: self[f"typed_{code}"].data or "" for code in TYPED}


class ReferralForm(_Words):
    """A letter in the client's hand, or one that we send. `version` is that of the referral that the form changes."""

    version = HiddenField()
    recipient = StringField(
        _l("Oder: Name der Stelle"),
        [Optional(), Length(max=200)],
        description=_l("Wenn sie nicht im Verzeichnis steht."),
    )
    purpose = SelectField(_l("Wofür?"), [InputRequired(_l("Wählen Sie, wofür die Stelle das braucht."))])
    channel = ChipsField(_l("Auf welchem Weg?"), [Optional()], default="BRF")
    note = LongTextField(_l("Notiz für die Akte"), [Optional()], most=_MOST, description=_l("Geht nicht hinaus."))


class SendForm(PageForm):
    """Sending exactly what the preview shows."""

    version = HiddenField()
    seen = HiddenField()
    answer_days = SelectField(_l("Nachfragen nach"), [Optional()], default="")


class AnswerForm(PageForm):
    """What the partner said, with a reason and the day, for whoever wants to note more than the tap does."""

    version = HiddenField()
    answer = ChipsField(_l("Antwort"), [InputRequired(_l("Wählen Sie die Antwort aus."))])
    on_day = GermanDateField(_l("Geantwortet am"), [Optional()], future=False)
    reason = LongTextField(_l("Warum? Was ist vereinbart?"), [Optional()], most=_MOST)


class LegalForm(_Words):
    """What one person asks a second one to agree to."""

    recipient = StringField(_l("Oder: Name der Stelle"), [Optional(), Length(max=200)])
    basis = SelectField(_l("Welches Gesetz?"), [InputRequired(_l("Wählen Sie die gesetzliche Grundlage."))])
    channel = ChipsField(_l("Auf welchem Weg?"), [Optional()], default="TEL")
    reason = LongTextField(
        _l("Warum verlangt oder erlaubt das Gesetz es hier?"),
        [InputRequired(_l("Schreiben Sie in einem Satz, warum das Gesetz es hier verlangt oder erlaubt."))],
        most=_MOST,
        description=_l("Die zweite Person entscheidet danach. Sie liest Grund und Worte, nicht die Akte."),
    )
    urgent = BooleanField(
        _l("Es ist dringend: Ich gebe es sofort weiter, die Zustimmung folgt"),
        description=_l(
            "Nur bei gegenwärtiger Gefahr. Die zweite Person entscheidet innerhalb weniger Tage nachträglich."
        ),
    )
    second = SelectField(_l("Wer entscheidet mit?"), [InputRequired(_l("Wählen Sie die zweite Person."))])


class OutsideForm(CreateForm):
    """A request about the client by somebody outside."""

    asker = SelectField(_l("Wer fragt?"), [InputRequired(_l("Wählen Sie, wer fragt."))])
    office = StringField(_l("Stelle"), [InputRequired(_l("Schreiben Sie, wer gefragt hat.")), Length(max=200)])
    person = StringField(_l("Person dort"), [Optional(), Length(max=200)])
    reference = StringField(_l("Zeichen der Stelle"), [Optional(), Length(max=100)])
    street = StringField(_l("Straße und Hausnummer"), [Optional(), Length(max=200)])
    place = StringField(_l("Postleitzahl und Ort"), [Optional(), Length(max=200)])
    received_on = GermanDateField(_l("Eingegangen am"), [InputRequired(_l("Geben Sie den Tag ein."))], future=False)
    asked = LongTextField(_l("Was will die Stelle wissen?"), [Optional()], most=_MOST)


class WishForm(CreateForm):
    """What a volunteer is wanted for."""

    version = HiddenField()
    task = StringField(
        _l("Wobei soll jemand helfen?"),
        [InputRequired(_l("Schreiben Sie, wobei jemand helfen soll.")), Length(max=300)],
        description=_l("Das erfährt die ehrenamtliche Person. Zum Beispiel: beim Elternabend übersetzen."),
    )
    meeting_point = StringField(
        _l("Treffpunkt"), [Optional(), Length(max=200)], description=_l("Ein öffentlicher Ort, nicht die Wohnung.")
    )
    languages = SelectMultipleField(_l("Sprachen"), [Optional()])
    skills = MultiChipsField(_l("Was wird gebraucht?"), [Optional()])
    here = BooleanField(_l("In der Gemeinde, in der die Akte geführt wird"), default=True)
    times = StringField(
        _l("Wann?"), [Optional(), Length(max=200)], description=_l("Zum Beispiel: Mittwoch nachmittags.")
    )
    with_children = BooleanField(
        _l("Es geht um Kinder"), description=_l("Dann muss das Führungszeugnis eingesehen sein.")
    )
