"""Which cases a person's own figures are made of, and their heads for the lists behind the numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, func, or_, select

from caseapp.accounts import queries as accounts
from caseapp.clients.models import Client, ClientHead
from caseapp.clients.queries.heads import MANY, SealedHead, open_heads
from caseapp.clients.rules.collation import sort_key
from caseapp.db import session
from caseapp.security import policy
from caseapp.security.actor import Actor, Duty, Role
from caseapp.security.permissions import Permission

# More cases than this are not counted while a page waits: a job counts them. So many take some 0.2 s.
LIVE_MOST = 400


class FigureCase(msgspec.Struct, frozen=True, gc=False):
    """A case as figures know it; satisfies what the policy asks of a client record."""

    client_id: UUID
    organisation_id: UUID
    team_id: UUID
    worker_id: UUID | None
    protected: bool
    closed_on: dt.date | None

    @property
    def closed(self) -> bool:
        """Whether the file is closed; it stays in the figures of its time."""
        return self.closed_on is not None


@dataclass(frozen=True, slots=True)
class ListedFigureCase:
    """A case with its head; `head` is None where it is not readable."""

    case: FigureCase
    file_number: str
    head: ClientHead | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a person's figures go in one carrier. `teams` None: the own cases; empty: the whole carrier."""

    organisation_id: UUID
    teams: frozenset[UUID] | None

    @property
    def leads(self) -> bool:
        """Whether cases of others are in it."""
        return self.teams is not None


def reach_of(actor: Actor, organisation_id: UUID) -> Reach:
    """What the duties of the actor in this carrier reach."""
    leading = [duty for duty in actor.duties_as(Role.LEAD) if duty.organisation_id == organisation_id]
    if not leading:
        return Reach(organisation_id, None)
    return Reach(organisation_id, _teams(leading))


def _teams(duties: Collection[Duty]) -> frozenset[UUID]:
    if any(duty.team_id is None for duty in duties):
        return frozenset()
    return frozenset(duty.team_id for duty in duties if duty.team_id is not None)


def workers_of(reach: Reach, actor: Actor) -> set[UUID] | None:
    """Whose short advice and activities count; None: everybody's in the carrier."""
    if reach.teams is None:
        return {actor.user_id}
    if not reach.teams:
        return None
    found = {person.user_id for team in reach.teams for person in accounts.list_workers(reach.organisation_id, team)}
    return found | {actor.user_id}


def count_cases(actor: Actor, reach: Reach) -> int:
    """How many files there are to count, protected ones of others too: it decides who counts, the page or a job."""
    found = session().scalars(select(func.count()).select_from(Client).where(*_within(actor, reach)))
    return int(found.one())


def list_cases(actor: Actor, reach: Reach) -> list[FigureCase]:
    """The cases of the person's figures, closed ones too, by id. Protected files of others never. One statement."""
    rows = session().execute(_select_cases().where(*_within(actor, reach)).order_by(Client.id))
    cases = (FigureCase(*row) for row in rows)
    return [case for case in cases if policy.allows(actor, Permission.FIGURES_EXACT, case)]


@cache
def _select_cases() -> Select[*tuple[Any, ...]]:
    return select(
        Client.id, Client.organisation_id, Client.team_id, Client.worker_id, Client.protected, Client.closed_on
    )


def _within(actor: Actor, reach: Reach) -> list[ColumnElement[bool]]:
    carrier = Client.organisation_id == reach.organisation_id
    if reach.teams is not None and not reach.teams:
        return [carrier]
    own = Client.worker_id == actor.user_id
    if actor.granted:
        own = or_(own, Client.id.in_(actor.granted))
    return [carrier, or_(own, Client.team_id.in_(reach.teams)) if reach.teams else own]


def list_heads(cases: Collection[FigureCase]) -> list[ListedFigureCase]:
    """The cases with their heads, by name. One statement for rows and one for keys."""
    if not cases:
        return []
    by_id = {case.client_id: case for case in cases}
    statement = select(Client.id, Client.head_rev, Client.head_blob, Client.file_number).order_by(Client.id)
    if len(cases) <= MANY:
        statement = statement.where(Client.id.in_(by_id))
    rows = [row for row in session().execute(statement).all() if row[0] in by_id]
    heads = open_heads([SealedHead(*row[:3]) for row in rows], {case.organisation_id for case in cases})
    return sorted((ListedFigureCase(by_id[row[0]], row[3], heads[row[0]]) for row in rows), key=_by_name)


def _by_name(each: ListedFigureCase) -> tuple[Any, ...]:
    if each.head is None:
        return (True, each.file_number)
    return (False, *sort_key(each.head.family_name, each.head.given_names or each.head.own_script))
