"""Forms of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields import StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import ChecksField, ChipsField, LongTextField
from caseapp.web.forms import CreateForm, PageForm


class UploadForm(CreateForm):
    """A list from the disk. Without a kind the columns decide what it holds."""

    file = FileField(
        _("Datei"),
        [FileRequired(_("Wählen Sie die Datei aus, in der Ihre Liste steht."))],
        description=_("Excel (.xlsx, .xls), LibreOffice (.ods) oder Text (.csv, .tsv), höchstens 25 MB."),
    )
    kind = ChipsField(_("Was steht in der Liste?"), default="")
    team = SelectField(_("Team"), [InputRequired(_("Wählen Sie das Team aus."))])


class SheetForm(PageForm):
    """Which part of the file is the list."""

    sheet = SelectField(_("Blatt"), [InputRequired(_("Wählen Sie ein Blatt."))])
    kind = ChipsField(_("Was steht in der Liste?"), [InputRequired(_("Wählen Sie, was in der Liste steht."))])
    header = IntegerField(
        _("Überschriften in Zeile"),
        [
            InputRequired(_("Geben Sie die Nummer der Zeile ein.")),
            NumberRange(0, 1000, _("Geben Sie eine Zahl von 0 bis 1000 ein.")),
        ],
        description=_("0, wenn die Liste keine Überschriften hat."),
    )


class ColumnsForm(PageForm):
    """One choice a column: fields `c0`, `c1`, …; `of` makes the class for a list."""

    @classmethod
    def of(cls, columns: Sequence[tuple[int, str]], choices: Mapping[str, str]) -> type[ColumnsForm]:
        """The form for these columns (place, label), all with the same choices."""
        fields = {f"c{place}": SelectField(label, choices=dict(choices)) for place, label in columns}
        return cast("type[ColumnsForm]", type("ListColumnsForm", (cls,), fields))

    @property
    def fields_chosen(self) -> dict[int, str]:
        """Place of each column -> its field."""
        return {int(field.name[1:]): field.data or "" for field in self if field.name[1:].isdigit()}


class AssignForm(PageForm):
    """Contacts of one name: who is meant, for which of them."""

    contact = ChecksField(_("Kontakte"), [InputRequired(_("Wählen Sie mindestens einen Kontakt aus."))])
    client = RadioField(_("Mit wem war der Kontakt?"), [Optional()])
    file_number = StringField(_("Oder Aktenzeichen einer anderen Akte"), description=_("Zum Beispiel 2026-00042"))
    reason = LongTextField(_("Grund, wenn Sie die Kontakte nicht übernehmen"), most=1_000)
