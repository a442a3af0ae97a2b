"""A demo of 200 files, made once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caseapp import clock
from caseapp.cli.setup import prepare
from caseapp.demo import service as demo
from caseapp.demo.rules.plan import Scope
from caseapp.factory import Services, open_services
from caseapp.security.passwords import hash_password
from tests.factories.world import settings_in

PASSWORD = "vier erfundene Wörter 2026"
MakeDemo = Callable[..., Services]


@pytest.fixture(scope="session")
def make_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeDemo]:
    """`make_demo(clients=200, seed=1)`: an opened installation with invented people."""
    opened: list[Services] = []
    password_hash = hash_password(PASSWORD)

    def make(clients: int = 200, seed: int = 1, today: dt.date | None = None) -> Services:
        settings = settings_in(tmp_path_factory.mktemp("demo"))
        prepare(settings, demo=True)
        services = open_services(settings, immediate_jobs=True)
        order = demo.Order(clients, seed, Scope.DISTRICT, today or clock.today())
        demo.load(services.database, order, password_hash, lambda _done, _total: None)
        opened.append(services)
        return services

    yield make
    for services in opened:
        services.close()


@pytest.fixture(scope="session")
def small_demo(make_demo: MakeDemo) -> Services:
    """200 files from seed 1. Tests only read it."""
    return make_demo()


@pytest.fixture
def empty_demo(tmp_path: Path) -> Iterator[Services]:
    """An installation marked as a demo, still empty."""
    settings = settings_in(tmp_path)
    prepare(settings, demo=True)
    services = open_services(settings, immediate_jobs=True)
    yield services
    services.close()
