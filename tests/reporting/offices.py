"""A small Kreis that reports: seats, heads, coordinators, and people who were counselled in two quarters."""

from __future__ import annotations

import datetime as dt
from random import Random
from uuid import UUID, uuid4

import msgspec

from caseapp.accounts import service as accounts
from caseapp.accounts.models import UserProfile
from caseapp.clients.service.bulk import open_files_bulk
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service.bulk import BulkContact, save_contacts_bulk
from caseapp.jobs import Job, started
from caseapp.places.queries import get_organisation
from caseapp.reporting import queries, service
from caseapp.reporting.models import Report
from caseapp.security.actor import Role
from caseapp.tallies.periods import Period
from tests.factories.files import CARRIER_OF, TEAM_OF, head, new_file
from tests.factories.world import PASSWORD, World

FIRST, SECOND = Period(2026, 2), Period(2026, 3)
SEATS = {"Musterhausen": "08117", "Fremdstadt": "08117026"}
TOWNS = ("08117026", "08117001", "08117002", "08117003", "08117006", "08435016", None)
NEW_PEOPLE = (
    ("haupt", "Musterhausen", Role.LEAD),
    ("fremdhaupt", "Fremdstadt", Role.LEAD),
    ("bau", "Musterhausen", Role.COORDINATOR),
    ("pruef", "Musterhausen", Role.COORDINATOR),
)


def prepare(world: World, *, people: int = 120, seats: dict[str, str] | None = None, year: int = 2026) -> list[UUID]:
    """Seats, heads and coordinators, and so many people with one to three talks in each quarter; their ids."""
    with world.services.database.unit(None, write=True):
        for name, ags in (seats or SEATS).items():
            organisation = get_organisation(world.organisations[name])
            organisation.profile = msgspec.structs.replace(organisation.profile, ags=ags)
        for login, carrier, role in NEW_PEOPLE:
            user, _password = accounts.add_user(UserProfile(login=login, name=f"Person {login}"), PASSWORD)
            user.must_change_password = False
            duty = accounts.DutyRequest(organisation_id=world.organisations[carrier], role=role, team_id=None)
            accounts.grant_at_setup(user, duty)
            world.users[login] = user.id
    return [
        *counselled(world, "maier", people * 2 // 3, seed=1, year=year),
        *counselled(world, "fremd", people // 3, seed=2, year=year),
    ]


def counselled(
    world: World, login: str, number: int, *, seed: int, months: tuple[int, ...] = (4, 8), year: int = 2026
) -> list[UUID]:
    """So many new files of this caseworker, each with talks in these months of the year."""
    chance = Random(seed)  # noqa: S311 - invented people
    actor = world.actor(login)
    with world.unit(login, write=True):
        files = [
            new_file(
                world,
                login,
                head=head(f"Kanarienvogel{chance.randrange(10**6)}", sex=chance.choice("WWMMDN")),
                ags=chance.choice(TOWNS),
                opened_on=dt.date(year, 3, 2),
            )
            for _number in range(number)
        ]
        ids = [client.id for client in open_files_bulk(actor, files)]
    talks = [
        BulkContact(
            client_id=client_id,
            on_day=dt.date(year, month, chance.randrange(1, 28)),
            kind=chance.choice(("BUE", "TEL", "HAU")),
            minutes=chance.choice((10, 30, 45)),
            worker_id=actor.user_id,
            detail=ContactDetail(topics=(chance.choice(("WOH", "AUF", "KIN", "ARB")),)),
        )
        for client_id in ids
        for month in months
        for _talk in range(chance.randrange(1, 4))
    ]
    with world.unit(login, write=True):
        save_contacts_bulk(actor, world.organisations[CARRIER_OF[TEAM_OF[login]]], talks, import_id=uuid4())
    return ids


def confirmed(world: World, period: Period) -> None:
    """Both heads confirm."""
    for login, carrier, role in NEW_PEOPLE:
        if role is Role.LEAD:
            with world.unit(login, write=True):
                service.confirm(world.actor(login), world.organisations[carrier], period)


def ordered(world: World, period: Period, by: str = "bau") -> Job:
    """The job of a build that is ordered and not begun."""
    with world.unit(by, write=True) as unit:
        job = service.order_build(world.actor(by), period)
        started(unit)
        return job


def drafted(world: World, period: Period, by: str = "bau") -> Report:
    """A draft, built by the job process. AssertionError with the job's message where it failed."""
    job = ordered(world, period, by)
    world.services.queue.run_now(job.id, world.users[by])
    with world.unscoped() as unit:
        done = unit.get_one(Job, job.id)
        assert done.state == "done", done.message
        return queries.get_report(job.target_id)


def checked(world: World, report_id: UUID, by: str = "pruef", sentences: tuple[str, ...] = ()) -> None:
    """The second person agrees, with the proposed sentences unless others are given."""
    with world.unit(by, write=True):
        report = queries.get_report(report_id)
        service.check(world.actor(by), report, report.version, sentences or report.facts.proposed)


def released(world: World, report_id: UUID, by: str = "pruef") -> Report:
    """Released; its files are ordered and not made (that takes seconds)."""
    with world.unit(by, write=True) as unit:
        report = queries.get_report(report_id)
        job = service.release(world.actor(by), report, report.version)
        started(unit)
    assert job is not None
    return report


def whole(world: World, period: Period) -> Report:
    """Confirmed, built, checked and released."""
    confirmed(world, period)
    report = drafted(world, period)
    checked(world, report.id)
    return released(world, report.id)
