"""The pages of the code lists: hiding and showing, nothing to add."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from caseapp.catalogue import queries
from caseapp.catalogue.rules import LIST_TITLES
from tests.factories.browser import Browser
from tests.factories.world import World

Browse = Callable[[str], Browser]
LIST = "/verwaltung/codelisten/carrier_kinds"


def offered(world: World, carrier: str) -> set[str]:
    with world.unscoped():
        return {code for code, _label in queries.options("carrier_kinds", world.organisations[carrier])}


@pytest.mark.parametrize("login", ["maier", "dsb", "foerder", "fremd"])
def test_others_may_not_change_code_lists(browse: Browse, login: str) -> None:
    browser = browse(login)
    assert browser.get("/verwaltung/codelisten").status_code == 403
    assert browser.post(f"{LIST}/GEM/verbergen").status_code == 403


@pytest.mark.parametrize("login", ["admin", "leitung", "koord"])
def test_a_hidden_code_leaves_the_forms_of_the_own_carrier_and_comes_back(
    browse: Browse, world: World, login: str
) -> None:
    browser = browse(login)
    assert browser.post(f"{LIST}/GEM/verbergen").headers["Location"] == LIST
    assert "GEM" not in offered(world, "Musterhausen")
    assert "GEM" in offered(world, "Fremdstadt")
    page = browser.get(LIST).text
    assert f'action="{LIST}/GEM/zeigen"' in page
    assert "Rückgängig" in page
    browser.post(f"{LIST}/GEM/zeigen")
    assert "GEM" in offered(world, "Musterhausen")


def test_hiding_twice_changes_nothing(browse: Browse, world: World) -> None:
    browser = browse("admin")
    for _time in range(2):
        assert browser.post(f"{LIST}/GEM/verbergen").status_code == 302
    assert "GEM" not in offered(world, "Musterhausen")


def test_the_last_code_of_a_list_stays(browse: Browse, world: World) -> None:
    browser = browse("admin")
    for code in ("GEM", "GVB", "LKR", "SKR", "FRT"):
        browser.post(f"{LIST}/{code}/verbergen")
    assert offered(world, "Musterhausen") == {"FRT"}
    assert "muss wählbar bleiben" in browser.get(LIST).text


@pytest.mark.parametrize("path", ["/verwaltung/codelisten/gibt_es_nicht", f"{LIST}/XXX/verbergen"])
def test_what_does_not_exist_is_not_found(browse: Browse, path: str) -> None:
    browser = browse("admin")
    answer = browser.post(path) if path.endswith("verbergen") else browser.get(path)
    assert answer.status_code == 404


def test_the_states_own_lists_cannot_be_changed(browse: Browse) -> None:
    browser = browse("admin")
    assert browser.post("/verwaltung/codelisten/age_bands/A0_2/verbergen").status_code == 404
    assert "verbergen" not in browser.get("/verwaltung/codelisten/age_bands").text


def test_every_shipped_list_has_a_title(browse: Browse) -> None:
    assert set(queries.catalogue().names()) == set(LIST_TITLES)


def test_codes_that_ended_are_shown_with_their_time(browse: Browse) -> None:
    page = browse("admin").get("/verwaltung/codelisten/residence_titles?ansicht=abgelaufen").text
    assert "104c" in page
    assert "31.12.2025" in page
