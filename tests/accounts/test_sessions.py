"""Web sessions: rotation, time-outs, throttling, one's own devices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from caseapp import clock
from caseapp.accounts import rules
from caseapp.accounts.models import WebSession
from caseapp.accounts.views.identity import COOKIE
from tests.factories.browser import Browser
from tests.factories.world import PASSWORD, World

Browse = Callable[[str], Browser]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.timedelta], None]:
    """`later(minutes)` moves the clock forward by so much from now."""
    real = clock.now

    def move(by: dt.timedelta) -> None:
        monkeypatch.setattr("caseapp.clock.now", lambda: real() + by)

    return move


def sign_in(browser: Browser, login: str = "maier", password: str = PASSWORD) -> int:
    return browser.post("/anmelden", {"login": login, "password": password}).status_code


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie(COOKIE)
    return found.value if found else ""


def test_signing_in_again_gives_a_new_token_and_ends_the_old_session(browse: Browse, world: World) -> None:
    browser = browse("")
    sign_in(browser)
    first = cookie(browser)
    sign_in(browser)
    assert cookie(browser) != first
    thief = browse("")
    thief.client.set_cookie(COOKIE, first)
    assert thief.get("/konto").status_code == 302


def test_only_the_hash_of_the_token_is_stored(browse: Browse, world: World) -> None:
    browser = browse("")
    sign_in(browser)
    with world.unscoped() as unit:
        stored = [row.token_hash for row in unit.query(WebSession)]
    assert cookie(browser).encode() not in stored


def test_a_stolen_cookie_is_useless_after_signing_out(browse: Browse) -> None:
    browser = browse("")
    sign_in(browser)
    token = cookie(browser)
    browser.post("/abmelden")
    browser.client.set_cookie(COOKIE, token)
    assert browser.get("/konto").status_code == 302


def test_a_session_ends_after_half_an_hour_without_a_request(
    browse: Browse, later: Callable[[dt.timedelta], None]
) -> None:
    browser = browse("maier")
    later(dt.timedelta(minutes=29))
    assert browser.get("/konto").status_code == 200
    later(dt.timedelta(minutes=58))
    assert browser.get("/konto").status_code == 200, "the request before has pushed the end"
    later(dt.timedelta(minutes=89))
    assert browser.get("/konto").status_code == 302


def test_a_session_ends_after_ten_hours_at_the_latest(browse: Browse, later: Callable[[dt.timedelta], None]) -> None:
    browser = browse("maier")
    for minutes in range(25, 600, 25):
        later(dt.timedelta(minutes=minutes))
        assert browser.get("/konto").status_code == 200, minutes
    later(dt.timedelta(minutes=601))
    assert browser.get("/konto").status_code == 302


def test_a_clock_set_back_ends_the_session(browse: Browse, later: Callable[[dt.timedelta], None]) -> None:
    browser = browse("maier")
    later(dt.timedelta(hours=-1))
    assert browser.get("/konto").status_code == 302


def test_an_account_waits_after_five_failures_whatever_the_password(
    browse: Browse, later: Callable[[dt.timedelta], None]
) -> None:
    browser = browse("")
    for _attempt in range(rules.FAILURES_PER_ACCOUNT):
        assert sign_in(browser, password="falsch") == 422
    assert sign_in(browser) == 429
    assert sign_in(browser, "oez") == 302, "other accounts are free"
    later(dt.timedelta(minutes=16))
    assert sign_in(browse("")) == 302


def test_an_address_waits_when_it_tries_many_accounts(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "FAILURES_PER_ADDRESS", 4)
    browser = browse("")
    for login in ("eins", "zwei", "drei", "vier"):
        assert sign_in(browser, login, "falsch") == 422
    assert sign_in(browser) == 429


def test_a_success_clears_the_failures_of_the_account(browse: Browse) -> None:
    for _round in range(2):
        for _attempt in range(rules.FAILURES_PER_ACCOUNT - 1):
            assert sign_in(browse(""), password="falsch") == 422
        assert sign_in(browse("")) == 302


def test_the_own_devices_are_listed_and_signed_out(browse: Browse) -> None:
    here, there = browse("maier"), browse("maier")
    assert here.get("/konto").text.count("Angemeldet am") == 2
    assert here.post("/konto/abmelden").status_code == 302
    assert there.get("/konto").status_code == 302
    page = here.get("/konto").text
    assert page.count("Angemeldet am") == 1
    assert "dieses Gerät" in page


def test_signing_out_others_leaves_other_people_alone(browse: Browse) -> None:
    other = browse("oez")
    browse("maier").post("/konto/abmelden")
    assert other.get("/konto").status_code == 200


def test_a_new_password_signs_the_other_devices_out(browse: Browse) -> None:
    here, there = browse("maier"), browse("maier")
    new = "ein ganz anderer Satz 9"
    assert here.post("/konto/kennwort", {"old": PASSWORD, "new": new, "repeat": new}).status_code == 302
    assert here.get("/konto").status_code == 200
    assert there.get("/konto").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "repeat", "message"),
    [
        ("falsch", "ein ganz anderer Satz 9", "ein ganz anderer Satz 9", "bisherige Kennwort stimmt nicht"),
        (PASSWORD, "kurz", "kurz", "mindestens 12 Zeichen"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "zu wenige Zeichen"),
        (PASSWORD, "frau maier arbeitet", "frau maier arbeitet", "darf Ihren Namen nicht enthalten"),
        (PASSWORD, "ein ganz anderer Satz 9", "ein ganz andrer Satz 9", "sind verschieden"),
        (PASSWORD, PASSWORD, PASSWORD, "anderes Kennwort als das bisherige"),
        (PASSWORD, "x1" * 200, "x1" * 200, "höchstens 200 Zeichen"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(
    browse: Browse, old: str, new: str, repeat: str, message: str
) -> None:
    answer = browse("maier").post("/konto/kennwort", {"old": old, "new": new, "repeat": repeat})
    assert answer.status_code == 422
    assert message in answer.text
    assert new not in answer.text or new == "kurz"
