"""What attacks share: one installation for a whole module, put back after each hit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.targets import Range, Store, open_range
from tests.factories.world import open_world


@pytest.fixture(scope="module")
def shooting(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    """An installation with one record of every kind, and all its forms."""
    world = open_world(world_template, tmp_path_factory.mktemp("range") / "installation")
    found = open_range(world)
    # The pages are under fire, not the printer: printing what each hit has ordered would take a quarter of the time.
    world.services.queue.huey.immediate = False
    yield found
    world.close()


@pytest.fixture(scope="module")
def _beginning(shooting: Range) -> Store:
    return Store(shooting.world)


@pytest.fixture
def store(_beginning: Store) -> Iterator[Store]:
    """What that installation held before the first shot, and holds again after each test."""
    _beginning.restore()
    yield _beginning
    _beginning.restore()
