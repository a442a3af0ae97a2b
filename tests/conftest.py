"""Fixtures for all tests: a small installation with two carriers, and browsers signed in as its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from tests.factories.browser import Browser
from tests.factories.world import World, build_template, open_world

# A busy machine is no finding: how long one example takes says nothing here.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated installation with its people, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    build_template(folder)
    return folder


@pytest.fixture
def world(world_template: Path, tmp_path: Path) -> Iterator[World]:
    """A fresh installation: carriers Musterhausen (teams Nord, Süd) and Fremdstadt, one person for each role."""
    opened = open_world(world_template, tmp_path / "installation")
    yield opened
    opened.close()


@pytest.fixture
def browse(world: World) -> Callable[[str], Browser]:
    """`browse("maier")` is a browser signed in as that person; `browse("")` one that is not signed in."""
    return lambda login: Browser(world, login)


class StatementCount:
    """The statements sent to the data database and the keystore; BEGIN, COMMIT, SAVEPOINT and PRAGMA do not count."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __int__(self) -> int:
        return len(self.statements)

    def note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.statements.append(statement)


@pytest.fixture
def count_statements(world: World) -> Callable[[], object]:
    """`with count_statements() as count: ...` then `int(count)` and `count.statements`."""

    @contextmanager
    def counting() -> Iterator[StatementCount]:
        count = StatementCount()
        engines = (world.services.database.engine, world.services.keystore.engine)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", count.note)
        try:
            yield count
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", count.note)

    return counting
