"""Two counts beside each other: last year and this one, the frozen and the present state. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caseapp.keyfigures.rules.fields import Book, Field
from caseapp.keyfigures.rules.totals import Totals


@dataclass(frozen=True, slots=True)
class Change:
    """A field now and before. `before` None: nobody knows the earlier number."""

    field: Field
    now: int
    before: int | None
    needs_reason: bool

    @property
    def difference(self) -> int:
        """Now less before; 0 where nothing is known."""
        return self.now - self.before if self.before is not None else 0

    @property
    def percent(self) -> float | None:
        """The change in per cent of before; None where there was nothing or nothing is known."""
        return 100 * self.difference / self.before if self.before else None


def against_last_year(book: Book, now: Totals, before: Mapping[str, int] | None) -> tuple[Change, ...]:
    """Every field against last year. A reason is asked from ±20 % on (the number itself is in `rules.csv`).

    From nothing to something is a change without a percentage: it needs a reason, too.
    """
    return tuple(_change(book, field, now, None if before is None else before.get(field.code)) for field in book.fields)


def _change(book: Book, field: Field, now: Totals, before: int | None) -> Change:
    number = now.number(field.code)
    if before is None:
        return Change(field, number, None, needs_reason=False)
    # Whole numbers: |now - before| * 100 >= percent * before, without rounding.
    needs = number != before and abs(number - before) * 100 >= book.deviation_percent * before
    return Change(field, number, before, needs_reason=needs)


def since(book: Book, frozen: Totals, present: Totals) -> tuple[Change, ...]:
    """The fields that differ between the frozen and the present state."""
    changes = (
        Change(field, present.number(field.code), frozen.number(field.code), needs_reason=False)
        for field in book.fields
    )
    return tuple(change for change in changes if change.difference)


def differing_cells(frozen: Totals, present: Totals) -> int:
    """How many numbers differ, breakdowns included."""
    before, now = frozen.as_dict(), present.as_dict()
    return sum(before.get(cell, 0) != now.get(cell, 0) for cell in before.keys() | now.keys())
