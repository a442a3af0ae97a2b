"""Signing in, over the pages."""

from collections.abc import Callable

from caseapp.accounts.service import end_sessions
from tests.factories.browser import Browser, hidden_fields
from tests.factories.world import PASSWORD

Browse = Callable[[str], Browser]


def test_the_right_password_opens_the_page_that_was_asked_for(browse: Browse) -> None:
    browser = browse("")
    assert browser.get("/konto").headers["Location"] == "/anmelden?next=/konto"
    answer = browser.post("/anmelden", {"login": "Maier", "password": PASSWORD, "next": "/konto"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto")
    assert "Eva Maier" in browser.get("/konto").text


def test_a_wrong_password_and_an_unknown_name_answer_the_same(browse: Browse) -> None:
    wrong = browse("").post("/anmelden", {"login": "maier", "password": "falsch"})
    unknown = browse("").post("/anmelden", {"login": "niemand", "password": "falsch"})
    assert wrong.status_code == unknown.status_code == 422
    assert "stimmt nicht" in wrong.text
    assert "stimmt nicht" in unknown.text


def test_a_page_elsewhere_is_never_opened_after_signing_in(browse: Browse) -> None:
    answer = browse("").post("/anmelden", {"login": "maier", "password": PASSWORD, "next": "//example.org"})
    assert answer.headers["Location"] == "/"


def test_what_was_typed_before_a_time_out_comes_back_after_signing_in(browse: Browse, world) -> None:
    browser = browse("maier")
    with world.unscoped(write=True) as unit:
        end_sessions(world.users["maier"])
        unit.flush()
    asked = browser.post("/konto/kennwort", {"note": "Frau R. hat angerufen", "password": "geheim"})
    assert asked.status_code == 401
    assert "Ihre Eingaben sind nicht verloren" in asked.text
    again = browser.post("/anmelden", {**hidden_fields(asked), "login": "maier", "password": PASSWORD})
    assert "Frau R. hat angerufen" in again.text
    assert "geheim" not in again.text


def test_what_was_typed_before_a_time_out_is_shown_to_nobody_else(browse: Browse, world) -> None:
    browser = browse("maier")
    with world.unscoped(write=True):
        end_sessions(world.users["maier"])
    asked = browser.post("/konto/kennwort", {"note": "Frau R. hat angerufen"})
    other = browser.post("/anmelden", {**hidden_fields(asked), "login": "oez", "password": PASSWORD})
    assert "Frau R." not in other.text
