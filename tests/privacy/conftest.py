"""What erasures need: a head of the carrier, and a file that is mentioned everywhere."""

from __future__ import annotations

import pytest

from caseapp.accounts import service as accounts
from caseapp.accounts.models import UserProfile
from caseapp.security.actor import Role
from tests.factories.world import PASSWORD, World


@pytest.fixture
def house(world: World) -> World:
    """The world with Hanna Haupt and Hugo Zweithaupt, who lead the whole carrier Musterhausen."""
    for login, name in (("haupt", "Hanna Haupt"), ("haupt2", "Hugo Zweithaupt")):
        with world.services.database.unit(None, write=True):
            user, _password = accounts.add_user(UserProfile(login=login, name=name), PASSWORD)
            user.must_change_password = False
            duty = accounts.DutyRequest(
                organisation_id=world.organisations["Musterhausen"], role=Role.LEAD, team_id=None
            )
            accounts.grant_at_setup(user, duty)
            world.users[login] = user.id
    return world
