"""Files of a client in the browser: from the disk and from the phone's camera, with and without JavaScript."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, violations
from tests.factories.attachments import PDF, image
from tests.factories.files import stored_file

pytestmark = pytest.mark.browser


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    """A photo and a paper."""
    found = [tmp_path / "Küche.jpg", tmp_path / "Bescheid.pdf"]
    found[0].write_bytes(image("JPEG", (1600, 1200)))
    found[1].write_bytes(PDF)
    return found


def choose(page: Page, client_id: UUID, label: str, files: list[Path]) -> None:
    page.goto(f"/klienten/{client_id}/dateien/neu")
    page.get_by_label(label, exact=True).set_input_files(files)
    page.get_by_role("button", name="Hochladen").click()


@pytest.mark.parametrize(
    ("phone", "script", "label"),
    [
        (False, True, "Dateien"),
        (True, True, "Foto aufnehmen"),
        (True, False, "Foto aufnehmen"),
        (False, False, "Dateien"),
    ],
    ids=["desktop", "phone", "phone without script", "desktop without script"],
)
def test_files_are_uploaded_opened_struck_out_and_brought_back(
    site: Site, papers: list[Path], phone: bool, script: bool, label: str
) -> None:
    client_id = stored_file(site.world, "maier")
    page = site.window("maier", phone=phone, script=script)
    page.goto(f"/klienten/{client_id}")
    page.get_by_role("link", name="Datei oder Foto hinzufügen").click()
    choose(page, client_id, label, papers)
    expect(page.get_by_role("heading", name="In dieser Akte 2")).to_be_visible()
    picture = page.locator(".app-file__picture")
    assert picture.count() == 1
    assert picture.evaluate("each => new Promise(done => each.complete ? done(1) : each.onload = done)")
    assert picture.evaluate("each => each.naturalWidth") == 1200
    with page.expect_download() as download:
        page.get_by_role("link", name="Bescheid.pdf").click()
    assert download.value.suggested_filename == "Bescheid.pdf"
    assert download.value.path().read_bytes() == PDF
    page.locator("summary").filter(has_text="Ändern oder streichen: Bescheid.pdf").click()
    page.get_by_role("button", name="Streichen").locator("visible=true").click()
    expect(page.locator("main")).to_contain_text("Gerade gestrichen")
    page.get_by_role("button", name="Zurückholen").click()
    expect(page.get_by_role("heading", name="In dieser Akte 2")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_what_is_not_taken_is_named_and_the_rest_is_kept(
    site: Site, papers: list[Path], tmp_path: Path, script: bool
) -> None:
    client_id = stored_file(site.world, "maier")
    wrong = tmp_path / "programm.exe"
    wrong.write_bytes(b"MZ\x00\x01")
    page = site.window("maier", script=script)
    choose(page, client_id, "Dateien", [papers[1], wrong])
    expect(page.locator("main")).to_contain_text("Diese Art von Datei wird nicht angenommen")
    page.goto(f"/klienten/{client_id}/dateien")
    expect(page.get_by_role("heading", name="In dieser Akte 1")).to_be_visible()


def test_nothing_chosen_is_said_at_the_field(site: Site) -> None:
    client_id = stored_file(site.world, "maier")
    page = site.window("maier")
    page.goto(f"/klienten/{client_id}/dateien")
    page.get_by_role("button", name="Hochladen").click()
    expect(page.locator(".app-problems")).to_contain_text("Wählen Sie mindestens eine Datei aus")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_pass_axe(site: Site, papers: list[Path], phone: bool, dark: bool) -> None:
    client_id = stored_file(site.world, "maier")
    page = site.window("maier", phone=phone, dark=dark)
    choose(page, client_id, "Dateien", papers)
    expect(page.get_by_role("heading", name="In dieser Akte 2")).to_be_visible()
    assert violations(page) == []
    change = page.get_by_role("link", name="Ändern", include_hidden=True).first.get_attribute("href")
    for address in (f"/klienten/{client_id}/dateien/neu", change):
        page.goto(str(address))
        assert violations(page) == []
