"""The intake: one page for a person or a family, and the files that it makes.

Inputs, defaults in brackets (for docs/inputs.md):

- person: name, given names, born, sex, phone; nationality, language, interpreter, safe way; address, [own place],
  [housing], [legal title]; title, valid until, AU since; access route, notice way; save = 18;
- further member: given names, born, sex, relation = 4; the family name and everything below the grid are inherited, an
  own phone is typed when there is one.

Saving takes one name and the button; what is folded away is rarely needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import structs
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from caseapp import clock
from caseapp.catalogue.queries import options
from caseapp.clients.forms.births import BirthField, birth_of
from caseapp.clients.forms.files import MONTHS, NAME, SHORT, check_eligibility
from caseapp.clients.forms.phones import PhonesField
from caseapp.clients.models import (
    Client,
    ClientBody,
    ClientHead,
    Fact,
    Notice,
    SafeContact,
    StayFact,
    TitleFact,
)
from caseapp.clients.rules import eligibility
from caseapp.clients.rules.scripts import is_latin
from caseapp.clients.service import NewFact, NewFile
from caseapp.drafts.forms import DraftedForm
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.places.forms import PlaceField, place_text
from caseapp.web.fields import ChipsField, GermanDateField, MultiChipsField
from caseapp.web.grids import RowForm, RowsField

LISTS = {
    "people.sex": "sexes",
    "people.relation": "relationship_kinds",
    "nationality": "nationalities",
    "language": "languages",
    "interpreter": "interpreter_kinds",
    "safe_ways": "safe_contact_ways",
    "housing": "housing_forms",
    "legal_title": "housing_titles",
    "title": "residence_titles",
    "eligibility": "eligibility_reasons",
    "access_route": "access_routes",
    "notice_language": "languages",
}
PROPOSED_HOUSING, PROPOSED_LEGAL_TITLE = "AUW", "EIW"
"""What most people who are taken in live in; stored only with an address or a day beside it."""


class PersonRow(RowForm):
    """One person of the grid. A missing family name is that of the first person."""

    family_name = StringField(_l("Nachname"), [Optional(), NAME])
    given_names = StringField(_l("Vorname"), [Optional(), NAME])
    birth = BirthField(_l("Geboren"), [Optional()])
    sex = SelectField(_l("Geschlecht"), [Optional()])
    relation = SelectField(_l("Beziehung"), [Optional()])
    phone = PhonesField(_l("Eigenes Telefon"), [Optional()])


class IntakeForm(DraftedForm):
    """The whole intake. `confirmed` holds the mark of the people for whom possible duplicates were looked at."""

    people = RowsField(PersonRow, _l("Personen"), max_rows=20, add_label=_l("Weitere Person"), row_label=_l("Person"))
    nationality = SelectField(_l("Staatsangehörigkeit"), [Optional()])
    language = SelectField(_l("Sprache"), [Optional()])
    interpreter = SelectField(_l("Dolmetschen"), [Optional()])
    own_script = StringField(_l("Name der ersten Person in eigener Schrift"), [Optional(), NAME])
    safe_ways = MultiChipsField(_l("Sicherer Kontaktweg"))
    safe_note = StringField(_l("Worauf wir beim Kontakt achten"), [Optional(), SHORT])
    street = StringField(_l("Straße und Hausnummer"), [Optional(), SHORT])
    place = PlaceField(_l("Gemeinde oder PLZ und Ort"), [Optional()])
    housing = SelectField(_l("Wohnform"), [Optional()])
    legal_title = SelectField(_l("Rechtsgrund"), [Optional()])
    title = SelectField(_l("Aufenthaltstitel"), [Optional()])
    title_until = GermanDateField(_l("Gültig bis"), [Optional()])
    au_since = GermanDateField(_l("Anschlussunterbringung seit"), [Optional()], future=False)
    eligibility = SelectField(_l("Anspruch auf Beratung"), [Optional()])
    eligibility_note = StringField(_l("Begründung"), [SHORT])
    access_route = SelectField(_l("Zugang"), [Optional()])
    earlier_months = IntegerField(_l("Schon anderswo beraten (Monate)"), [Optional(), MONTHS])
    earlier_where = StringField(_l("Wo?"), [Optional(), SHORT])
    notice_way = ChipsField(_l("Datenschutzhinweise"), default="")
    notice_on = GermanDateField(_l("Gegeben am"), [Optional()], future=False)
    notice_language = SelectField(_l("In der Sprache"), [Optional()])
    team = SelectField(_l("Team"), [Optional()])
    worker = SelectField(_l("Zuständig"), [Optional()])

    def validate_people(self, field: RowsField) -> None:
        """At least one name."""
        rows = field.filled
        if not rows or not (rows[0]["family_name"].data or rows[0]["given_names"].data or self.own_script.data):
            raise ValidationError(_("Geben Sie mindestens einen Namen ein."))

    def validate_eligibility_note(self, field: StringField) -> None:
        """A reason outside of the list must be explained."""
        check_eligibility(self.eligibility.data, field.data)

    def validate_title_until(self, field: GermanDateField) -> None:
        """A day alone says nothing."""
        if field.data and not self.title.data:
            raise ValidationError(_("Wählen Sie dazu den Aufenthaltstitel aus."))


def choices_of(organisation_id: UUID) -> dict[str, Any]:
    """What the fields offer in this carrier today."""
    offered: dict[str, Any] = {name: options(list_name, organisation_id) for name, list_name in LISTS.items()}
    offered["people.relation"] = [pair for pair in offered["people.relation"] if pair[0] != "BEZ"]
    offered["notice_way"] = [*options("notice_ways", organisation_id), ("", _("noch nicht"))]
    return offered


def heads_of(form: IntakeForm) -> list[ClientHead]:
    """The heads of all people who were entered."""
    rows = form.people.filled
    family_name = rows[0]["family_name"].data or "" if rows else ""
    heads = [_head(form, row, family_name) for row in rows]
    if heads and form.own_script.data:
        heads[0] = structs.replace(heads[0], own_script=form.own_script.data)
    return heads


def files_of(
    form: IntakeForm, *, organisation_id: UUID, team_id: UUID, worker_id: UUID | None, notice_version: str
) -> list[NewFile]:
    """The files to be opened, the first under the form's own id. The master data are the same for all."""
    body = _body(form, notice_version)
    facts = _facts(form)
    relations = _relations(form)
    return [
        NewFile(
            id=form.form_id.data if place == 0 else None,
            organisation_id=organisation_id,
            team_id=team_id,
            worker_id=worker_id,
            head=head,
            body=body,
            facts=facts,
            ags=form.place.ags or None,
            relation=relations[place],
        )
        for place, head in enumerate(heads_of(form))
    ]


