"""Forms of the accounts pages."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from caseapp.i18n import lazy_gettext as _
from caseapp.web.fields import GermanDateField
from caseapp.web.forms import CreateForm, PageForm

_NAME = Length(max=120, message=_("Höchstens 120 Zeichen."))


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


class PersonForm(CreateForm):
    """A new account."""

    name = StringField(_("Name"), [InputRequired(_("Geben Sie Vor- und Nachnamen ein.")), _NAME])
    login = StringField(_("Anmeldename"), [InputRequired(_("Geben Sie einen Anmeldenamen ein.")), _NAME])
    email = EmailField(_("Dienstliche E-Mail-Adresse"), [MayBeEmpty(), Length(max=200)])


class DutyForm(CreateForm):
    """A duty for a person; choices of team and role come from the view."""

    role = RadioField(_("Aufgabe"), [InputRequired(_("Wählen Sie eine Aufgabe."))])
    team = SelectField(_("Team"), [MayBeEmpty()])
    professional_lead = BooleanField(
        _("Fachliche Leitung"),
        description=_("Nur mit diesem Merkmal darf eine Teamleitung Akten öffnen."),
    )
    valid_from = GermanDateField(_("Ab"), [MayBeEmpty()], description=_("Leer: ab heute."))
    valid_to = GermanDateField(_("Bis"), [MayBeEmpty()])
