"""Who has seen a file, as a client is told: day, purpose, function; never a name."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Line:
    """What people of one function did on one day for one purpose, and how often."""

    on: dt.date
    function: str
    purpose: str
    times: int


@dataclass(frozen=True, slots=True)
class Month:
    """The lines of one month, newest first. `first`: its first day."""

    first: dt.date
    lines: tuple[Line, ...]

    @property
    def times(self) -> int:
        """How many accesses there were."""
        return sum(line.times for line in self.lines)


def fold(accesses: Iterable[tuple[dt.date, str, str]]) -> list[Month]:
    """Day, function and purpose of every access, folded into months, newest first."""
    counted = Counter(accesses)
    lines = [Line(on, function, purpose, times) for (on, function, purpose), times in counted.items()]
    lines.sort(key=lambda line: (-line.on.toordinal(), line.function, line.purpose))
    return [Month(first, tuple(group)) for first, group in groupby(lines, key=lambda line: line.on.replace(day=1))]
