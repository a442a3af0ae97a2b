"""The last quarters of the demo as released reports, made by three people through the services of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.models import Membership, User, UserProfile
from caseapp.db import Database, session
from caseapp.demo.service.staff import SIGN_INS
from caseapp.jobs import started
from caseapp.places import queries as places
from caseapp.reporting import queries, service
from caseapp.reporting.rules.funding import funding_of
from caseapp.security.actor import Actor, Role
from caseapp.tallies.periods import Period

_BUILDER, _CHECKER, _FIRST_HEAD = "koord", "koord2", "traeger"
_OFFICES = {"koord": Role.COORDINATOR, "koord2": Role.COORDINATOR, "foerder": Role.FUNDER}
_HEADS = ("Sibylle Arendt", "Jochen Merk", "Hatice Demir", "Rolf Anders")

LoadActor = Callable[[UUID], Actor]
RunNow = Callable[[UUID, UUID], None]


def release_reports(
    database: Database, load_actor: LoadActor, run_now: RunNow, today: dt.date, *, quarters: int
) -> list[Period]:
    """Appoint heads, coordinators and a funder, and release the last so many quarters and the whole years among them.

    What was released, in that order; nothing in a demo whose reports were made before.
    """
    with database.unit(None, write=True):
        if accounts.find_user_by_login(_BUILDER) is not None:
            return []
        heads = _appoint()
    periods = _complete(today, quarters)
    builder, checker = _actor(database, load_actor, _BUILDER), _actor(database, load_actor, _CHECKER)
    for period in periods:
        for organisation_id, head_id in heads.items():
            head = load_actor(head_id)
            with database.unit(head, write=True):
                service.confirm(head, organisation_id, period)
        with database.unit(builder, write=True) as unit:
            job = service.order_build(builder, period)
            started(unit)  # done here, not by the job process
        run_now(job.id, builder.user_id)
        with database.unit(checker, write=True) as unit:
            report = queries.get_report(job.target_id)
            service.check(checker, report, report.version, report.facts.proposed)
            files = service.release(checker, report, report.version)
            started(unit)
        if files is not None:
            run_now(files.id, checker.user_id)
    return periods


def _complete(today: dt.date, quarters: int) -> list[Period]:
    """The last quarters for which no late entries are awaited any more, each whole year after its last quarter."""
    latest = Period.of(today).before
    funding = funding_of(latest, queries.funding_periods())
    if funding is None or today < funding.first_day(latest):
        latest = latest.before
    found: list[Period] = []
    for steps in reversed(range(quarters)):
        found.append(latest.shifted(-steps))
        year = Period(found[-1].year)
        if set(year.quarters) <= set(found):
            found.append(year)
    return found


def _appoint() -> dict[UUID, UUID]:
    """The head of each carrier by its id; the first carrier gets its coordinators and a funder."""
    first = accounts.find_user_by_login(_FIRST_HEAD)
    if first is None:
        return {}
    home = accounts.list_memberships(first.id)[0].organisation_id
    names = {sign_in.login: sign_in.name for sign_in in SIGN_INS}
    for login, role in _OFFICES.items():
        _person(login, names[login], home, role, first)
    heads = {home: first.id}
    others = [each.organisation_id for each in queries.list_carriers() if each.organisation_id != home]
    for place, organisation_id in enumerate(others):
        name = _HEADS[place % len(_HEADS)]
        heads[organisation_id] = _person(f"{_FIRST_HEAD}{place + 2}", name, organisation_id, Role.LEAD, first).id
    session().flush()
    return heads


def _person(login: str, name: str, organisation_id: UUID, role: Role, like: User) -> User:
    """An account with the password that all demo accounts share."""
    now = clock.now()
    user = User(
        login_digest=accounts.login_digest(login),
        password_hash=like.password_hash,
        must_change_password=False,
        created_at=now,
        profile=UserProfile(login=login, name=name, email=f"{login}@example.org"),
    )
    session().add(user)
    session().flush()
    session().add(
        Membership(
            user_id=user.id,
            organisation_id=places.get_organisation(organisation_id).id,
            team_id=None,
            role=role.value,
            professional_lead=False,
            valid_from=clock.today() - dt.timedelta(days=1_500),
            requested_at=now,
            confirmed_at=now,
        )
    )
    return user


def _actor(database: Database, load_actor: LoadActor, login: str) -> Actor:
    with database.unit(None, write=False):
        user = accounts.find_user_by_login(login)
        if user is None:
            raise LookupError(login)
        user_id = user.id
    return load_actor(user_id)
