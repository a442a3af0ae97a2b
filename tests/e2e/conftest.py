"""A real browser before a real server on loopback."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from caseapp.accounts.views.identity import COOKIE
from tests.factories.browser import session_of
from tests.factories.world import PASSWORD, World, app_of

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
# A busy machine is no finding: what comes late is waited for, what never comes fails all the same.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


def chromium_path() -> str:
    """Where Chromium lies. Without it the browser tests are skipped aloud, and fail where CI=true."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "Chromium fehlt: die Browser-Tests laufen NICHT. Abhilfe: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = chromium_path()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@dataclass
class Site:
    """A running installation and windows onto it."""

    world: World
    address: str
    browser: Browser
    complaints: list[str]
    contexts: list[BrowserContext]

    def window(
        self, login: str, *, phone: bool = False, script: bool = True, dark: bool = False, reduced: bool = True
    ) -> Page:
        """A page in a fresh browser profile at this person's start, signed in already ("" for nobody: an empty page).

        `sign_in` goes through the form instead, which costs half a second.
        """
        context = self.browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced else "no-preference",
            base_url=self.address,
            locale="de-DE",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._listen(page, message.text))
        if login:
            token = session_of(self.world, login)
            context.add_cookies([{"name": COOKIE, "value": token, "url": self.address, "httpOnly": True}])
            page.goto("/")
        return page

    @staticmethod
    def sign_in(page: Page, login: str) -> None:
        """Sign in through the form; the page is at this person's start."""
        page.goto("/anmelden")
        page.get_by_label("Anmeldename").fill(login)
        page.get_by_label("Kennwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url(lambda url: "/anmelden" not in url)

    def _listen(self, page: Page, text: str) -> None:
        if "Content Security" in text or "Trusted" in text:
            self.complaints.append(f"{page.url}: {text}")


@contextmanager
def serving(world: World, browser: Browser) -> Iterator[Site]:
    """The world, served on loopback. At the end no page may have complained of a script or the content policy."""
    server = make_server("127.0.0.1", 0, app_of(world), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    opened = Site(world, f"http://127.0.0.1:{server.server_port}", browser, [], [])
    yield opened
    for context in opened.contexts:
        context.close()
    server.shutdown()
    thread.join()
    assert opened.complaints == []


@pytest.fixture
def site(world: World, browser: Browser) -> Iterator[Site]:
    """A fresh installation, served for one test."""
    with serving(world, browser) as opened:
        yield opened


def violations(page: Page, *rules: str) -> list[Any]:
    """What axe finds on the page, all rules or only these.

    Brought in through the debugger, once a page: the content policy rightly refuses foreign scripts.
    """
    debugger = page.context.new_cdp_session(page)
    there = debugger.send("Runtime.evaluate", {"expression": "typeof axe"})
    if there["result"]["value"] == "undefined":
        debugger.send("Runtime.evaluate", {"expression": AXE})
    wanted = {"resultTypes": ["violations"], "preload": False, "iframes": False}
    only = json.dumps(wanted | ({"runOnly": list(rules)} if rules else {}))
    found = "r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))])"
    run = f"axe.run({only}).then(r => JSON.stringify({found}))"
    answer = debugger.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    debugger.detach()
    return list(json.loads(answer["result"]["value"]))


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """`accessible(page)` asserts that axe finds nothing and that the page is not wider than the screen."""

    def check(page: Page) -> None:
        assert violations(page) == [], page.url
        size = page.viewport_size
        assert size is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{page.url} is too wide"

    return check
