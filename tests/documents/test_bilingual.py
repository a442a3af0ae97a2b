"""Papers in two languages: every letter of every script, the right way round, tagged, and nothing from outside."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from jinja2 import ChoiceLoader, DictLoader
from pypdf import PdfReader

from caseapp.catalogue import phrases
from caseapp.catalogue.queries import catalogue
from caseapp.catalogue.rules.phrases import LANGUAGES, RIGHT_TO_LEFT, slots
from caseapp.documents import Said, Words, picture, render, rendering
from caseapp.documents.rendering import is_picture
from caseapp.documents.words import direction_of, filled, isolated
from caseapp.settings import PROJECT_ROOT

BOOK = phrases.shipped()
FONTS = PROJECT_ROOT / "static" / "vendor" / "documents"
PROBE = """{% extends "bilingual_paper.html" %}{% block main %}
{% for key, values in said %}{{ two.both(key, **values) }}{% endfor %}
{{ two.heading("agreement.goals") }}
{{ two.entry("agreement.own_words", typed, lang="fa") }}
{% call two.table(["agreement.client_steps", "agreement.goal_until"]) %}
<tr><th scope="row">{{ typed }}</th><td>{{ on|isolated }}</td></tr>{% endcall %}
{{ two.tick("release.field.GES", true) }}{{ two.tick("release.field.NAM", false) }}
{% call two.signatures() %}
{{ two.signature("common.signature_client", name="Zahra", png=png, place="Tettnang", on=on) }}
{{ two.signature("common.signature_worker", stated="common.signed_on_paper", values={"date": on}) }}{% endcall %}
{% endblock %}"""
DAY = dt.date(2026, 12, 1)


def png(width: int = 2, height: int = 2) -> bytes:
    """A small black picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x00" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper with one of every macro."""
    shipped = rendering._environment
    assert shipped.loader is not None
    loader = ChoiceLoader([DictLoader({"probe.html": PROBE}), shipped.loader])
    monkeypatch.setattr(rendering, "_environment", shipped.overlay(loader=loader))


def paper(language: str, **values: Any) -> bytes:
    said = values.pop("said", [("agreement.voluntary", {}), ("agreement.next_talk_on", {"date": DAY})])
    given = {"carrier": "Stadt", "title_key": "agreement.title", "stamp": "ab" * 32, "typed": "Wohnung", "on": DAY}
    return render("probe", book=BOOK, language=language, said=said, **{"png": None, **given, **values})


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def words_of(text: str) -> set[str]:
    """The words without marks at their ends, placeholders and the joiner of no width, which has no glyph."""
    text = text.replace("\u200c", "")
    return {word.strip(".,:;!?()«»„“\"'،؛؟።፡") for word in re.sub(r"\{\w+\}", " ", text).split()} - {""}


