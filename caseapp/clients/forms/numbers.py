"""Numbers in hidden fields."""

from __future__ import annotations


def whole_number(text: str | None) -> int:
    """The number in a hidden field; 0, which no revision has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
