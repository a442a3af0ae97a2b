"""The four periods that own figures can be shown for. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from caseapp.tallies.periods import Period


class Choice(enum.StrEnum):
    """A period as people speak of it."""

    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


def choices(today: dt.date) -> dict[Choice, Period]:
    """The periods on offer: two quarters, two years."""
    quarter, year = Period.of(today), Period(today.year)
    return {
        Choice.THIS_QUARTER: quarter,
        Choice.LAST_QUARTER: quarter.before,
        Choice.THIS_YEAR: year,
        Choice.LAST_YEAR: year.before,
    }


def choose(text: str, today: dt.date) -> Period:
    """The period of an address, the running quarter for "". ValueError for one that is not on offer."""
    offered = choices(today)
    period = Period.parse(text) if text else offered[Choice.THIS_QUARTER]
    if period not in offered.values():
        raise ValueError(text)
    return period


@dataclass(frozen=True, slots=True)
class SoFar(Period):
    """A running period up to a day: its last day is that day, so that nothing is asked of days to come.

    An outcome is then told of the cohort whose time of waiting is over on that day.
    """

    until: dt.date = dt.date.max

    @property
    def last(self) -> dt.date:
        """The last day that can be counted."""
        return min(self.until, Period(self.year, self.quarter).last)


def so_far(period: Period, today: dt.date) -> Period:
    """The period itself, or its part up to today while it runs."""
    return period if period.last <= today else SoFar(period.year, period.quarter, today)


def counted_until(period: Period, today: dt.date) -> dt.date:
    """The last day that can be counted: the end of the period, or today while it runs."""
    return min(period.last, today)
