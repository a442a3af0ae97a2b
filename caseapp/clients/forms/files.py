"""The form of the master data: one page, in sections."""

from __future__ import annotations

from typing import Any

import msgspec
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields import EmailField, HiddenField
from wtforms.validators import Length, NumberRange, Optional, Regexp, ValidationError

from caseapp import clock
from caseapp.catalogue.queries import catalogue, options
from caseapp.clients.forms.births import BirthField, birth_of
from caseapp.clients.forms.conflicts import base_of
from caseapp.clients.forms.numbers import whole_number
from caseapp.clients.forms.phones import PhonesField, phones_text
from caseapp.clients.models import Client, ClientBody, ClientHead, SafeContact
from caseapp.clients.service import FileChange
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.places.forms import PlaceField, place_text
from caseapp.web.fields import GermanDateField, LongTextField, MultiChipsField
from caseapp.web.forms import Choices, PageForm

NAME = Length(max=200, message=_l("Der Name ist zu lang: höchstens 200 Zeichen."))
SHORT = Length(max=500, message=_l("Der Text ist zu lang: höchstens 500 Zeichen."))
EMAIL = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", 0, _l("Geben Sie die Adresse so ein: name@beispiel.de"))
MONTHS = NumberRange(0, 120, _l("Geben Sie eine Zahl zwischen 0 und 120 ein."))
LISTS = {
    "sex": "sexes",
    "language": "languages",
    "nationality": "nationalities",
    "nationality2": "nationalities",
    "literacy": "literacy",
    "interpreter": "interpreter_kinds",
    "safe_ways": "safe_contact_ways",
    "eligibility": "eligibility_reasons",
    "access_route": "access_routes",
}


_FROM_HEAD = ("family_name", "given_names", "own_script", "sex", "language", "birth")
_FROM_BODY = (
    *("literacy", "email", "interpreter", "eligibility", "eligibility_note"),
    *("au_since", "entered_on", "access_route", "remarks"),
)


def check_eligibility(code: str | None, note: str | None) -> None:
    """Some reasons must be explained. Raises ValidationError."""
    found = catalogue().find("eligibility_reasons", code or "", clock.today())
    if found and found.says("needs_reason") and not (note or "").strip():
        raise ValidationError(_("Schreiben Sie dazu, warum die Person Anspruch auf Beratung hat."))


class FileForm(PageForm):
    """Master data of a file. `head_rev`, `body_rev` and `base` say what the form was filled with."""

    head_rev = HiddenField()
    body_rev = HiddenField()
    base = HiddenField()
    family_name = StringField(_l("Nachname"), [NAME], description=_l("Wie im Ausweis."))
    given_names = StringField(_l("Vorname"), [Optional(), NAME])
    own_script = StringField(_l("Name in eigener Schrift"), [Optional(), NAME])
    other_names = StringField(
        _l("Weitere Schreibweisen und frühere Namen"), [Optional(), SHORT], description=_l("Mit Komma getrennt.")
    )
    birth = BirthField(_l("Geburtsdatum"), [Optional()], description=_l("Ist nur das Jahr bekannt, genügt 1988."))
    fictitious = BooleanField(_l("Tag ist fiktiv (01.01. vom Amt)"))
    sex = SelectField(_l("Geschlecht"), [Optional()])
    nationality = SelectField(_l("Staatsangehörigkeit"), [Optional()])
    nationality2 = SelectField(_l("Weitere Staatsangehörigkeit"), [Optional()])
    language = SelectField(_l("Sprache"), [Optional()])
    literacy = SelectField(_l("Alphabetisierung"), [Optional()])
    phones = PhonesField(_l("Telefon"), [Optional()], description=_l("Mehrere Nummern mit Komma trennen."))
    email = EmailField(_l("E-Mail"), [Optional(), EMAIL, SHORT])
    interpreter = SelectField(_l("Dolmetschen"), [Optional()])
    safe_ways = MultiChipsField(_l("Sicherer Kontaktweg"))
    safe_note = StringField(
        _l("Worauf wir beim Kontakt achten"),
        [Optional(), SHORT],
        description=_l("Zum Beispiel: nicht abends, nicht mit dem Ehemann sprechen. Steht groß oben in der Akte."),
    )
    municipality = PlaceField(_l("Gemeinde"), [Optional()])
    eligibility = SelectField(_l("Anspruch auf Beratung"), [Optional()])
    eligibility_note = StringField(_l("Begründung"), [SHORT])
    au_since = GermanDateField(_l("Anschlussunterbringung seit"), [Optional()], future=False)
    entered_on = GermanDateField(_l("In Deutschland seit"), [Optional()], future=False)
    access_route = SelectField(_l("Zugang"), [Optional()])
    earlier_months = IntegerField(_l("Schon beraten (Monate)"), [Optional(), MONTHS])
    earlier_where = StringField(_l("Wo?"), [Optional(), SHORT])
    remarks = LongTextField(_l("Bemerkung"), [Optional()], most=20_000)

    def validate_eligibility_note(self, field: StringField) -> None:
        """A reason outside of the list must be explained."""
        check_eligibility(self.eligibility.data, field.data)

    def validate_family_name(self, field: StringField) -> None:
        """One name is enough, whichever."""
        if not (field.data or self.given_names.data or self.own_script.data):
            raise ValidationError(_("Geben Sie mindestens einen Namen ein."))