def _head(form: IntakeForm, row: RowForm, family_name: str) -> ClientHead:
    family, given = row["family_name"].data or family_name, row["given_names"].data or ""
    birth, phone = row["birth"], row["phone"]
    typed = " ".join(filter(None, (given, family)))
    return ClientHead(
        family_name=family,
        given_names=given,
        own_script="" if is_latin(typed) else typed,
        birth=birth_of(birth) if isinstance(birth, BirthField) else birth.data,
        sex=row["sex"].data or "",
        language=form.language.data or "",
        phones=phone.numbers if isinstance(phone, PhonesField) else (),
    )


def _relations(form: IntakeForm) -> list[str]:
    """Relations as seen from the first person, who has none."""
    return [row["relation"].data or "" for row in form.people.filled]


def _body(form: IntakeForm, notice_version: str) -> ClientBody:
    reason = form.eligibility.data or eligibility.proposed(form.title.data or "", form.au_since.data)
    return ClientBody(
        nationalities=(form.nationality.data,) if form.nationality.data else (),
        interpreter=form.interpreter.data or "",
        safe_contact=SafeContact(ways=tuple(form.safe_ways.data or ()), note=form.safe_note.data or ""),
        notices=_notices(form, notice_version),
        eligibility=reason,
        eligibility_note=form.eligibility_note.data or "",
        eligibility_on=clock.today() if reason else None,
        access_route=form.access_route.data or "",
        au_since=form.au_since.data,
        earlier_counselling_months=form.earlier_months.data or 0,
        earlier_counselling=form.earlier_where.data or "",
    )


def _notices(form: IntakeForm, version: str) -> tuple[Notice, ...]:
    if not form.notice_way.data:
        return ()
    language = form.notice_language.data or form.language.data or "de"
    given_on = form.notice_on.data or clock.today()
    return (Notice(version=version, language=language, given_on=given_on, way=form.notice_way.data),)


def _facts(form: IntakeForm) -> tuple[NewFact, ...]:
    today = clock.today()
    facts: list[NewFact] = []
    if form.title.data:
        title = TitleFact(code=form.title.data)
        facts.append(NewFact(fact=title, until_on=form.title_until.data, confirmed_on=today))
    if _says_where(form):
        stay = StayFact(
            form=form.housing.data or "",
            legal_title=form.legal_title.data or "",
            street=form.street.data or "",
            postcode=form.place.postcode,
            place=form.place.town,
            ags=form.place.ags,
        )
        facts.append(NewFact(fact=stay, from_on=form.au_since.data, confirmed_on=today))
    return tuple(facts)


def _says_where(form: IntakeForm) -> bool:
    """Whether the housing was told, not merely proposed."""
    proposed = (form.housing.data or "", form.legal_title.data or "") == (PROPOSED_HOUSING, PROPOSED_LEGAL_TITLE)
    told = bool(form.street.data or form.au_since.data)
    return told or bool(form.housing.data and not proposed)


def names_in(text: str) -> dict[str, str]:
    """Family and given names in what was searched for: with a comma as written, else the last word is the family's."""
    words = [word for word in text.replace("/", " ").split() if not any(sign.isdigit() for sign in word)]
    cleaned = " ".join(words)
    before, comma, after = cleaned.partition(",")
    if comma:
        return {"family_name": before.strip(), "given_names": after.strip()}
    given, _blank, family = cleaned.rpartition(" ")
    return {"family_name": family, "given_names": given}


def people_rows(names: dict[str, str], count: int) -> Sequence[dict[str, str]]:
    """The grid as it starts: the searched name in the first row."""
    return [names, *({} for _ in range(count - 1))]


def shared_values(client: Client, facts: Sequence[Fact]) -> dict[str, Any]:
    """What a further member of a household shares with the file that is there already."""
    body = client.body
    shared: dict[str, Any] = {
        "people": [{"family_name": client.head.family_name}],
        "nationality": next(iter(body.nationalities), ""),
        "language": client.head.language,
        "interpreter": body.interpreter,
        "safe_ways": list(body.safe_contact.ways),
        "safe_note": body.safe_contact.note,
        "au_since": body.au_since,
        "eligibility": body.eligibility,
        "eligibility_note": body.eligibility_note,
        "access_route": body.access_route,
        "team": str(client.team_id),
        "place": place_text("", "", client.ags),
    }
    for fact in facts:
        if isinstance(fact, StayFact):
            shared |= {"housing": fact.form, "legal_title": fact.legal_title, "street": fact.street}
            shared["place"] = place_text(fact.postcode, fact.place, fact.ags or client.ags)
        elif isinstance(fact, TitleFact):
            shared["title"] = fact.code
    return shared
