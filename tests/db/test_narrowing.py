"""Criteria that many actors share in compiled form: each of them must still see with their own eyes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import exists, select, true, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from caseapp.clients.models import Caseload, Client
from caseapp.db import ClientListed, new_id
from caseapp.db.narrowing import Narrowing, Value
from caseapp.db.types import Id, RawId
from caseapp.security.actor import Actor, Duty, Role
from tests.factories.bare import bare_file
from tests.factories.world import World

other = aliased(Client)
WAYS: dict[str, Callable[[Session], list[Any]]] = {
    "columns": lambda unit: list(unit.scalars(select(Client.id))),
    "entities": lambda unit: [client.id for client in unit.scalars(select(Client))],
    "raw ids": lambda unit: [
        UUID(bytes=raw) for raw in unit.scalars(select(type_coerce(Client.id, RawId())).group_by(Client.id))
    ],
    "alias": lambda unit: list(unit.scalars(select(other.id))),
    "listed": lambda unit: list(unit.scalars(select(Caseload.client_id))),
    "join": lambda unit: list(unit.scalars(select(Caseload.client_id).join(Client, Client.id == Caseload.client_id))),
    "outer join": lambda unit: [
        found
        for found in unit.scalars(
            select(Client.id).select_from(Caseload).outerjoin(Client, Client.id == Caseload.client_id)
        )
        if found
    ],
    "self join": lambda unit: list(unit.scalars(select(other.id).join(Client, Client.id == other.id))),
    "exists": lambda unit: list(
        unit.scalars(select(Client.id).where(exists(select(Caseload.id).where(Caseload.client_id == Client.id))))
    ),
    "cte": lambda unit: list(unit.scalars(select(select(Client.id).cte().c.id))),
    "union": lambda unit: list(dict.fromkeys(unit.scalars(union_all(select(Client.id), select(Caseload.client_id))))),
}


@pytest.fixture
def files(world: World) -> list[Any]:
    """Files of both carriers: assigned, waiting, protected, each with its caseload row."""
    with world.unscoped(write=True) as unit:
        made = [bare_file(world, login) for login in ("maier", "maier", "oez", "sued", "fremd", None)]
        made += [bare_file(world, "oez", protected=True), bare_file(world, "fremd", protected=True)]
        unit.flush()
        for client in made:
            if unit.scalar(select(Caseload.id).where(Caseload.client_id == client.id)) is None:
                unit.add(
                    Caseload(
                        client_id=client.id,
                        organisation_id=client.organisation_id,
                        team_id=client.team_id,
                        worker_id=client.worker_id,
                        open=True,
                        open_tasks=0,
                    )
                )
        return made


def actors(world: World, files: list[Any]) -> list[Actor]:
    """Actors of the same and of different shapes: with grants, several duties, a whole carrier."""
    maier, oez, fremd, lead = (world.actor(login) for login in ("maier", "oez", "fremd", "leitung"))
    granted = [replace(maier, granted=frozenset({each.id})) for each in files if each.protected]
    whole = Duty(world.organisations["Musterhausen"], Role.CASEWORKER)
    both = replace(maier, duties=maier.duties + fremd.duties)
    return [
        maier,
        oez,
        world.actor("sued"),
        fremd,
        lead,
        *granted,
        replace(oez, duties=(whole,)),
        both,
        world.actor("admin"),
    ]


def expected(actor: Actor, files: list[Any]) -> set[UUID]:
    """Row 1 of the table of roles, written once more in plain words."""
    seen = set()
    for client in files:
        duties = [
            duty
            for duty in actor.duties_as(Role.CASEWORKER, Role.LEAD)
            if duty.organisation_id == client.organisation_id
        ]
        own = client.worker_id == actor.user_id or client.id in actor.granted
        team = any(duty.team_id in {None, client.team_id} for duty in duties)
        if duties and (own or (team and not client.protected)):
            seen.add(client.id)
    return seen


@pytest.mark.parametrize("way", WAYS)
def test_actors_in_any_order_see_their_own_rows(world: World, files: list[Any], way: str) -> None:
    everybody = actors(world, files)
    for actor in itertools.chain(everybody, reversed(everybody), everybody[::2]):
        with world.services.database.unit(actor, write=False) as unit:
            found = WAYS[way](unit)
        assert len(found) == len(set(found))
        assert set(found) == expected(actor, files)


def test_a_value_that_is_not_in_the_cache_key_is_refused(world: World, files: list[Any]) -> None:
    leak = Narrowing(ClientListed, lambda cls: cls.organisation_id == Value(new_id(), Id()), true())
    with world.unscoped() as unit, pytest.raises(AssertionError, match="missing in its cache key"):
        unit.execute(select(Client.id).options(leak)).all()
