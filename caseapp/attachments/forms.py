"""Forms of attachments."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseapp.attachments.models import AttachmentClass
from caseapp.attachments.rules.names import LONGEST
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import LongTextField
from caseapp.web.forms import CreateForm, PageForm

CLASSES = {
    AttachmentClass.GENERAL.value: _l("Allgemein"),
    AttachmentClass.PROTECTED.value: _l("Geschützt, zum Beispiel Gesundheit"),
}
_LONGEST_NOTE = 500


class UploadForm(CreateForm):
    """New files for a client. `photos` is the same with the camera of a phone."""

    files = MultipleFileField(
        _l("Dateien"),
        description=_l("PDF, Fotos und Bilder, Text, Word, Excel. Höchstens 50 MB je Datei, 250 MB zusammen."),
    )
    photos = MultipleFileField(_l("Foto aufnehmen"))
    level = RadioField(
        _l("Wer darf sie öffnen?"),
        [InputRequired(_l("Wählen Sie, wer die Dateien öffnen darf."))],
        default=AttachmentClass.GENERAL.value,
        description=_l("Geschützte Dateien sieht nur, wer mit der Akte arbeitet, nicht die Leitung."),
    )
    note = LongTextField(_l("Bemerkung"), most=_LONGEST_NOTE)

    @property
    def sent(self) -> list[Any]:
        """The files that were chosen, in their order; an empty field sends one without a name."""
        return [each for each in (*(self.files.data or ()), *(self.photos.data or ())) if each and each.filename]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.sent:
            self.refuse(_("Wählen Sie mindestens eine Datei aus."), field="files")
            return False
        return True


class ChangeForm(PageForm):
    """Name, class and remark of a file. `version` is the revision that was shown."""

    version = HiddenField()
    name = StringField(_l("Name"), [InputRequired(_l("Geben Sie der Datei einen Namen.")), Length(max=LONGEST)])
    level = RadioField(_l("Wer darf sie öffnen?"))
    note = LongTextField(_l("Bemerkung"), most=_LONGEST_NOTE)

    @property
    def revision(self) -> int:
        """The revision that the form was filled from; one that never existed where the field was tampered with."""
        shown = self.version.data or ""
        return int(shown) if shown.isdecimal() and len(shown) < 10 else -1


def new_upload_form(**options: Any) -> UploadForm:
    """An empty form, or the posted one."""
    return UploadForm(choices={"level": CLASSES}, **options)
