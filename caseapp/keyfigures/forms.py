"""Forms of the Kennzahlen. Those with a field a number are made for the numbers of the year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from wtforms import BooleanField, FileField, IntegerField, SelectField, StringField
from wtforms.fields import HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from caseapp.clients.forms.births import BirthField
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.keyfigures.rules.comparing import Change
from caseapp.keyfigures.rules.fields import Field
from caseapp.places.forms import PlaceField
from caseapp.web.fields import ChipsField, GermanDateField, LongTextField
from caseapp.web.forms import CreateForm, PageForm

_Form = TypeVar("_Form", bound=PageForm)
_MOST = 10_000_000
_COUNT = NumberRange(0, _MOST, _l("Geben Sie eine ganze Zahl von 0 an ein."))
_YEAR = NumberRange(2017, 2100, _l("Geben Sie ein Jahr ein, zum Beispiel 2026."))


class AnswerForm(CreateForm):
    """One missing value. `head_rev` and `body_rev`: the revisions of the file that the form was filled from."""

    head_rev = HiddenField()
    body_rev = HiddenField()


class ChipsAnswer(AnswerForm):
    """A value out of few."""

    value = ChipsField(_l("Angabe"), validate_choice=True)


class SelectAnswer(AnswerForm):
    """A value out of many."""

    value = SelectField(_l("Angabe"))


class TitleAnswer(SelectAnswer):
    """A residence title, and since when."""

    from_on = GermanDateField(_l("Gültig seit"), [Optional()])


class BirthAnswer(AnswerForm):
    """A birthday, or its year."""

    value = BirthField(_l("Geburtsdatum"), description=_l("TT.MM.JJJJ. Ist nur das Jahr bekannt, genügt 1988."))


class PlaceAnswer(AnswerForm):
    """A municipality."""

    value = PlaceField(_l("Gemeinde"), description=_l("Postleitzahl oder Name der Gemeinde."))


ANSWERS: dict[str, type[AnswerForm]] = {
    "sex": ChipsAnswer,
    "age": BirthAnswer,
    "nationality": SelectAnswer,
    "title": TitleAnswer,
    "municipality": PlaceAnswer,
}


class FreezeForm(CreateForm):
    """Freezing. `box_rev`: the count that the page shows. Comments are added by `freeze_form`."""

    box_rev = HiddenField()
    reason = LongTextField(_l("Grund der Korrektur"), [Optional()], most=1_000)


def freeze_form(changes: Iterable[Change]) -> FreezeForm:
    """The form with a comment for each number that changed much."""
    return _with_comments(FreezeForm, changes)()


class PapersForm(CreateForm):
    """Ordering the papers. Comments are added by `papers_form`."""

    without = BooleanField(_l("Ohne die fehlenden Träger erstellen"))


def papers_form(changes: Iterable[Change]) -> PapersForm:
    """The form with a comment for each large change that nobody has explained yet."""
    return _with_comments(PapersForm, changes)()


def _with_comments(base: type[_Form], changes: Iterable[Change]) -> type[_Form]:
    fields = {
        f"comment_{change.field.code}": LongTextField(
            _("%(field)s: Warum hat sich die Zahl so stark geändert?", field=change.field.de), [Optional()], most=1_000
        )
        for change in changes
        if change.needs_reason
    }
    return type(base.__name__, (base,), fields)


def comments_of(form: PageForm) -> dict[str, str]:
    """Field -> the words typed for it."""
    return {
        field.name.removeprefix("comment_"): field.data or "" for field in form if field.name.startswith("comment_")
    }


class BeforeForm(PageForm):
    """Last year's numbers from the paper. Fields are added by `before_form`."""


def before_form(fields: Iterable[Field], known: dict[str, int]) -> BeforeForm:
    """The form with an input for each field."""
    inputs = {
        f"before_{field.code}": IntegerField(field.de, [Optional(), _COUNT], description=field.sentence)
        for field in fields
    }
    made: type[BeforeForm] = type("BeforeForm", (BeforeForm,), inputs)
    return made(data={f"before_{code}": number for code, number in known.items()})


def numbers_of(form: BeforeForm) -> dict[str, int | None]:
    """Field -> number, None where nothing was typed."""
    return {field.name.removeprefix("before_"): field.data for field in form if field.name.startswith("before_")}


class UploadForm(CreateForm):
    """The state's workbook, and for which years it is meant."""

    file = FileField(_l("Vorlage „Auswertung Zeitraum“ (.xlsx)"), description=_l("Höchstens 5 MB, ohne Makros."))
    from_year = IntegerField(_l("Gilt ab Jahr"), [InputRequired(_l("Geben Sie das erste Jahr ein.")), _YEAR])
    until_year = IntegerField(
        _l("Gilt bis Jahr"), [Optional(), _YEAR], description=_l("Leer: bis eine neue Vorlage kommt.")
    )


class CellForm(PageForm):
    """Which number stands in a cell. `number` names field and class: `PER`, `PER|sex|W`."""

    slots_rev = HiddenField()
    sheet = SelectField(_l("Blatt"), [InputRequired(_l("Wählen Sie das Blatt."))])
    place = StringField(_l("Zelle"), [InputRequired(_l("Geben Sie die Zelle ein, zum Beispiel B5.")), Length(max=8)])
    number = SelectField(_l("Zahl"), [InputRequired(_l("Wählen Sie, welche Zahl in der Zelle steht."))])
    municipality = PlaceField(_l("Gemeinde"), [Optional()], description=_l("Nur bei der Aufteilung nach Gemeinden."))
    down = BooleanField(_l("Eine Zeile je Integrationsmanagerin oder Integrationsmanager, ab dieser Zelle nach unten"))


class MappingForm(PageForm):
    """All cells from a file."""

    slots_rev = HiddenField()
    file = FileField(_l("Zuordnung (.csv)"))


class SentForm(PageForm):
    """The day and the way of sending."""

    sent_on = GermanDateField(
        _l("Gesendet am"), [InputRequired(_l("Geben Sie den Tag ein, an dem Sie die Unterlagen gesendet haben."))]
    )
    way = StringField(
        _l("Weg"),
        [InputRequired(_l("Schreiben Sie, auf welchem Weg.")), Length(max=200)],
        description=_l("Zum Beispiel: Post, E-Mail an das Regierungspräsidium."),
    )


class CheckForm(PageForm):
    """A file to compare with the archived one."""

    file = FileField(_l("Datei"))
