"""Forms of partners."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import EmailField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from caseapp.i18n import lazy_gettext as _l
from caseapp.network.models import ContactPerson, Partner, PartnerProfile, VolunteerProfile
from caseapp.places.forms import PlaceField, place_text
from caseapp.web.fields import GermanDateField, LongTextField, MultiChipsField, PhoneField
from caseapp.web.forms import CreateForm, PageForm
from caseapp.web.grids import RowForm, RowsField

_SHORT = Length(max=200)
_EMAIL = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Prüfen Sie die E-Mail-Adresse, zum Beispiel info@ort.de."))
_MOST_PEOPLE = 20


class SearchForm(PageForm):
    """Looking through the directory. It is posted: names of people do not belong into addresses."""

    q = StringField(_l("Name, Ort oder Person"), [Optional(), _SHORT])
    kind = SelectField(_l("Art"), [Optional()])


class PersonRow(RowForm):
    """Somebody at the partner."""

    name = StringField(_l("Name"), [Optional(), _SHORT])
    function = StringField(_l("Funktion"), [Optional(), _SHORT])
    phone = PhoneField(_l("Telefon"), [Optional()])
    email = EmailField(_l("E-Mail"), [Optional(), _EMAIL, _SHORT])


class PartnerForm(CreateForm):
    """A partner of the district. `version` is that of the entry when the form was filled."""

    version = HiddenField()
    kind = SelectField(_l("Art"), [InputRequired(_l("Wählen Sie die Art aus."))])
    name = StringField(_l("Name"), [InputRequired(_l("Geben Sie einen Namen ein.")), _SHORT])
    department = StringField(_l("Abteilung"), [Optional(), _SHORT])
    street = StringField(_l("Straße und Hausnummer oder Postfach"), [Optional(), _SHORT])
    place = PlaceField(_l("PLZ und Ort"), [Optional()])
    phone = PhoneField(_l("Telefon"), [Optional()])
    email = EmailField(_l("E-Mail"), [Optional(), _EMAIL, _SHORT])
    website = StringField(_l("Internet"), [Optional(), _SHORT])
    hours = LongTextField(_l("Sprechzeiten"), [Optional()], most=500)
    languages = MultiChipsField(_l("Sprachen"), [Optional()])
    people = RowsField(
        PersonRow,
        _l("Ansprechpersonen"),
        min_rows=1,
        max_rows=_MOST_PEOPLE,
        add_label=_l("Weitere Person"),
        row_label=_l("Person"),
    )
    note = LongTextField(
        _l("Hinweis für alle im Kreis"),
        [Optional()],
        most=1000,
        description=_l("Nichts über Klientinnen und Klienten: Das lesen alle Träger."),
    )
    skills = MultiChipsField(_l("Kann helfen bei"), [Optional()])
    areas = MultiChipsField(_l("Unterwegs in"), [Optional()], description=_l("Ohne Auswahl: im ganzen Kreis."))
    times = StringField(_l("Zeiten"), [Optional(), _SHORT])
    secrecy_on = GermanDateField(_l("Verschwiegenheit erklärt am"), [Optional()], future=False)
    certificate_seen_on = GermanDateField(
        _l("Führungszeugnis eingesehen am"),
        [Optional()],
        future=False,
        description=_l("Nur der Tag. Was darin steht, wird nirgends notiert."),
    )

    @property
    def volunteer_open(self) -> bool:
        """Whether the part for volunteers holds something to look at."""
        fields = (self.skills, self.areas, self.times, self.secrecy_on, self.certificate_seen_on)
        return any(field.data or field.errors for field in fields)

    @property
    def profile(self) -> PartnerProfile:
        """What was typed, as it is stored."""
        languages = tuple(self.languages.data or ())
        return PartnerProfile(
            name=self.name.data or "",
            department=self.department.data or "",
            street=self.street.data or "",
            postcode=self.place.postcode,
            place=self.place.town,
            ags=self.place.ags,
            phone=self.phone.data or "",
            email=self.email.data or "",
            website=self.website.data or "",
            hours=self.hours.data or "",
            languages=languages,
            people=tuple(_person(row) for row in self.people.filled),
            note=self.note.data or "",
            volunteer=VolunteerProfile(
                languages=languages,
                skills=tuple(self.skills.data or ()),
                areas=tuple(self.areas.data or ()),
                times=self.times.data or "",
                secrecy_on=self.secrecy_on.data,
                certificate_seen_on=self.certificate_seen_on.data,
            ),
        )


def fields_of(partner: Partner) -> dict[str, Any]:
    """What stands in the form of a stored partner."""
    profile, volunteer = partner.profile, partner.volunteer or VolunteerProfile()
    return {
        "version": partner.version,
        "kind": partner.kind,
        "name": profile.name,
        "department": profile.department,
        "street": profile.street,
        "place": place_text(profile.postcode, profile.place, profile.ags),
        "phone": profile.phone or None,
        "email": profile.email,
        "website": profile.website,
        "hours": profile.hours,
        "languages": list(profile.languages),
        "people": [
            {"name": each.name, "function": each.function, "phone": each.phone or None, "email": each.email}
            for each in profile.people
        ],
        "note": profile.note,
        "skills": list(volunteer.skills),
        "areas": list(volunteer.areas),
        "times": volunteer.times,
        "secrecy_on": volunteer.secrecy_on,
        "certificate_seen_on": volunteer.certificate_seen_on,
    }


class NoteForm(CreateForm):
    """A note for one's own carrier."""

    text = LongTextField(
        _l("Notiz nur für unseren Träger"), [InputRequired(_l("Schreiben Sie die Notiz auf."))], most=2000
    )


class MergeForm(PageForm):
    """Merging two entries: the choices field by field stand in the page as radio buttons `keep-<field>`."""

    kept_version = HiddenField()
    merged_version = HiddenField()


def _person(row: Any) -> ContactPerson:
    return ContactPerson(
        name=row.name.data or "",
        function=row.function.data or "",
        phone=row.phone.data or "",
        email=row.email.data or "",
    )
