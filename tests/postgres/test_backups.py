"""Backup and restore with PostgreSQL's own tools, through the commands."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from caseapp.cli.backup import backup_command, restore
from caseapp.cli.check import check
from caseapp.cli.search import search
from tests.factories.files import head, stored_file
from tests.factories.postgres import Cluster, Pair, new_pair
from tests.factories.world import World

NUMBERS = itertools.count(1)


@pytest.fixture
def backup(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The arguments that name a fresh backup of the world."""
    stored_file(world, head=head("Schewtschenko", "Oleksandr"))
    monkeypatch.setenv("CASEAPP_DATA", str(world.services.settings.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(world.services.settings.keys_dir))
    place = (str(tmp_path / "backup"), "--keys", str(tmp_path / "elsewhere"))
    run(backup_command, *place)
    return place


@pytest.fixture
def empty(postgres_cluster: Cluster) -> Pair:
    """Two more databases, to restore into."""
    return new_pair(postgres_cluster, f"restored{next(NUMBERS)}")


def run(command: Any, *arguments: str) -> str:
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_backup_is_restored_into_another_cluster_with_its_walls(
    backup: tuple[str, ...], empty: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEAPP_DATA", str(tmp_path / "restored"))
    monkeypatch.setenv("CASEAPP_KEYS", str(tmp_path / "restored.keys"))
    for name, url in empty.environment.items():
        monkeypatch.setenv(name, url)
    run(restore, *backup)
    assert "Alles in Ordnung" in run(check)
    assert "Schewtschenko, Oleksandr" in run(search, "Shevchenko", "--as", "maier")


def test_a_backup_is_verified_aside(backup: tuple[str, ...], empty: Pair) -> None:
    scratch = (empty.environment["DATABASE_OWNER_URL"], empty.environment["KEYSTORE_OWNER_URL"])
    run(backup_command, "verify", *backup, "--scratch", scratch[0], "--scratch-keystore", scratch[1])


def test_without_the_owner_no_backup_is_made_that_would_miss_rows(
    backup: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    done = CliRunner().invoke(backup_command, [str(tmp_path / "second"), *backup[1:]])
    assert done.exit_code != 0
    assert not list((tmp_path / "second").glob("2*"))
