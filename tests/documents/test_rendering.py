"""Papers: letter-exact for people and screen readers, and nothing is fetched to make them."""

from __future__ import annotations

import http.server
import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from pypdf import PdfReader

from caseapp.documents import render
from caseapp.documents.rendering import is_font
from caseapp.settings import PROJECT_ROOT

NAMES = "Öztürk-Łukašević Şükrü · Нгуєн Олена · Zoë ß ẞ œ ﬁnden · محمد رضا پهلوان ژاله گچ"
FONTS = PROJECT_ROOT / "static" / "vendor" / "documents"


def erasure(**values: object) -> bytes:
    """A Löschprotokoll with these values in it."""
    given = {"carrier": "Stadt Musterhausen", "title": "Löschprotokoll", "digest": "0123", "stays": ["Nichts."]}
    return render("erasure", **{"facts": [("Tag", "22.11.2026")], "counts": [("Kontakte", 3)], **given, **values})


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(pdf).pages)


@pytest.mark.parametrize("word", NAMES.split(" · "))
def test_the_text_of_a_paper_can_be_copied_letter_by_letter(word: str) -> None:
    found = " ".join(text_of(erasure(stays=[word])).split())
    assert word in found or word.replace("ﬁ", "fi") in found


def test_a_paper_is_tagged_german_and_has_a_title() -> None:
    reader = read(erasure())
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Löschprotokoll"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().replace(b"\n", b"") or (
        b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    )


def test_a_paper_has_no_font_but_the_shipped_ones() -> None:
    fonts: set[str] = set()
    for page in read(erasure(stays=[NAMES])).pages:
        fonts |= {
            str(font.get_object()["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()
        }
    assert fonts
    assert all(font.startswith(("Noto-Sans", "NotoSans", "Vazirmatn")) for font in fonts), fonts


def test_every_page_says_which_one_it_is() -> None:
    pages = read(erasure(counts=[(f"Art {n}", n) for n in range(120)])).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"Seite {number} von {len(pages)}" in page.extract_text()
        assert "Anzahl" in page.extract_text() or number == len(pages)


def test_what_a_person_typed_is_text_and_never_markup() -> None:
    typed = "<img src=x onerror=1> <b>fett</b> & „so“"
    assert typed in " ".join(text_of(erasure(stays=[typed])).split())


def test_a_forgotten_value_stops_the_paper() -> None:
    with pytest.raises(UndefinedError):
        render("erasure", carrier="Stadt", title="Löschprotokoll")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_nothing_is_fetched_even_for_markup_that_was_let_through(
    listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    from markupsafe import Markup  # noqa: PLC0415 - what a template would have to do wrong first

    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("Zaunkönig")
    markup = Markup(  # noqa: S704
        f'<img src="{address}/a.png"><link rel="stylesheet" href="{address}/b.css">'
        f'<p style="background: url({address}/c.png)">x</p><a rel="attachment" href="{secret.as_uri()}">y</a>'
        f'<object data="{secret.as_uri()}"></object><img src="{(FONTS / "LICENSE-noto-sans.txt").as_uri()}">'
    )
    pdf = erasure(stays=[markup])
    assert asked == []
    assert b"Zauk" not in pdf
    assert "/EmbeddedFiles" not in str(read(pdf).trailer["/Root"].get("/Names"))


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ((FONTS / "noto-sans-400.ttf").as_uri(), True),
        ((FONTS / "LICENSE-noto-sans.txt").as_uri(), False),
        (f"{FONTS.as_uri()}/../CHECKSUMS", False),
        (f"{FONTS.as_uri()}/%2e%2e/%2e%2e/%2e%2e/x.ttf", False),
        ("file://elsewhere/noto-sans-400.ttf", False),
        ("https://example.org/noto-sans-400.ttf", False),
        ("data:font/ttf;base64,AAAA", False),
    ],
)
def test_only_the_shipped_fonts_are_fetched(address: str, allowed: bool) -> None:
    assert is_font(address) is allowed


def test_a_web_process_does_not_load_the_printing_machine() -> None:
    code = "import sys, caseapp.factory; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=PROJECT_ROOT).returncode == 0
