"""Reading the cases of a team: counts for the board, rows with heads for the lists."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.queries import Person
from caseapp.clients.models import Caseload, Client, ClientHead
from caseapp.clients.queries.caseload import OpenCase, select_open_cases
from caseapp.clients.queries.heads import SealedHead, open_heads
from caseapp.clients.rules.collation import sort_key
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.permissions import Permission, Reach
from caseapp.teamwork.rules import Tally, tally


@dataclass(frozen=True, slots=True)
class LedTeam:
    """A team in which the actor holds a lead's permission."""

    team_id: UUID
    organisation_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A person of the team on the board. `in_team` False: cases are left over from a former duty."""

    person: Person
    tally: Tally
    in_team: bool


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """A team with its people by name and the number of files that nobody has."""

    team: LedTeam
    workers: list[WorkerLine]
    unassigned: int


class BoardCase(msgspec.Struct, frozen=True):
    """An open case as the board counts it."""

    team_id: UUID
    worker_id: UUID | None
    opened_on: dt.date
    last_contact_on: dt.date | None
    next_step_on: dt.date | None
    title_ends_on: dt.date | None
    review_on: dt.date | None
    release_ends_on: dt.date | None
    answer_due_on: dt.date | None
    confirmed_on: dt.date | None


class TeamCase(OpenCase, frozen=True, gc=False):
    """An open case with what the team's lists show."""

    open_tasks: int
    confirmed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class ListedTeamCase:
    """A case with its head; `head` is None where it is not readable."""

    case: TeamCase
    head: ClientHead | None

    @property
    def name(self) -> str:
        """The person's name; "" where it is not readable."""
        return self.head.full_name if self.head else ""


def list_led_teams(actor: Actor, permission: Permission = Permission.TEAM_BOARD) -> list[LedTeam]:
    """The teams that the actor leads, by carrier and name; none for a caseworker, who sees the own row only."""
    return [
        LedTeam(team.id, organisation_id, team.profile.name)
        for organisation_id in policy.organisations(actor, permission)
        for team in places.list_teams(organisation_id)
        if policy.allows_in(actor, permission, organisation_id, team.id, at_least=Reach.TEAM)
    ]


def own_line(actor: Actor) -> WorkerLine | None:
    """The caseworker's own row over all teams, protected files included; None for somebody who counsels nobody."""
    if not actor.duties_as(Role.CASEWORKER):
        return None
    cases = _board_cases(Client.worker_id == actor.user_id)
    return WorkerLine(Person(actor.user_id, actor.name), tally(cases, clock.today()), in_team=True)


def list_boards(teams: Sequence[LedTeam]) -> list[TeamBoard]:
    """The board of each team. One statement for the cases, two a team for its people."""
    by_team: dict[UUID, dict[UUID | None, list[BoardCase]]] = defaultdict(lambda: defaultdict(list))
    for case in _board_cases(_in_teams(teams)):
        by_team[case.team_id][case.worker_id].append(case)
    return [_board(team, by_team[team.team_id]) for team in teams]


def list_cases_of(worker_id: UUID | None, teams: Collection[LedTeam]) -> list[ListedTeamCase]:
    """The open cases of a worker in these teams, by name; None: those that nobody has. Two statements."""
    whose: ColumnElement[bool] = Client.worker_id.is_(None) if worker_id is None else Client.worker_id == worker_id
    return _listed(_all_cases().where(whose, _in_teams(teams)), {team.organisation_id for team in teams})


def list_cases_of_actor(actor: Actor) -> list[ListedTeamCase]:
    """The actor's own open cases in all teams, by name. Two statements."""
    return _listed(_all_cases().where(Client.worker_id == actor.user_id), actor.organisation_ids)


def _in_teams(teams: Collection[LedTeam]) -> ColumnElement[bool]:
    return Client.team_id.in_([team.team_id for team in teams])


def _listed(statement: Select[*tuple[Any, ...]], carriers: Collection[UUID]) -> list[ListedTeamCase]:
    cases = [TeamCase(*row) for row in session().execute(statement)]
    sealed = [SealedHead(case.client_id, case.head_rev, case.head_blob) for case in cases]
    heads = open_heads(sealed, carriers)
    return sorted((ListedTeamCase(case, heads[case.client_id]) for case in cases), key=_by_name)


def get_worker(worker_id: UUID, teams: Collection[LedTeam], *, has_cases: bool) -> Person:
    """A person of these teams, or one who still has cases there. Raises NotFoundError."""
    for team in teams:
        for person in accounts.list_workers(team.organisation_id, team.team_id):
            if person.user_id == worker_id:
                return person
    if not has_cases:
        raise NotFoundError
    return Person(worker_id, accounts.names_of({worker_id})[worker_id])


def list_loads(teams: Collection[LedTeam]) -> list[tuple[Person, int]]:
    """Who counsels in these teams, by name, with the number of open cases."""
    people = {
        person.user_id: person for team in teams for person in accounts.list_workers(team.organisation_id, team.team_id)
    }
    rows = session().execute(
        select(Caseload.worker_id, func.count(Caseload.id))
        .where(Caseload.open.is_(True), Caseload.worker_id.in_(people))
        .group_by(Caseload.worker_id)
        .order_by(Caseload.worker_id)
    )
    loads = Counter({worker_id: number for worker_id, number in rows if worker_id})
    return [(person, loads[person.user_id]) for person in sorted(people.values(), key=_by_person)]


@cache
def _all_cases() -> Select[*tuple[Any, ...]]:
    return select_open_cases(Caseload.open_tasks, Caseload.confirmed_on)


def _board_cases(which: ColumnElement[bool]) -> list[BoardCase]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            Client.team_id,
            Client.worker_id,
            Client.opened_on,
            Caseload.last_contact_on,
            Caseload.next_step_on,
            Caseload.title_ends_on,
            Caseload.review_on,
            Caseload.release_ends_on,
            Caseload.answer_due_on,
            Caseload.confirmed_on,
        )
        .join(Caseload, Caseload.client_id == Client.id)
        .where(Client.closed_on.is_(None), which)
        .order_by(Client.id)
    )
    return [BoardCase(*row) for row in session().execute(statement)]


def _board(team: LedTeam, cases: dict[UUID | None, list[BoardCase]]) -> TeamBoard:
    today = clock.today()
    members = {person.user_id: person for person in accounts.list_workers(team.organisation_id, team.team_id)}
    others = {worker_id for worker_id in cases if worker_id is not None and worker_id not in members}
    left_over = {worker_id: Person(worker_id, name) for worker_id, name in accounts.names_of(others).items()}
    lines = [
        WorkerLine(person, tally(cases.get(person.user_id, []), today), person.user_id in members)
        for person in sorted((members | left_over).values(), key=_by_person)
    ]
    return TeamBoard(team, lines, len(cases.get(None, [])))


def _by_person(person: Person) -> tuple[str, UUID]:
    return person.name.casefold(), person.user_id


def _by_name(each: ListedTeamCase) -> tuple[object, ...]:
    if each.head is None:
        return (True, each.case.file_number)
    return (False, *sort_key(each.head.family_name, each.head.given_names or each.head.own_script))
