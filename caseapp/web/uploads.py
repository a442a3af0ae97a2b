"""Uploaded files stay in memory: Flask would write larger ones to a temporary file in the clear."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Request


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
