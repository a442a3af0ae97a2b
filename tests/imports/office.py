"""Lists of an office, imported as a person of the world."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.clients.models import Caseload, Client, HistoryEntry, HouseholdMember
from caseapp.counselling.models import Contact
from caseapp.imports import queries, service
from caseapp.imports.models import Import, WaitingContact
from caseapp.imports.rules.cells import Cell
from caseapp.imports.rules.fields import CLIENTS, CONTACTS
from caseapp.imports.rules.tables import read_workbook
from caseapp.imports.service import Plan
from tests.factories.world import World
from tests.imports.making import xlsx

PEOPLE: tuple[tuple[Cell, ...], ...] = (
    ("Name, Vorname", "geb.", "Staatsang.", "Familie Nr.", "Tel.", "Zuständig", "Schuhgröße"),
    ("Rahimi, Zahra", "27.03.1991", "Afghanistan", "7", "0751 123456", "Fr. Maier", "38"),
    ("Rahimi, Omid", "12.05.2015", "Afghanistan", "7", "", "Fr. Maier", ""),
    ("Kovalenko, Olena", "01.01.1988", "Ukraine", "", "", "Hr. Öz", ""),
    ("Touray, Lamin", "", "Gambia", "", "", "Frau Unbekannt-Schulz", "44"),
)
TALKS: tuple[tuple[Cell, ...], ...] = (
    ("Datum", "Klient", "Art", "Thema", "Dauer", "Notiz", "Betreuer/in"),
    ("03.02.2026", "Rahimi, Zahra", "Büro", "Wohnen", "30", "Wohnungssuche", "Maier"),
    ("05.03.2026", "Rahimi, Zahra", "nicht angetroffen", "", "", "", "Maier"),
    ("06.03.2026", "Kovalenko, Olena", "WhatsApp", "Arbeit", "1 Std.", "Bewerbung", "Öz"),
    ("07.03.2026", "Nirgendwer, Nina", "Büro", "", "15", "", "Maier"),
)


def plan(world: World, rows: Sequence[Sequence[Cell]], login: str = "maier", kind: str = CLIENTS) -> Plan:
    """What importing the rows would do."""
    actor = world.actor(login)
    with world.unit(login):
        target = service.list_targets(actor)[0]
        workbook = read_workbook(xlsx(("Liste", rows)), "liste.xlsx")
        guess = service.guess_columns(target, workbook, kind)
        return service.make_plan(actor, target, workbook.sheets[guess.sheet], guess.mapping)


def imported(world: World, rows: Sequence[Sequence[Cell]], login: str = "maier", kind: str = CLIENTS) -> Import:
    """The import of these rows, carried out."""
    actor = world.actor(login)
    made = plan(world, rows, login, kind)
    workbook = read_workbook(xlsx(("Liste", rows)), "liste.xlsx")
    with world.unit(login, write=True):
        target = service.list_targets(actor)[0]
        guess = service.guess_columns(target, workbook, kind)
        owner = service.store_upload(actor, target, workbook, guess, "liste.xlsx")
        service.run_import(actor, owner, made)
        return owner


def imported_talks(world: World, rows: Sequence[Sequence[Cell]] = TALKS, login: str = "maier") -> Import:
    """The import of a list of contacts, carried out."""
    return imported(world, rows, login, CONTACTS)


def undo(world: World, owner: Import, login: str = "maier") -> bool:
    """Take the import back."""
    actor = world.actor(login)
    with world.unit(login, write=True):
        return service.undo_import(actor, queries.get_import(actor, owner.id, lock=True))


def files(world: World) -> dict[str, Client]:
    """All files by family and given name, their records opened."""
    with world.unscoped() as unit:
        found = {client.head.full_name: client for client in unit.scalars(select(Client).order_by(Client.id))}
        for client in found.values():
            assert client.body is not None
        return found


def facts(world: World, client_id: UUID) -> dict[str, HistoryEntry]:
    """One client's facts by kind, opened."""
    with world.unscoped() as unit:
        rows = unit.scalars(select(HistoryEntry).where(HistoryEntry.client_id == client_id).order_by(HistoryEntry.id))
        found = {row.kind: row for row in rows}
        for row in found.values():
            assert row.box is not None
        return found


def contacts(world: World) -> list[Contact]:
    """All contacts by day, opened."""
    with world.unscoped() as unit:
        found = list(unit.scalars(select(Contact).order_by(Contact.on_day, Contact.id)))
        for contact in found:
            assert contact.detail is not None
        return found


def caseload(world: World, client_id: UUID) -> Caseload:
    """The client's caseload row."""
    with world.unscoped() as unit:
        return unit.scalars(select(Caseload).where(Caseload.client_id == client_id)).one()


def households(world: World) -> dict[UUID, set[UUID]]:
    """Household -> its members."""
    with world.unscoped() as unit:
        members: dict[UUID, set[UUID]] = {}
        for link in unit.scalars(select(HouseholdMember).order_by(HouseholdMember.id)):
            members.setdefault(link.household_id, set()).add(link.client_id)
        return members


def waiting(world: World) -> list[WaitingContact]:
    """All waiting contacts, opened."""
    with world.unscoped() as unit:
        found = list(unit.scalars(select(WaitingContact).order_by(WaitingContact.number)))
        for one in found:
            assert one.entry is not None
        return found
