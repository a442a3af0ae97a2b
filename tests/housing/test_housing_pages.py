"""The pages of the search for a flat."""

import re
from collections.abc import Callable
from uuid import UUID

import pypdfium2

from caseapp.clients import queries as clients
from caseapp.housing import queries
from caseapp.network import queries as network
from caseapp.network import service as directory
from tests.factories.browser import Browser, hidden_fields
from tests.factories.network import RAVENSBURG, carrier_of, stored_dwelling, stored_limits, stored_partner
from tests.factories.world import World
from tests.housing.test_housing_service import FROM, applied, family, goal_of, stays

Browse = Callable[[str], Browser]


def pdf_text(pdf: bytes) -> str:
    """All words of a PDF, as somebody copies them."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def undo_of(browser: Browser, page: str) -> str:
    found = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(?:(?!</form>).)*Rückgängig', browser.get(page).text, re.DOTALL)
    assert found, page
    return found[1]


def test_the_list_says_why_and_offers_no_way_past_the_obligation(world: World, browse: Browse) -> None:
    ids = family(world, obliged=True)
    stored_limits(world)
    near, far = stored_dwelling(world, rent_cold_cents=95_000), stored_dwelling(world, ags=RAVENSBURG)
    maier = browse("maier")
    page = maier.get(f"/klienten/{ids[0]}/wohnungen").text
    for text in (
        "<span>4 Personen</span>",
        "um 250 € über der Mietobergrenze",
        "§ 12a AufenthG",
        "Unterschreiben Sie nichts",
    ):
        assert text in page
    assert f"/wohnungen/{near}" in page
    assert f"/klienten/{ids[0]}/wohnungen/{far}" not in page
    refused = maier.submit(f"/klienten/{ids[0]}/wohnungen/{far}", {"way": "carried"})
    assert refused.status_code == 422
    assert "Unterschreiben Sie nichts" in refused.text


def test_from_the_match_to_the_lease_and_back(world: World, browse: Browse) -> None:
    ids = family(world)
    goal_id = goal_of(world, ids[0])
    dwelling = stored_dwelling(world, landlord_id=stored_partner(world, "Wohnbau", "VER"))
    maier = browse("maier")
    answer = maier.submit(f"/klienten/{ids[0]}/wohnungen/{dwelling}?ziel={goal_id}", {"way": "carried"})
    assert answer.status_code == 302
    page = str(answer.location)
    assert "Steckbrief drucken" in maier.get(page).text
    assert "/papiere/" in str(maier.post(f"{page}/steckbrief").location)
    fields = {"version": hidden_fields(maier.get(page))["version"]}
    bad = maier.post(f"{page}/besichtigung", {**fields, "on_day": "morgen", "time": "mittags"})
    assert bad.status_code == 422
    assert 'value="mittags"' in bad.text
    assert maier.post(f"{page}/besichtigung", {**fields, "on_day": "morgen", "time": "14.30"}).status_code == 302
    assert "14:30" in maier.get(page).text
    late = maier.post(f"{page}/ergebnis", {**fields, "result": "offered"})
    assert late.status_code == 409
    fields = {"version": hidden_fields(maier.get(page))["version"]}
    assert maier.post(f"{page}/ergebnis", {**fields, "result": "erfunden"}).status_code == 422
    assert maier.post(f"{page}/ergebnis", {**fields, "result": "declined"}).status_code == 422
    assert maier.post(f"{page}/ergebnis", {**fields, "result": "declined", "reason": "VER"}).status_code == 302
    assert maier.post(undo_of(maier, page)).status_code == 302
    fields = {"version": hidden_fields(maier.get(page))["version"]}
    assert maier.post(f"{page}/ergebnis", {**fields, "result": "offered"}).status_code == 302
    fields = {"version": hidden_fields(maier.get(page))["version"]}
    wanted = {**fields, "from_on": f"{FROM:%d.%m.%Y}", "moving": [str(each) for each in ids[1:]]}
    first = maier.post(f"{page}/mietvertrag", wanted)
    assert first.status_code == 422
    assert "Zusicherung" in first.text
    assert maier.post(f"{page}/liste", {"code": "ZUS", "done": "1"}).status_code == 302
    assert "Zusage" in maier.get(f"/klienten/{ids[1]}/wohnungen").text  # the household's, whoever's file it is
    done = maier.post(f"{page}/mietvertrag", wanted)
    assert done.status_code == 302
    assert all(stays(world, each)[-1] == ("PRI", FROM) for each in ids)
    assert maier.post(undo_of(maier, page)).status_code == 302
    assert [len(stays(world, each)) for each in ids] == [1, 0, 0, 0]
    with world.unit("maier"):
        assert network.get_dwelling(dwelling).state == "offered"


def test_a_dwelling_let_meanwhile_is_said_clearly_and_the_input_stays(world: World, browse: Browse) -> None:
    ids = family(world)
    dwelling_id = stored_dwelling(world)
    page = f"/wohnungssuche/{applied(world, ids[0], dwelling_id)}"
    maier = browse("maier")
    fields = hidden_fields(maier.get(page))
    with world.unit("fremd", write=True):
        dwelling = network.get_dwelling(dwelling_id)
        directory.let_dwelling(world.actor("fremd"), dwelling, carrier_id=carrier_of(world, "fremd"))
    typed = {"from_on": f"{FROM:%d.%m.%Y}", "without_assurance": "y"}
    answer = maier.post(f"{page}/mietvertrag", {"version": fields["version"], **typed})
    assert answer.status_code == 422
    assert "inzwischen vermietet" in answer.text
    assert typed["from_on"] in answer.text
    assert len(stays(world, ids[0])) == 1
    assert maier.submit(f"/klienten/{ids[0]}/wohnungen/{dwelling_id}", {"way": "carried"}).status_code == 422


def test_our_inquiry_leads_to_the_preview_and_leaves_nothing(world: World, browse: Browse) -> None:
    ids = family(world)
    landlord = stored_partner(world, "Wohnbau", "VER", street="Weg 1", place="Tettnang")
    dwelling = stored_dwelling(world, landlord_id=landlord)
    maier = browse("maier")
    answer = maier.submit(f"/klienten/{ids[0]}/wohnungen/{dwelling}", {"way": "sent"})
    assert "/vermittlung/" in str(answer.location)
    preview = maier.get(str(answer.location))
    assert preview.status_code == 200
    assert "Personen im Haushalt: 4" in preview.text


def test_wishes_are_kept_and_two_windows_do_not_overwrite_each_other(world: World, browse: Browse) -> None:
    ids = family(world)
    maier, path = browse("maier"), f"/klienten/{ids[0]}/wohnungen/wunsch"
    late = hidden_fields(maier.get(path))
    assert maier.submit(path, {"rooms": "3", "note": "Nähe Schule"}).status_code == 302
    answer = maier.post(path, {**late, "rooms": "5", "note": "Aufzug"})
    assert answer.status_code == 409
    assert "Nähe Schule" in answer.text
    assert "Aufzug" in answer.text
    assert maier.post(path, {**hidden_fields(answer), "rooms": "5"}).status_code == 302
    assert maier.submit(path, {"rooms": "99"}).status_code == 422
    with world.unit("maier"):
        assert queries.wishes_of(ids[0]).rooms == 5


def test_others_do_not_find_the_search(world: World, browse: Browse) -> None:
    ids: list[UUID] = family(world)
    page = f"/wohnungssuche/{applied(world, ids[0], stored_dwelling(world))}"
    assert browse("leitung").get(page).status_code == 200
    assert "Mietvertrag eintragen" not in browse("leitung").get(page).text
    for login in ("oez", "sued", "fremd", "lead2"):
        assert browse(login).get(page).status_code in {403, 404}
        assert browse(login).post(f"{page}/ergebnis", {"result": "offered"}).status_code in {403, 404}
    with world.unit("maier"):
        assert clients.get_client(ids[0]).closed_on is None


def test_the_printed_sheet_holds_what_a_landlord_may_know_and_nothing_else(world: World, browse: Browse) -> None:
    ids = family(world, obliged=True)
    page = f"/wohnungssuche/{applied(world, ids[0], stored_dwelling(world))}"
    maier = browse("maier")
    waiting = str(maier.post(f"{page}/steckbrief").location)
    answer = maier.get(f"{waiting}/pdf")
    assert answer.status_code == 200
    text = " ".join(pdf_text(answer.data).split())
    for said in ("Steckbrief", "Zahra Rahimi", "4 Personen", "Seestraße 4, 88069 Tettnang"):
        assert said in text
    for kept in ("Musterhausen", "Flüchtling", "§", "Jobcenter", "Dari", "27.03.1991"):
        assert kept not in text
