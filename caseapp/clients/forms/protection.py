"""The form that asks to end the protection of a file."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import InputRequired

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import LongTextField
from caseapp.web.forms import CreateForm


class LiftForm(CreateForm):
    """Why the protection can end, and who is to agree."""

    reason = LongTextField(
        _("Warum kann der Schutz enden?"),
        [InputRequired(_("Schreiben Sie in einem Satz, warum der Schutz enden kann."))],
        most=500,
        description=_("Ein Satz. Die zweite Person liest ihn, auch wenn sie die Akte sonst nicht öffnen kann."),
    )
    second = SelectField(
        _("Wer soll zustimmen?"),
        [InputRequired(_("Wählen Sie die zweite Person."))],
        description=_("Höchstens 14 Tage steht die Akte in ihren Listen; öffnen kann sie sie dadurch nicht."),
    )