@cache
def letters_of(*fonts: str) -> frozenset[int]:
    return frozenset().union(*(TTFont(FONTS / f"{font}.ttf").getBestCmap() for font in fonts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_of_a_language_have_every_letter_of_its_phrases(language: str) -> None:
    for weight in (400, 700):
        own = [f"vazirmatn-{weight}"] if language in RIGHT_TO_LEFT else []
        own += [f"noto-sans-ethiopic-{weight}"] if language == "ti" else []
        known = letters_of(*own, f"noto-sans-{weight}")
        for key in BOOK.keys:
            text = BOOK.said(key, language).text
            assert {letter for letter in text if ord(letter) not in known} == set(), key


def spelled(words: set[str]) -> set[str]:
    """The letters of each word. Of a ligature readers give the letters in their own order, so that does not count."""
    return {"".join(sorted(word)) for word in words}


def read_by_two(pdf: bytes) -> str:
    """The text layer as two readers find it: one stumbles over Ethiopic, the other one over lam with alef."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join([text_of(pdf), *pages])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_language_can_be_copied_letter_by_letter(language: str) -> None:
    book = BOOK.texts()
    keys = [key for key in BOOK.keys_of("agreement") if (key, language) in book and not slots(book[key, "de"].text)]
    found = read_by_two(paper(language, said=[(key, {}) for key in keys]))
    wanted = set().union(*(words_of(book[key, language].text) for key in keys))
    whole = {word for word in wanted if "-" not in word}  # others may stand on two lines
    assert len(whole) > 20
    assert spelled(whole) <= spelled(words_of(found)), [word for word in whole if word not in found]


@pytest.mark.parametrize("language", ["ar", "ti", "uk", "tr"])
def test_a_paper_in_two_languages_uses_the_shipped_fonts_only(language: str) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(paper(language))).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all(font.startswith(("Noto-Sans", "NotoSans", "Vazirmatn")) for font in fonts), fonts


def structure(pdf: bytes) -> Iterator[Any]:
    """All elements of the tree of tags."""
    todo = [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        found = todo.pop()
        found = found.get_object() if hasattr(found, "get_object") else found
        if not isinstance(found, dict):
            continue
        yield found
        children = found.get("/K", [])
        todo += children if isinstance(children, list) else [children]


def test_the_language_of_each_piece_and_the_scope_of_each_head_are_in_the_tags() -> None:
    tree = list(structure(paper("ar")))
    tagged = [(str(each.get("/S")), str(each.get("/Lang"))) for each in tree if each.get("/Lang")]
    assert {("/P", "ar"), ("/Span", "ar"), ("/P", "fa")} <= set(tagged)
    scopes = [str(each["/A"]["/Scope"]) for each in tree if each.get("/S") == "/TH"]
    assert sorted(scopes) == ["/Column", "/Column", "/Row"]
    assert not any(each.get("/Lang") for each in structure(paper("de")) if each.get("/S") == "/Span")


def test_every_page_carries_the_check_value() -> None:
    pages = PdfReader(io.BytesIO(paper("ar", typed="Zeile\n" * 90))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "ab" * 32 in page.extract_text()
        assert f"Seite {number} von {len(pages)}" in page.extract_text()


def test_numbers_dates_and_telephones_keep_their_order_in_every_language() -> None:
    said = [("agreement.next_talk_on", {"date": DAY}), ("release.withdraw_how", {"phone": "+49 711 123-45"})]
    for language in ("ar", "fa", "ckb"):
        text = " ".join(text_of(paper(language, said=said)).split())
        assert text.count("01.12.2026") >= 2
        assert text.count("+49 711 123-45") >= 1
        assert "54-321" not in text


def test_what_is_missing_is_printed_in_german_and_listed() -> None:
    text = " ".join(text_of(paper("ti", said=[("agreement.no_contract", {})])).split())
    assert text.count("Die Vereinbarung ist kein Vertrag.") == 2
    assert "Einige Sätze stehen nur auf Deutsch da." in text
    assert "noch nicht geprüft" in text
    german = " ".join(text_of(paper("de", said=[("agreement.no_contract", {})])).split())
    assert german.count("Die Vereinbarung ist kein Vertrag.") == 1
    assert "nur auf Deutsch" not in german
    assert "Satzbuch" not in german


def test_a_checked_translation_says_so() -> None:
    marked = {(key, language): type(said)(said.text, "Frau T.", DAY) for (key, language), said in BOOK.texts().items()}
    book = phrases.PhraseBook(marked, version=4)
    words = Words(book, "ar")
    assert not words.checked
    assert words.own("agreement.title") is not None
    assert words.checked
    assert not Words(BOOK, "ar").checked


HOSTILE = ("<script>x</script> & „so“", "{date} {{ 7*7 }} {% x %}", "\u202eumgedreht\u202c", "W" * 3_000, "ا" * 2_000)


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda text: text[:10])
def test_hostile_text_is_printed_as_text(typed: str) -> None:
    pdf = paper("ar", typed=typed, said=[("release.withdraw_how", {"phone": typed[:200]})])
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 12
    assert len(pdf) < 400_000
    if len(typed) < 100:
        kept = "".join(typed.replace("\u202e", "").replace("\u202c", "").split())
        found = "".join(text_of(pdf).split())
        assert kept in found or kept[::-1] in found


def test_the_picture_of_a_signature_is_printed_with_its_name() -> None:
    pdf = paper("ar", png=png())
    page = PdfReader(io.BytesIO(pdf)).pages
    assert sum(len(each.images) for each in page) == 1
    figures = [each for each in structure(pdf) if each.get("/S") == "/Figure"]
    assert [str(each["/Alt"]) for each in figures] == ["Ihre Unterschrift"]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (picture(png()), True),
        (picture(png()).replace("image/png", "image/svg+xml"), False),
        (picture(b"<svg/>"), False),
        (picture(png(5_000, 1)), False),
        ("data:image/png;base64,!!!", False),
        (picture(png() + b"\0" * 400_000), False),
        ("data:text/html,<b>x", False),
        ("data:image/png;base64," + base64.b64encode(png()).decode() + "\n", False),
    ],
)
def test_only_small_png_pictures_are_taken(address: str, allowed: bool) -> None:
    assert is_picture(address) is allowed


@pytest.mark.parametrize(
    ("value", "direction"), [("0711 1", "ltr"), ("علي", "rtl"), ("12 علي", "rtl"), ("Anna علي", "ltr"), ("", "ltr")]
)
def test_a_value_is_isolated_in_its_own_direction(value: str, direction: str) -> None:
    assert direction_of(value) == direction
    assert isolated(value) == f'<bdi dir="{direction}">{value}</bdi>'


def test_placeholders_are_filled_once_and_escaped() -> None:
    assert filled("Bis {date} & {name}.", {"date": DAY, "name": "<b>{date}"}) == (
        'Bis <bdi dir="ltr">01.12.2026</bdi> &amp; <bdi dir="ltr">&lt;b&gt;{date}</bdi>.'
    )
    with pytest.raises(KeyError):
        filled("Bis {date}", {})


def test_a_value_that_is_a_phrase_is_said_in_the_language_around_it() -> None:
    words, key = Words(BOOK, "uk"), "letters.attendance.for"
    said = {"purpose": Said("letters.purpose.school")}
    assert "Schule" in words.german(key, **said)
    assert "Школа" in words.spoken(BOOK.phrase(key, "uk"), said)


def test_the_languages_of_papers_have_a_name_in_their_own_script() -> None:
    rows = {row.code: row for row in catalogue().rows("languages")}
    assert all(rows[language].extra["own_name"] for language in LANGUAGES)
