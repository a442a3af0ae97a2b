"""Rotation of keys: nothing is lost, whenever it is interrupted and whoever works meanwhile."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select, update

from caseapp import audit, rotation
from caseapp.accounts import queries as account_queries
from caseapp.audit import AuditEvent, Detail
from caseapp.clients.models import Client
from caseapp.db import ClientBound, ClientListed, InstallationBound, OrganisationBound, Shared, everything
from caseapp.factory import Services, open_services
from caseapp.keystore import client_key, rotate_organisation
from caseapp.keystore.rotation import unfinished
from caseapp.keystore.store import LINGERING
from caseapp.places import queries as place_queries
from caseapp.rotation import resealing
from caseapp.rotation.checks import look
from caseapp.sealed import open_organisation_keys, sealed_columns, sealed_tables
from caseapp.security.keyring import Keyring
from caseapp.security.vault import Place, UnreadableError, generation_of
from tests.factories.bare import bare_file
from tests.factories.world import World, settings_in
from tests.keystore.killing import Work, killed_at


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def files(world: World) -> list[UUID]:
    """Three files of Musterhausen, each with an event in the log whose detail is sealed under its key."""
    with world.unscoped(write=True):
        ids = [bare_file(world, family_name=name).id for name in ("Rahimi", "Karimi", "Amiri")]
        for client_id in ids:
            audit.record("test:event", client_id=client_id, detail=Detail(note="vermerkt"))
    return ids


def carrier(world: World) -> UUID:
    return world.organisations["Musterhausen"]


def names(services: Services) -> list[str]:
    """The names of all files, each read as a single record; unreadable ones raise."""
    with services.database.unit(None, write=False) as unit, everything(unit):
        return sorted(client.head.family_name for client in unit.scalars(select(Client).order_by(Client.id)))


def details(services: Services) -> int:
    """How many details of the log open with the keys of their clients."""
    with services.database.unit(None, write=False) as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.action == "test:event")).all()
    keys = services.keystore.load({event.client_id for event in events if event.client_id})
    for event in events:
        assert event.client_id
        keys[event.client_id].open(event.detail or b"", Place("audit_event", "detail", event.id, 1))
    return len(events)


def generations(world: World) -> set[int]:
    """Of the keys that have sealed the heads."""
    with world.unscoped() as unit:
        return {generation_of(blob) for blob in unit.scalars(select(Client.head_blob)) if blob}


def test_a_new_epoch_wraps_all_keys_and_the_old_one_is_gone(world: World, files: list[UUID]) -> None:
    keystore = world.services.keystore
    assert rotate_organisation(keystore, carrier(world)) == len(files)
    assert [key.epoch for key in keystore.keyring.epochs(carrier(world))] == [2]
    assert names(world.services) == ["Amiri", "Karimi", "Rahimi"]
    with keystore.engine.connect() as connection:
        assert set(connection.execute(select(client_key.c.epoch)).scalars()) == {2}


@pytest.mark.sqlite
def test_an_old_copy_of_the_keystore_is_noise_beside_the_present_ring(
    world: World, files: list[UUID], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(world.services.settings.data_dir / "keystore.db")) as present:
        present.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    erased = files[0]
    world.services.keystore.destroy([erased])
    rotate_organisation(world.services.keystore, carrier(world))
    old = type(world.services.keystore)(
        f"sqlite:///{tmp_path / 'old.db'}", Keyring.load(world.services.settings.keys_dir)
    )
    assert old.load(files) == {}
    old.dispose()


@pytest.mark.sqlite
def test_no_wrapped_key_of_an_erased_client_is_left_in_the_keystore_files(world: World, files: list[UUID]) -> None:
    keystore = world.services.keystore
    with keystore.engine.connect() as connection:
        wrapped = connection.execute(
            select(client_key.c.wrapped).where(client_key.c.client_id == files[0])
        ).scalar_one()
    keystore.destroy([files[0]])
    for path in world.services.settings.data_dir.glob("keystore.db*"):
        assert wrapped not in path.read_bytes(), path.name


def test_the_keys_for_records_outlive_the_epochs(world: World, files: list[UUID]) -> None:
    sealed = world.services.keystore.keyring.organisation(carrier(world)).seal(b"x", place(), block=32)
    for _ in range(3):
        rotate_organisation(world.services.keystore, carrier(world))
    assert Keyring.load(world.services.settings.keys_dir).organisation(carrier(world)).open(sealed, place()) == b"x"


def place() -> Place:
    return Place("any", "where", UUID(int=1), 1)


def test_a_carriers_rotation_seals_its_records_anew_and_drops_the_old_key_days_later(
    world: World, browse: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    services, keyring = world.services, world.services.keystore.keyring
    sealed = keyring.organisation(carrier(world)).seal(b"x", place(), block=32)
    rotation.rotate_carrier(services.database, services.keystore, carrier(world), silent)
    assert keyring.organisation(carrier(world)).generation == 2
    assert keyring.organisation(carrier(world)).open(sealed, place()) == b"x", "somebody may hold it still"
    later = dt.datetime.now(dt.UTC) + LINGERING + dt.timedelta(hours=1)
    monkeypatch.setattr("caseapp.clock.now", lambda: later)
    rotation.nightly(services.database, services.keystore, services.settings.data_dir)
    with pytest.raises(UnreadableError):
        keyring.organisation(carrier(world)).open(sealed, place())


def test_a_ring_of_an_older_version_gets_keys_of_their_own_for_both_uses(world: World, files: list[UUID]) -> None:
    services, folder = world.services, world.services.settings.keys_dir
    ring = msgspec.json.decode((folder / "ring.json").read_bytes())
    del ring["records"]
    ring["organisations"] = {
        name: [{**key, "since": ""} for key in held] for name, held in ring["organisations"].items()
    }
    (folder / "ring.json").chmod(0o600)
    (folder / "ring.json").write_bytes(msgspec.json.encode(ring))
    (folder / "ring.json").chmod(0o400)
    sealed = services.keystore.keyring.organisation(carrier(world)).seal(b"x", place(), block=32)
    rotation.nightly(services.database, services.keystore, services.settings.data_dir)
    keyring = Keyring.load(folder)
    assert [key.epoch for key in keyring.epochs(carrier(world))] == [2]
    assert keyring.organisation(carrier(world)).generation == 2
    assert keyring.organisation(carrier(world)).open(sealed, place()) == b"x"


def test_the_night_brings_one_new_epoch_a_day(world: World, files: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    services, keyring = world.services, world.services.keystore.keyring
    present = dt.datetime.now(dt.UTC)
    for hours, expected in ((1, 1), (21, 2), (22, 2), (45, 3)):
        monkeypatch.setattr("caseapp.clock.now", lambda hours=hours: present + dt.timedelta(hours=hours))
        rotation.nightly(services.database, services.keystore, services.settings.data_dir)
        assert [key.epoch for key in keyring.epochs(carrier(world))] == [expected]
    assert len(names(services)) == len(files)


def test_a_new_generation_seals_every_value_of_the_file_anew(world: World, files: list[UUID]) -> None:
    services = world.services
    outcome = rotation.rotate_clients(services.database, services.keystore, carrier(world), files[0], silent)
    assert outcome.sealed >= 2
    assert not outcome.unreadable
    assert generations(world) == {1, 2}
    rotation.rotate_clients(services.database, services.keystore, carrier(world), None, silent)
    assert generations(world) == {2, 3}
    assert names(services) == ["Amiri", "Karimi", "Rahimi"]
    assert details(services) == len(files), "the log is never sealed anew; its details open with the older generation"


def test_revisions_stay_so_that_nobodys_form_is_outdated(world: World, files: list[UUID]) -> None:
    services = world.services
    with world.unscoped() as unit:
        before = unit.execute(select(Client.id, Client.head_rev, Client.body_rev).order_by(Client.id)).all()
    rotation.rotate_clients(services.database, services.keystore, carrier(world), None, silent)
    with world.unscoped() as unit:
        assert unit.execute(select(Client.id, Client.head_rev, Client.body_rev).order_by(Client.id)).all() == before


def test_lists_load_one_key_a_client_when_the_old_ones_have_lingered(
    world: World, files: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    services = world.services
    rotation.rotate_clients(services.database, services.keystore, carrier(world), None, silent)
    assert all(key.older for key in services.keystore.load_organisation(carrier(world)).values())
    later = dt.datetime.now(dt.UTC) + LINGERING + dt.timedelta(hours=1)
    monkeypatch.setattr("caseapp.clock.now", lambda: later)
    loaded = services.keystore.load_organisation(carrier(world))
    assert set(loaded) == set(files)
    assert not any(key.older for key in loaded.values())
    with world.unscoped() as unit:
        assert open_organisation_keys(unit, carrier(world)).keys() == set(files)


def test_a_unit_that_began_before_the_rotation_keeps_what_it_writes(world: World, files: list[UUID]) -> None:
    """On SQLite the rotation waits for it; its value, sealed with the older key, is then sealed anew."""
    services = world.services
    with world.unscoped() as reading:
        client = reading.get(Client, files[0])
        assert client is not None
        rotation.rotate_clients(services.database, services.keystore, carrier(world), None, silent)
        assert client.head.family_name == "Rahimi"
    with world.unscoped(write=True) as unit:
        written = unit.get(Client, files[0])
        assert written is not None
        written.head = msgspec.structs.replace(written.head, family_name="Nach dem Wechsel")
    assert "Nach dem Wechsel" in names(services)


def test_a_value_changed_at_the_same_moment_is_never_overwritten(
    world: World, files: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The condition on the old value, without the help of the write lock: as if it were changed in between."""
    services, look_at = world.services, resealing._sealed_anew

    def slow(unit, name, sealed, rows, keys):  # type: ignore[no-untyped-def]
        changed, unreadable = look_at(unit, name, sealed, rows, keys)
        if sealed is Client.head:
            unit.execute(update(Client).where(Client.id == files[0]).values(head_blob=b"newer"))
        return changed, unreadable

    monkeypatch.setattr(resealing, "_sealed_anew", slow)
    rotation.rotate_clients(services.database, services.keystore, carrier(world), None, silent)
    with world.unscoped() as unit:
        assert unit.scalar(select(Client.head_blob).where(Client.id == files[0])) == b"newer"


