"""Signing in with a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_signing_in_and_out(site: Any, script: bool) -> None:
    page = site.window("", script=script)
    site.sign_in(page, "maier")
    expect(page.get_by_role("heading", level=1)).to_have_text("Heute")
    page.locator(".app-menu summary").click()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    page.goto("/heute")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_before_the_sign_in_are_accessible(
    site: Any, accessible: Callable[[Page], None], phone: bool, dark: bool
) -> None:
    page = site.window("", phone=phone, dark=dark)
    for path in ("/anmelden", "/barrierefreiheit", "/datenschutz", "/impressum", "/gibt-es-nicht"):
        page.goto(path)
        accessible(page)
