"""Client files for tests: stored through the services, as a person of the world."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from caseapp.clients.models import Birth, ClientHead
from caseapp.clients.service import NewFile, open_family, open_file
from tests.factories.world import World

TEAM_OF = {"maier": "Nord", "oez": "Nord", "leitung": "Nord", "lead2": "Nord", "sued": "Süd", "fremd": "West"}
CARRIER_OF = {"Nord": "Musterhausen", "Süd": "Musterhausen", "West": "Fremdstadt"}


def head(family_name: str = "Rahimi", given_names: str = "Zahra", **values: Any) -> ClientHead:
    """The head of an adult who speaks Dari."""
    values = {"birth": Birth(day=dt.date(1991, 3, 27)), "language": "prs", "sex": "W", **values}
    return ClientHead(family_name=family_name, given_names=given_names, **values)


def new_file(world: World, login: str, **values: Any) -> NewFile:
    """A file in this person's team, given to the person unless `worker_id` says otherwise."""
    team = TEAM_OF[login]
    return NewFile(
        **{
            "organisation_id": world.organisations[CARRIER_OF[team]],
            "team_id": world.teams[team],
            "worker_id": world.users[login],
            "head": head(),
            **values,
        }
    )


def stored_file(world: World, login: str = "maier", **values: Any) -> UUID:
    """The id of a file that this caseworker has opened."""
    with world.unit(login, write=True):
        return open_file(world.actor(login), new_file(world, login, **values)).id


def stored_family(world: World, login: str = "maier", *, members: int = 3) -> list[UUID]:
    """The ids of a family: two adults and children; the first is the anchor."""
    relations = ["", "PAR", *["KIN"] * members][:members]
    names = ["Zahra", "Hamid", "Omid", "Mina", "Parwin", "Reza"]
    files = [
        new_file(world, login, head=head(given_names=names[place % 6]), relation=relation)
        for place, relation in enumerate(relations)
    ]
    with world.unit(login, write=True):
        return [client.id for client in open_family(world.actor(login), files)]
