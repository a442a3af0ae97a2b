"""Signatures that arrive from a page: read, checked, drawn anew; everything else is refused."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFile, PngImagePlugin
from wtforms import FormField

from caseapp.i18n import lazy_gettext as _l
from caseapp.web.forms import PageForm
from caseapp.web.signatures import (
    LARGEST,
    SignatureWay,
    Signed,
    SigningForm,
    UnusableDrawingError,
    data_url,
    read_drawing,
)


def drawn(size: tuple[int, int] = (900, 300), *, mode: str = "RGB", **saving: Any) -> bytes:
    """A pad with a zigzag on it."""
    picture = Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else "white")
    points = [(x, size[1] // 2 + (x % 80) - 40) for x in range(100, size[0] - 100, 20)]
    ImageDraw.Draw(picture).line(points, fill=(23, 26, 43, 255) if mode == "RGBA" else (23, 26, 43), width=4)
    return saved(picture, **saving)


def saved(picture: Image.Image, kind: str = "PNG", **saving: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **saving)
    return written.getvalue()


def with_metadata() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "Pressure 0.4 at 12:03:07")
    return drawn(pnginfo=info, exif=Image.Exif())


def announced(width: int, height: int) -> bytes:
    """A PNG that claims a size it does not have."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def animated() -> bytes:
    frames = [Image.new("RGB", (200, 100), "white"), Image.new("RGB", (200, 100), "black")]
    return saved(frames[0], save_all=True, append_images=frames[1:])


def test_a_drawing_comes_back_as_a_small_grey_picture_without_metadata() -> None:
    kept = read_drawing(data_url(with_metadata()))
    assert kept is not None
    picture = Image.open(io.BytesIO(kept))
    assert (picture.format, picture.mode, picture.info) == ("PNG", "L", {})
    assert b"Pressure" not in kept
    # Cut to the drawing: 680 of the 900 points across, with a margin.
    assert 690 < picture.width < 720
    assert picture.height < 120
    assert len(kept) < 10_000


def test_transparent_paper_is_white_paper() -> None:
    on_glass, on_paper = read_drawing(data_url(drawn(mode="RGBA"))), read_drawing(data_url(drawn()))
    assert on_glass == on_paper


def test_what_is_kept_is_read_again_unchanged_in_looks() -> None:
    once = read_drawing(data_url(drawn()))
    assert once
    twice = read_drawing(data_url(once))
    assert twice
    assert Image.open(io.BytesIO(once)).tobytes() == Image.open(io.BytesIO(twice)).tobytes()


def test_nothing_drawn_is_none() -> None:
    assert read_drawing("") is None
    assert read_drawing("  ") is None


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: saved(Image.new("RGB", (900, 300), "white")), "leer"),
        (lambda: saved(Image.new("RGBA", (900, 300), (0, 0, 0, 0))), "leer"),
        (lambda: saved(Image.new("RGB", (900, 300), (200, 200, 200))), "leer"),
        (lambda: saved(Image.new("RGB", (900, 300), "black")), "nicht lesen"),
        (lambda: saved(Image.new("RGB", (900, 300), "white"), "JPEG"), "nicht lesen"),
        (lambda: saved(Image.new("RGB", (900, 300), "white"), "GIF"), "nicht lesen"),
        (lambda: drawn((2401, 300)), "nicht lesen"),
        (lambda: drawn((900, 1201)), "nicht lesen"),
        (lambda: announced(30_000, 30_000), "nicht lesen"),
        (lambda: announced(900, 300), "nicht lesen"),
        (lambda: drawn()[:-200], "nicht lesen"),
        (animated, "nicht lesen"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "nicht lesen"),
        (lambda: b"%PDF-1.7", "nicht lesen"),
        (lambda: b"", "nicht lesen"),
    ],
)
def test_what_is_no_signature_is_refused_with_what_to_do(make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(UnusableDrawingError, match=said):
        read_drawing(data_url(make()))


def test_half_a_picture_is_refused_whatever_other_libraries_have_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as printing does
    with pytest.raises(UnusableDrawingError, match="nicht lesen"):
        read_drawing(data_url(drawn()[:-200]))


def test_a_slip_of_the_finger_is_no_signature_and_a_cross_is_a_mark() -> None:
    slip = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(slip).ellipse((400, 140, 404, 144), fill="black")
    with pytest.raises(UnusableDrawingError, match="leer"):
        read_drawing(data_url(saved(slip)))
    cross = Image.new("RGB", (900, 300), "white")
    pen = ImageDraw.Draw(cross)
    pen.line((400, 100, 460, 160), fill="black", width=4)
    pen.line((460, 100, 400, 160), fill="black", width=4)
    assert read_drawing(data_url(saved(cross)))


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64,!!!!",
        "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=",
        "data:text/html,<script>alert(1)</script>",
        "https://example.org/unterschrift.png",
        "file:///etc/passwd",
        "x",
    ],
)
def test_other_addresses_are_refused_and_never_fetched(text: str) -> None:
    with pytest.raises(UnusableDrawingError):
        read_drawing(text)


