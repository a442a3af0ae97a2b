"""What an installation holds while its keys change, read as other processes read it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from caseapp.accounts import queries as account_queries
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.db import everything
from caseapp.factory import Services, open_services
from caseapp.places import queries as place_queries
from caseapp.security.vault import Place
from tests.factories.world import World, settings_in


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def carrier(world: World) -> UUID:
    return world.organisations["Musterhausen"]


def names(services: Services) -> list[str]:
    """The names of all files, each read as a single record; unreadable ones raise."""
    with services.database.unit(None, write=False) as unit, everything(unit):
        return sorted(client.head.family_name for client in unit.scalars(select(Client).order_by(Client.id)))


def details(services: Services) -> int:
    """How many details of the log open with the keys of their clients."""
    with services.database.unit(None, write=False) as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.action == "test:event")).all()
    keys = services.keystore.load({event.client_id for event in events if event.client_id})
    for event in events:
        assert event.client_id
        keys[event.client_id].open(event.detail or b"", Place("audit_event", "detail", event.id, 1))
    return len(events)


def reopened(folder: Path) -> World:
    """The installation in `folder` as another process opens it."""
    world = World(open_services(settings_in(folder), immediate_jobs=True))
    with world.services.database.unit(None, write=False):
        for organisation in place_queries.list_organisations():
            world.organisations[organisation.profile.name] = organisation.id
            for team in place_queries.list_teams(organisation.id):
                world.teams[team.profile.name] = team.id
        for login in ("maier", "fremd"):
            user = account_queries.find_user_by_login(login)
            assert user is not None
            world.users[login] = user.id
    return world
