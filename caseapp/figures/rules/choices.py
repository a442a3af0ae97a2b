"""The four periods that own figures can be shown for. Pure."""

from __future__ import annotations

import datetime as dt
import enum

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


def counted_until(period: Period, today: dt.date) -> dt.date:
    """The last day that can be counted: the end of the period, or today while it runs."""
    return min(period.last, today)
