"""How a paper is signed."""

from __future__ import annotations

import enum


class SignatureWay(enum.StrEnum):
    """How somebody signed."""

    DRAWN = "drawn"  # on the screen, with pen, finger or mouse
    CONFIRMED = "confirmed"  # said yes in the presence of the person who typed the name
    PAPER = "paper"  # on the printed paper, which is scanned afterwards
