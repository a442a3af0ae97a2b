"""The pages of an import in a browser without a screen."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from caseapp.clients.models import Client
from caseapp.imports.rules.cells import Cell
from caseapp.imports.rules.tables import read_workbook
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.imports.making import xlsx
from tests.imports.office import PEOPLE, TALKS, contacts, files, waiting

Browse = Callable[[str], Browser]
BAD = [("", "03.03.1990", "Syrien", "", "", "", "=1+1")]


def upload(browser: Browser, content: bytes, name: str = "liste.xlsx", **fields: str) -> TestResponse:
    """Post the file as the page's form does."""
    hidden = hidden_fields(browser.get("/importe"))
    data = {**hidden, "kind": "", **fields, "file": (io.BytesIO(content), name)}
    return browser.post("/importe", data, content_type="multipart/form-data")


def previewed(browser: Browser, rows: list[tuple[Cell, ...]] | tuple[tuple[Cell, ...], ...]) -> str:
    """Upload and check a list with the guessed columns; the address of its preview."""
    answer = upload(browser, xlsx(("Liste", rows)))
    assert answer.status_code == 302, answer.text
    page = browser.get(answer.location)
    chosen = re.findall(r'<select[^>]*name="(c\d+)".*?<option selected value="([^"]*)"', page.text, re.DOTALL)
    answer = browser.post(answer.location, dict(chosen))
    assert answer.status_code == 302, answer.text
    return answer.location


