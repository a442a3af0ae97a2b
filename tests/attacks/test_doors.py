"""Headers, cookies, sessions, and forms that are carried through the sign-in."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from caseapp.accounts import service as accounts
from caseapp.accounts.service import signing_in
from caseapp.accounts.views.identity import COOKIE
from caseapp.web import signin
from tests.attacks.pages import forms_of
from tests.attacks.targets import Range, Store, pages
from tests.attacks.test_forms import MARKUP
from tests.attacks.valid import CREATING, address_of, answer_of
from tests.factories.browser import Browser
from tests.factories.world import PASSWORD, World

OUT = (
    *("//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example"),
    *("https://evil.example", "javascript:alert(1)", "\t//evil.example", "/x\r\nSet-Cookie: a=b", "/" + "x" * 9_000),
)


def test_every_answer_carries_the_strict_headers(shooting: Range) -> None:
    addresses = [
        (login, page) for login in ("maier", "leitung", "admin", "dsb") for _rule, page in pages(shooting, login)
    ]
    addresses += [("", "/anmelden"), ("", "/gibt-es-nicht"), ("maier", "/gibt-es-nicht"), ("", "/heute")]
    nonces = set()
    for login, page in addresses:
        answer = shooting.browser(login).get(page)
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce is not None, page
        assert nonce[1] not in nonces
        nonces.add(nonce[1])
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store", page
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert "src=" in script or f'nonce="{nonce[1]}"' in script, page
        assert not re.search(r"<[^>]+\s(on\w+|style)=", answer.text), page


@pytest.mark.parametrize("target", OUT)
def test_no_address_leads_out(world: World, target: str) -> None:
    assert signin.safe_path(target) == "/"
    answer = Browser(world, "").post("/anmelden", {"login": "maier", "password": PASSWORD, "next": target})
    assert answer.status_code == 302
    assert answer.location == "/"


def test_the_cookie_is_new_with_each_sign_in_and_hidden_from_scripts(world: World) -> None:
    browser = Browser(world, "")
    browser.client.set_cookie(COOKIE, "untergeschoben")
    answer = browser.post("/anmelden", {"login": "maier", "password": PASSWORD})
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    assert "untergeschoben" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    first = browser.client.get_cookie(COOKIE)
    assert browser.get("/heute").status_code == 200
    browser._token = ""
    browser.post("/anmelden", {"login": "maier", "password": PASSWORD})
    second = browser.client.get_cookie(COOKIE)
    assert first is not None
    assert second is not None
    assert first.value != second.value
    old = Browser(world, "")
    old.client.set_cookie(COOKIE, first.value)
    assert old.get("/heute").status_code == 302


def test_signing_out_and_disabling_end_a_session_at_once(world: World, browse: Callable[[str], Browser]) -> None:
    browser = browse("maier")
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    assert browser.post("/abmelden").status_code == 302
    stolen = Browser(world, "")
    stolen.client.set_cookie(COOKIE, cookie.value)
    assert stolen.get("/heute").status_code == 302

    other = browse("oez")
    assert other.get("/heute").status_code == 200
    assert browse("admin").post(f"/verwaltung/personen/{world.users['oez']}/sperren").status_code == 302
    assert other.get("/heute").status_code == 302


def test_a_made_up_address_in_a_header_locks_nobody_out_and_lets_nobody_in(world: World) -> None:
    for number in range(12):
        wrong = Browser(world, "")
        spoofed = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        answer = wrong.post("/anmelden", {"login": "sued", "password": "falsch"}, headers=spoofed)
        assert answer.status_code in {422, 429}
    # Each try counted for the account, whatever address was claimed; other accounts are free.
    assert Browser(world, "").post("/anmelden", {"login": "sued", "password": PASSWORD}).status_code == 429
    assert Browser(world, "").post("/anmelden", {"login": "maier", "password": PASSWORD}).status_code == 302


def test_an_unknown_account_costs_the_same_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    monkeypatch.setattr(signing_in, "verify_password", lambda stored, _typed: bool(checked.append(stored)))
    answers = []
    for login in ("maier", "gibt-es-nicht"):
        try:
            accounts.sign_in(world.services.database, login, "falsch", "127.0.0.1")
        except accounts.SignInRefusedError as refusal:
            answers.append(str(refusal))
    assert len(checked) == 2
    assert len(set(answers)) == 1


@pytest.mark.parametrize("page", CREATING)
def test_a_restored_form_is_shown_and_never_executed(shooting: Range, store: Store, page: str) -> None:
    login, address, data = answer_of(shooting, page)
    answer = shooting.browser(login).post(address, data | {"_restored": "1"})
    assert answer.status_code in {200, 302, 409, 422}
    assert store.digest() == store.start


def test_no_button_is_pressed_by_a_restored_post(shooting: Range, store: Store) -> None:
    pressed = []
    for target in shooting.targets:
        answer = shooting.fire(target, target.form.sent() | {"_restored": "1"})
        assert answer.status_code < 500
        if store.digest() != store.start:
            pressed.append(str(target))
            store.restore()
    assert pressed == []


def test_a_carried_form_opens_for_its_author_only_and_keeps_its_query(
    world: World, browse: Callable[[str], Browser]
) -> None:
    browser = browse("maier")
    browser.token()
    with world.unit(None, write=True):
        accounts.end_sessions(world.users["maier"])
    typed = {"people-0-family_name": "Kanariequx", "form_id": "11111111-1111-4111-8111-111111111111"}
    asked = browser.post("/klienten/neu?art=familie", typed)
    assert asked.status_code == 401
    assert "Kanariequx" not in asked.text
    carried = next(form for form in forms_of(asked.text) if "carried" in form.controls).sent()["carried"]
    assert isinstance(carried, str)

    def signed_in(login: str, text: str) -> str:
        data = {"login": login, "password": PASSWORD, "carried": text}
        return Browser(world, "").post("/anmelden", data).text

    assert "Kanariequx" not in signed_in("oez", carried)
    assert "Kanariequx" not in signed_in("maier", carried[:-8] + "AAAAAAA=")
    back = signed_in("maier", carried)
    assert "Kanariequx" in back
    assert any(form.action == "/klienten/neu?art=familie" for form in forms_of(back))
    with browser.app.app_context():
        assert signin.unpack(carried, UUID(int=0)) is None


def test_stored_markup_stays_text_on_every_page_that_shows_it(shooting: Range, store: Store) -> None:
    browser = shooting.browser("maier")
    address = address_of(shooting, "clients.edit")
    form = next(form for form in forms_of(browser.get(address).text) if "family_name" in form.controls)
    names = dict.fromkeys(("family_name", "given_names", "own_script", "remarks", "safe_note"), MARKUP)
    assert browser.post(address, form.sent() | names).status_code == 302
    for page in ("counselling.contact", "tasks.add", "counselling.activity"):
        login, target, data = answer_of(shooting, page)
        texts = {name: MARKUP for name in data if name.rpartition("-")[2] in {"note", "text", "title", "address"}}
        assert browser.post(target, data | texts).status_code == 302, page
        assert login == "maier"
    shown = 0
    for login in ("maier", "leitung", "oez", "admin"):
        for _rule, page in pages(shooting, login):
            text = shooting.browser(login).get(page).text
            assert "<script>alert" not in text, page
            assert "<img src=x" not in text, page
            shown += "&lt;script&gt;alert" in text
    assert shown > 10
    assert "<script>alert" not in browser.post("/suche", {"q": "script alert"}).text
    store.restore()