def test_every_declared_column_of_files_and_carriers_is_walked(world: World) -> None:
    walked = {table for table in sealed_tables() if issubclass(table, ClientBound | ClientListed | OrganisationBound)}
    left = set(sealed_tables()) - walked
    assert all(issubclass(table, Shared | InstallationBound) for table in left), "sealed under the installation's key"
    assert len(sealed_columns()) >= len(walked)


def test_one_lost_carrier_key_leaves_the_others_readable(world: World, files: list[UUID]) -> None:
    services, folder = world.services, world.services.settings.keys_dir
    with world.unscoped(write=True):
        foreign = bare_file(world, "fremd").id
    ring = msgspec.json.decode((folder / "ring.json").read_bytes())
    ring["organisations"][str(carrier(world))][0]["wrapped"] = "AAAA"
    (folder / "ring.json").chmod(0o600)
    (folder / "ring.json").write_bytes(msgspec.json.encode(ring))
    (folder / "ring.json").chmod(0o400)
    again = open_services(services.settings)
    assert set(again.keystore.load([*files, foreign])) == {foreign}
    rotation.nightly(again.database, again.keystore, services.settings.data_dir)
    rotation.rotate_root(again.database, again.keystore)
    assert set(again.keystore.load([*files, foreign])) == {foreign}
    assert again.keystore.keyring.epoch(carrier(world)) == 1, "nothing of the lost carrier was touched"
    assert any(str(carrier(world)) in problem for problem in look(again.database, again.keystore))
    again.close()


