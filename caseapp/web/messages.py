"""Tells people what their last action did, on the page they land on."""

from __future__ import annotations

from typing import Any, Literal, cast

from flask import flash


def tell(text: str, kind: Literal["info", "success", "warning", "danger"] = "success", *, undo: str = "") -> None:
    """Show `text` on the next page; with `undo`, an address that takes a POST, beside a button that takes it back.

    The text travels in the session cookie: no names, no details of a case.
    """
    message: Any = {"text": text, "undo": undo} if undo else text
    flash(cast(str, message), kind)
