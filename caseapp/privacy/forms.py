"""Forms of the rights of clients."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import GermanDateField, LongTextField
from caseapp.web.forms import CreateForm, FilterForm, PageForm


class RequestForm(CreateForm):
    """Why the file is to be erased, and who decides."""

    reason = LongTextField(
        _("Warum soll die Akte gelöscht werden?"),
        [InputRequired(_("Schreiben Sie in einem Satz, warum die Akte gelöscht werden soll."))],
        most=500,
        description=_("Ein Satz. Die Leitung liest ihn; er wird mit der Akte gelöscht."),
    )
    head = SelectField(
        _("Wer entscheidet?"),
        [InputRequired(_("Wählen Sie die Person, die entscheidet."))],
        description=_("Eine Leitung des ganzen Trägers. Sie sieht, um wen es geht, und öffnet dadurch keine Akte."),
    )


class DecisionForm(PageForm):
    """The file's number, typed by hand: what is erased does not come back."""

    file_number = StringField(
        _("Aktenzeichen"),
        [InputRequired(_("Tippen Sie das Aktenzeichen ab."))],
        description=_("Zur Sicherheit von Hand: Eine Löschung lässt sich nicht rückgängig machen."),
    )


class RegisterFilter(FilterForm):
    """What the register is narrowed to."""

    von = GermanDateField(_("Von"))
    bis = GermanDateField(_("Bis"))
    vorgang = SelectField(_("Vorgang"), validate_choice=False)
    person = StringField(_("Kennung der Person"))
    akte = StringField(_("Kennung der Akte"))


class ComplaintForm(CreateForm):
    """Whose name is needed, and for which complaint."""

    number = StringField(
        _("Nummer der Beschwerde"),
        [InputRequired(_("Tragen Sie die Nummer der Beschwerde ein.")), Length(max=60)],
        description=_("Unter dieser Nummer liegt die Beschwerde in Ihrer Ablage."),
    )
    code = StringField(
        _("Kennung der Person"),
        [InputRequired(_("Tragen Sie die Kennung ein, zum Beispiel P-7KQ2MXA.")), Length(max=20)],
    )
    reason = LongTextField(
        _("Warum brauchen Sie den Namen?"),
        [InputRequired(_("Schreiben Sie in einem Satz, warum Sie den Namen brauchen."))],
        most=500,
    )


class BreachForm(PageForm):
    """What happened: an account, one of its web sessions, or a time span."""

    person = StringField(
        _("Kennung der Person"),
        [Length(max=20)],
        description=_("Wessen Konto betroffen ist, zum Beispiel P-7KQ2MXA. Leer: alle Konten des Trägers."),
    )
    session = SelectField(
        _("Sitzung"),
        validate_choice=False,
        description=_("Ein Browser auf einem Gerät. Tragen Sie erst die Kennung ein und suchen Sie einmal."),
    )
    from_on = GermanDateField(_("Von"))
    to_on = GermanDateField(_("Bis"))
