"""Answers that are documents."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file


def pdf_answer(pdf: bytes, name: str, *, opened: bool = False) -> Response:
    """A PDF made by this application, as download; `opened` shows it in the browser instead."""
    answer = send_file(BytesIO(pdf), mimetype="application/pdf", as_attachment=not opened, download_name=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
