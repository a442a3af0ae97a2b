"""People who work for several carriers, and where each role begins its day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from caseapp.accounts import service
from caseapp.accounts.models import User
from caseapp.catalogue import queries as codes
from caseapp.security.actor import Role
from tests.factories.browser import Browser
from tests.factories.world import World

Browse = Callable[[str], Browser]


@pytest.fixture
def both(browse: Browse, world: World) -> Browser:
    """The administrator of two carriers."""
    with world.unscoped(write=True) as unit:
        user = unit.get(User, world.users["admin"])
        assert user is not None
        service.grant_at_setup(user, service.DutyRequest(world.organisations["Fremdstadt"], Role.ADMIN))
    return browse("admin")


@pytest.mark.parametrize("path", ["/verwaltung/personen", "/verwaltung/traeger", "/verwaltung/codelisten"])
def test_each_page_offers_the_carriers_and_shows_one(both: Browser, world: World, path: str) -> None:
    page = both.get(path).text
    for organisation_id in world.organisations.values():
        assert f'href="{path}?traeger={organisation_id}"' in page


def test_the_people_of_the_chosen_carrier_are_shown(both: Browser, world: World) -> None:
    page = both.get(f"/verwaltung/personen?traeger={world.organisations['Fremdstadt']}").text
    assert "Felix Fremd" in page
    assert "Eva Maier" not in page


def test_a_code_is_hidden_for_the_chosen_carrier(both: Browser, world: World) -> None:
    foreign = world.organisations["Fremdstadt"]
    answer = both.post(f"/verwaltung/codelisten/topics/AUF/verbergen?traeger={foreign}")
    assert answer.headers["Location"] == f"/verwaltung/codelisten/topics?traeger={foreign}"
    with world.unscoped():
        assert codes.hidden_codes(foreign) == {"topics": frozenset({"AUF"})}
        assert codes.hidden_codes(world.organisations["Musterhausen"]) == {}


def test_a_duty_is_entered_for_a_team_of_either_carrier(both: Browser, world: World) -> None:
    path = f"/verwaltung/personen/{world.users['fremd']}/rolle"
    assert both.submit(path, {"role": "lead", "scope": str(world.teams["West"])}).status_code == 302
    elsewhere = both.submit(path, {"role": "lead", "scope": str(world.teams["Nord"])})
    assert elsewhere.status_code == 422
    assert "gehört nicht zu Ihrem Träger" in elsewhere.text


@pytest.mark.parametrize(
    ("login", "start"),
    [
        ("maier", "/heute"),
        ("leitung", "/team"),
        ("admin", "/verwaltung/personen"),
        ("dsb", "/konto"),
        ("koord", "/konto"),
        ("foerder", "/konto"),
    ],
)
def test_each_role_begins_at_its_own_page(browse: Browse, login: str, start: str) -> None:
    browser = browse(login)
    assert browser.get("/").headers["Location"] == start
    assert browser.get(start).status_code == 200
