"""Where the rows of an import go: a team, the people in it, and the words that its lists are read with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.errors import NotFoundError
from caseapp.imports.rules.values.lookups import LISTS, Lookups
from caseapp.imports.rules.values.names import matching_workers
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.permissions import GRANTS, Permission


@dataclass(frozen=True, slots=True)
class Target:
    """A team that the actor may import into, with its caseworkers: id -> given names, family name."""

    organisation_id: UUID
    team_id: UUID
    team: str
    carrier: str
    workers: dict[UUID, tuple[str, str]]
    fallback: UUID | None  # whose cases rows without a worker become; None: they wait in the team's queue


def list_targets(actor: Actor) -> list[Target]:
    """The teams that the actor may import into, in the order of the duties."""
    found: dict[UUID, Target] = {}
    for duty in actor.duties:
        if duty.role not in GRANTS[Permission.IMPORT_RUN]:
            continue
        for team in places.list_teams(duty.organisation_id):
            if duty.team_id in (None, team.id):
                found.setdefault(team.id, _target(actor, duty.organisation_id, team.id))
    return list(found.values())


def get_target(actor: Actor, team_id: UUID) -> Target:
    """The team, if the actor may import into it. Raises NotFoundError, ForbiddenError."""
    team = places.get_team(team_id)
    policy.require_in(actor, Permission.IMPORT_RUN, team.organisation_id, team.id)
    return _target(actor, team.organisation_id, team.id)


def _target(actor: Actor, organisation_id: UUID, team_id: UUID) -> Target:
    own = any(
        duty.role is Role.CASEWORKER and duty.organisation_id == organisation_id and duty.team_id in (None, team_id)
        for duty in actor.duties
    )
    return Target(
        organisation_id=organisation_id,
        team_id=team_id,
        team=places.get_team(team_id).profile.name,
        carrier=places.get_organisation(organisation_id).profile.name,
        workers={person.user_id: _named(person.name) for person in accounts.list_workers(organisation_id, team_id)},
        fallback=actor.user_id if own else None,
    )


def _named(name: str) -> tuple[str, str]:
    given, _blank, family = name.rpartition(" ")
    return given, family


def lookups_of(target: Target) -> Lookups:
    """The words of the code lists today, and the places as the carrier's district sees them."""
    seat = places.get_organisation(target.organisation_id).profile.ags
    return _lookups(clock.today(), seat[:5] or None)


@lru_cache(maxsize=16)
def _lookups(today: dt.date, district: str | None) -> Lookups:
    lists = {name: [code.as_row() for code in catalogue.catalogue().rows(name)] for name in LISTS}
    return Lookups(lists, places.gazetteer(), today, district=district)


@dataclass(slots=True)
class WorkerFinder:
    """Whom the names in a list mean. `unmatched` counts the rows of names that mean nobody, or several people."""

    target: Target
    unmatched: Counter[str] = field(default_factory=Counter)
    _found: dict[str, UUID | None] = field(default_factory=dict)

    def find(self, written: str) -> UUID | None:
        """The one caseworker of the team who is meant, else None."""
        if not written:
            return None
        if written not in self._found:
            hits = matching_workers(written, self.target.workers)
            self._found[written] = hits[0] if len(hits) == 1 else None
        if self._found[written] is None:
            self.unmatched[written] += 1
        return self._found[written]


def default_target(targets: list[Target]) -> Target:
    """The first of the teams. Raises NotFoundError when there is none."""
    if not targets:
        raise NotFoundError
    return targets[0]
