"""Files that strain a page: long names, scripts from right to left, everything filled in, everything late."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from caseapp import clock
from caseapp.clients.models import (
    Agency,
    Client,
    ClientBody,
    FactBox,
    FactKind,
    Leftover,
    Representative,
    SafeContact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.service import add_fact
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.tasks.service import NewTask
from tests.factories.files import head, stored_file
from tests.factories.world import World

LONG_WORD = "Aufenthaltsgestattungsverlängerungsbescheinigungsantrag" * 2


def crowded_file(world: World) -> UUID:
    """A file of Maier with every card filled, in several scripts."""
    client_id = stored_file(
        world,
        head=head(
            "Rajeswaran-Thiruchelvam Subramaniam",
            "Sivapalasundaram Balasubramaniam",
            own_script="عبد الرحمن بن محمد الأحمد الحسيني",
            other_names=("ሃይለ ገብረስላሴ", "Тетяна Олександрівна Шевченко"),
            phones=("+4915112345678", "keine feste Nummer, bitte bei der Nachbarin im zweiten Stock klingeln"),
            name_check=True,
        ),
        body=ClientBody(
            safe_contact=SafeContact(ways=("TEL", "BRF"), note=f"nie am Abend; {LONG_WORD}"),
            representatives=(Representative(name="فاطمة الزهراء " * 4, phone="+4915112345679", scope=LONG_WORD),),
            agencies=(
                Agency(office=f"Ausländerbehörde {LONG_WORD}", person="Frau Ó Súilleabháin", reference="A" * 60),
            ),
            leftovers=(Leftover(heading=LONG_WORD, text="=CMD()\nzweite Zeile\t" + LONG_WORD),),
            marks=(f"Geburtsdatum prüfen: {LONG_WORD}",),
            remarks="שלום " * 40,
        ),
    )
    _fill(world, client_id)
    return client_id


def _fill(world: World, client_id: UUID) -> None:
    actor, today = world.actor("maier"), clock.today()
    with world.unit("maier", write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        add_fact(
            actor,
            client,
            FactKind.TITLE,
            FactBox(fact=TitleFact(code="P24", text=LONG_WORD), until_on=today + dt.timedelta(days=9)),
            today - dt.timedelta(days=400),
        )
        add_fact(actor, client, FactKind.WORK, FactBox(fact=WorkFact(kind="VZ", employer=LONG_WORD)), today)
        detail = ContactDetail(note=f"مرحبا {LONG_WORD}\nZweite Zeile", topics=("AUF", "WOH"), others_present=LONG_WORD)
        save_contact(actor, client, NewContact(on_day=today, kind="HAU", minutes=45, detail=detail))


def late_file(world: World) -> UUID:
    """A file of Maier with an overdue task and a residence title that has run out."""
    client_id = stored_file(world, head=head("Haile", "Yonas", birth=head().birth))
    actor, today = world.actor("maier"), clock.today()
    with world.unit("maier", write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        ended = FactBox(fact=TitleFact(code="P24"), until_on=today - dt.timedelta(days=3))
        add_fact(actor, client, FactKind.TITLE, ended, today - dt.timedelta(days=700))
        overdue = NewTask("Verlängerung beantragen", today - dt.timedelta(days=5))
        then = today - dt.timedelta(days=40)
        contact = NewContact(on_day=then, kind="BUE", minutes=30, detail=ContactDetail(note="Notiz"), tasks=(overdue,))
        save_contact(actor, client, contact)
    return client_id
