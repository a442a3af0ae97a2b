"""The scene of attacks on the log, made once for a module."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from caseapp import audit
from caseapp.clients.models import Client
from tests.audit.scene import Scene
from tests.factories.files import stored_family, stored_file
from tests.factories.world import open_world


@pytest.fixture(scope="module")
def scene(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Five seals, some events that wait, a file with an older revision of its head."""
    world = open_world(world_template, tmp_path_factory.mktemp("log") / "installation")
    client_id = stored_file(world)
    audit.seal_pending(world.services.database)
    for _round in range(4):
        stored_family(world, members=2)
        with world.unit("maier", write=True) as unit:
            client = unit.get_one(Client, client_id)
            client.head = msgspec.structs.replace(client.head, given_names=f"Name {_round}")
            audit.record("client:edit", client_id=client_id, detail=audit.Detail(note="name"))
        audit.seal_pending(world.services.database)
    root = audit.todays_root(world.services.database)
    assert root is not None
    with world.unit("maier", write=True):
        audit.record("test:waits")
        audit.record("test:waits_too", detail=audit.Detail(note="x"))
    saved = sqlite3.connect(":memory:", check_same_thread=False)
    with sqlite3.connect(str(world.services.database.engine.url.database)) as live:
        live.backup(saved)
    yield Scene(world, saved, client_id, root)
    world.close()
