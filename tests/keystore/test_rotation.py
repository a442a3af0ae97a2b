"""Rotation of keys: what is sealed anew, what stays readable, what is gone."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select, update

from caseapp import rotation
from caseapp.clients.models import Client
from caseapp.db import ClientBound, ClientListed, InstallationBound, OrganisationBound, Shared
from caseapp.factory import open_services
from caseapp.keystore import client_key, rotate_organisation
from caseapp.keystore.store import LINGERING
from caseapp.rotation import resealing
from caseapp.rotation.checks import look
from caseapp.sealed import open_organisation_keys, sealed_columns, sealed_tables
from caseapp.security.keyring import Keyring
from caseapp.security.vault import Place, UnreadableError, generation_of
from tests.factories.bare import bare_file
from tests.factories.world import World
from tests.keystore.installation import carrier, details, names, silent


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
