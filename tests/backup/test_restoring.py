"""Restoring: whole, repeatable after a kill, and without the files that were erased since."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from caseapp import audit, backup, rotation
from caseapp.backup import sets
from caseapp.backup.restoring import put_back as files_only
from caseapp.errors import ConfigurationError, RuleError
from caseapp.factory import open_services
from caseapp.keystore import rotate_organisation
from caseapp.keystore.erasures import ErasureList
from tests.backup.conftest import Places, erase, family_names, make, opened, put_back, verified
from tests.factories.world import World

pytestmark = pytest.mark.sqlite  # PostgreSQL's own tools are tried in tests/postgres


def test_a_backup_restores_every_file_into_an_empty_installation(world: World, filled: UUID, places: Places) -> None:
    make(world, places)
    put_back(places)
    assert family_names(places.empty) == ["Karimi", "Rahimi"]
    assert len(list(places.empty.attachments_dir.iterdir())) == 1


def test_the_log_goes_on_after_a_restore_by_itself(world: World, filled: UUID, places: Places) -> None:
    make(world, places)
    put_back(places)
    services = opened(places.empty)
    with services.database.unit(None, write=True):
        audit.record("audit:test")
    assert audit.seal_pending(services.database) == 1
    report = audit.verify(services.database)
    services.close()
    assert report.problems == []
    assert any("nach einem Bruch" in remark for remark in report.remarks), report.remarks


def test_an_existing_installation_is_never_overwritten(world: World, filled: UUID, places: Places) -> None:
    make(world, places)
    with pytest.raises(RuleError, match="schon eine Installation"):
        backup.restore(world.services.settings, places.data, places.keys, None, opened)
    assert family_names(world.services.settings) == ["Karimi", "Rahimi"]


@pytest.mark.parametrize("lost", ["caseapp.db", "keystore.db", "root.key"])
def test_even_one_file_of_an_installation_stands_in_the_way(
    world: World, filled: UUID, places: Places, lost: str
) -> None:
    make(world, places)
    world.close()
    own = world.services.settings
    for path in (own.data_dir / "caseapp.db", own.data_dir / "keystore.db", own.keys_dir / "root.key"):
        if path.name != lost:
            path.unlink()
    with pytest.raises(RuleError, match="schon eine Installation"):
        backup.restore(own, places.data, places.keys, None, opened)


def test_a_client_who_was_erased_since_does_not_come_back(world: World, filled: UUID, places: Places) -> None:
    make(world, places)
    erase(world, filled)
    make(world, places)
    oldest = sets.names(places.data)[0]
    assert verified(world, places, oldest).erased == 1
    assert put_back(places, oldest).erased == 1
    assert family_names(places.empty) == ["Karimi"]
    assert not list(places.empty.attachments_dir.iterdir())


def test_a_newer_list_of_erasures_that_was_saved_counts_too(world: World, filled: UUID, places: Places) -> None:
    """The last day's list, carried over from the lost machine."""
    make(world, places)
    places.empty.keys_dir.mkdir(parents=True, mode=0o700)
    ErasureList(places.empty.keys_dir).append([filled])
    assert put_back(places).erased == 1
    assert family_names(places.empty) == ["Karimi"]


def test_a_backup_between_two_roots_opens(
    world: World, filled: UUID, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of the root that was killed after the new ring was in place and before the new root was."""
    services = world.services

    def kill(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("caseapp.security.ring_file.move", kill)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate_root(services.database, services.keystore)
    monkeypatch.undo()
    assert (services.settings.keys_dir / "root.key.next").exists()
    make(world, places)
    put_back(places)
    assert family_names(places.empty) == ["Karimi", "Rahimi"]
    assert verified(world, places).problems == []


def test_an_erased_client_is_noise_in_every_copy_of_the_data_after_fourteen_days(
    world: World, filled: UUID, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = world.services
    make(world, places)
    oldest = sets.names(places.data)[0]
    erase(world, filled)
    rotate_organisation(services.keystore, world.organisations["Musterhausen"])
    later = dt.datetime.now(dt.UTC) + backup.COPIES_LIVE + dt.timedelta(hours=1)
    monkeypatch.setattr("caseapp.clock.now", lambda: later)
    assert make(world, places).dropped == 1
    assert not (places.data / oldest / "keystore.db").exists()
    assert not (places.keys / oldest).exists()
    # Even without the list: the living open with the keystore of a later day, the erased one does not.
    for path in places.keys.rglob("erasures"):
        path.unlink()
    for folder in places.keys.iterdir():
        sets.write_manifest(folder, folder.name, {})
    chosen = sets.choose(places.data, places.keys, oldest)
    restored = places.empty
    restored.data_dir.mkdir(parents=True)
    files_only(restored, chosen)
    again = opened(restored)
    assert filled not in again.keystore.load([filled])
    again.close()


def test_old_data_still_restore_with_the_keystore_of_a_later_day(
    world: World, filled: UUID, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(world, places)
    oldest = sets.names(places.data)[0]
    rotate_organisation(world.services.keystore, world.organisations["Musterhausen"])
    later = dt.datetime.now(dt.UTC) + backup.COPIES_LIVE + dt.timedelta(hours=1)
    monkeypatch.setattr("caseapp.clock.now", lambda: later)
    make(world, places)
    put_back(places, oldest)
    assert family_names(places.empty) == ["Karimi", "Rahimi"]


@pytest.mark.parametrize("step", ["keys", "keystore", "attachments", "data", "replay"])
def test_a_killed_restore_refuses_to_work_and_is_repeated(
    world: World, filled: UUID, places: Places, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(world, places)
    interrupt(step, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        put_back(places)
    monkeypatch.undo()
    with pytest.raises(ConfigurationError, match="unterbrochen"):
        open_services(places.empty)
    put_back(places)
    assert family_names(places.empty) == ["Karimi", "Rahimi"]


def interrupt(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the restore end in the middle of this step."""

    def stop(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    targets = {
        "keys": "caseapp.backup.restoring.ErasureList.merge",
        "keystore": "caseapp.backup.databases.shutil.copyfile",
        "attachments": "caseapp.backup.restoring.shutil.copytree",
        "data": "caseapp.backup.restoring.schema.migrate_all",
        "replay": "caseapp.backup.restoring._continue_log",
    }
    monkeypatch.setattr(targets[step], stop)
