"""Forms of making a report: the second person's sentences, a draft given back, a note to a release."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import InputRequired

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
