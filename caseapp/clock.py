"""Now and today. Days, periods and deadlines are those of Europe/Berlin."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> dt.datetime:
    """The present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present day in Berlin."""
    return dt.datetime.now(BERLIN).date()


def local(moment: dt.datetime) -> dt.datetime:
    """The moment on a clock in Berlin."""
    return moment.astimezone(BERLIN)