ROTATIONS: dict[str, Callable[[UUID], Work]] = {
    "root": lambda _carrier: lambda opened: rotation.rotate_root(opened.database, opened.keystore),
    "epoch": lambda of: lambda opened: rotate_organisation(opened.keystore, of),
    "organisation": lambda of: lambda opened: rotation.rotate_carrier(opened.database, opened.keystore, of, silent),
    "client": lambda of: lambda opened: rotation.rotate_clients(opened.database, opened.keystore, of, None, silent),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ROTATIONS)
def test_a_rotation_can_be_killed_at_every_step(world: World, files: list[UUID], kind: str, tmp_path: Path) -> None:
    work = ROTATIONS[kind](carrier(world))
    world.close()
    stride = 3 if kind in {"client", "organisation"} else 1
    for step in range(0, 3_000, stride):
        copy = tmp_path / f"step{step}"
        shutil.copytree(world.services.settings.data_dir.parent, copy)
        settings = settings_in(copy)
        killed = killed_at(settings, step, work)
        opened = open_services(settings)
        assert names(opened) == ["Amiri", "Karimi", "Rahimi"], step
        assert details(opened) == len(files), step
        work(opened)
        assert names(opened) == ["Amiri", "Karimi", "Rahimi"], step
        assert list(look(opened.database, opened.keystore)) == [], step
        assert len(opened.keystore.keyring.epochs(carrier(world))) == 1, step
        assert kind != "client" or unfinished(opened.keystore, lately=False) == set(), step
        assert {path.name for path in settings.keys_dir.iterdir()} == {"root.key", "ring.json"}, step
        opened.close()
        shutil.rmtree(copy)
        if not killed:
            break
    else:
        pytest.fail("the rotation never came to its end")


