"""A caseload whose figures can be counted by hand, and heads of the whole carrier."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from caseapp import clock
from caseapp.accounts import service as accounts
from caseapp.accounts.models import UserProfile
from caseapp.clients.models import Birth
from caseapp.clients.queries import get_client
from caseapp.counselling.models import AdviceDetail, ContactDetail
from caseapp.counselling.service import NewContact, add_advice, save_contact
from caseapp.security.actor import Role
from tests.factories.files import head, stored_file
from tests.factories.world import PASSWORD, World


def contact(
    world: World, login: str, client_id: UUID, kind: str = "BUE", minutes: int = 30, day: dt.date | None = None
) -> None:
    """A contact of this person with a client."""
    with world.unit(login, write=True):
        new = NewContact(
            on_day=day or clock.today(), kind=kind, minutes=minutes, detail=ContactDetail(note="Notiz", topics=("WOH",))
        )
        save_contact(world.actor(login), get_client(client_id), new)


@pytest.fixture
def caseload(world: World) -> dict[str, UUID]:
    """Maier: Amal (office 30, visit 60), Bilal (office 30), a child without a school; Öz: Celil (no contact)."""
    found = {
        "Amal": stored_file(world, "maier", head=head("Aslan", "Amal")),
        "Bilal": stored_file(world, "maier", head=head("Bakir", "Bilal", sex="M")),
        "Kind": stored_file(
            world, "maier", head=head("Dogan", "Kind", birth=Birth(day=clock.today() - dt.timedelta(days=8 * 366)))
        ),
        "Celil": stored_file(world, "oez", head=head("Celik", "Celil")),
    }
    contact(world, "maier", found["Amal"])
    contact(world, "maier", found["Amal"], "HAU", 60)
    contact(world, "maier", found["Bilal"])
    with world.unit("maier", write=True):
        add_advice(
            world.actor("maier"),
            world.organisations["Musterhausen"],
            advice_id=UUID(int=7),
            on_day=clock.today(),
            kind="BUE",
            minutes=15,
            ags=None,
            detail=AdviceDetail(),
        )
    return found


@pytest.fixture
def house(world: World) -> World:
    """The world with Hanna Haupt, who leads the whole carrier Musterhausen."""
    with world.services.database.unit(None, write=True):
        user, _password = accounts.add_user(UserProfile(login="haupt", name="Hanna Haupt"), PASSWORD)
        user.must_change_password = False
        duty = accounts.DutyRequest(organisation_id=world.organisations["Musterhausen"], role=Role.LEAD, team_id=None)
        accounts.grant_at_setup(user, duty)
        world.users["haupt"] = user.id
    return world
