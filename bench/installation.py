"""A throw-away installation with seeded clients, for measuring pages on real sealed rows."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

from caseapp import clock
from caseapp.clients.models import Birth, Caseload, ClientHead, TitleFact
from caseapp.clients.service import NewFact, NewFile, open_files_bulk
from tests.clients.population import people
from tests.factories.postgres import Pair
from tests.factories.world import World, build_template, open_world

_LANGUAGES = ("ar", "uk", "ti", "fa", "tr", "prs", "so", "ru")
_TOWNS = ("08115003", "08111000", "08435057", "08435042", "08222000")
_TITLES = ("P24", "P25_2", "P25_3")


@contextmanager
def installation(
    clients: int, *, login: str = "maier", seed: int = 11, databases: Pair | None = None
) -> Iterator[World]:
    """An installation whose first caseworker has so many open cases; it is gone when the block ends.

    It lies on SQLite, or in these two empty databases.
    """
    with TemporaryDirectory() as folder:
        build_template(Path(folder) / "template", databases)
        world = open_world(Path(folder) / "template", Path(folder) / "world", databases)
        add_clients(world, login, clients, seed=seed)
        yield world
        world.close()


def add_clients(world: World, login: str, number: int, *, seed: int = 11) -> None:
    """Open files for this worker and give their caseload rows plausible days."""
    chance = random.Random(seed)
    today = clock.today()
    actor = world.actor(login)
    duty = actor.duties[0]
    assert duty.team_id
    files = [
        NewFile(
            organisation_id=duty.organisation_id,
            team_id=duty.team_id,
            worker_id=actor.user_id,
            ags=chance.choice(_TOWNS),
            opened_on=today - dt.timedelta(days=chance.randrange(900)),
            head=ClientHead(
                family_name=family,
                given_names=given,
                birth=Birth(day=dt.date(1950, 1, 1) + dt.timedelta(days=chance.randrange(25_000))),
                language=chance.choice(_LANGUAGES),
                phones=(f"+49176{chance.randrange(10**7, 10**8)}",),
            ),
            facts=(_title(chance, today),) if number <= 200 else (),
        )
        for family, given in people(number, seed=seed)
    ]
    with world.unit(login, write=True):
        open_files_bulk(actor, files)
    with world.unscoped(write=True) as unit:
        ids = list(unit.scalars(select(Caseload.client_id).where(Caseload.worker_id == actor.user_id)))
        for client_id in ids:
            step = chance.choice((None, *range(-12, 60)))
            unit.execute(
                update(Caseload)
                .where(Caseload.client_id == client_id)
                .values(
                    last_contact_on=today - dt.timedelta(days=min(120, int(chance.expovariate(0.05)))),
                    next_step_on=today + dt.timedelta(days=step) if step is not None else None,
                    open_tasks=step is not None,
                )
            )


def _title(chance: random.Random, today: dt.date) -> NewFact:
    ends = today + dt.timedelta(days=chance.randrange(-40, 900))
    return NewFact(fact=TitleFact(code=chance.choice(_TITLES)), from_on=ends - dt.timedelta(days=1_000), until_on=ends)
