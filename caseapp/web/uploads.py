"""Uploaded files stay in memory (Flask would write larger ones to a temporary file in the clear), up to a limit."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Request, request

from caseapp.web import context

_PIECE = 1 << 16


class MemoryRequest(Request):
    """A request whose files never touch the disk; the application's limit of content bounds the memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # the signature is Werkzeug's
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def read_away() -> None:
    """Read the rest of a body that is too large and forget it: a browser shows no answer before it has sent all.

    At most ten times what is allowed, and for signed-in people only; the connection of others breaks off.
    """
    if context.find_actor() is None:
        return
    left = 10 * context.settings().upload_limit_bytes
    if request.content_length is not None:
        left = min(left, request.content_length)
    body = request.environ["wsgi.input"]
    while left > 0 and (piece := body.read(min(left, _PIECE))):
        left -= len(piece)
