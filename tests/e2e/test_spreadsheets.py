"""A real spreadsheet in the browser: preview, confirm, undo; nothing is stored before."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from caseapp.clients.models import Client
from tests.e2e.conftest import Site
from tests.factories.world import World

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[1] / "imports" / "samples"
READING = 30_000  # milliseconds for a list to be read on a slow machine


def number_of_files(world: World) -> int:
    """How many client files there are."""
    with world.unscoped() as unit:
        return unit.scalar(select(func.count(Client.id))) or 0


def upload(page: Page, file: Path) -> None:
    """Bring a file to its preview."""
    page.goto("/importe")
    page.get_by_label("Datei", exact=True).set_input_files(file)
    page.get_by_role("button", name="Hochladen und ansehen").click()
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vorschau", timeout=READING)


@pytest.mark.parametrize(("phone", "script"), [(False, True), (True, False)], ids=["desktop", "phone without script"])
def test_a_list_is_previewed_confirmed_and_undone(site: Site, phone: bool, script: bool) -> None:
    page = site.window("maier", phone=phone, script=script)
    upload(page, SAMPLES / "fallliste_musterhausen.xlsx")
    expect(page.locator("main")).to_contain_text("Noch ist nichts gespeichert")
    assert number_of_files(site.world) == 0

    page.locator("main").get_by_role("button", name="importieren").click()
    closing = page.locator(".app-closing")
    expect(closing).to_contain_text("importiert", timeout=READING)
    stored = number_of_files(site.world)
    assert stored > 100
    assert f"importiert {stored}" in closing.inner_text()
    page.get_by_role("link", name="Zu den Akten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Klientinnen und Klienten")

    page.goto("/importe")
    page.get_by_role("link", name="fallliste_musterhausen.xlsx").click()
    page.get_by_role("button", name="Import rückgängig machen").click()
    expect(page.locator("main")).to_contain_text("Dieser Import ist rückgängig gemacht", timeout=READING)
    assert number_of_files(site.world) == 0


def test_a_file_that_is_no_list_is_refused_in_plain_words(site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "liste.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing of a spreadsheet")
    page = site.window("maier")
    page.goto("/importe")
    page.get_by_role("button", name="Hochladen und ansehen").click()
    expect(page.locator(".app-problems")).to_contain_text("Wählen Sie die Datei aus")
    page.get_by_label("Datei", exact=True).set_input_files(broken)
    page.get_by_role("button", name="Hochladen und ansehen").click()
    expect(page.locator(".app-problems")).to_be_visible()
