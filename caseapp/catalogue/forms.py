"""Forms of the phrase book."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.form import Form
from wtforms.validators import InputRequired, Length, Optional

from caseapp.catalogue.rules.phrases import LONGEST
from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import GermanDateField, LongTextField
from caseapp.web.forms import FilterForm, PageForm


class PhraseForm(PageForm):
    """A phrase in one language. `version` is that of the book when the form was filled."""

    version = HiddenField()
    text = LongTextField(_("Text"), [Optional()], most=LONGEST)
    checked_by = StringField(
        _("Geprüft von"),
        [Length(max=100)],
        description=_("Name und Funktion der Fachperson. Leer: ungeprüft."),
    )
    checked_on = GermanDateField(_("Geprüft am"), [Optional()], future=False)


class TranslationsForm(PageForm):
    """A table that a translator has filled in."""

    file = FileField(
        _("Datei"),
        [FileRequired(_("Wählen Sie die Datei aus."))],
        description=_("CSV in UTF-8, wie Sie sie hier herunterladen."),
    )


class TakeOverForm(PageForm):
    """The table that was looked at, to be taken over."""

    version = HiddenField()
    table = HiddenField(validators=[InputRequired(_("Lesen Sie die Datei noch einmal ein."))])


class BookFilter(FilterForm):
    """What the page shows."""

    sprache = SelectField(_("Sprache"))
    papier = SelectField(_("Papier"), [Optional()])


def read_version(form: Form) -> int:
    """The version of the book that the form carries; 0 where it was tampered with."""
    text = str(form["version"].data or "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0
