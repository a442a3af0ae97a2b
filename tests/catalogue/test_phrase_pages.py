"""The pages of the phrase book: changing, marking, undoing, tables for translators."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest

from caseapp.catalogue import phrases
from caseapp.catalogue.queries import phrases as queries
from caseapp.catalogue.rules.translations import read_table, write_table
from caseapp.catalogue.service.phrases import keep_book
from caseapp.errors import NotFoundError, RuleError
from tests.factories.browser import Browser, hidden_fields
from tests.factories.world import World

Browse = Callable[[str], Browser]
PAGE = "/verwaltung/satzbuch"
KEY = "agreement.title"
NEW = "ስምምዕ ሓዱሽ"


def book(world: World, version: int | None = None) -> phrases.PhraseBook:
    with world.unit("leitung"):
        return phrases.book(version)


def test_a_changed_phrase_makes_a_version_and_can_be_taken_back(world: World, browse: Browse) -> None:
    lead, shipped = browse("leitung"), phrases.shipped()
    assert book(world).version == 1
    typed = {"text": NEW, "checked_by": "Frau T., Dolmetscherin", "checked_on": "01.11.2026"}
    answer = lead.submit(f"{PAGE}/{KEY}/ti", typed)
    assert answer.status_code == 302, answer.text
    now = book(world)
    assert now.version == 2
    assert now.phrase(KEY, "ti").text == NEW
    assert now.phrase(KEY, "ti").checked_by == "Frau T., Dolmetscherin"
    assert book(world, 1).digest == shipped.digest
    page = lead.get(f"{PAGE}?sprache=ti&papier=agreement").text
    assert "Frau T., Dolmetscherin, 01.11.2026" in page
    undo = page.partition(f'action="{PAGE}/zurueck/')[2].partition('"')[0]
    assert undo
    lead.post(f"{PAGE}/zurueck/{undo}")
    assert book(world).version == 3
    assert book(world).digest == shipped.digest
    assert book(world, 2).digest == now.digest
    assert lead.post(f"{PAGE}/zurueck/{undo}").status_code == 422
    history = lead.get(f"{PAGE}/fassungen").text
    assert history.count("Leitung") >= 1
    with pytest.raises(NotFoundError):
        book(world, 9)


def test_two_people_at_one_phrase_see_both_texts(world: World, browse: Browse) -> None:
    lead, address = browse("leitung"), f"{PAGE}/{KEY}/so"
    old = hidden_fields(lead.get(address))
    lead.submit(address, {"text": "Heshiis A"})
    lead.submit(f"{PAGE}/agreement.goals/so", {"text": "Yoolal"})
    answer = lead.post(address, {**old, "text": "Heshiis B"})
    assert answer.status_code == 409
    assert "Heshiis A" in answer.text
    assert "Heshiis B" in answer.text
    assert lead.post(address, {**hidden_fields(answer), "text": "Heshiis B"}).status_code == 302
    assert book(world).phrase(KEY, "so").text == "Heshiis B"
    other = f"{PAGE}/agreement.what/so"
    assert lead.post(other, {**old, "text": "Waa maxay?"}).status_code == 302


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("agreement.next_talk_on", {"text": "Kal"}, "Die Platzhalter müssen dieselben sein"),
        (KEY, {"text": "x", "checked_by": "Frau T."}, "wann die Übersetzung geprüft wurde"),
        (KEY, {"text": "x", "checked_on": "01.11.2026"}, "wer die Übersetzung geprüft hat"),
        (KEY, {"text": "x", "checked_by": "T", "checked_on": "31.02.2026"}, "gibt es nicht"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    world: World, browse: Browse, key: str, typed: dict[str, str], said: str
) -> None:
    answer = browse("leitung").submit(f"{PAGE}/{key}/so", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert book(world).version == 1


def test_the_german_text_can_be_changed_but_not_emptied(world: World, browse: Browse) -> None:
    lead = browse("leitung")
    assert lead.submit(f"{PAGE}/{KEY}/de", {"text": ""}).status_code == 422
    assert lead.submit(f"{PAGE}/{KEY}/de", {"text": "Vereinbarung"}).status_code == 302
    assert book(world).phrase(KEY, "ti").text != "Vereinbarung"
    assert book(world).phrase(KEY, "de").text == "Vereinbarung"
    assert lead.get(f"{PAGE}/{KEY}/xx").status_code == 404
    assert lead.get(f"{PAGE}/gibt.es_nicht/ti").status_code == 404


def test_a_table_goes_out_and_comes_back_with_a_preview(world: World, browse: Browse) -> None:
    lead = browse("leitung")
    table = lead.get(f"{PAGE}/tabelle/ti").data.decode("utf-8-sig")
    first = next(line for line in table.splitlines() if line.startswith("agreement.no_contract;"))
    changed = table.replace(first, f"{first.split(';')[0]};{first.split(';')[1]};ውዕል ኣይኮነን።;Frau T.;01.11.2026")
    changed += "agreement.gibt_es_nicht;x;y;;\r\nagreement.next_talk_on;x;ኣብ;;\r\n"
    address = f"{PAGE}/einlesen/ti"
    file = (io.BytesIO(changed.encode("utf-8-sig")), "ti.csv")
    preview = lead.post(address, {**hidden_fields(lead.get(address)), "file": file})
    assert preview.status_code == 200, preview.text
    assert "Diesen Schlüssel gibt es nicht." in preview.text
    assert "Die Platzhalter müssen dieselben sein" in preview.text
    assert "ውዕል ኣይኮነን።" in preview.text
    assert book(world).version == 1
    taken = {"table": changed, "version": "1"}
    assert lead.post(f"{PAGE}/uebernehmen/ti", taken).status_code == 302
    assert book(world).phrase("agreement.no_contract", "ti").checked_by == "Frau T."
    assert book(world).version == 2
    assert lead.post(f"{PAGE}/uebernehmen/ti", taken).status_code == 422


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"nur;text\r\na;b", b"", b'key;ti\r\n"offen;x', b"x" * 2_000_001])
def test_a_file_that_is_no_table_is_refused_in_words(world: World, browse: Browse, content: bytes) -> None:
    lead, address = browse("leitung"), f"{PAGE}/einlesen/ti"
    answer = lead.post(address, {**hidden_fields(lead.get(address)), "file": (io.BytesIO(content), "x.csv")})
    assert answer.status_code in {200, 422}
    assert "Traceback" not in answer.text
    assert book(world).version == 1


def test_a_table_calculates_nothing_and_comes_back_unchanged() -> None:
    base = phrases.shipped()
    evil = base.with_changes(
        [queries.Change(KEY, "ti", queries.Text('=HYPERLINK("x")', "-Frau T.", phrases_day()))], version=2
    )
    table = write_table(evil, "ti", evil.keys)
    for line in table.decode("utf-8-sig").splitlines():
        assert not any(cell.strip('"').startswith(("=", "+", "-", "@")) for cell in line.split(";"))
    assert read_table(table, evil, "ti", phrases_day()).changes == ()
    with pytest.raises(RuleError):
        read_table(b"a;b", evil, "ti", phrases_day())


def test_a_kept_book_survives_other_shipped_texts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old = phrases.shipped()
    with world.unit("maier", write=True):
        assert keep_book().version == 1
        assert keep_book().version == 1
    released = old.with_changes([queries.Change(KEY, "de", queries.Text("Neuer Titel"))], version=1)
    monkeypatch.setattr(queries, "shipped", lambda: released)
    assert book(world).version == 2
    assert book(world).phrase(KEY, "de").text == "Neuer Titel"
    assert book(world, 1).digest == old.digest
    with world.unit("maier", write=True):
        assert keep_book().version == 2
    assert book(world, 2).digest == book(world).digest
    assert book(world, 1).digest == old.digest


def test_the_book_costs_one_statement_once_it_is_known(
    world: World, count_statements: Callable[[], object], browse: Browse
) -> None:
    browse("leitung").submit(f"{PAGE}/{KEY}/ti", {"text": NEW})
    book(world)
    with world.unit("leitung"), count_statements() as count:  # type: ignore[attr-defined]
        phrases.book()
    assert int(count) == 1


def test_only_who_edits_code_lists_opens_the_book(world: World, browse: Browse) -> None:
    for address in (PAGE, f"{PAGE}/fassungen", f"{PAGE}/{KEY}/ti", f"{PAGE}/tabelle/ti", f"{PAGE}/einlesen/ti"):
        assert browse("maier").get(address).status_code == 403
        assert browse("admin").get(address).status_code == 200
    assert "Satzbuch" in browse("admin").get("/verwaltung/codelisten").text


def phrases_day() -> dt.date:
    """A day on which somebody checked."""
    return dt.date(2026, 11, 1)