def form_of(client: Client, *, posted: bool = True) -> FileForm:
    """The form filled from the file, with what was posted on top. `posted` False: the stored values alone."""
    values = _values(client)
    source: dict[str, Any] = {} if posted else {"formdata": None}
    form = FileForm(choices=_choices(client, values), data=values, **source)
    form.phones.known = client.head.phones
    if not form.is_submitted() or not posted:
        form.base.data = base_of(form)
    return form


def change_of(form: FileForm, client: Client) -> FileChange:
    """What the form makes of the file."""
    return FileChange(
        head=_head(form, client.head),
        body=_body(form, client.body),
        ags=form.municipality.ags or None,
        head_rev=whole_number(form.head_rev.data),
        body_rev=whole_number(form.body_rev.data),
    )


def _values(client: Client) -> dict[str, Any]:
    head, body = client.head, client.body
    first, second, *_rest = (*body.nationalities, "", "")
    return {
        "head_rev": str(client.head_rev),
        "body_rev": str(client.body_rev),
        **{name: getattr(head, name) for name in _FROM_HEAD},
        "other_names": ", ".join(head.other_names),
        "fictitious": head.birth.fictitious,
        "phones": phones_text(head.phones),
        "nationality": first,
        "nationality2": second,
        **{name: getattr(body, name) for name in _FROM_BODY},
        "safe_ways": list(body.safe_contact.ways),
        "safe_note": body.safe_contact.note,
        "municipality": place_text("", "", client.ags),
        "earlier_months": body.earlier_counselling_months or None,
        "earlier_where": body.earlier_counselling,
    }


def _choices(client: Client, values: dict[str, Any]) -> dict[str, Choices]:
    kept = {name: values[name] if isinstance(values[name], list) else [values[name]] for name in LISTS}
    carrier = client.organisation_id
    return {name: options(list_name, carrier, keep=tuple(kept[name])) for name, list_name in LISTS.items()}


def _head(form: FileForm, before: ClientHead) -> ClientHead:
    return msgspec.structs.replace(
        before,
        family_name=form.family_name.data or "",
        given_names=form.given_names.data or "",
        own_script=form.own_script.data or "",
        other_names=tuple(part.strip() for part in (form.other_names.data or "").split(",") if part.strip()),
        birth=birth_of(form.birth, fictitious=form.fictitious.data, before=before.birth),
        sex=form.sex.data or "",
        language=form.language.data or "",
        phones=form.phones.numbers,
    )


def _body(form: FileForm, before: ClientBody) -> ClientBody:
    eligibility = form.eligibility.data or ""
    decided = before.eligibility_on if eligibility == before.eligibility else clock.today()
    chosen = [form.nationality.data, form.nationality2.data, *before.nationalities[2:]]
    return msgspec.structs.replace(
        before,
        nationalities=tuple(dict.fromkeys(code for code in chosen if code)),
        literacy=form.literacy.data or "",
        interpreter=form.interpreter.data or "",
        email=form.email.data or "",
        safe_contact=SafeContact(ways=tuple(form.safe_ways.data or ()), note=form.safe_note.data or ""),
        eligibility=eligibility,
        eligibility_note=form.eligibility_note.data or "",
        eligibility_on=decided if eligibility else None,
        access_route=form.access_route.data or "",
        entered_on=form.entered_on.data,
        au_since=form.au_since.data,
        earlier_counselling_months=form.earlier_months.data or 0,
        earlier_counselling=form.earlier_where.data or "",
        remarks=form.remarks.data or "",
    )
