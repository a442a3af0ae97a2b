"""Forms of reports: sentences of the second person, a draft given back, a note; a file to check, files to sum."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from caseapp.i18n import lazy_gettext as _
from caseapp.reporting.rules.sentences import LONGEST
from caseapp.web.fields import LongTextField
from caseapp.web.forms import CreateForm, PageForm

LONGEST_REASON, LONGEST_NOTE = 500, 1_000


class VersionForm(PageForm):
    """A form about one state of the report. `version` is that of the report when the page was shown."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the person saw; 0 where it was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < LONGEST else 0


class CheckForm(VersionForm):
    """The three sentences on top of the report."""

    sentence1 = LongTextField(_("Erster Satz"), [InputRequired(_("Schreiben Sie hier einen Satz."))], most=LONGEST)
    sentence2 = LongTextField(_("Zweiter Satz"), [InputRequired(_("Schreiben Sie hier einen Satz."))], most=LONGEST)
    sentence3 = LongTextField(_("Dritter Satz"), [InputRequired(_("Schreiben Sie hier einen Satz."))], most=LONGEST)

    @property
    def sentences(self) -> tuple[str, str, str]:
        """What was typed."""
        return self.sentence1.data or "", self.sentence2.data or "", self.sentence3.data or ""


class GiveBackForm(VersionForm):
    """Why the draft is given back."""

    reason = LongTextField(
        _("Was ist vor dem nächsten Bau zu tun?"),
        [InputRequired(_("Schreiben Sie, was vor dem nächsten Bau zu tun ist."))],
        most=LONGEST_REASON,
        description=_("Ein bis zwei Sätze, ohne Namen. Wer baut, liest sie."),
    )


class NoteForm(CreateForm):
    """A note to a released report."""

    text = LongTextField(
        _("Hinweis"),
        [InputRequired(_("Schreiben Sie einen Hinweis."))],
        most=LONGEST_NOTE,
        description=_(
            "Zum Beispiel, was falsch eingetragen war. Ohne Namen und ohne genaue Zahlen. Die Zahlen des Berichts "
            "bleiben; was berichtigt ist, zählt im nächsten Zeitraum."
        ),
    )


class VerifyForm(PageForm):
    """A file that may be one of a report, and the key that should have signed it."""

    file = FileField(
        _("Datei"),
        [FileRequired(_("Wählen Sie die Datei aus, die Sie prüfen möchten."))],
        description=_("PDF, Excel (.xlsx), CSV-Archiv (.zip) oder signierter Bericht (.json)."),
    )
    key = StringField(
        _("Öffentlicher Schlüssel"),
        [
            Optional(),
            Regexp(r"\s*[0-9a-fA-F]{64}\s*", message=_("Ein Schlüssel hat 64 Ziffern und Buchstaben von a bis f.")),
        ],
        description=_("Nur bei Berichten anderer Stellen: der Schlüssel, den die Stelle Ihnen genannt hat."),
    )


class CollectForm(PageForm):
    """Signed reports of several Kreise, and the keys that somebody has compared."""

    files = MultipleFileField(
        _("Signierte Berichte der Kreise"),
        description=_(
            "Je Kreis eine Datei (.json), alle für denselben Zeitraum. Sie können mehrere auf einmal auswählen."
        ),
    )
    keys = LongTextField(
        _("Bestätigte Schlüssel"),
        most=20_000,
        description=_("Je Zeile ein Kreis und sein Schlüssel, zum Beispiel 08117 = 3f9a… (64 Zeichen)."),
    )

    @property
    def sent(self) -> list[Any]:
        """The files that were chosen; an empty field sends one without a name."""
        return [each for each in self.files.data or () if each and getattr(each, "filename", "")]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.sent:
            self.refuse(str(_("Wählen Sie die Berichte von mindestens zwei Kreisen aus.")), field="files")
            return False
        return True
