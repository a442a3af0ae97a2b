"""Erasures as people of the world ask for and decide them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.db import Base
from caseapp.privacy import service
from caseapp.privacy.models import Erasure
from caseapp.privacy.queries import find_request
from tests.factories.world import World


def requested(world: World, client_id: UUID, by: str = "maier", of: str = "haupt") -> UUID:
    """The id of a request to erase this file."""
    with world.unit(by, write=True) as unit:
        client = unit.get_one(Client, client_id)
        head = world.users[of]
        service.request_erasure(world.actor(by), client, head_id=head, reason="Widerruf vom Mai", request_id=None)
        found = find_request(client_id)
        assert found is not None
        return found.id


def decided(world: World, client_id: UUID, by: str = "haupt") -> UUID:
    """The id of an erasure that is decided, and not begun."""
    request_id = requested(world, client_id)
    with world.unit(by, write=True) as unit:
        client = unit.get_one(Client, client_id)
        erasure, _job = service.decide(world.actor(by), client, request_id, file_number=client.file_number)
        return erasure.id


def erased(world: World, client_id: UUID) -> UUID:
    """The id of an erasure that is done."""
    erasure_id = decided(world, client_id)
    world.services.eraser().run(world.actor("haupt"), erasure_id)
    return erasure_id


def rows_of(world: World, client_id: UUID) -> dict[str, int]:
    """What is left of a client, by table, in every table that has a column for it."""
    left = {}
    with world.unscoped() as unit:
        for mapper in Base.registry.mappers:
            table: Any = mapper.class_
            owner = getattr(table, "client_id", None)
            owner = table.id if table is Client else owner
            if owner is not None and table not in (AuditEvent, Erasure):
                left[table.__tablename__] = unit.scalar(select(func.count(table.id)).where(owner == client_id))
    return {name: count for name, count in left.items() if count}
