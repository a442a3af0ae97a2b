"""Drawing days: working days, months ahead, never beyond today."""

from __future__ import annotations

import datetime as dt
from random import Random

DAY = dt.timedelta(days=1)
# Of Baden-Württemberg, those with a fixed date, and the days between the years on which offices are closed.
_HOLIDAYS = frozenset({(1, 1), (1, 6), (5, 1), (10, 3), (11, 1), *((12, day) for day in range(24, 32))})


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later (or earlier), at most the 28th."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(years, month + 1, min(day.day, 28))


def between(rng: Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from `first` to `last`, both inclusive; `first` when there is no room."""
    return first + dt.timedelta(days=rng.randint(0, max(0, (last - first).days)))


def working(day: dt.date) -> dt.date:
    """The day itself, or the last working day before a weekend or a holiday."""
    while day.weekday() > 4 or (day.month, day.day) in _HOLIDAYS:
        day -= DAY
    return day
