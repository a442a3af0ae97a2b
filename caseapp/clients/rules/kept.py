"""What the caseload row keeps of the histories of a file: when the title ends, since when nothing was confirmed.

And until when counselling lasts at most: three years a person (VwV Integrationsmanagement 06.06.2023).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from caseapp.catalogue.rules import TitleRule, effective_end

COUNSELLING_MONTHS = 36


class DatedTitle(NamedTuple):
    """One residence title of a file that is neither cancelled nor followed by a later one."""

    code: str
    from_on: dt.date | None
    until_on: dt.date | None


def title_end(titles: Iterable[DatedTitle], rules: Sequence[TitleRule]) -> dt.date | None:
    """The day on which the newest title ends, with the years that the law adds; None: without end, or unknown.

    `titles` in the order of their entry: of two from the same day the later entry counts.
    """
    newest = max(reversed(list(titles)), key=lambda title: title.from_on or dt.date.min, default=None)
    if newest is None or newest.until_on is None:
        return None
    return effective_end(rules, newest.code, newest.until_on, valid_from=newest.from_on)


def oldest_confirmation(confirmed: Iterable[dt.date | None]) -> dt.date | None:
    """The oldest "Stand unverändert" among the open facts; None when one was never confirmed, or there is none."""
    days = list(confirmed)
    return None if None in days else min((day for day in days if day), default=None)


def counselling_ends(opened_on: dt.date, earlier_months: int) -> dt.date:
    """The last day of the three years, months of counselling elsewhere taken off."""
    months = opened_on.year * 12 + opened_on.month - 1 + COUNSELLING_MONTHS - earlier_months
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(opened_on.day, calendar.monthrange(year, month + 1)[1]))
