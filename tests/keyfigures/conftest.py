"""A carrier with a head, and counted cases of two workers."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.accounts import service as accounts
from caseapp.accounts.models import Membership, UserProfile
from caseapp.clients.models import Client
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.security.actor import Role
from tests.factories.files import head, stored_file
from tests.factories.world import PASSWORD, World

YEAR = clock.today().year - 1


def met(world: World, client_id: object, login: str = "maier", *, kind: str = "TEL", days: int = 0) -> None:
    """A contact on the last day of the year, or so many days before."""
    on = dt.date(YEAR, 12, 31) - dt.timedelta(days=days)
    with world.unit(login, write=True) as unit:
        client = unit.get_one(Client, client_id)
        new = NewContact(on_day=on, kind=kind, minutes=30, detail=ContactDetail(topics=("WOH",)))
        save_contact(world.actor(login), client, new)


@pytest.fixture
def house(world: World) -> World:
    """The world with Hanna Haupt and Frida Fern, who lead Musterhausen and Fremdstadt."""
    return led(world)


def led(world: World) -> World:
    """Add the heads of both carriers."""
    for login, name, carrier in (("haupt", "Hanna Haupt", "Musterhausen"), ("fernhaupt", "Frida Fern", "Fremdstadt")):
        with world.services.database.unit(None, write=True):
            user, _password = accounts.add_user(UserProfile(login=login, name=name), PASSWORD)
            user.must_change_password = False
            duty = accounts.DutyRequest(organisation_id=world.organisations[carrier], role=Role.LEAD, team_id=None)
            accounts.grant_at_setup(user, duty)
            world.users[login] = user.id
    with world.unscoped(write=True) as unit:
        # Everybody has worked there for years.
        for membership in unit.scalars(select(Membership)):
            membership.valid_from = dt.date(YEAR - 1, 1, 1)
    return world


@pytest.fixture
def counted_house(house: World) -> World:
    """Five women and a man without a sex in the file, of Maier and Öz, each with one contact in the year."""
    for login in ("maier", "maier", "maier", "oez", "oez"):
        met(house, stored_file(house, login), login)
    unknown = stored_file(house, head=head("Ohne", "Angabe", sex=""))
    met(house, unknown)
    return house
