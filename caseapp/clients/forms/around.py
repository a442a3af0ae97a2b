"""Who is around a person: offices, representatives, the notice that was given, the household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, StringField
from wtforms.fields import HiddenField
from wtforms.validators import InputRequired, Length, Optional

from caseapp import clock
from caseapp.catalogue.queries import options
from caseapp.clients.forms.numbers import whole_number
from caseapp.clients.forms.phones import PhonesField
from caseapp.clients.models import Agency, Client, Representative
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.fields import GermanDateField
from caseapp.web.forms import PageForm
from caseapp.web.grids import RowForm, RowsField
from caseapp.web.parsing import phone_text

_SHORT = Length(max=300, message=_l("Der Text ist zu lang: höchstens 300 Zeichen."))


class ListForm(PageForm):
    """A list that is saved as a whole. `body_rev` is the revision that it was filled from."""

    body_rev = HiddenField()

    @property
    def revision(self) -> int:
        """The revision of the master data when the form was filled."""
        return whole_number(self.body_rev.data)


class AgencyRow(RowForm):
    """One office with the person there, and their own file number."""

    kind = SelectField(_l("Art"), [Optional()])
    office = StringField(_l("Stelle"), [InputRequired(_l("Geben Sie den Namen der Stelle ein.")), _SHORT])
    person = StringField(_l("Ansprechperson"), [Optional(), _SHORT])
    phone = PhonesField(_l("Telefon"), [Optional(), _SHORT])
    reference = StringField(_l("Aktenzeichen dort"), [Optional(), _SHORT])


class AgenciesForm(ListForm):
    """The list "Zuständige Stellen"."""

    agencies = RowsField(
        AgencyRow, _l("Stellen"), min_rows=2, max_rows=20, add_label=_l("Weitere Stelle"), row_label=_l("Stelle")
    )


class RepresentativeRow(RowForm):
    """One person who speaks for the client."""

    name = StringField(_l("Name"), [InputRequired(_l("Geben Sie den Namen ein.")), _SHORT])
    kind = SelectField(_l("Art"), [Optional()])
    phone = PhonesField(_l("Telefon"), [Optional(), _SHORT])
    scope = StringField(_l("Wofür?"), [Optional(), _SHORT])


class RepresentativesForm(ListForm):
    """Who speaks for the person."""

    people = RowsField(
        RepresentativeRow,
        _l("Vertretung"),
        min_rows=1,
        max_rows=10,
        add_label=_l("Weitere Person"),
        row_label=_l("Person"),
    )


class NoticeForm(PageForm):
    """The privacy notice that was handed over."""

    language = SelectField(_l("In welcher Sprache?"), [InputRequired(_l("Wählen Sie die Sprache aus."))])
    given_on = GermanDateField(
        _l("Wann?"), [InputRequired(_l("Geben Sie den Tag ein, zum Beispiel 27.03.2026."))], future=False
    )
    way = RadioField(_l("Wie?"), [InputRequired(_l("Wählen Sie, wie die Hinweise gegeben wurden."))])


class JoinForm(PageForm):
    """A person moves into the household."""

    other = StringField(
        _l("Aktenzeichen"),
        [InputRequired(_l("Geben Sie ein Aktenzeichen ein, zum Beispiel 2026-00012."))],
    )
    relation = SelectField(_l("Beziehung"), [Optional()])
    from_on = GermanDateField(_l("Seit wann?"), [Optional()])


def agencies_form(client: Client) -> AgenciesForm:
    """The list as it is stored, or as it was posted."""
    stored = [
        {name: getattr(agency, name) for name in ("kind", "office", "person", "reference")}
        | {"phone": phone_text(agency.phone)}
        for agency in client.body.agencies
    ]
    kinds = options("partner_kinds", client.organisation_id, keep=tuple(agency.kind for agency in client.body.agencies))
    form = AgenciesForm(choices={"agencies.kind": kinds}, data={"agencies": stored, "body_rev": str(client.body_rev)})
    _know(form.agencies, tuple(agency.phone for agency in client.body.agencies))
    return form


def agencies_of(form: AgenciesForm) -> tuple[Agency, ...]:
    """The offices that were entered."""
    return tuple(
        Agency(
            office=row["office"].data or "",
            kind=row["kind"].data or "",
            person=row["person"].data or "",
            phone=_first(row["phone"]),
            reference=row["reference"].data or "",
        )
        for row in form.agencies.filled
    )


def representatives_form(client: Client) -> RepresentativesForm:
    """The list as it is stored, or as it was posted."""
    stored = [
        {name: getattr(person, name) for name in ("name", "kind", "scope")} | {"phone": phone_text(person.phone)}
        for person in client.body.representatives
    ]
    kept = tuple(person.kind for person in client.body.representatives)
    form = RepresentativesForm(
        choices={"people.kind": options("representative_kinds", client.organisation_id, keep=kept)},
        data={"people": stored, "body_rev": str(client.body_rev)},
    )
    _know(form.people, tuple(person.phone for person in client.body.representatives))
    return form


def representatives_of(form: RepresentativesForm) -> tuple[Representative, ...]:
    """The people who were entered."""
    return tuple(
        Representative(
            name=row["name"].data or "",
            kind=row["kind"].data or "",
            phone=_first(row["phone"]),
            scope=row["scope"].data or "",
        )
        for row in form.people.filled
    )


def notice_form(client: Client) -> NoticeForm:
    """Today, in the client's language."""
    language = client.head.language or "de"
    organisation_id: UUID = client.organisation_id
    return NoticeForm(
        choices={
            "language": options("languages", organisation_id, keep=(language,)),
            "way": options("notice_ways", organisation_id),
        },
        data={"language": language, "given_on": clock.today(), "way": "PAP"},
    )


def join_form(client: Client) -> JoinForm:
    """Empty, or as it was posted."""
    return JoinForm(choices={"relation": options("relationship_kinds", client.organisation_id)})


def _know(rows: RowsField, phones: tuple[str, ...]) -> None:
    for entry in rows.entries:
        field = entry.form["phone"]
        if isinstance(field, PhonesField):
            field.known = phones


def _first(field: Any) -> str:
    numbers: tuple[str, ...] = field.numbers
    return ", ".join(numbers)
