"""The pages, by role: what each sees, and what the forms do with good and bad input."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import pytest

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.keyfigures import queries
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.keyfigures.conftest import YEAR, met
from tests.keyfigures.courses import workbook

Browse = Callable[[str], Browser]


def count(world: World, browser: Browser, login: str = "haupt") -> None:
    """Press "Jetzt zählen"; the queue of the tests works at once."""
    assert browser.post(f"/kennzahlen/zaehlen?jahr={YEAR}").status_code == 302
    page = browser.get(f"/kennzahlen?jahr={YEAR}")
    assert "Gezählt am" in page.text, page.text


def upload(browser: Browser, content: bytes, **data: str) -> object:
    page = browser.get(f"/kennzahlen/vorlage?jahr={YEAR}")
    sent = {**hidden_fields(page), "from_year": str(YEAR), **data, "file": (io.BytesIO(content), "Vorlage.xlsx")}
    return browser.post(f"/kennzahlen/vorlage?jahr={YEAR}", sent, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("login", "sees", "not_sees"),
    [
        ("maier", ("Meine offenen Akten", "Fehlt noch"), ("Zahlen des Trägers", "Jetzt zählen", "Sammeln")),
        ("leitung", ("noch nicht gezählt",), ("Jetzt zählen", "Sammeln", "Meine offenen")),
        ("koord", ("Sammeln und senden", "Vorlage"), ("Jetzt zählen", "Einfrieren")),
        ("haupt", ("Jetzt zählen", "Sammeln und senden"), ("Einfrieren", "Meine offenen")),
    ],
)
def test_everybody_sees_what_the_duty_gives_and_the_mark(
    house: World, browse: Browse, login: str, sees: tuple[str, ...], not_sees: tuple[str, ...]
) -> None:
    page = browse(login).get(f"/kennzahlen?jahr={YEAR}")
    assert page.status_code == 200
    assert "Nicht zur Veröffentlichung." in page.text
    assert [words for words in sees if words not in page.text] == []
    assert [words for words in not_sees if words in page.text] == []


@pytest.mark.parametrize(("login", "line"), [("haupt", "/zahlen"), ("maier", "/zahlen"), ("koord", "/berichte")])
def test_the_navigation_marks_the_line_that_led_to_the_numbers(
    house: World, browse: Browse, login: str, line: str
) -> None:
    page = browse(login).get(f"/kennzahlen?jahr={YEAR}").text
    marked = re.findall(r'<a[^>]*href="([^"]+)"[^>]*aria-current="page"', page)
    assert line in marked, marked


def test_who_has_no_part_in_the_numbers_gets_none(house: World, browse: Browse) -> None:
    for login in ("foerder", "dsb", "admin"):
        assert browse(login).get("/kennzahlen").status_code == 403
    maier = browse("maier")
    for path in ("einfrieren", "sammeln", "vorlage", "vorjahr"):
        assert maier.get(f"/kennzahlen/{path}").status_code == 403
    assert maier.get("/kennzahlen?jahr=2012").status_code == 404
    assert maier.get("/kennzahlen?jahr=9999").status_code == 404


def test_a_missing_value_is_answered_in_place_and_the_next_one_comes_up(counted_house: World, browse: Browse) -> None:
    maier = browse("maier")
    start = maier.get(f"/kennzahlen/fehlt?jahr={YEAR}")
    assert start.status_code == 302
    asked = start.location
    seen: list[str] = []
    while "/fehlt/" in asked:
        dimension = urlsplit(asked).path.rpartition("/")[2]
        page = maier.get(asked)
        assert page.status_code == 200
        assert unescape(page.text).count("Weiß ich nicht / keine Angabe") >= 1
        if not seen:
            bad = maier.post(asked, {**hidden_fields(page), "value": "gibt es nicht", "from_on": "31.2.2020"})
            assert bad.status_code == 422
        answers = {
            "nationality": {"value": "475"},
            "title": {"value": "P24", "from_on": "1.1.24"},
            "sex": {"value": "W"},
        }
        typed = answers.get(dimension, {"unknown": "1"})
        answer = maier.post(asked, {**hidden_fields(page), **typed})
        assert answer.status_code == 302, answer.text
        seen.append(dimension)
        asked = answer.location
    assert {"sex", "nationality", "title", "municipality"} <= set(seen)
    done = maier.get(asked)
    assert "Es fehlt nichts" in done.text
    undo = re.search(r'action="(/kennzahlen/fehlt/zurueck/[^"]+)"', done.text)
    if undo is not None:
        assert maier.post(undo[1]).status_code == 302
        assert maier.get(f"/kennzahlen/fehlt?jahr={YEAR}").status_code == 302


def test_an_answer_that_meets_another_change_shows_both_and_keeps_what_was_typed(house: World, browse: Browse) -> None:
    client_id = stored_file(house, head=head(sex=""))
    met(house, client_id)
    maier = browse("maier")
    path = f"/kennzahlen/fehlt/{client_id}/sex?jahr={YEAR}"
    page = maier.get(path)
    with house.unit("maier", write=True) as unit:
        client = unit.get_one(Client, client_id)
        client.head = head(sex="M")
    conflict = maier.post(path, {**hidden_fields(page), "value": "W"})
    assert conflict.status_code == 409
    assert "Jemand anderes hat diese Akte" in conflict.text
    assert "männlich</bdi>" in conflict.text
    assert re.search(r'<input[^>]*value="W"[^>]*checked|<input[^>]*checked[^>]*value="W"', conflict.text)
    assert maier.post(path, {**hidden_fields(conflict), "value": "W"}).status_code == 302
    for foreign in (f"/kennzahlen/fehlt/{stored_file(house, 'fremd')}/sex", f"/kennzahlen/fehlt/{client_id}/topic"):
        assert maier.get(foreign).status_code == 404


def test_the_head_counts_types_last_year_explains_and_freezes(counted_house: World, browse: Browse) -> None:
    haupt = browse("haupt")
    early = haupt.get(f"/kennzahlen/einfrieren?jahr={YEAR}")
    assert early.status_code == 302
    count(counted_house, haupt)
    bad = haupt.submit(f"/kennzahlen/vorjahr?jahr={YEAR}", {"before_PER": "viele", "before_KON": "7"})
    assert bad.status_code == 422
    assert 'value="7"' in bad.text
    assert haupt.submit(f"/kennzahlen/vorjahr?jahr={YEAR}", {"before_PER": "10", "before_KON": "6"}).status_code == 302
    path = f"/kennzahlen/einfrieren?jahr={YEAR}"
    refused = haupt.submit(path, {"comment_PER": " "})
    assert refused.status_code == 422
    assert "Warum hat sich die Zahl so stark geändert?" in refused.text
    assert "−4 (−40 %)" in refused.text
    frozen = haupt.submit(path, {"comment_PER": "Zwei Stellen waren unbesetzt"})
    assert frozen.status_code == 302
    page = haupt.get(frozen.location)
    assert "Fassung 1" in page.text
    shown = re.search(r'href="(/kennzahlen/eingefroren/[^"]+)"', page.text)
    assert shown is not None
    detail = haupt.get(unescape(shown[1]))
    assert "Zwei Stellen waren unbesetzt" in detail.text
    assert "passen nicht zu ihrem Prüfwert" not in detail.text
    assert "Zwei Stellen" not in browse("maier").get(unescape(shown[1])).text
    # Comparing people needs a Dienstvereinbarung: a lead of a team sees the numbers of the carrier only.
    for path in (frozen.location, unescape(shown[1])):
        assert "Eva Maier" in haupt.get(path).text
        assert "Eva Maier" not in browse("leitung").get(path).text
        assert "Beratene Personen" in browse("leitung").get(path).text
    met(counted_house, stored_file(counted_house))
    count(counted_house, haupt)
    late = haupt.get(f"/kennzahlen?jahr={YEAR}")
    assert "Nach Stichtag (1)" in late.text
    assert "Beratene Personen: 6 → 7" in late.text


def test_the_coordinator_maps_cells_fills_downloads_sends_and_verifies(counted_house: World, browse: Browse) -> None:
    haupt, koord = browse("haupt"), browse("koord")
    count(counted_house, haupt)
    assert haupt.submit(f"/kennzahlen/einfrieren?jahr={YEAR}", {}).status_code == 302
    for content, year, words in ((b"kein Excel", str(YEAR), "keine Excel"), (workbook(), "1999", "Geben Sie ein Jahr")):
        refused = upload(koord, content, from_year=year)
        assert refused.status_code == 422  # type: ignore[attr-defined]
        assert words in refused.text  # type: ignore[attr-defined]
    made = upload(koord, workbook())
    assert made.status_code == 302, made.text  # type: ignore[attr-defined]
    form_page = made.location.partition("?")[0]  # type: ignore[attr-defined]
    page = koord.get(form_page)
    assert "Beratene Personen: weiblich" in page.text
    assert ">Formel<" in page.text
    cell = {"sheet": "Auswertung", "number": "KON"}
    for place, words in (("B8", "rechnet eine Formel"), ("B1", "verbundenen Zelle"), ("17", "Eine Zelle sieht so aus")):
        wrong = koord.post(f"{form_page}/zelle", {**hidden_fields(page), **cell, "place": place})
        assert wrong.status_code == 422
        assert words in wrong.text
    town = {**hidden_fields(page), "sheet": "Auswertung", "place": "C4", "number": "PER|municipality|town"}
    assert koord.post(f"{form_page}/zelle", town).status_code == 422
    assert koord.post(f"{form_page}/zelle", {**town, "municipality": "88069 Tettnang"}).status_code == 302
    stale = koord.post(f"{form_page}/zelle", {**hidden_fields(page), **cell, "place": "C3"})
    assert stale.status_code == 409
    assert 'value="C3"' in stale.text
    table = koord.get(f"{form_page}/zuordnung.csv")
    assert b"Auswertung;C4;PER;municipality;08435057" in table.data
    page = koord.get(form_page)
    again = {**hidden_fields(page), "file": (io.BytesIO(table.data), "z.csv")}
    assert koord.post(f"{form_page}/zuordnung", again, content_type="multipart/form-data").status_code == 302
    missing = koord.submit(f"/kennzahlen/sammeln?jahr={YEAR}", {})
    assert missing.status_code == 422
    assert "Es fehlen noch Zahlen von: Fremdstadt" in missing.text
    ordered = koord.submit(f"/kennzahlen/sammeln?jahr={YEAR}", {"without": "y"})
    assert ordered.status_code == 302
    papers = ordered.location
    page = koord.get(papers)
    assert "Ausgefüllte Vorlage (.xlsx)" in page.text, page.text
    file = koord.get(f"{papers}/datei.xlsx")
    assert file.headers["Content-Disposition"] == f"attachment; filename=Kennzahlen-{YEAR}-1.xlsx"
    assert koord.get(f"{papers}/datei.docx").status_code == 404
    for content, words in ((file.data, "Byte für Byte die archivierte"), (b"anders", "nicht die archivierte")):
        sent = {"file": (io.BytesIO(content), "datei.xlsx")}
        assert words in koord.post(f"{papers}/pruefen", sent, content_type="multipart/form-data").text
    assert koord.post(f"{papers}/gesendet", {"sent_on": "32.1.2026", "way": "Post"}).status_code == 422
    today = f"{clock.today():%d.%m.%Y}"
    assert koord.post(f"{papers}/gesendet", {"sent_on": today, "way": "Post"}).status_code == 302
    assert "Als gesendet festgehalten" in koord.get(papers).text
    assert browse("maier").get(papers).status_code == 403
    assert browse("fernhaupt").get(papers).status_code == 404
    with counted_house.unit("koord"):
        form = queries.find_form(counted_house.organisations["Musterhausen"], YEAR)
        assert form is not None
        assert form.used
