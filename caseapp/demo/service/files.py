"""The sealed records of a file: head, master data, facts."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from caseapp.clients.models import (
    Agency,
    BenefitFact,
    Birth,
    ClientBody,
    ClientHead,
    Fact,
    LanguageFact,
    Leftover,
    Notice,
    Representative,
    SafeContact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.service.heads import ready
from caseapp.demo.rules.courses import Course
from caseapp.demo.rules.households import Household
from caseapp.demo.rules.lives import Spell
from caseapp.demo.rules.people import Person

EARLIER_MONTHS = 0
_OFFICERS = ("Frau Kern", "Herr Blum", "Frau Stark", "Herr Engel", "Frau Winter", "Herr Sommer", "Frau Roth")
_LEFTOVERS = (
    ("Kleidergröße Kinder", "122 / 134"),
    ("Patin", "über Freundeskreis, donnerstags"),
    ("Zimmer", "2.14"),
    ("Bemerkung 2", "bitte vormittags anrufen"),
    ("Schlüssel", "Nr. 37 ausgegeben"),
    ("Fahrrad", "ja, Spende"),
)


def fictional_phone(number: int) -> str:
    """A telephone number that the Bundesnetzagentur keeps free for films and books; it reaches nobody."""
    if number < 100:
        return f"+4917139200{number:02d}"
    if number < 200:
        return f"+49176040690{number % 100:02d}"
    return f"+496990009{number % 1000:03d}" if number % 2 else f"+493023125{number % 1000:03d}"


def make_head(rng: Random, household: Household, place: int) -> ClientHead:
    """The head of one member, with its search line."""
    person, frame = household.members[place], household.frame
    head = ClientHead(
        family_name=person.family.latin,
        given_names=person.given.latin,
        own_script=person.own_script,
        other_names=(person.other_name,) if person.other_name else (),
        birth=Birth(day=person.born, fictitious=person.fictitious),
        sex=person.sex,
        language=person.language,
        phones=_phones(person, household, place),
    )
    if frame.imported and not head.full_name.isascii() and rng.random() < 0.5:
        head = replace(head, family_name=_destroyed(head.family_name), name_check=True)
    return ready(head)


def _phones(person: Person, household: Household, place: int) -> tuple[str, ...]:
    if person.age(household.frame.opened_on) < 17:
        return ()
    return (fictional_phone(household.frame.number * 2 + min(place, 1)),)


def _destroyed(name: str) -> str:
    """What an old export made of letters it did not know."""
    return "".join(letter if letter.isascii() else "?" for letter in name)


def make_body(rng: Random, household: Household, course: Course, place: int) -> ClientBody:
    """The master data of one member."""
    frame, origin, person = household.frame, household.origin, household.members[place]
    adult = person.age(frame.opened_on) >= 18
    displaced = origin.path == "displaced"
    return ClientBody(
        nationalities=(origin.nationality,),
        literacy=person.literacy,
        interpreter=rng.choice(("KEI", "KEI", "TVD", "POO", "EHR")) if adult else "",
        safe_contact=_safe_contact(rng) if adult else SafeContact(),
        representatives=_representatives(rng, household, place),
        agencies=_agencies(rng, household, adult=adult),
        notices=(
            Notice(
                version="1", language=person.language, given_on=frame.opened_on, way=rng.choice(("PAP", "PAP", "VOR"))
            ),
        ),
        eligibility="UKR" if displaced else "AU",
        eligibility_on=frame.opened_on,
        access_route=rng.choice(("SGU", "GEM", "SEL", "FAM", "BEH", "EHR")),
        entered_on=course.entered_on,
        au_since=course.au_since,
        earlier_counselling_months=EARLIER_MONTHS,
        leftovers=tuple(Leftover(heading=heading, text=text) for heading, text in rng.sample(_LEFTOVERS, 2))
        if frame.imported
        else (),
        marks=("Aus der bisherigen Liste übernommen.",) if frame.imported else (),
    )


def _safe_contact(rng: Random) -> SafeContact:
    """Most people may be called; where a way is written down, it matters."""
    if rng.random() > 0.12:
        return SafeContact()
    return rng.choice(
        (
            SafeContact(ways=("MSG",), note="Bitte nicht anrufen: teilt sich das Telefon."),
            SafeContact(ways=("PER",), note="Post wird in der Unterkunft geöffnet."),
            SafeContact(ways=("ANR",), note="Nur vormittags, keine Nachricht hinterlassen."),
            SafeContact(ways=("VTP",), note="Über die Schwester."),
        )
    )


def _representatives(rng: Random, household: Household, place: int) -> tuple[Representative, ...]:
    """Parents speak for their children; who came alone under age has a guardian."""
    person, frame = household.members[place], household.frame
    if person.age(frame.opened_on) >= 18:
        return ()
    if frame.size == 1:
        guardian = Representative(name=f"Jugendamt, {rng.choice(_OFFICERS)}", kind="VOM", phone=fictional_phone(1_217))
        return (guardian,)
    anchor = household.members[0]
    name, phones = f"{anchor.family.latin}, {anchor.given.latin}", _phones(anchor, household, 0)
    return (Representative(name=name, kind="SOR", phone=phones[0] if phones else ""),)


def _agencies(rng: Random, household: Household, *, adult: bool) -> tuple[Agency, ...]:
    if not adult:
        return ()
    town, number = household.frame.town.name, household.frame.number
    payer = "SOZ" if household.origin.path in {"tolerated", "mixed"} else "JC"

    def agency(office: str, kind: str, reference: str) -> Agency:
        phone = fictional_phone(1_000 + rng.randrange(1_000))
        return Agency(office=office, kind=kind, person=rng.choice(_OFFICERS), phone=phone, reference=reference)

    name = "Jobcenter" if payer == "JC" else "Sozialamt"
    agencies = [
        agency(name, payer, f"BG {70000 + number}"),
        agency("Ausländerbehörde", "ABH", f"32.1-{1000 + number}"),
    ]
    if any(person.age(household.frame.opened_on) < 6 for person in household.members):
        agencies.append(agency(f"Kindergarten {town}", "KIT", ""))
    return tuple(agencies)


def make_fact(spell: Spell) -> Fact:
    """The record of one dated fact."""
    match spell.kind:
        case "title":
            return TitleFact(code=spell.code, **spell.extra)
        case "stay":
            return StayFact(form=spell.code, **spell.extra)
        case "work":
            return WorkFact(kind=spell.code, **spell.extra)
        case "benefit":
            return BenefitFact(kind=spell.code, **spell.extra)
        case "school":
            return SchoolFact(stage=spell.code, **spell.extra)
        case _:
            return LanguageFact(level=spell.code, **spell.extra)
