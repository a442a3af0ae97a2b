"""Reading carriers and teams."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.places.models import Installation, Organisation, Team
from caseapp.places.rules import Gazetteer, load_gazetteer
from caseapp.settings import PROJECT_ROOT


def get_organisation(organisation_id: UUID) -> Organisation:
    """The carrier. Raises NotFoundError."""
    found = session().get(Organisation, organisation_id)
    if found is None:
        raise NotFoundError
    return found


def find_team(team_id: UUID) -> Team | None:
    """The team, or None."""
    return session().get(Team, team_id)


def get_team(team_id: UUID) -> Team:
    """The team. Raises NotFoundError."""
    found = find_team(team_id)
    if found is None:
        raise NotFoundError
    return found


def list_organisations() -> list[Organisation]:
    """All carriers, by name. There are some dozens at most."""
    found = session().scalars(select(Organisation).order_by(Organisation.id)).all()
    return sorted(found, key=lambda organisation: organisation.profile.name.casefold())


def name_organisations(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these carriers, in their order; for choosing one where a person works for several."""
    return {each: get_organisation(each).profile.name for each in organisation_ids}


def list_teams(organisation_id: UUID) -> list[Team]:
    """The carrier's teams, by name."""
    found = session().scalars(select(Team).where(Team.organisation_id == organisation_id).order_by(Team.id)).all()
    return sorted(found, key=lambda team: team.profile.name.casefold())


def find_organisation_by_name(name: str) -> Organisation | None:
    """The carrier with exactly this name (case ignored), or None."""
    wanted = name.strip().casefold()
    return next(
        (found for found in list_organisations() if found.profile.name.casefold() == wanted),
        None,
    )


def find_team_by_name(organisation_id: UUID, name: str) -> Team | None:
    """The carrier's team with exactly this name (case ignored), or None."""
    wanted = name.strip().casefold()
    return next(
        (found for found in list_teams(organisation_id) if found.profile.name.casefold() == wanted),
        None,
    )


def find_installation() -> Installation | None:
    """What this database is, or None before `caseapp init`."""
    return session().scalars(select(Installation)).one_or_none()


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The shipped districts and municipalities, read once a process."""
    return load_gazetteer(PROJECT_ROOT / "config" / "places")


def municipality_name(ags: str | None) -> str:
    """The name of a municipality for its key; an unknown key is shown as it is. "" for none."""
    town = gazetteer().municipalities.get(ags or "")
    return town.name if town else ags or ""
