"""Fixtures for all tests: a small installation with two carriers, and browsers signed in as its people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from tests.factories import postgres
from tests.factories.browser import Browser
from tests.factories.world import World, build_template, open_world

TESTS = Path(__file__).parent
SQLITE, POSTGRES = "sqlite", "postgres"
ON_SQLITE_ONLY = ("e2e/",)  # a browser sees no database
# Where the two databases differ: scope, locks, constraints, types, deleting, the log. The rest of the tests runs on
# PostgreSQL with `make test-long`: most of its time goes into pages that are the same on both.
QUICK_ON_POSTGRES = (
    "postgres/",
    "db/",
    "sealed/",
    "audit/test_sealing.py",
    "clients/test_milestones.py",
    "clients/test_services.py",
    "counselling/test_contact_service.py",
    "drafts/",
    "imports/test_undoing_imports.py",
    "keystore/",
    "tallies/test_following.py",
    "tasks/test_task_service.py",
    "teamwork/test_assigning.py",
    "teamwork/test_closing.py",
)

# A busy machine is no finding: how long one example takes says nothing here.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated installation with its people, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    build_template(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """PostgreSQL, started once for each process of the run that needs it."""
    if postgres.binaries() is None:
        reason = "PostgreSQL is not installed: sh tools/system_packages.sh postgres"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(
    postgres_cluster: postgres.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, postgres.Pair]:
    """The same installation with both databases on PostgreSQL; its rows are brought back for each test."""
    folder, pair = tmp_path_factory.mktemp("postgres"), postgres.new_pair(postgres_cluster, "world")
    build_template(folder, pair)
    pair.keep()
    return folder, pair


@pytest.fixture
def world_on(request: pytest.FixtureRequest) -> str:
    """Which database the world lies on: `pytest_generate_tests` runs a test on both."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture
def world(
    world_on: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A fresh installation: carriers Musterhausen (teams Nord, Süd) and Fremdstadt, one person for each role."""
    folder = tmp_path / "installation"
    if world_on == POSTGRES:
        template, pair = request.getfixturevalue("postgres_template")
        pair.restore()
        for name, url in pair.environment.items():  # for commands, which read where their installation lies
            monkeypatch.setenv(name, url)
        opened = open_world(template, folder, pair)
    else:
        opened = open_world(request.getfixturevalue("world_template"), folder)
    yield opened
    opened.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let every test of the world run on both databases."""
    if "world_on" not in metafunc.fixturenames:
        return
    where = metafunc.definition.path.relative_to(TESTS).as_posix()
    if where.startswith(ON_SQLITE_ONLY) or metafunc.definition.get_closest_marker("sqlite"):
        return
    marks = [pytest.mark.postgres, *([] if where.startswith(QUICK_ON_POSTGRES) else [pytest.mark.long])]
    both = [SQLITE, pytest.param(POSTGRES, marks=marks)]
    metafunc.parametrize("world_on", both[1:] if where.startswith("postgres/") else both, indirect=True)


@pytest.fixture
def browse(world: World) -> Callable[[str], Browser]:
    """`browse("maier")` is a browser signed in as that person; `browse("")` one that is not signed in."""
    return lambda login: Browser(world, login)


class StatementCount:
    """The statements sent to the data database and the keystore, without what begins, ends and prepares."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __int__(self) -> int:
        return len(self.statements)

    def note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET")):
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
