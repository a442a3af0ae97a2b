"""The dwellings of the district, each with what speaks for and against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp.clients.models import Client
from caseapp.housing.queries.households import list_living, wishes_of
from caseapp.housing.rules import matching
from caseapp.housing.rules.matching import Household, Limit, Match, Offer
from caseapp.network import queries as network
from caseapp.network.models import Dwelling
from caseapp.network.queries import DwellingLine, RentLimit
from caseapp.places.queries import municipality_name


@dataclass(frozen=True, slots=True)
class Hit:
    """A dwelling with its landlord's name and the match."""

    dwelling: Dwelling
    landlord: str
    match: Match


def list_hits(client: Client, today: dt.date) -> tuple[Household, list[Hit]]:
    """The household and all offered dwellings, the suitable ones first; statements do not grow with the rows."""
    household = _household(client, today)
    return household, _hits(household, network.list_dwellings(), today)


def find_hit(client: Client, dwelling: Dwelling, today: dt.date) -> tuple[Household, Hit]:
    """The same for one dwelling, whatever its state."""
    household = _household(client, today)
    landlord = network.names_of([dwelling.landlord_id] if dwelling.landlord_id else [])
    line = DwellingLine(dwelling, next(iter(landlord.values()), ""))
    return household, _hits(household, [line], today)[0]


def _household(client: Client, today: dt.date) -> Household:
    wish = wishes_of(client.id)
    return Household(
        homes=tuple(living.home for living in list_living(client, today)),
        towns=frozenset(wish.towns),
        rooms=wish.rooms,
        barrier_free=wish.barrier_free,
        move_in_on=wish.move_in_on,
    )


def _hits(household: Household, lines: list[DwellingLine], today: dt.date) -> list[Hit]:
    limits = network.rent_limits(household.persons, {line.dwelling.ags or "" for line in lines}, today)
    by_id = {line.dwelling.id: line for line in lines}
    matches = [
        matching.match(household, _offer(line.dwelling), _limit(limits.get(line.dwelling.ags or ""))) for line in lines
    ]
    return [_hit(by_id, found) for found in matching.in_order(matches)]


def _hit(by_id: dict[UUID, DwellingLine], found: Match) -> Hit:
    line = by_id[found.offer.dwelling_id]
    return Hit(line.dwelling, line.landlord, found)


def _offer(dwelling: Dwelling) -> Offer:
    return Offer(
        dwelling_id=dwelling.id,
        ags=dwelling.ags or "",
        town=municipality_name(dwelling.ags),
        gross_cold=dwelling.gross_cold_cents,
        persons_min=dwelling.persons_min,
        persons_max=dwelling.persons_max,
        half_rooms=dwelling.half_rooms,
        barrier_free=dwelling.barrier_free,
        available_on=dwelling.available_on,
    )


def _limit(found: RentLimit | None) -> Limit | None:
    return Limit(found.cents, found.source) if found else None
