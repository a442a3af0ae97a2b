"""Flow F4: from a housing goal to the lease in eight inputs, with and without script, on desktop and phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from caseapp import clock
from caseapp.goals import queries as goals
from caseapp.housing import queries as housing
from caseapp.network import queries as network
from tests.e2e.conftest import Site
from tests.e2e.hand import Hand
from tests.factories.network import RAVENSBURG, stored_dwelling, stored_limits, stored_partner
from tests.housing.test_housing_service import FROM, family, goal_of, stays

# Matching dwellings, apply with the sheet, viewing day, save, Zusage, assurance ticked, lease day, save.
FLAT_FOUND = 8

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("phone", "script"), [(False, True), (True, False)], ids=["desktop", "phone without script"])
def test_from_the_goal_to_the_lease_in_eight_inputs(
    site: Site, accessible: Callable[[Page], None], phone: bool, script: bool
) -> None:
    ids = family(site.world, obliged=True)
    goal_id = goal_of(site.world, ids[0])
    stored_limits(site.world)
    landlord = stored_partner(site.world, "Wohnbau", "VER", street="Weg 1", place="Tettnang")
    dwelling_id = stored_dwelling(site.world, landlord_id=landlord)
    stored_dwelling(site.world, landlord_id=landlord, ags=RAVENSBURG)
    page = site.window("maier", phone=phone, script=script)
    page.goto(f"/klienten/{ids[0]}/ziele")
    hand = Hand(page)

    hand.press("link", "Passende Wohnungen")
    expect(page.get_by_text("Unterschreiben Sie nichts.")).to_have_count(1)
    expect(page.get_by_role("button", name="Mit Steckbrief bewerben")).to_have_count(1)  # not at the other place
    hand.press("button", "Mit Steckbrief bewerben")
    hand.type("on_day", f"{clock.today() + dt.timedelta(days=3):%d.%m.%Y}")
    hand.press("button", "Besichtigung eintragen")
    hand.press("button", "Zusage")
    expect(page.get_by_text("vor der Unterschrift", exact=True)).to_have_count(1)
    hand.press("button", "Erledigt: Zusicherung von Jobcenter oder Sozialamt")
    if script:
        accessible(page)
    hand.type("from_on", f"{FROM:%d.%m.%Y}")
    hand.press("button", "Mietvertrag eintragen")
    expect(page.get_by_role("status").first).to_contain_text("Mietvertrag eingetragen")
    assert hand.inputs == FLAT_FOUND

    assert [stays(site.world, each)[-1] for each in ids] == [("PRI", FROM)] * 4
    with site.world.unit("maier"):
        assert goals.get_goal(goal_id).state == "ERR"
        assert network.get_dwelling(dwelling_id).state == "let"
        assert housing.list_applications(ids)[0].state.value == "let"
