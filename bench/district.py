"""A throw-away demo to measure on: real carriers, teams and courses, sealed as in an office."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import event, func, select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.models import Membership, WebSession
from caseapp.cli.setup import prepare
from caseapp.clients.models import Caseload
from caseapp.db import scope
from caseapp.demo import service as demo
from caseapp.demo.rules.plan import Scope
from caseapp.factory import Services, open_services
from caseapp.security.actor import Role
from tests.factories.browser import Browser
from tests.factories.world import World, settings_in

LOGIN = "maier"


@dataclass(frozen=True, slots=True)
class District:
    """An opened demo and the caseworker whose pages are measured."""

    services: Services
    worker_id: UUID

    def browser(self, worker_id: UUID | None = None) -> Browser:
        """A browser signed in as this caseworker (default: the measured one)."""
        return Browser(World(self.services, users={LOGIN: worker_id or self.worker_id}), LOGIN)

    def loads(self) -> dict[UUID, tuple[int, int]]:
        """How many open files each caseworker has, and her team."""
        with self.services.database.unit(None, write=False) as unit, scope.everything(unit):
            rows = unit.execute(
                select(Caseload.worker_id, Caseload.team_id, func.count(Caseload.id))
                .where(Caseload.open, Caseload.worker_id.is_not(None))
                .group_by(Caseload.worker_id, Caseload.team_id)
                .order_by(Caseload.worker_id, Caseload.team_id)
            ).all()
        teams: dict[UUID, int] = defaultdict(int)
        for _worker, team_id, number in rows:
            teams[team_id] += number
        return {worker_id: (number, teams[team_id]) for worker_id, team_id, number in rows if worker_id}

    def clients(self, worker_id: UUID | None = None) -> list[UUID]:
        """The open files of a caseworker (default: the measured one)."""
        with self.services.database.unit(None, write=False) as unit, scope.everything(unit):
            found = unit.scalars(
                select(Caseload.client_id)
                .where(Caseload.worker_id == (worker_id or self.worker_id), Caseload.open)
                .order_by(Caseload.client_id)
            )
            return list(found)

    def sign_in(self, number: int) -> list[tuple[str, UUID]]:
        """Tokens of web sessions of `number` caseworkers with their ids: no password is hashed."""
        with self.services.database.unit(None, write=True) as unit:
            workers = unit.scalars(
                select(Membership.user_id)
                .where(Membership.role == Role.CASEWORKER.value, Membership.confirmed_at.is_not(None))
                .order_by(Membership.user_id)
                .limit(number)
            ).all()
            now, signed_in = clock.now(), []
            for user_id in workers:
                token = secrets.token_urlsafe(32)
                signed_in.append((token, user_id))
                unit.add(
                    WebSession(token_hash=accounts.token_hash(token), user_id=user_id, created_at=now, seen_at=now)
                )
            return signed_in


def fill(folder: Path, files: int, *, area: Scope = Scope.DISTRICT, contacts: int = 10) -> None:
    """Load a demo into `folder`."""
    settings = settings_in(folder)
    prepare(settings, demo=True)
    services = open_services(settings, immediate_jobs=True)
    order = demo.Order(files, 1, area, clock.today(), contacts)
    demo.load(services.database, order, "no password fits", lambda _done, _total: None)
    services.close()


@contextmanager
def opened(folder: Path) -> Iterator[District]:
    """The demo in `folder`."""
    services = open_services(settings_in(folder), immediate_jobs=True)
    with services.database.unit(None, write=False):
        user = accounts.find_user_by_login(LOGIN)
        assert user is not None
    try:
        yield District(services, user.id)
    finally:
        services.close()


@contextmanager
def district(files: int, *, area: Scope = Scope.DISTRICT, contacts: int = 10) -> Iterator[District]:
    """A fresh demo of so many files; it is gone when the block ends."""
    with TemporaryDirectory() as folder:
        fill(Path(folder), files, area=area, contacts=contacts)
        with opened(Path(folder)) as found:
            yield found


@contextmanager
def counting(services: Services) -> Iterator[list[str]]:
    """The statements sent inside the block to data and keystore; BEGIN, COMMIT and PRAGMA do not count."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    engines = (services.database.engine, services.keystore.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
