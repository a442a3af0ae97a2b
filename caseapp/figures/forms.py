"""Forms of works agreements and comparisons."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import GermanDateField, MultiChipsField
from caseapp.web.forms import CreateForm


class AgreementForm(CreateForm):
    """What the carrier and its staff council have agreed."""

    title = StringField(
        _("Name der Vereinbarung"),
        [InputRequired(_("Tragen Sie ein, wie die Vereinbarung heißt.")), Length(max=200)],
        description=_("Wie auf dem Papier, zum Beispiel „Dienstvereinbarung Fallzahlen 2026“."),
    )
    agreed_on = GermanDateField(_("Geschlossen am"), [InputRequired(_("Tragen Sie ein, wann sie geschlossen wurde."))])
    valid_from = GermanDateField(_("Gilt ab"), [InputRequired(_("Tragen Sie ein, ab wann sie gilt."))])
    valid_to = GermanDateField(_("Gilt bis"), [Optional()], description=_("Unbefristet: leer lassen."))
    figures = MultiChipsField(
        _("Welche Zahlen dürfen verglichen werden?"),
        [InputRequired(_("Wählen Sie aus, welche Zahlen die Vereinbarung erlaubt."))],
        validate_choice=False,
    )


class ComparisonForm(CreateForm):
    """What is compared, and for when."""

    figure = SelectField(_("Zahl"), [InputRequired(_("Wählen Sie die Zahl aus."))])
    period = SelectField(_("Zeitraum"), [InputRequired(_("Wählen Sie den Zeitraum aus."))])
