"""The directory for tests: partners, dwellings and limits, stored through the services."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from caseapp.network import service
from caseapp.network.models import DwellingText, Partner, PartnerProfile, RentTableText
from caseapp.network.service import NewDwelling, NewRentTable
from tests.factories.files import CARRIER_OF, TEAM_OF
from tests.factories.world import World

TETTNANG, NEUKIRCH, RAVENSBURG = "08435057", "08435042", "08436064"


def carrier_of(world: World, login: str) -> UUID:
    """The carrier for which this caseworker writes."""
    return world.organisations[CARRIER_OF[TEAM_OF[login]]]


def add_partner(world: World, login: str, name: str, kind: str = "SON", **values: Any) -> Partner:
    """A partner, inside the running unit of work."""
    profile = PartnerProfile(name=name, **values)
    return service.add_partner(world.actor(login), kind, profile, carrier_id=carrier_of(world, login))


def stored_partner(
    world: World, name: str = "Jobcenter Musterkreis", kind: str = "JC", login: str = "maier", **values: Any
) -> UUID:
    """The id of a partner that this caseworker entered."""
    with world.unit(login, write=True):
        return add_partner(world, login, name, kind, **values).id


def new_dwelling(**values: Any) -> NewDwelling:
    """Three rooms in Tettnang for 650 EUR with costs, free at once."""
    return NewDwelling(
        **{
            "landlord_id": None,
            "ags": TETTNANG,
            "text": DwellingText(street="Seestraße 4", postcode="88069", place="Tettnang"),
            "rent_cold_cents": 55_000,
            "rent_ancillary_cents": 10_000,
            "rent_heating_cents": 8_000,
            "half_rooms": 6,
            "square_metres": 72,
            "persons_max": 4,
            **values,
        }
    )


def stored_dwelling(world: World, login: str = "maier", **values: Any) -> UUID:
    """The id of an offer."""
    with world.unit(login, write=True):
        return service.add_dwelling(world.actor(login), new_dwelling(**values)).id


def new_limits(**values: Any) -> NewRentTable:
    """Limits for Tettnang since 2026."""
    return NewRentTable(
        **{
            "text": RentTableText(label="Tettnang", ags=(TETTNANG,), source="Richtlinie des Kreises"),
            "valid_from": dt.date(2026, 1, 1),
            "valid_to": None,
            "limits": (50_000, 60_000, 70_000, 80_000, 90_000),
            "further": 10_000,
            **values,
        }
    )


def stored_limits(world: World, login: str = "leitung", **values: Any) -> UUID:
    """The id of a table of limits."""
    with world.unit(login, write=True):
        return service.add_rent_table(world.actor(login), new_limits(**values)).id
