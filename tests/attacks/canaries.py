"""Files whose every word can be told apart, so that any of them in an answer shows who leaked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from caseapp import clock
from caseapp.clients.models import Birth, Client, ClientBody, ClientHead, FactBox, FactKind, StayFact, TitleFact
from caseapp.clients.models.records import Agency, Representative, SafeContact
from caseapp.clients.service import add_fact, caseload, join_household, open_file
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.drafts.service import Written, save_draft
from caseapp.security.permissions import Permission
from caseapp.tasks.service import NewTask
from tests.factories.files import new_file
from tests.factories.world import World

NAMES = {
    "M": "Amselqx",
    "O": "Buchfinkqx",
    "S": "Cistensaengerqx",
    "F": "Dompfaffqx",
    "Q": "Elsterqx",
    "m": "Fitisqx",
    "o": "Girlitzqx",
    "X": "Habichtqx",
    "Y": "Iltisqx",
}
WORKERS = {
    "M": "maier",
    "O": "oez",
    "S": "sued",
    "F": "fremd",
    "Q": "maier",
    "m": "maier",
    "o": "maier",
    "X": "maier",
    "Y": "oez",
}
TOGETHER = ("M", "m", "o", "X")


@dataclass
class Aviary:
    """The files by letter, and what a person's page may be asked about each."""

    ids: dict[str, UUID] = field(default_factory=dict)
    records: dict[str, dict[str, str]] = field(default_factory=dict)


def word(letter: str, what: str) -> str:
    """The canary of this file in this field: no other text of the installation contains it."""
    return f"{NAMES[letter]}{what}"


def head_of(letter: str) -> ClientHead:
    day = dt.date(1980, 1, 1 + sorted(NAMES).index(letter))
    return ClientHead(
        family_name=NAMES[letter],
        given_names=word(letter, "vorname"),
        other_names=(word(letter, "anders"),),
        birth=Birth(day=day),
        language="prs",
        phones=(f"+4971155501{sorted(NAMES).index(letter):02}",),
    )


def body_of(letter: str) -> ClientBody:
    return ClientBody(
        email=f"{word(letter, 'mail')}@example.org",
        remarks=word(letter, "bemerkung"),
        safe_contact=SafeContact(note=word(letter, "sicher")),
        agencies=(Agency(office=word(letter, "stelle"), reference=word(letter, "zeichen")),),
        representatives=(Representative(name=word(letter, "vormund")),),
        eligibility_note=word(letter, "anspruch"),
    )


def hatch(world: World) -> Aviary:
    """All files with contacts, tasks, facts and drafts; some share one household; then protected, closed, moved."""
    found = Aviary()
    for letter, login in WORKERS.items():
        with world.unit(login, write=True) as unit:
            client = open_file(world.actor(login), new_file(world, login, head=head_of(letter), body=body_of(letter)))
            unit.flush()
            found.ids[letter] = client.id
            if letter in TOGETHER[1:]:
                other = unit.get_one(Client, found.ids["M"])
                join_household(world.actor(login), client, other, "SON")
            found.records[letter] = _fill(world, login, client, letter, found)
    _change(world, found.ids["m"], protected=True)
    _change(world, found.ids["o"], protected=True, worker_id=world.users["oez"])
    _change(world, found.ids["X"], closed_on=clock.today())
    _change(world, found.ids["Y"], closed_on=clock.today())
    _change(world, found.ids["Q"], worker_id=None)
    return found


def _fill(world: World, login: str, client: Client, letter: str, found: Aviary) -> dict[str, str]:
    actor, today = world.actor(login), clock.today()
    stay = StayFact(street=word(letter, "strasse"), place=word(letter, "ort"))
    entry = add_fact(
        actor, client, FactKind.TITLE, FactBox(fact=TitleFact(code="P24", text=word(letter, "titel"))), today
    )
    add_fact(actor, client, FactKind.STAY, FactBox(fact=stay), today - dt.timedelta(days=30))
    detail = ContactDetail(
        note=word(letter, "notiz"),
        others_present=word(letter, "dabei"),
        third_party=word(letter, "dritte"),
        address=word(letter, "adresse"),
        participants=tuple(found.ids[each] for each in ("M", "m", "o") if letter == "X"),
    )
    tasks = (NewTask(word(letter, "aufgabe"), today),)
    contact = save_contact(actor, client, NewContact(on_day=today, kind="BUE", minutes=30, detail=detail, tasks=tasks))
    draft = Written(form="contact", draft_id=uuid4(), fields=(("note", word(letter, "entwurf")),))
    save_draft(actor, draft, permission=Permission.CONTACT_WRITE, client=client)
    return {
        "client_id": str(client.id),
        "contact_id": str(contact.id),
        "entry_id": str(entry.id),
        "draft_id": str(draft.draft_id),
    }


def _change(world: World, client_id: UUID, **columns: object) -> None:
    with world.unscoped(write=True) as unit:
        client = unit.get_one(Client, client_id)
        for name, value in columns.items():
            setattr(client, name, value)
        caseload.move(client)