def test_a_picture_beyond_the_limit_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "open", lambda *_args, **_kwargs: pytest.fail("opened"))
    with pytest.raises(UnusableDrawingError):
        read_drawing(data_url(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST)))


@given(st.binary(max_size=300), st.integers(0, 400))
def test_broken_pictures_are_refused_and_break_nothing(noise: bytes, place: int) -> None:
    whole = drawn((300, 100))
    try:
        kept = read_drawing(data_url(whole[:place] + noise + whole[place + len(noise) :]))
    except UnusableDrawingError:
        return
    assert kept
    assert Image.open(io.BytesIO(kept)).format == "PNG"


class AgreementForm(PageForm):
    client = FormField(SigningForm, _l("Klientin oder Klient"))


def posted(**values: str) -> AgreementForm:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="only for this test", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST", data={f"client-{name}": value for name, value in values.items()}):
        form = AgreementForm()
        form.validate_on_submit()
        return form


def test_a_drawing_counts_as_drawn_without_a_choice() -> None:
    form = posted(drawing=data_url(drawn()))
    assert not form.problems
    signed = form.client.form.signed
    assert signed
    assert signed.way is SignatureWay.DRAWN
    assert signed.picture.startswith(b"\x89PNG")


def test_confirming_needs_the_name_and_keeps_no_picture() -> None:
    form = posted(way="confirmed", drawing=data_url(drawn()))
    assert [problem.target for problem in form.problems] == ["client-name"]
    form = posted(way="confirmed", name=" Selam Tesfay ", drawing=data_url(drawn()))
    assert form.client.form.signed == Signed(SignatureWay.CONFIRMED, name="Selam Tesfay")


def test_paper_needs_nothing_and_nothing_is_nothing() -> None:
    assert posted(way="paper").client.form.signed == Signed(SignatureWay.PAPER)
    assert posted().client.form.signed is None


def test_an_empty_pad_is_told_at_the_pad() -> None:
    for form in (posted(way="drawn"), posted(drawing=data_url(saved(Image.new("RGB", (900, 300), "white"))))):
        assert [problem.target for problem in form.problems] == ["client-drawing"]
        assert form.status == 422


def test_an_unknown_way_is_refused() -> None:
    assert posted(way="'; drop table").status == 422


def test_the_drawing_goes_back_to_the_page_and_the_unreadable_does_not() -> None:
    form = posted(way="confirmed", drawing=data_url(drawn()))
    assert "data:image/png;base64," in str(form.client.form.drawing())
    form = posted(way="drawn", drawing='"><script>alert(1)</script>')
    assert (
        str(form.client.form.drawing())
        == '<input type="hidden" id="client-drawing-drawing" name="client-drawing" value="">'
    )
