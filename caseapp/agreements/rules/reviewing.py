"""When the next talk is."""

from __future__ import annotations

import calendar
import datetime as dt

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

USUAL_MONTHS = 3
LATEST_MONTHS = 6


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_review(today: dt.date) -> dt.date:
    """The proposed day of the next talk: in three months, on a working day."""
    day = months_later(today, USUAL_MONTHS)
    return day + dt.timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def check_review_day(on: dt.date | None, today: dt.date) -> dt.date:
    """The day of the next talk: after today, within six months. Raises RuleError on `review_on`."""
    if on is None:
        raise RuleError(_("Geben Sie an, wann Sie das nächste Mal über die Vereinbarung sprechen."), field="review_on")
    if on <= today:
        raise RuleError(_("Das nächste Gespräch muss nach heute liegen."), field="review_on")
    latest = months_later(today, LATEST_MONTHS)
    if on > latest:
        raise RuleError(
            _(
                "Das nächste Gespräch muss in den nächsten 6 Monaten liegen, spätestens am %(day)s.",
                day=f"{latest:%d.%m.%Y}",
            ),
            field="review_on",
        )
    return on
