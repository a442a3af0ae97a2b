"""The district's directory in the demo: partners, dwellings, volunteers, and rent limits that say they are examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from random import Random
from uuid import UUID

from caseapp.db import session
from caseapp.demo.rules import directory as invented
from caseapp.demo.rules.directory import Flat, Office
from caseapp.demo.service.cases import draw_id, moment
from caseapp.demo.service.files import fictional_phone
from caseapp.i18n import gettext as _
from caseapp.network.models import (
    ContactPerson,
    Dwelling,
    DwellingText,
    NoteText,
    Partner,
    PartnerNote,
    PartnerProfile,
    RentTable,
    RentTableText,
    VolunteerProfile,
)
from caseapp.places.models import Organisation
from caseapp.places.rules import Municipality

_FIRST_PHONE = 1_400  # behind those of the people


def add_directory(
    rng: Random, carrier: Organisation, worker_id: UUID, towns: Sequence[Municipality], today: dt.date
) -> list[Partner]:
    """About thirty partners, eight dwellings and one table of limits for these municipalities, entered by `carrier`.

    The partners.
    """
    partners = [_partner(rng, office, carrier, towns, today, number) for number, office in enumerate(invented.OFFICES)]
    session().add_all(partners)
    session().flush()
    landlords = [partner for partner in partners if partner.kind == "VER"]
    session().add_all(
        _dwelling(rng, flat, carrier, landlords[flat.landlord].id, towns, today) for flat in invented.FLATS
    )
    session().add(_limits(rng, towns, today))
    session().add(
        PartnerNote(
            id=draw_id(rng),
            organisation_id=carrier.id,
            partner_id=partners[0].id,
            state="valid",
            created_by=worker_id,
            created_at=moment(today - dt.timedelta(days=20)),
            text=NoteText(text=_("Durchwahl am besten vor 9 Uhr.")),
        )
    )
    session().flush()
    return partners


def add_offices(
    rng: Random, carrier: Organisation, towns: Sequence[Municipality], today: dt.date, kinds: Collection[str]
) -> list[Partner]:
    """One partner of each of these kinds for a further district."""
    wanted = {office.kind: office for office in reversed(invented.OFFICES) if office.kind in kinds and office.street}
    partners = [_partner(rng, office, carrier, towns, today, place) for place, office in enumerate(wanted.values())]
    session().add_all(partners)
    session().flush()
    return partners


def _partner(
    rng: Random, office: Office, carrier: Organisation, towns: Sequence[Municipality], today: dt.date, number: int
) -> Partner:
    town = towns[office.town % len(towns)]
    phone = fictional_phone(_FIRST_PHONE + number) if office.reachable else ""
    people: tuple[ContactPerson, ...] = ()
    if office.person:
        name, function = office.person
        people = (ContactPerson(name=name, function=function, phone=fictional_phone(_FIRST_PHONE + 100 + number)),)
    return Partner(
        id=draw_id(rng),
        kind=office.kind,
        state="active",
        confirmed_on=today - dt.timedelta(days=rng.randrange(5, 400)),
        confirmed_by_id=carrier.id,
        created_at=moment(today - dt.timedelta(days=500)),
        profile=PartnerProfile(
            name=office.name,
            department=office.department,
            street=office.street,
            postcode=town.postcodes[0] if town.postcodes else "",
            place=town.name,
            ags=town.ags,
            phone=phone,
            hours=office.hours,
            languages=office.languages,
            people=people,
            note=office.note,
            volunteer=_volunteer(rng, office, town, today),
        ),
    )


def _volunteer(rng: Random, office: Office, town: Municipality, today: dt.date) -> VolunteerProfile | None:
    if office.kind != "EHR":
        return None
    signed = today - dt.timedelta(days=rng.randrange(60, 700))
    return VolunteerProfile(
        languages=office.languages,
        skills=office.skills,
        areas=(town.ags,) if office.town else (),
        times=office.times,
        secrecy_on=signed,
        certificate_seen_on=signed if "KIN" in office.skills else None,
    )


def _dwelling(
    rng: Random, flat: Flat, carrier: Organisation, landlord_id: UUID, towns: Sequence[Municipality], today: dt.date
) -> Dwelling:
    town = towns[flat.town % len(towns)]
    return Dwelling(
        id=draw_id(rng),
        landlord_id=landlord_id,
        state=flat.state,
        held_by_id=carrier.id if flat.state in {"reserved", "let"} else None,
        ags=town.ags,
        half_rooms=flat.half_rooms,
        square_metres=flat.square_metres,
        rent_cold_cents=flat.cold * 100,
        rent_ancillary_cents=flat.ancillary * 100,
        rent_heating_cents=flat.heating * 100,
        deposit_cents=flat.cold * 200,
        available_on=today + dt.timedelta(days=flat.free_in_days),
        persons_min=flat.persons[0],
        persons_max=flat.persons[1],
        barrier_free=flat.barrier_free,
        created_at=moment(today - dt.timedelta(days=12)),
        text=DwellingText(
            street=flat.street,
            postcode=town.postcodes[0] if town.postcodes else "",
            place=town.name,
            floor=flat.floor,
        ),
    )


def _limits(rng: Random, towns: Sequence[Municipality], today: dt.date) -> RentTable:
    one, two, three, four, five = (100 * euro for euro in invented.EXAMPLE_LIMITS)
    return RentTable(
        id=draw_id(rng),
        state="valid",
        valid_from=dt.date(today.year - 1, 1, 1),
        valid_to=None,
        cents_1=one,
        cents_2=two,
        cents_3=three,
        cents_4=four,
        cents_5=five,
        cents_further=100 * invented.EXAMPLE_FURTHER,
        created_at=moment(today - dt.timedelta(days=300)),
        text=RentTableText(
            label=_("Beispiel"), ags=tuple(town.ags for town in towns), source=_("Beispiel: erfundene Beträge")
        ),
    )
