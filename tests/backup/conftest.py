"""An installation with a file, an attachment and something in the log, and folders for its backup."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from caseapp import audit, backup
from caseapp.backup.verifying import Verified
from caseapp.clients.models import Client
from caseapp.db import everything
from caseapp.factory import Services, open_services
from caseapp.settings import Settings
from tests.factories.attachments import stored_text
from tests.factories.bare import bare_file
from tests.factories.world import World, settings_in


class Places(NamedTuple):
    """Where the backup goes: data and keys apart, and an empty place to restore into."""

    data: Path
    keys: Path
    empty: Settings


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Folders that do not exist yet."""
    return Places(tmp_path / "backup", tmp_path / "elsewhere", settings_in(tmp_path / "restored"))


@pytest.fixture
def filled(world: World) -> UUID:
    """A file with an attachment and a sealed log; its id."""
    with world.unscoped(write=True):
        client_id = bare_file(world, family_name="Rahimi").id
        bare_file(world, family_name="Karimi")
    with world.unit("maier", write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        stored_text(world.actor("maier"), client)
    audit.seal_pending(world.services.database)
    return client_id


def opened(settings: Settings) -> Services:
    """As the commands of backups open an installation."""
    return open_services(settings, immediate_jobs=True, restoring=True)


def make(world: World, places: Places) -> backup.Made:
    """A backup of the world."""
    return backup.back_up(world.services.settings, places.data, places.keys)


def verified(world: World, places: Places, name: str | None = None) -> Verified:
    """What the proof says."""
    return backup.verify(world.services.settings, places.data, places.keys, name, opened)


def put_back(places: Places, name: str | None = None) -> backup.Restored:
    """Restore into the empty place."""
    return backup.restore(places.empty, places.data, places.keys, name, opened)


def erase(world: World, client_id: UUID) -> None:
    """The steps of an erasure that keys and backups care for."""
    world.services.keystore.erasures.append([client_id])
    world.services.eraser().replay([client_id])


def family_names(settings: Settings) -> list[str]:
    """The names of all files of an installation."""
    services = open_services(settings, immediate_jobs=True)
    with services.database.unit(None, write=False) as unit, everything(unit):
        found = sorted(client.head.family_name for client in unit.query(Client).order_by(Client.id))
    services.close()
    return found
