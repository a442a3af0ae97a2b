"""Forms of the accounts pages and of the carrier's profile."""

from __future__ import annotations

import re

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields import Field
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from caseapp.i18n import gettext
from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import GermanDateField, LongTextField
from caseapp.web.forms import CreateForm, PageForm

_AGS = re.compile(r"\d{5}(\d{3})?")
_LONG_NAME = Length(max=200, message=_("Höchstens 200 Zeichen."))
_NAME = Length(max=120, message=_("Höchstens 120 Zeichen."))


def _looks_like_mail(_form: BaseForm, field: Field) -> None:
    name, at, host = (field.data or "").partition("@")
    if field.data and not (name and at and "." in host):
        raise ValidationError(gettext("Geben Sie eine E-Mail-Adresse wie name@beispiel.de ein."))


class SignInForm(PageForm):
    """Sign-in; `carried` holds a sealed form that waits for its author, `next` the page to open."""

    login = StringField(_("Anmeldename"), [InputRequired(_("Geben Sie Ihren Anmeldenamen ein.")), _NAME])
    password = PasswordField(
        _("Kennwort"),
        [InputRequired(_("Geben Sie Ihr Kennwort ein.")), Length(max=1000)],
    )
    carried = HiddenField()
    next = HiddenField()


class PasswordForm(PageForm):
    """Changing one's own password."""

    old = PasswordField(
        _("Bisheriges Kennwort"),
        [InputRequired(_("Geben Sie Ihr bisheriges Kennwort ein."))],
    )
    new = PasswordField(
        _("Neues Kennwort"),
        [InputRequired(_("Geben Sie ein neues Kennwort ein."))],
        description=_("Mindestens 12 Zeichen. Gut sind vier Wörter, die nicht zusammengehören."),
    )
    repeat = PasswordField(
        _("Neues Kennwort wiederholen"),
        [InputRequired(_("Wiederholen Sie das neue Kennwort."))],
    )


class _PersonFields(PageForm):
    name = StringField(_("Vor- und Nachname"), [InputRequired(_("Geben Sie Vor- und Nachnamen ein.")), _NAME])
    login = StringField(_("Anmeldename"), [InputRequired(_("Geben Sie einen Anmeldenamen ein.")), _NAME])
    email = EmailField(
        _("Dienstliche E-Mail-Adresse"), [Length(max=200, message=_("Höchstens 200 Zeichen.")), _looks_like_mail]
    )


class DutyForm(CreateForm):
    """A duty for a person; choices of role and scope come from the view."""

    role = RadioField(_("Rolle"), [InputRequired(_("Wählen Sie eine Rolle."))])
    scope = SelectField(
        _("Gilt für"),
        [InputRequired(_("Wählen Sie ein Team oder den ganzen Träger."))],
        description=_("Integrationsmanagement und Teamleitung gehören zu einem Team, alles andere zum ganzen Träger."),
    )
    professional_lead = BooleanField(
        _("Fachliche Leitung"),
        description=_("Nur mit diesem Merkmal darf eine Teamleitung Akten öffnen (§ 203 StGB)."),
    )
    valid_from = GermanDateField(_("Ab"), description=_("Leer: ab heute."))
    valid_to = GermanDateField(_("Bis"), description=_("Leer: ohne Ende."))


class PersonForm(_PersonFields, DutyForm):
    """A new account with its first duty."""


class DutyRequestForm(DutyForm):
    """A duty for a colleague; choices of person come from the view."""

    person = SelectField(_("Für wen?"), [InputRequired(_("Wählen Sie eine Person."))])


def _is_ags(_form: BaseForm, field: Field) -> None:
    if field.data and not _AGS.fullmatch(field.data):
        raise ValidationError(gettext("Der Schlüssel hat 8 Ziffern (Gemeinde) oder 5 Ziffern (Kreis)."))


class CarrierForm(PageForm):
    """The carrier's profile. `profile_rev` is the version that was read; choices of kind and law come from the view."""

    profile_rev = HiddenField()
    name = StringField(_("Name des Trägers"), [InputRequired(_("Geben Sie den Namen ein.")), _LONG_NAME])
    kind = SelectField(_("Art"))
    ags = StringField(
        _("Gemeindeschlüssel (AGS)"),
        [_is_ags],
        description=_("8 Ziffern für eine Gemeinde, 5 für einen Kreis."),
    )
    controller = LongTextField(
        _("Verantwortliche Stelle"), most=1000, description=_("Name und Anschrift, wie sie im Hinweis stehen sollen.")
    )
    data_protection_officer = LongTextField(_("Datenschutzbeauftragte oder -beauftragter"), most=1000)
    supervisory_authority = LongTextField(_("Aufsichtsbehörde"), most=1000)
    law = RadioField(_("Datenschutzrecht"), [InputRequired(_("Wählen Sie das Recht, das für den Träger gilt."))])
    legal_basis = LongTextField(
        _("Rechtsgrundlage"),
        most=1000,
        description=_("Zum Beispiel: Art. 6 Abs. 1 Buchst. e DSGVO mit § 18 Abs. 2 FlüAG und § 4 LDSG."),
    )
    notice_version = StringField(
        _("Fassung der Datenschutzhinweise"),
        [InputRequired(_("Geben Sie die Fassung ein.")), Length(max=40, message=_("Höchstens 40 Zeichen."))],
        description=_("Neue Akten vermerken diese Fassung als ausgehändigt."),
    )


class TeamForm(CreateForm):
    """A new team."""

    name = StringField(_("Name des neuen Teams"), [InputRequired(_("Geben Sie den Namen ein.")), _LONG_NAME])