WRITER = """
import sys, time
from pathlib import Path
from tests.factories.bare import bare_file
from tests.keystore.test_rotation import reopened
world = reopened(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while not (Path(sys.argv[1]) / "stop").exists():
    with world.unscoped(write=True):
        made = bare_file(world, family_name=f"Neu {number}").id
    print(made.hex, flush=True)
    number += 1
    time.sleep(0.03)
"""

_READER = """
import sys
from pathlib import Path
from tests.keystore.test_rotation import names, reopened
world = reopened(Path(sys.argv[1]))
print("ready", flush=True)
rounds = 0
while not (Path(sys.argv[1]) / "stop").exists():
    names(world.services)
    rounds += 1
print(rounds, flush=True)
"""


def reopened(folder: Path) -> World:
    """The installation in `folder` as another process opens it."""
    world = World(open_services(settings_in(folder), immediate_jobs=True))
    with world.services.database.unit(None, write=False):
        for organisation in place_queries.list_organisations():
            world.organisations[organisation.profile.name] = organisation.id
            for team in place_queries.list_teams(organisation.id):
                world.teams[team.profile.name] = team.id
        for login in ("maier", "fremd"):
            user = account_queries.find_user_by_login(login)
            assert user is not None
            world.users[login] = user.id
    return world


class Other:
    """A process that works on the installation beside the test; what it says goes into a file, line by line."""

    def __init__(self, script: str, folder: Path, says: Path) -> None:
        self._says = says
        with says.open("w", encoding="ascii") as said:
            self._process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=said)

    def lines(self) -> list[str]:
        """What it has said, whole lines after "ready"."""
        whole, _, _ = self._says.read_text(encoding="ascii").rpartition("\n")
        return whole.splitlines()[1:]

    def wait_until_ready(self) -> None:
        """Until it has begun its work."""
        until = time.monotonic() + 60
        while "ready\n" not in self._says.read_text(encoding="ascii"):
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)

    def end(self) -> int:
        """Its exit status, after it was told to stop."""
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """As `kill -9` does."""
        self._process.kill()
        self._process.wait()


@pytest.fixture
def others(world: World, tmp_path: Path) -> Iterator[list[Other]]:
    """Two processes that write new files, and one that reads all of them, until they are told to stop."""
    folder = world.services.settings.data_dir.parent
    scripts = (WRITER, WRITER, _READER)
    running = [Other(script, folder, tmp_path / f"said{number}") for number, script in enumerate(scripts)]
    for each in running:
        each.wait_until_ready()
    yield running
    for each in running:
        each.kill()


@pytest.mark.sqlite
def test_processes_that_write_and_read_lose_nothing_while_all_keys_are_rotated(
    world: World, files: list[UUID], others: list[Other]
) -> None:
    services, folder = world.services, world.services.settings.data_dir.parent
    until, rounds = time.monotonic() + 6, 0
    while time.monotonic() < until:
        rotate_organisation(services.keystore, carrier(world))
        if rounds % 4 == 0:
            rotation.rotate_root(services.database, services.keystore)
            rotation.rotate_clients(services.database, services.keystore, carrier(world), None, silent)
        rounds += 1
    (folder / "stop").touch()
    assert [each.end() for each in others] == [0, 0, 0], "a process met an unreadable file"
    made = {UUID(hex=line) for each in others[:2] for line in each.lines()}
    fresh = open_services(services.settings)
    assert rounds > 4
    assert len(made) > 10
    assert int(others[2].lines()[0]) > 2
    assert len(names(fresh)) == len(made) + len(files)
    assert set(fresh.keystore.load(made)) == made
    assert list(look(fresh.database, fresh.keystore)) == []
    fresh.close()


@pytest.mark.sqlite
def test_no_acknowledged_file_is_lost_when_everybody_is_killed(
    world: World, files: list[UUID], others: list[Other]
) -> None:
    services = world.services
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        rotate_organisation(services.keystore, carrier(world))
    for each in others:
        each.kill()
    made = {UUID(hex=line) for each in others[:2] for line in each.lines()}
    fresh = open_services(services.settings)
    with fresh.database.unit(None, write=False) as unit, everything(unit):
        stored = set(unit.scalars(select(Client.id)))
    assert made <= stored
    assert set(fresh.keystore.load(stored)) == stored, "a record was left without its key"
    fresh.close()
