"""Static files under an address that holds their digest, so that browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from flask.typing import ResponseReturnValue

from caseapp.settings import PROJECT_ROOT

STATIC = PROJECT_ROOT / "static"
_YEAR = 31_536_000
_TEXTS = frozenset({".css", ".js", ".svg"})
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@lru_cache(maxsize=256)
def static_url(name: str) -> str:
    """The address of a file below `static/`, for templates."""
    return f"/static/{_digest(name)}/{name}"


@lru_cache(maxsize=256)
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def usual_fonts() -> tuple[str, ...]:
    """The addresses of the letters on every page, as the stylesheet names them: known early, they shift no text."""
    sheet = "vendor/fonts/fonts.css"
    folder = static_url(sheet).rpartition("/")[0]
    named = re.findall(r"url\((fira-sans-latin-\d+\.woff2[^)]*)\)", (STATIC / sheet).read_text(encoding="utf-8"))
    return tuple(f"{folder}/{name}" for name in named)


def install(app: Flask) -> None:
    """Serve `static/`; a stylesheet's relative references keep working below the digest."""

    def static(digest: str, name: str) -> ResponseReturnValue:  # noqa: ARG001  (part of the address only)
        return _send(name)

    app.add_url_rule("/static/<digest>/<path:name>", "static", static)
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["usual_fonts"] = usual_fonts


@lru_cache(maxsize=64)
def _gzipped(name: str) -> bytes:
    """Our own small texts are squeezed once per process; vendored ones lie beside their compressed copies."""
    return gzip.compress((STATIC / name).read_bytes())


def _send(name: str) -> Response:
    accepted = request.headers.get("Accept-Encoding", "")
    for encoding, ending in _ENCODINGS:
        if encoding in accepted and Path(STATIC / (name + ending)).is_file():
            response = send_from_directory(STATIC, name + ending, max_age=_YEAR, mimetype=_mimetype(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(STATIC, name, max_age=_YEAR)
        if "gzip" in accepted and Path(name).suffix in _TEXTS:
            response.direct_passthrough = False
            response.set_data(_gzipped(name))
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.cache_control.immutable = True
    return response


def _mimetype(name: str) -> str:
    return {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}.get(
        Path(name).suffix, "application/octet-stream"
    )
