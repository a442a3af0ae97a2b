"""Forms of the rights of clients."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import LongTextField
from caseapp.web.forms import CreateForm, PageForm


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
