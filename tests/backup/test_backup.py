"""Backups: whole or not there, apart from their keys, and noise to whoever has only one half."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from caseapp import audit, backup, rotation
from caseapp.backup import databases, sets
from caseapp.backup.restoring import put_back as files_only
from caseapp.errors import ConfigurationError, RuleError
from caseapp.factory import open_services
from caseapp.keystore import rotate_organisation
from caseapp.keystore.erasures import ErasureList
from caseapp.rotation.checks import look
from tests.backup.conftest import Places, family_names, make, opened, put_back, verified
from tests.factories.bare import bare_file
from tests.factories.world import World
from tests.keystore.test_rotation import WRITER, Other

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


def test_the_proof_opens_counts_and_looks_at_the_log(
    world: World, filled: UUID, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(world, places)
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "aside"))
    report = verified(world, places)
    assert report.problems == []
    assert report.opened > 10
    assert report.events > 0
    assert not list((tmp_path / "aside").iterdir()), "nothing of it is left"


def test_keys_never_lie_in_the_backup_of_the_data(world: World, filled: UUID, places: Places) -> None:
    made = make(world, places)
    assert made.keys_folder
    secrets = [(world.services.settings.keys_dir / name).read_bytes() for name in ("root.key", "ring.json")]
    for path in places.data.rglob("*"):
        assert not path.is_file() or not any(secret in path.read_bytes() for secret in secrets)
    assert {path.name for path in made.keys_folder.iterdir()} == {"root.key", "ring.json", "manifest.json"}
    assert all(not path.stat().st_mode & 0o077 for folder in (places.data, places.keys) for path in folder.rglob("*"))


@pytest.mark.parametrize("keys", [".", "keys", ".."])
def test_one_folder_for_both_halves_is_refused(world: World, places: Places, keys: str) -> None:
    with pytest.raises(RuleError, match="getrennte"):
        backup.back_up(world.services.settings, places.data, (places.data / keys).resolve())
    assert not places.data.exists()


@pytest.mark.parametrize("own", ["data_dir", "keys_dir"])
def test_a_backup_inside_of_what_it_copies_is_refused(world: World, own: str) -> None:
    with pytest.raises(RuleError, match="nicht im Ordner"):
        backup.back_up(world.services.settings, getattr(world.services.settings, own) / "backup", None)


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


def erase(world: World, client_id: UUID) -> None:
    """The steps of an erasure that keys and backups care for."""
    world.services.keystore.erasures.append([client_id])
    world.services.eraser().replay([client_id])


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


def test_a_backup_waits_for_no_writer_and_holds_the_key_of_every_row(
    world: World, filled: UUID, places: Places, tmp_path: Path
) -> None:
    folder = world.services.settings.data_dir.parent
    writer = Other(WRITER, folder, tmp_path / "said")
    writer.wait_until_ready()
    for _ in range(4):
        make(world, places)
        rotate_organisation(world.services.keystore, world.organisations["Musterhausen"])
    (folder / "stop").touch()
    assert writer.end() == 0
    for name in sets.names(places.data):
        assert verified(world, places, name).problems == [], name


@pytest.mark.parametrize("half", ["data", "keys"])
@pytest.mark.parametrize("byte", [0, 5000, -1])
def test_a_changed_byte_is_found_before_anything_is_written(
    world: World, filled: UUID, places: Places, half: str, byte: int
) -> None:
    made = make(world, places)
    assert made.keys_folder
    path = made.folder / "caseapp.db" if half == "data" else made.keys_folder / "ring.json"
    content = bytearray(path.read_bytes())
    content[byte % len(content)] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(content))
    with pytest.raises(RuleError, match="beschädigt"):
        put_back(places)
    assert not places.empty.data_dir.exists()
    assert not places.empty.keys_dir.exists()


def test_a_full_disk_leaves_no_backup_that_looks_whole(
    world: World, filled: UUID, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space"):
        make(world, places)
    monkeypatch.setattr(databases.sqlite3, "connect", lambda *_a, **_k: full_database())
    with pytest.raises(RuleError, match="Speicherplatz"):
        make(world, places)
    assert list(places.data.iterdir()) == []
    assert sets.names(places.keys) == []


def full_database() -> sqlite3.Connection:
    """A database on a full disk."""
    raise sqlite3.OperationalError("database or disk is full")


def test_a_killed_backup_leaves_nothing_that_looks_whole(world: World, filled: UUID, places: Places) -> None:
    world.close()
    for number in range(12):
        child = os.fork()
        if not child:
            try:
                make(world, places)
            finally:
                os._exit(0)
        time.sleep(0.004 * number)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for name in sets.names(places.data):
            assert verified(world, places, name).problems == [], number
    made = make(world, places)
    assert not list(places.data.glob(".unfinished*")), "the next run tidies up"
    assert verified(world, places, made.folder.name).problems == []


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


def test_a_lost_attachment_is_found_by_the_proof(world: World, filled: UUID, places: Places) -> None:
    made = make(world, places)
    next((made.folder / "attachments").iterdir()).unlink()
    with pytest.raises(RuleError, match="beschädigt: attachments"):
        verified(world, places)


def test_a_value_damaged_before_the_backup_is_found_by_the_proof(world: World, filled: UUID, places: Places) -> None:
    with closing(sqlite3.connect(world.services.settings.data_dir / "caseapp.db")) as data:
        data.execute("UPDATE client SET head = zeroblob(60) WHERE id = ?", (filled.bytes,))
        data.commit()
    make(world, places)
    problems = verified(world, places).problems
    assert any("client.head" in problem for problem in problems)


def test_a_keystore_of_an_older_day_is_noticed(world: World, filled: UUID, places: Places) -> None:
    settings = world.services.settings
    with closing(sqlite3.connect(settings.data_dir / "keystore.db")) as old:
        old.execute("VACUUM INTO ?", (str(settings.data_dir / "old.db"),))
    with world.unscoped(write=True):
        bare_file(world, family_name="Amiri")
    world.close()
    for path in settings.data_dir.glob("keystore.db*"):
        path.unlink()
    (settings.data_dir / "old.db").rename(settings.data_dir / "keystore.db")
    again = open_services(settings)
    said = list(look(again.database, again.keystore))
    again.close()
    assert len(said) == 1
    assert "Schlüsselspeicher ist älter als die Daten" in said[0]


def test_data_older_than_the_list_of_erasures_are_noticed_and_mended(world: World, filled: UUID) -> None:
    world.services.keystore.erasures.append([filled])
    said = list(look(world.services.database, world.services.keystore))
    assert len(said) == 1
    assert "älter als die Löschliste" in said[0]
    assert world.services.eraser().replay(ErasureList(world.services.settings.keys_dir).ids()) == 1
    assert list(look(world.services.database, world.services.keystore)) == []


def test_a_clock_that_was_set_back_is_noticed(world: World, filled: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    monkeypatch.setattr("caseapp.clock.now", lambda: earlier)
    said = list(look(world.services.database, world.services.keystore))
    assert len(said) == 1
    assert "Uhr" in said[0]


def test_a_second_backup_waits_and_a_rotation_says_why_it_does_not_start(world: World, filled: UUID) -> None:
    with (
        rotation.alone(world.services.settings.data_dir),
        pytest.raises(RuleError, match="Gerade läuft"),
        rotation.alone(world.services.settings.data_dir),
    ):
        pytest.fail("both ran")
