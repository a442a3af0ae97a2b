"""Quarters and years: the periods that figures are made for. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering

_WRITTEN = re.compile(r"(\d{4})(?:-Q([1-4]))?")


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A calendar quarter, or a calendar year where `quarter` is None. Periods of one kind have an order."""

    year: int
    quarter: int | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2026-Q3` or `2026`. ValueError for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None or not 2000 <= int(found[1]) <= 2999:
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]) if found[2] else None)

    @classmethod
    def of(cls, day: dt.date) -> Period:
        """The quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return str(self.year) if self.quarter is None else f"{self.year}-Q{self.quarter}"

    def __lt__(self, other: Period) -> bool:
        if (self.quarter is None) != (other.quarter is None):
            return NotImplemented
        return (self.year, self.quarter or 0) < (other.year, other.quarter or 0)

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, 1 if self.quarter is None else 3 * self.quarter - 2, 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.next.first - dt.timedelta(days=1)

    @property
    def next(self) -> Period:
        """The period after it."""
        return self.shifted(1)

    @property
    def before(self) -> Period:
        """The period before it."""
        return self.shifted(-1)

    def shifted(self, steps: int) -> Period:
        """So many quarters or years later, or earlier for a negative number."""
        if self.quarter is None:
            return Period(self.year + steps)
        number = 4 * self.year + self.quarter - 1 + steps
        return Period(number // 4, number % 4 + 1)

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters of a year; of a quarter, itself."""
        if self.quarter is not None:
            return (self,)
        return tuple(Period(self.year, number) for number in (1, 2, 3, 4))
