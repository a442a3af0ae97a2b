"""Every component in a real browser, under the real content policy: accessible, calm, and working without script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.e2e.conftest import DESKTOP, PHONE, violations
from tests.e2e.gallery_app import create_gallery

PAGES = ["/", "/liste", "/akte?flash=1", "/formular", "/teile", "/grafik", "/leer", "/anmelden", "/fehler/404"]
FIRST_VISIT_LIMIT = 150_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gallery() -> Flask:
    return create_gallery()


@pytest.fixture(scope="module")
def address(gallery: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_pages_are_accessible_quiet_and_fit_the_screen(
    browser: Browser, address: str, viewport: Any, scheme: Any
) -> None:
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        page.goto(address + path, wait_until="networkidle")
        complaints += [f"{path}: {violation}" for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            complaints.append(f"{path} is wider than the screen")
    context.close()
    assert complaints == []


def test_a_wrong_form_puts_the_focus_on_its_problems(page: Page, address: str) -> None:
    page.goto(address + "/formular")
    page.get_by_role("button", name="Aufnehmen").click()
    expect(page.locator(".app-problems")).to_be_focused()
    expect(page).to_have_title("Fehler: Neu aufnehmen – Integrationsmanagement")
    assert violations(page) == []
    page.get_by_role("link", name="Wählen Sie, wie wir die Person erreichen dürfen.").click()
    expect(page.locator("#way-0")).to_be_focused()


def test_the_slash_key_leads_to_the_search(page: Page, address: str) -> None:
    page.goto(address + "/liste")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("/")
    expect(page.locator("[data-search]")).to_have_value("/")


def test_a_row_comes_and_goes_without_a_reload(page: Page, address: str) -> None:
    page.goto(address + "/formular")
    page.fill("#members-0-name", "Yonas")
    page.get_by_role("button", name="Weitere Person").click()
    expect(page.locator("#members-2-name")).to_be_focused()
    page.fill("#members-2-name", "Abel")
    page.get_by_role("button", name="Person 2 entfernen").click()
    expect(page.locator("#members-1-name")).to_have_value("Abel")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("#members-0-name")).to_have_value("Yonas")


def test_a_row_can_be_added_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/formular")
    page.fill("#members-0-name", "Yonas")
    page.get_by_role("button", name="Weitere Person").click()
    expect(page.locator("#members-0-name")).to_have_value("Yonas")
    expect(page.locator("#members-2-name")).to_be_visible()
    expect(page.locator(".app-problems")).to_have_count(0)
    context.close()


def test_the_enter_key_sends_the_form_and_adds_no_row(page: Page, address: str) -> None:
    page.goto(address + "/formular")
    page.locator("#last_name").press("Enter")
    expect(page.locator(".app-problems")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(2)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, "Entwurf gespeichert um 10:42"),
        (401, "Sie sind abgemeldet. Ihre Eingaben bleiben hier stehen."),
        (409, "an anderer Stelle geändert"),
        (410, "Das ist schon gespeichert."),
        (413, "Der Entwurf wurde nicht angenommen."),
    ],
)
def test_a_draft_says_what_became_of_it_and_keeps_the_input(page: Page, address: str, status: int, told: str) -> None:
    page.goto(f"{address}/formular?draft={status}")
    page.fill("#note", "Bescheid vom Jobcenter")
    expect(page.locator("[data-draft-state]")).to_contain_text(told)
    expect(page.locator("#note")).to_have_value("Bescheid vom Jobcenter")


def test_a_draft_is_sent_when_the_page_is_left(page: Page, gallery: Flask, address: str) -> None:
    page.goto(address + "/formular")
    page.fill("#note", "nur kurz")
    page.goto("about:blank")
    page.wait_for_timeout(500)
    drafts = [draft for draft in gallery.extensions["drafts"] if draft["note"] == "nur kurz"]
    assert len(drafts) == 1
    assert "csrf_token" not in drafts[0]


def test_a_double_click_sends_once(page: Page, address: str) -> None:
    page.goto(address + "/formular")
    page.evaluate(
        "document.addEventListener('submit', (event) => { window.name += event.defaultPrevented ? 'held' : 'sent ' })"
    )
    page.evaluate("for (let n = 0; n < 2; n++) document.querySelector('.app-form__actions button').click()")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.name") == "sent held"


def test_a_first_visit_from_a_phone_transfers_little(browser: Browser, address: str) -> None:
    """Fonts of a page with Turkish names included; the server compresses KERN only."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[int] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(address + "/liste", wait_until="networkidle")
    context.close()
    assert sum(sizes) < FIRST_VISIT_LIMIT, sizes
