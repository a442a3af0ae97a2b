"""Making a backup: whole or not there, apart from its keys, while others write."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from pathlib import Path
from uuid import UUID

import pytest

from caseapp import backup
from caseapp.backup import databases, sets
from caseapp.errors import RuleError
from caseapp.keystore import rotate_organisation
from tests.backup.conftest import Places, make, verified
from tests.factories.world import World
from tests.keystore.others import WRITER, Other

pytestmark = pytest.mark.sqlite  # PostgreSQL's own tools are tried in tests/postgres


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
