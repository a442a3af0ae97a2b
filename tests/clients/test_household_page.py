"""The page of a household: who moves in and out, and who cannot."""

from __future__ import annotations

from uuid import UUID

from caseapp.clients import queries
from tests.clients.zahra import Browse, address
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World


def test_the_household_page_moves_people_in_and_out(world: World, browse: Browse, client_id: UUID) -> None:
    family = stored_family(world)
    browser = browse("maier")
    with world.unit("maier"):
        number = queries.get_client(client_id).file_number
    path = address(family[0], "/haushalt")
    assert browser.submit(path, {"other": "2020-99999"}).status_code == 422
    assert browser.submit(path, {"other": number, "relation": "GSW"}).status_code == 302
    browser.post(address(family[1], "/haushalt/beziehung"), {"relation": "SON", "next": path})
    assert browser.post(address(family[1], "/haushalt/beziehung"), {"relation": "ZZZ"}).status_code == 422
    browser.post(address(family[2], "/haushalt/auszug"), {"next": path})
    with world.unit("maier"):
        present = {
            member.client.id: member.link.role.relation
            for member in queries.list_household(family[0])
            if member.link.until_on is None
        }
    assert present == {family[0]: "BEZ", family[1]: "SON", client_id: "GSW"}
    assert "Rückgängig" in browser.get(path).text


def test_a_colleagues_person_cannot_be_moved(world: World, browse: Browse, client_id: UUID) -> None:
    other = stored_file(world, "oez")
    with world.unit("oez"):
        number = queries.get_client(other).file_number
    page = browse("maier").submit(address(client_id, "/haushalt"), {"other": number})
    assert page.status_code == 422
    assert "Unter Ihren Fällen gibt es dieses Aktenzeichen nicht." in page.text
