"""Taking a whole import back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select

from caseapp.clients import queries as clients
from caseapp.clients import service as client_service
from caseapp.clients.models import Caseload, Client, HistoryEntry, Household, HouseholdMember
from caseapp.counselling import service as counselling
from caseapp.counselling.models import ContactDetail
from caseapp.db import Base
from caseapp.errors import RuleError
from caseapp.imports.models import ImportPart, ImportState
from caseapp.keystore import client_key
from caseapp.tasks import service as tasks
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.imports.office import PEOPLE, caseload, contacts, files, imported, imported_talks, undo


def count(world: World, table: type[Base]) -> int:
    """How many rows the table has."""
    with world.unscoped() as unit:
        return unit.scalar(select(func.count()).select_from(table)) or 0


def count_keys(world: World) -> int:
    """How many client keys there are."""
    with world.services.keystore.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(client_key)) or 0


def test_undoing_leaves_nothing_of_the_clients_and_no_key(world: World) -> None:
    stored_file(world, "maier", head=head("Andere", "Person"))
    keys = count_keys(world)
    owner = imported(world, PEOPLE)
    assert undo(world, owner)
    assert list(files(world)) == ["Andere, Person"]
    assert count_keys(world) == keys
    for table in (HistoryEntry, Household, HouseholdMember, ImportPart):
        assert count(world, table) == 0
    assert count(world, Caseload) == count(world, Client) == 1


def test_undoing_twice_changes_nothing_more(world: World) -> None:
    owner = imported(world, PEOPLE)
    assert undo(world, owner)
    assert not undo(world, owner)


def test_after_undoing_the_list_can_be_imported_again(world: World) -> None:
    undo(world, imported(world, PEOPLE))
    assert imported(world, PEOPLE).imported == 4


def _edit(world: World, client_id: UUID) -> None:
    client = clients.get_client(client_id)
    client.head = msgspec.structs.replace(client.head, sex="M")


def _confirm(world: World, client_id: UUID) -> None:
    with world.unscoped(write=True) as unit:
        entry = unit.scalars(select(HistoryEntry).where(HistoryEntry.client_id == client_id)).first()
        assert entry is not None
        entry.confirmed_on = dt.date(2026, 11, 1)


def _talk(world: World, client_id: UUID) -> None:
    new = counselling.NewContact(on_day=dt.date(2026, 11, 2), kind="TEL", minutes=10, detail=ContactDetail())
    counselling.save_contact(world.actor("maier"), clients.get_client(client_id), new)


def _task(world: World, client_id: UUID) -> None:
    tasks.add_task(world.actor("maier"), clients.get_client(client_id), "Anrufen", dt.date(2026, 12, 1))


def _join(world: World, client_id: UUID) -> None:
    other = clients.get_client(files(world)["Touray, Lamin"].id)
    client_service.join_household(world.actor("maier"), other, clients.get_client(client_id), "")


def _assign(world: World, client_id: UUID) -> None:
    client = clients.get_client(client_id)
    client.worker_id = world.users["oez"]


@pytest.mark.parametrize("change", [_edit, _talk, _task, _join, _assign])
def test_an_import_whose_files_were_worked_with_stays(world: World, change: Callable[[World, UUID], None]) -> None:
    owner = imported(world, PEOPLE)
    client_id = files(world)["Rahimi, Zahra"].id
    with world.unit("maier", write=True):
        change(world, client_id)
    with pytest.raises(RuleError, match="bearbeitet"):
        undo(world, owner)
    assert len(files(world)) == 4


def test_the_refusal_says_how_many_files_were_changed(world: World) -> None:
    owner = imported(world, PEOPLE)
    for name in ("Rahimi, Zahra", "Touray, Lamin"):
        with world.unit("maier", write=True):
            _edit(world, files(world)[name].id)
    with pytest.raises(RuleError, match=r"^2 Akten"):
        undo(world, owner)
    assert owner.state == ImportState.DONE


def test_undoing_contacts_counts_the_last_contact_anew(world: World) -> None:
    imported(world, PEOPLE)
    client_id = files(world)["Rahimi, Zahra"].id
    with world.unit("maier", write=True):
        new = counselling.NewContact(on_day=dt.date(2026, 1, 5), kind="TEL", minutes=10, detail=ContactDetail())
        counselling.save_contact(world.actor("maier"), clients.get_client(client_id), new)
    owner = imported_talks(world)
    assert caseload(world, client_id).last_contact_on == dt.date(2026, 2, 3)
    assert undo(world, owner)
    assert caseload(world, client_id).last_contact_on == dt.date(2026, 1, 5)
    assert len(contacts(world)) == 1


def test_imported_contacts_keep_their_clients_import_from_being_undone(world: World) -> None:
    owner = imported(world, PEOPLE)
    talks = imported_talks(world)
    with pytest.raises(RuleError):
        undo(world, owner)
    assert undo(world, talks)
    assert undo(world, owner)


def test_a_failed_undo_keeps_the_keys(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = imported(world, PEOPLE)
    keys = count_keys(world)

    def fail(*_arguments: object, **_named: object) -> None:
        raise RuleError("gescheitert")

    monkeypatch.setattr("caseapp.imports.service.undoing.drop_parts", fail)
    with pytest.raises(RuleError):
        undo(world, owner)
    assert count_keys(world) == keys
    assert len(files(world)) == 4
