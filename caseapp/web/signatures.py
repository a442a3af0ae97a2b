"""Signatures: drawn with pen, finger or mouse, confirmed in presence by typing the name, or made on paper.

A drawn one is kept as a picture only: no pressure, no speed, no order of strokes. What arrives is never kept as it
came: it is drawn anew from its pixels, so that nothing travels along with it.
"""

from __future__ import annotations

import base64
import binascii
import io
import warnings
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from PIL import Image, ImageOps
from wtforms import Form, RadioField, StringField
from wtforms.fields import Field
from wtforms.validators import Length, Optional, StopValidation

from caseapp.documents.signing import SignatureWay
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.web.kern import KernMeta

LARGEST = 100 * 1024  # of the picture; the pad of the page makes about 10 KB
_START = "data:image/png;base64,"
_LONGEST_TEXT = len(_START) + (LARGEST + 2) // 3 * 4
_MOST_PIXELS = (2400, 1200)
_LARGEST_KEPT = (900, 450)
_DARK = 160  # of 255: lighter pixels are paper
_LEAST_INK = 60  # pixels: a slip of the finger leaves fewer, a cross as a mark many more
_LEAST_EXTENT = 12  # pixels that the longer side of the drawing must have
_MOST_INK = 0.6  # of the pad: more is a picture, no signature
_MARGIN = 12


class UnusableDrawingError(ValueError):
    """What was posted is no signature; the message says what to do."""


def read_drawing(text: str) -> bytes | None:
    """The signature in a data URL as a small PNG in shades of grey without any metadata; None for an empty text.

    Raises UnusableDrawingError for everything that is no PNG of bounded size with a drawing on it.
    """
    if not text.strip():
        return None
    if len(text) > _LONGEST_TEXT or not text.startswith(_START):
        raise UnusableDrawingError(
            _("Diese Unterschrift lässt sich nicht lesen. Unterschreiben Sie bitte noch einmal.")
        )
    try:
        content = base64.b64decode(text[len(_START) :], validate=True)
    except (binascii.Error, ValueError):
        content = b""
    paper = _opened(content)
    if paper is None:
        raise UnusableDrawingError(
            _("Diese Unterschrift lässt sich nicht lesen. Unterschreiben Sie bitte noch einmal.")
        )
    return _written(_signed_part(paper))


def data_url(png: bytes) -> str:
    """The picture as it stands in a page or a paper."""
    return _START + base64.b64encode(png).decode("ascii")


def _opened(content: bytes) -> Image.Image | None:
    """The pixels on white paper, None for what is no picture of a bearable size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # Checked as a whole first: whether a broken end is let pass hangs on a global switch of the library.
            with Image.open(io.BytesIO(content), formats=("PNG",)) as whole:
                whole.verify()
            with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
                if (
                    image.width > _MOST_PIXELS[0]
                    or image.height > _MOST_PIXELS[1]
                    or getattr(image, "is_animated", False)
                ):
                    return None
                visible = image.convert("RGBA")
    except Exception:  # a broken picture breaks the decoder in many ways; each means "no signature"
        return None
    paper = Image.new("RGB", visible.size, "white")
    paper.paste(visible, mask=visible)
    return paper.convert("L")


def _signed_part(paper: Image.Image) -> Image.Image:
    """The drawing with a little paper around it. Raises UnusableDrawingError for an empty or a filled pad."""
    ink = paper.point(lambda shade: 255 if shade < _DARK else 0)
    amount, extent = ink.histogram()[255], ink.getbbox()
    if extent is None or amount < _LEAST_INK or max(extent[2] - extent[0], extent[3] - extent[1]) < _LEAST_EXTENT:
        raise UnusableDrawingError(_("Das Feld für die Unterschrift ist leer. Unterschreiben Sie darin."))
    if amount > _MOST_INK * paper.width * paper.height:
        raise UnusableDrawingError(
            _("Diese Unterschrift lässt sich nicht lesen. Unterschreiben Sie bitte noch einmal.")
        )
    return ImageOps.expand(paper.crop(extent), border=_MARGIN, fill=255)


def _written(paper: Image.Image) -> bytes:
    paper.thumbnail(_LARGEST_KEPT)
    written = io.BytesIO()
    paper.save(written, "PNG", optimize=True)
    return written.getvalue()


class _Kept:
    """The drawing travels in a hidden input beside the pad; the macro `signature.pad` shows both."""

    validation_attrs: tuple[str, ...] = ()

    def __call__(self, field: SignatureField, **_attributes: object) -> Markup:
        made = '<input type="hidden" id="{}-drawing" name="{}" value="{}">'
        return Markup(made).format(field.id, field.name, field.shown)  # noqa: S704 - the values are escaped


class SignatureField(Field):
    """A drawn signature; `data` is a PNG of at most 900 x 450 pixels in shades of grey, or None without one.

    Show it with `signature.pad`. `shown` is the drawing as it goes back to the page after an error elsewhere, "" for
    what cannot be read.
    """

    widget = _Kept()
    data: bytes | None

    @property
    def shown(self) -> str:
        return data_url(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and isinstance(valuelist[0], str):
            self.data = read_drawing(valuelist[0])


@dataclass(frozen=True, slots=True)
class Signed:
    """How one person signed. `name` as typed where it was confirmed, `picture` a PNG where it was drawn."""

    way: SignatureWay
    name: str = ""
    picture: bytes = b""


class SigningForm(Form):
    """How one person signs, as part of a page form: `client = FormField(SigningForm, _l("Klientin oder Klient"))`.

    Show it with `signature.signing(form.client)`. Nothing chosen and nothing drawn: `signed` is None.
    """

    class Meta(KernMeta):
        pass

    way = RadioField(_l("Wie wird unterschrieben?"), [Optional()])
    drawing = SignatureField(_l("Unterschrift"))
    name = StringField(
        _l("Name der Person"),
        [Length(max=200, message=_l("Kürzen Sie den Namen auf höchstens 200 Zeichen."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = {
            SignatureWay.DRAWN.value: _("Hier auf dem Bildschirm"),
            SignatureWay.CONFIRMED.value: _("Bestätigt in Anwesenheit"),
            SignatureWay.PAPER.value: _("Auf dem ausgedruckten Papier"),
        }

    @property
    def signed(self) -> Signed | None:
        """What the valid form says. A drawing counts as drawn, even where nothing was chosen."""
        way = self.way.data or (SignatureWay.DRAWN.value if self.drawing.data else "")
        if not way:
            return None
        drawn, confirmed = way == SignatureWay.DRAWN, way == SignatureWay.CONFIRMED
        return Signed(
            SignatureWay(way),
            name=(self.name.data or "") if confirmed else "",
            picture=(self.drawing.data or b"") if drawn else b"",
        )

    def validate_name(self, field: StringField) -> None:
        """Confirming means that the name is typed."""
        if self.way.data == SignatureWay.CONFIRMED and not (field.data or "").strip():
            raise StopValidation(_("Schreiben Sie den Namen der Person, die zustimmt."))

    def validate_drawing(self, field: SignatureField) -> None:
        """Who chose to draw has drawn."""
        if self.way.data == SignatureWay.DRAWN and not field.data and not field.process_errors:
            raise StopValidation(_("Das Feld für die Unterschrift ist leer. Unterschreiben Sie darin."))
