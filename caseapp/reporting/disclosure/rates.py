"""Percentages and three-valued rates, from published numbers only.

A percentage from exact numbers would undo the rounding of its parts. From small numbers it would mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST_DENOMINATOR = 50
MOST_UNKNOWN = 0.20


@dataclass(frozen=True)
class Rate:
    """Whole per cent. `lowest`: all of unknown outcome counted as no; `highest`: as yes."""

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
    yes: int, no: int, unknown: int, *, smallest: int = SMALLEST_DENOMINATOR, most_unknown: float = MOST_UNKNOWN
) -> Rate | None:
    """The share of yes among those with a known outcome, from published numbers.

    None if fewer than `smallest` have a known outcome, or of more than `most_unknown` the outcome is unknown: such
    a rate would be a statement about who answered.
    """
    everybody = yes + no + unknown
    if everybody < smallest or unknown > most_unknown * everybody:
        return None
    known = percentage(yes, yes + no, smallest=smallest)
    lowest = percentage(yes, everybody, smallest=smallest)
    highest = percentage(yes + unknown, everybody, smallest=smallest)
    if known is None or lowest is None or highest is None:
        return None
    return Rate(known, lowest, highest)
