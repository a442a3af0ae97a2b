"""Forms of teamwork."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import ChecksField, GermanDateField, LongTextField
from caseapp.web.forms import PageForm


class AssignManyForm(PageForm):
    """Several files for one worker; the rows of the table are the choices of `client`."""

    client = ChecksField(_("Akten"), [InputRequired(_("Wählen Sie mindestens eine Akte aus."))])
    worker = SelectField(_("Zuweisen an"), [InputRequired(_("Wählen Sie, wer die Akten bekommt."))])


class AssignForm(PageForm):
    """One file for a worker."""

    worker = SelectField(_("Zuständig wird"), [InputRequired(_("Wählen Sie, wer die Akte bekommt."))])
    household = BooleanField(_("Auch die anderen Akten des Haushalts"))


class CloseForm(PageForm):
    """Closing a file."""

    reason = RadioField(_("Grund"), [InputRequired(_("Wählen Sie einen Grund."))])
    on = GermanDateField(
        _("Abgeschlossen am"),
        [InputRequired(_("Geben Sie den Tag ein."))],
        description=_("Der letzte Tag der Beratung."),
    )


class NoteAccessForm(PageForm):
    """A lead's reason to open notes."""

    reason = RadioField(_("Grund"), [InputRequired(_("Wählen Sie einen Grund."))])
    text = LongTextField(
        _("Worum geht es?"),
        most=500,
        description=_("Ein Satz. Die zuständige Person sieht ihn. Bei manchen Gründen ist er nötig."),
    )