def test_a_list_goes_through_columns_and_preview_into_files(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = previewed(browser, [*PEOPLE, *BAD])
    page = browser.get(address)
    assert "Noch ist nichts gespeichert" in page.text
    assert "Kein Name gefunden" in page.text
    assert files(world) == {}
    browser.post(f"{address}/importieren")
    result = browser.get(address).text
    assert len(files(world)) == 4
    assert "Zeilen 5: importiert 4, gemeldet 1" in result
    assert "übersprungen 1 (Titel, leer, Summe)" in result


def test_pressing_import_twice_imports_once(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = previewed(browser, PEOPLE)
    for _press in range(2):
        assert browser.post(f"{address}/importieren").status_code == 302
    assert len(files(world)) == 4


def test_sending_the_upload_form_twice_keeps_one_import(world: World, browse: Browse) -> None:
    browser = browse("maier")
    hidden = hidden_fields(browser.get("/importe"))
    answers = [
        browser.post(
            "/importe",
            {**hidden, "kind": "", "file": (io.BytesIO(xlsx(("Liste", PEOPLE))), "liste.xlsx")},
            content_type="multipart/form-data",
        )
        for _press in range(2)
    ]
    assert answers[0].location == answers[1].location


def test_a_changed_column_is_remembered_for_the_office(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = upload(browser, xlsx(("Liste", PEOPLE))).location
    browser.post(address, {"c0": "full_name", "c1": "birth", "c2": "", "c6": "note"})
    again = browse("oez")
    page = again.get(upload(again, xlsx(("Liste", PEOPLE))).location).text
    assert re.search(r'name="c6".*?<option selected value="note"', page, re.DOTALL)


def test_a_list_without_a_name_column_is_answered_with_a_way_out(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = upload(browser, xlsx(("Liste", PEOPLE))).location
    answer = browser.post(address, {"c0": "", "c1": "birth"})
    assert answer.status_code == 422
    assert "in welcher Spalte der Name steht" in answer.text


def test_two_columns_for_one_field_are_refused_and_the_choice_is_kept(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = upload(browser, xlsx(("Liste", PEOPLE))).location
    answer = browser.post(address, {"c0": "full_name", "c1": "birth", "c6": "birth"})
    assert answer.status_code == 422
    assert re.search(r'name="c6".*?<option selected value="birth"', answer.text, re.DOTALL)


def test_headings_in_another_row_can_be_chosen(world: World, browse: Browse) -> None:
    browser = browse("maier")
    rows = [("Unsere Leute",), ("a", "b"), ("Rahimi, Zahra", "27.03.1991"), ("Haile, Filmon", "03.04.1990")]
    address = upload(browser, xlsx(("Liste", rows))).location
    sheet = address.replace("/spalten", "/blatt")
    assert browser.post(sheet, {"sheet": "0", "kind": "clients", "header": "2"}).status_code == 302
    assert ">a<" in re.sub(r"</?bdi>", "", browser.get(address).text)
    assert browser.post(sheet, {"sheet": "0", "kind": "clients", "header": "900"}).status_code == 422


def _zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * (150 << 20))
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leer.xlsx", b""),
        ("leer.csv", b"\r\n\r\n"),
        ("bild.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64),
        ("brief.csv", b"%PDF-1.7 Brief"),
        ("seite.xls", b"<html><table><tr><td>Name</td></tr></table></html>"),
        ("kaputt.xlsx", b"PK\x03\x04kaputt"),
        ("geschuetzt.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600),
        ("bombe.xlsx", _zip_bomb()),
        ("rauschen.csv", bytes(range(256)) * 50),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_files_are_refused_in_german(world: World, browse: Browse, name: str, content: bytes) -> None:
    answer = upload(browse("maier"), content, name)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert "Traceback" not in answer.text


def test_without_a_file_the_form_says_so(world: World, browse: Browse) -> None:
    browser = browse("maier")
    answer = browser.post("/importe", {**hidden_fields(browser.get("/importe")), "kind": ""})
    assert answer.status_code == 422
    assert "Wählen Sie die Datei aus" in answer.text


def test_a_file_above_the_limit_leads_back_to_the_form_with_the_limit_and_a_way_out(
    world: World, browse: Browse
) -> None:
    browser = browse("maier")
    answer = upload(browser, b"a;b\n" * (7 << 20), "riesig.csv")
    assert (answer.status_code, answer.location) == (303, "/importe")
    page = browser.get("/importe").text
    assert "größer als 25 MB" in page
    assert "teilen Sie die Liste auf mehrere Dateien auf" in page


def test_a_stranger_who_sends_too_much_is_led_to_the_sign_in(world: World, browse: Browse) -> None:
    stranger = browse("")
    answer = stranger.post("/importe", {"file": (io.BytesIO(b"a;b\n" * (7 << 20)), "riesig.csv")})
    assert answer.status_code == 303
    assert "/anmelden" in stranger.get("/importe").location


def test_the_rejected_rows_come_as_a_file_that_nobody_keeps(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = previewed(browser, [*PEOPLE, *BAD])
    for state in ("previewed", "done"):
        for ending in ("xlsx", "csv"):
            answer = browser.get(f"{address}/nicht-importiert.{ending}")
            assert answer.status_code == 200, state
            assert "no-store" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Disposition"].startswith("attachment")
            (sheet,) = read_workbook(answer.data, f"x.{ending}").sheets
            assert any("1+1" in str(cell) for cell in sheet.rows[1])
        browser.post(f"{address}/importieren")
    assert browser.get(f"{address}/nicht-importiert.exe").status_code == 404


def test_an_import_is_undone_from_its_page(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = previewed(browser, PEOPLE)
    browser.post(f"{address}/importieren")
    browser.post(f"{address}/rueckgaengig")
    assert files(world) == {}
    assert "rückgängig gemacht" in browser.get(address).text


def test_a_discarded_file_is_gone(world: World, browse: Browse) -> None:
    browser = browse("maier")
    address = previewed(browser, PEOPLE)
    assert browser.post(f"{address}/verwerfen").status_code == 302
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("login", ["oez", "leitung", "fremd"])
def test_an_import_of_somebody_else_answers_as_a_missing_one(world: World, browse: Browse, login: str) -> None:
    address = previewed(browse("maier"), PEOPLE)
    other = browse(login)
    missing = f"/importe/{uuid4()}"
    for path in ("", "/spalten", "/stand", "/nicht-importiert.csv"):
        assert other.get(address + path).status_code == other.get(missing + path).status_code == 404
    for path in ("/importieren", "/verwerfen", "/rueckgaengig", "/pruefen", "/spalten", "/blatt"):
        assert other.post(address + path).status_code == other.post(missing + path).status_code == 404
    assert browse("maier").get(address).status_code == 200


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_roles_without_the_permission_get_no_page(world: World, browse: Browse, login: str) -> None:
    browser = browse(login)
    assert browser.get("/importe").status_code == 403
    assert browser.get("/importe/zuordnen").status_code == 403
    assert "Importe" not in browser.get("/konto").text


def test_waiting_contacts_are_assigned_together_and_taken_back(world: World, browse: Browse) -> None:
    first = stored_file(world, "maier", head=head("Rahimi", "Zahra"))
    stored_file(world, "maier", head=head("Rahimi", "Zahra", phones=("+4975199",)))
    browser = browse("maier")
    talks = [TALKS[0], TALKS[1], ("09.02.2026", "Rahimi, Zahra", "Telefon", "", "10", "", "")]
    browser.post(f"{previewed(browser, talks)}/importieren")
    ids = [one.id for one in waiting(world)]
    page = browser.get("/importe/zuordnen")
    assert "Rahimi, Zahra" in page.text
    address = f"/importe/zuordnen/{ids[0]}"
    assert browser.post(address, {"contact": [one.hex for one in ids]}).status_code == 422
    chosen = {"contact": [one.hex for one in ids], "client": first.hex}
    assert browser.post(address, chosen).location == "/importe/zuordnen"
    assert [one.client_id for one in contacts(world)] == [first, first]
    undo = re.search(r'action="(/importe/zuordnen/zurueck/[^"]+)"', browser.get("/importe/zuordnen").text)
    assert undo is not None
    browser.post(undo[1])
    assert contacts(world) == []
    assert browser.post(address, {**chosen, "leave_out": "1"}).status_code == 422
    assert browser.post(address, {**chosen, "leave_out": "1", "reason": "doppelt"}).status_code == 302
    assert browser.get("/importe/zuordnen").status_code == 200


def test_a_waiting_contact_takes_the_file_number_of_another_file(world: World, browse: Browse) -> None:
    stored_file(world, "maier", head=head("Rahimi", "Zahra"))
    stored_file(world, "maier", head=head("Rahimi", "Zahra", phones=("+4975199",)))
    other = stored_file(world, "maier", head=head("Haile", "Filmon"))
    foreign = stored_file(world, "sued", head=head("Süd", "Sami"))
    with world.unscoped() as unit:
        numbers = {each: unit.get_one(Client, each).file_number for each in (other, foreign)}
    browser = browse("maier")
    browser.post(f"{previewed(browser, TALKS[:2])}/importieren")
    (one,) = waiting(world)
    form = {"contact": [one.id.hex], "file_number": numbers[foreign]}
    assert browser.post(f"/importe/zuordnen/{one.id}", form).status_code == 422
    form["file_number"] = numbers[other]
    assert browser.post(f"/importe/zuordnen/{one.id}", form).status_code == 302
    assert [each.client_id for each in contacts(world)] == [other]


def test_no_file_of_the_installation_holds_text_of_the_list(world: World, browse: Browse, tmp_path: Path) -> None:
    canary = "Kanarienvogelstrasse"
    rows = [*PEOPLE, ("Vogel, Gelb", "03.04.1990", "Syrien", "", "", "", canary), ("", "", "", "", "", "", canary)]
    browser = browse("maier")
    address = previewed(browser, rows * 40)
    browser.get(address)
    browser.post(f"{address}/importieren")
    assert len(files(world)) == 5
    assert [path for path in tmp_path.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()] == []


def test_a_large_upload_never_touches_the_disk(world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a temporary file was opened")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    lines = [f"Name{number};Vorname;01.02.1990;{'x' * 90}" for number in range(9_000)]
    content = "\n".join(["Nachname;Vorname;geb.;Notiz", *lines]).encode()
    assert len(content) > 800_000
    assert upload(browse("maier"), content, "liste.csv").status_code == 302
