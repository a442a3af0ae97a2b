"""Percentages and three-valued rates, from published numbers only.

A percentage from exact numbers would undo the rounding of its parts. From small numbers it would mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SMALLEST_DENOMINATOR = 50
MOST_UNKNOWN = 0.20


class Number(Protocol):
    """A number as published, None where it is withheld; the exact count lies from `lowest` to `highest`."""

    @property
    def value(self) -> int | None: ...
    @property
    def lowest(self) -> int: ...
    @property
    def highest(self) -> int: ...


@dataclass(frozen=True)
class Rate:
    """Whole per cent. The exact share lies from `lowest` to `highest`, whatever was rounded and whatever became of
    those of unknown outcome. In a small group rounding opens the bounds further than the unknown ones do."""

    percent: int
    lowest: int
    highest: int


def percentage(part: int, whole: int, *, smallest: int = SMALLEST_DENOMINATOR) -> int | None:
    """`part` of `whole` (both as published) in whole per cent, halves upwards; None below the smallest denominator.

    At most 100: with the permitted deviations a part may be published larger than its whole only where they are not
    linked by a sum.
    """
    if whole < smallest:
        return None
    return min(100, (200 * part + whole) // (2 * whole))


def rate(
    yes: Number,
    no: Number,
    unknown: Number,
    *,
    smallest: int = SMALLEST_DENOMINATOR,
    most_unknown: float = MOST_UNKNOWN,
) -> Rate | None:
    """The share of yes among those with a known outcome, from published numbers.

    None if fewer than `smallest` have a known outcome, or of more than `most_unknown` the outcome is unknown: such
    a rate would be a statement about who answered. None also if one of the numbers is withheld.
    """
    if yes.value is None or no.value is None or unknown.value is None:
        return None
    if unknown.value > most_unknown * (yes.value + no.value + unknown.value):
        return None
    known = percentage(yes.value, yes.value + no.value, smallest=smallest)
    if known is None:
        return None
    # All of unknown outcome counted as no, or as yes; each number as far off as rounding permits.
    lowest = 100 * yes.lowest // (yes.lowest + no.highest + unknown.highest)
    most = yes.highest + unknown.highest
    return Rate(known, lowest, -(-100 * most // (most + no.lowest)))
