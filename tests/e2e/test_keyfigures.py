"""Flow F7: a worker answers what is missing, the head freezes, the applicant fills the state's workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from caseapp.clients.models import ClientBody
from tests.e2e.conftest import Site
from tests.factories.files import head, stored_file
from tests.keyfigures.conftest import YEAR, led, met
from tests.keyfigures.courses import workbook

pytestmark = pytest.mark.browser


def test_from_the_missing_value_to_the_filled_workbook(
    site: Site, accessible: Callable[[Page], None], tmp_path: Path
) -> None:
    world = led(site.world)
    for given, sex in (("Amal", "W"), ("Bilal", "")):
        nationality = ClientBody(nationalities=("475",))
        met(world, stored_file(world, head=head(given_names=given, sex=sex), body=nationality, ags="08435057"))

    page = site.window("maier", phone=True)
    page.goto(f"/kennzahlen/fehlt?jahr={YEAR}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fehlt noch (3)")
    accessible(page)
    page.get_by_role("button", name="Weiß ich nicht / keine Angabe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fehlt noch (2)")
    page.get_by_role("radio", name="männlich").check()
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fehlt noch (1)")
    page.get_by_role("button", name="Weiß ich nicht / keine Angabe").click()
    expect(page.get_by_text("Es fehlt nichts")).to_be_visible()

    page = site.window("haupt")
    page.goto(f"/kennzahlen?jahr={YEAR}")
    page.get_by_role("button", name="Jetzt zählen").first.click()
    expect(page.get_by_text("Gezählt am")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Einfrieren").click()
    accessible(page)
    page.get_by_role("button", name="Zahlen einfrieren").click()
    expect(page.get_by_role("link", name="Fassung 1")).to_be_visible()

    page.get_by_role("link", name="Vorlage", exact=True).click()
    (tmp_path / "form.xlsx").write_bytes(workbook())
    page.locator("input[name=file]").set_input_files(tmp_path / "form.xlsx")
    page.get_by_role("button", name="Hochladen und ansehen").click()
    expect(page.get_by_role("link", name="Beratene Personen: weiblich")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Sammeln und senden").first.click()
    accessible(page)
    page.get_by_role("button", name="Vorlage ausfüllen und drucken").click()
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Ausgefüllte Vorlage").click()
    download.value.save_as(tmp_path / "filled.xlsx")
    sheet = load_workbook(tmp_path / "filled.xlsx")["Auswertung"]
    assert [sheet[place].value for place in ("B3", "B4", "B5", "B7", "B8")] == [2, 1, 1, 0, "=SUM(B4:B7)"]
