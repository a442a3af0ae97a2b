"""From a template to a tagged PDF. Nothing is fetched but the shipped fonts, whatever a text holds."""

from __future__ import annotations

import atexit
import base64
import binascii
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from caseapp import clock
from caseapp.documents.tagging import complete_tags
from caseapp.documents.words import GERMAN, Phrases, Words, direction_of, dotted, isolated
from caseapp.i18n import gettext, ngettext
from caseapp.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import datetime as dt

    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

_TEMPLATES = PROJECT_ROOT / "templates" / "documents"
_FONTS = PROJECT_ROOT / "static" / "vendor" / "documents"
_STYLE = _TEMPLATES / "paper.css"
# For people, with a screen reader too (ISO 14289). An archive copy would be pdf/a.
_VARIANT = "pdf/ua-1"
# The picture of a signature, as an address: `data:image/png;base64,…`. Bounded, because a picture unpacks.
_PICTURE = "data:image/png;base64,"
_LONGEST_PICTURE = 300_000
_LONGEST_SIDE = 4_000
_PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


class _Press(threading.local):
    """Fonts and style sheet, loaded once: a second document takes a fifth of the first one's time.

    One a thread: sharing a font configuration between threads corrupts memory.
    """

    def __init__(self) -> None:
        # Not with the module: web processes import it through the factory, and this takes half a second and 40 MB.
        from weasyprint import CSS  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        complete_tags()
        self.fetcher = _only_shipped()
        self.fonts: FontConfiguration = FontConfiguration()
        self.style: CSS = CSS(
            string=_STYLE.read_text(encoding="utf-8"),
            base_url=f"{_FONTS.as_uri()}/",
            font_config=self.fonts,
            url_fetcher=self.fetcher,
        )


def render(template: str, **context: object) -> bytes:
    """The template of `templates/documents` as PDF/UA-1, with page numbers. A missing value raises UndefinedError.

    With `book` (`Phrases`) and `language` the template has `words` and the macros of `bilingual.html`: German, and
    beside it the language.
    The first document of a process takes about a second, later ones about 0.1 (`bench/documents.py`).
    """
    from weasyprint import HTML  # noqa: PLC0415

    press = _press()
    book = context.pop("book", None)
    if book is not None:
        context["words"] = Words(cast("Phrases", book), str(context.pop("language", GERMAN)))
    text = _environment.get_template(f"{template}.html").render(**context)
    document = HTML(string=text, base_url=None, url_fetcher=press.fetcher)
    written = document.write_pdf(
        stylesheets=[press.style], font_config=press.fonts, pdf_variant=_VARIANT, presentational_hints=False
    )
    return bytes(written)


@cache
def _press() -> _Press:
    return _Press()


# While the interpreter ends, WeasyPrint could no longer give the fonts back and would complain.
atexit.register(_press.cache_clear)


def is_font(address: str) -> bool:
    """Whether the address is a file of the shipped fonts."""
    parts = urlsplit(address)
    if parts.scheme != "file" or parts.netloc:
        return False
    path = Path(unquote(parts.path)).resolve()
    return path.parent == _FONTS.resolve() and path.suffix == ".ttf"


def is_picture(address: str) -> bool:
    """Whether the address holds a PNG of a bearable size, and nothing else."""
    if not address.startswith(_PICTURE) or len(address) > _LONGEST_PICTURE:
        return False
    try:
        png = base64.b64decode(address.removeprefix(_PICTURE), validate=True)
    except binascii.Error:
        return False
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    return png.startswith(_PNG_HEAD) and all(0 < side <= _LONGEST_SIDE for side in sides)


def picture(png: bytes) -> str:
    """The address under which a document shows this PNG."""
    return _PICTURE + base64.b64encode(png).decode("ascii")


def _only_shipped() -> URLFetcher:
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OnlyShipped(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if not (is_font(url) or is_picture(url)):
                raise ValueError("documents fetch nothing")
            return super().fetch(url, headers)

    return OnlyShipped(allowed_protocols={"file", "data"}, allow_redirects=False)


def _day(day: dt.date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else "–"


def _moment(moment: dt.datetime | None) -> str:
    return clock.local(moment).strftime("%d.%m.%Y, %H:%M Uhr") if moment else "–"


def _made_environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=gettext, ngettext=ngettext)
    filters: dict[str, Any] = {
        "day": _day,
        "moment": _moment,
        "picture": picture,
        "isolated": isolated,
        "direction": direction_of,
        "filled_dots": dotted,
    }
    made.filters.update(filters)
    return made


_environment = _made_environment()
