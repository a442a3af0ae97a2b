"""Backup, restore and rotation on PostgreSQL, through its own tools and locks."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from caseapp import backup, rotation
from caseapp.backup import sets
from caseapp.clients.models import Client
from caseapp.db import everything
from caseapp.errors import RuleError
from caseapp.factory import open_services
from caseapp.keystore import KeyStore, client_key, rotate_organisation
from caseapp.keystore import rotation as key_rotation
from caseapp.rotation.checks import look
from caseapp.security.keyring import Keyring
from caseapp.settings import Settings
from tests.backup.conftest import Places, family_names, filled, make, opened, places  # noqa: F401 - fixtures
from tests.factories import postgres
from tests.factories.bare import bare_file
from tests.factories.world import World


@pytest.fixture
def pair(postgres_cluster: postgres.Cluster) -> Iterator[postgres.Pair]:
    """Two empty databases."""
    made = postgres.new_pair(postgres_cluster, f"aside_{uuid4().hex[:8]}")
    yield made
    for name in (made.data, made.keys):
        postgres_cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def of_pair(settings: Settings, pair: postgres.Pair) -> Settings:
    """An installation in these two databases."""
    urls = {name: url.replace("postgresql://", "postgresql+psycopg://") for name, url in pair.environment.items()}
    return replace(
        settings,
        database_url=urls["DATABASE_URL"],
        keystore_url=urls["KEYSTORE_URL"],
        database_owner_url=urls["DATABASE_OWNER_URL"],
        keystore_owner_url=urls["KEYSTORE_OWNER_URL"],
    )


def test_a_backup_is_proved_and_restored_with_the_programs_of_postgresql(
    world: World,
    filled: UUID,  # noqa: F811
    places: Places,  # noqa: F811
    pair: postgres.Pair,
) -> None:
    made = make(world, places)
    assert {path.name for path in made.folder.glob("*.dump")} == {"caseapp.dump", "keystore.dump"}
    target = of_pair(places.empty, pair)
    scratch = (target.database_owner_url or "", target.keystore_owner_url or "")
    settings = world.services.settings
    with pytest.raises(RuleError, match="--scratch"):
        backup.verify(settings, places.data, places.keys, None, opened)
    report = backup.verify(settings, places.data, places.keys, None, opened, scratch)
    assert report.problems == []
    assert report.opened > 10
    backup.restore(target, places.data, places.keys, None, opened)
    assert family_names(target) == ["Karimi", "Rahimi"]
    with pytest.raises(RuleError, match="schon"):
        backup.restore(target, places.data, places.keys, None, opened)


def test_a_client_erased_since_does_not_come_back(
    world: World,
    filled: UUID,  # noqa: F811
    places: Places,  # noqa: F811
    pair: postgres.Pair,
) -> None:
    make(world, places)
    world.services.keystore.erasures.append([filled])
    world.services.eraser().replay([filled])
    make(world, places)
    target = of_pair(places.empty, pair)
    done = backup.restore(target, places.data, places.keys, sets.names(places.data)[0], opened)
    assert done.erased == 1
    assert family_names(target) == ["Karimi"]


def test_no_new_key_is_wrapped_with_an_epoch_that_is_about_to_go(world: World) -> None:
    """One process creates keys without a pause while another ends epochs: the advisory lock stands between them."""
    services, carrier = world.services, world.organisations["Musterhausen"]
    other = KeyStore(services.settings.keystore_url, Keyring.load(services.settings.keys_dir))
    made: list[UUID] = []

    def create() -> None:
        for _ in range(150):
            client_id = uuid4()
            other.create([(client_id, carrier)])
            made.append(client_id)

    thread = Thread(target=create)
    thread.start()
    epochs = 0
    while thread.is_alive():
        rotate_organisation(services.keystore, carrier)
        epochs += 1
    thread.join()
    other.dispose()
    assert epochs > 3
    assert set(services.keystore.load(made)) == set(made)


def test_who_creates_a_key_waits_for_the_end_of_an_epoch(world: World) -> None:
    services, carrier = world.services, world.organisations["Musterhausen"]
    other = KeyStore(services.settings.keystore_url, Keyring.load(services.settings.keys_dir))
    client_id, newest = uuid4(), services.keystore.keyring.begin_epoch(carrier)
    with services.keystore.writing(alone=True):
        thread = Thread(target=other.create, args=([(client_id, carrier)],))
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive(), "it waits for the lock"
        services.keystore.keyring.end_epochs(carrier)
    thread.join(10)
    with services.keystore.engine.connect() as connection:
        statement = select(client_key.c.epoch).where(client_key.c.client_id == client_id)
        assert connection.execute(statement).scalar_one() == newest
    other.dispose()


def test_files_are_sealed_anew_while_others_write_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    services, carrier = world.services, world.organisations["Musterhausen"]
    with world.unscoped(write=True):
        ids = [bare_file(world, family_name="Rahimi").id for _ in range(5)]
    folder = services.settings.data_dir.parent
    monkeypatch.setenv("CASEAPP_DATA", str(services.settings.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(services.settings.keys_dir))
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres.writing", str(folder), *map(str, ids)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    assert writer.stdout.readline() == "ready\n"
    for _ in range(4):
        rotation.rotate_clients(services.database, services.keystore, carrier, None, lambda _done, _all: None)
    (folder / "stop").touch()
    last = writer.communicate(timeout=60)[0].split()[-1]
    assert writer.returncode == 0
    fresh = open_services(services.settings)
    with fresh.database.unit(None, write=False) as unit, everything(unit):
        assert {client.head.family_name for client in unit.scalars(select(Client))} == {f"Runde-{last}"}
    assert list(look(fresh.database, fresh.keystore)) == []
    assert key_rotation.unfinished(fresh.keystore, lately=False) == set()
    fresh.close()
