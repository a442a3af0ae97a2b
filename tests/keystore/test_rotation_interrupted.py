"""A rotation loses nothing, whenever it is killed and whoever works meanwhile."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp import rotation
from caseapp.clients.models import Client
from caseapp.db import everything
from caseapp.factory import open_services
from caseapp.keystore import rotate_organisation
from caseapp.keystore.rotation import unfinished
from caseapp.rotation.checks import look
from tests.factories.world import World, settings_in
from tests.keystore.installation import carrier, details, names, silent
from tests.keystore.killing import Work, killed_at
from tests.keystore.others import READER, WRITER, Other

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


@pytest.fixture
def others(world: World, tmp_path: Path) -> Iterator[list[Other]]:
    """Two processes that write new files, and one that reads all of them, until they are told to stop."""
    folder = world.services.settings.data_dir.parent
    scripts = (WRITER, WRITER, READER)
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
