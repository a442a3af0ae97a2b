"""Minutes, times of day, and whole numbers."""

from __future__ import annotations

import math
import re
from datetime import datetime, time, timedelta
from functools import lru_cache

from caseapp.imports.rules.cells import Cell
from caseapp.imports.rules.values.reading import Mark, Reading, unread

MOST_MINUTES = 24 * 60
_LONGEST = 40
_MOST_HOURS = 12
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_ABOUT = re.compile(r"^(?:ca\.?|circa|etwa|rund|ungef(?:ähr|\.)?|~|>|<|über|knapp)\s*", re.IGNORECASE)
_HOUR_WORD = r"(?:h|std|stdn|stunde|stunden|hours?)"
_COLON = re.compile(rf"(\d{{1,2}}):([0-5]\d)(?::00)?\s*(?:{_HOUR_WORD}\.?)?", re.IGNORECASE)
_HOURS = re.compile(
    rf"({_NUMBER})?\s*(½|¼|¾|1/2|1/4|3/4)?\s*{_HOUR_WORD}\.?\s*(?:und\s*)?(?:(\d{{1,2}})\s*(?:m|min|minuten)?\.?)?",
    re.IGNORECASE,
)
_MINUTES = re.compile(rf"({_NUMBER})\s*(?:m|min|minuten?|mins|['′])\.?", re.IGNORECASE)
_BARE = re.compile(_NUMBER)
_PARTS = {"½": 30, "1/2": 30, "¼": 15, "1/4": 15, "¾": 45, "3/4": 45, None: 0}
_WORDED = {
    "viertelstunde": 15,
    "eine viertelstunde": 15,
    "halbe stunde": 30,
    "halbe std": 30,
    "eine halbe stunde": 30,
    "dreiviertelstunde": 45,
    "eine dreiviertelstunde": 45,
    "eine stunde": 60,
    "anderthalb stunden": 90,
    "eineinhalb stunden": 90,
    "zwei stunden": 120,
}
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?(?::[0-5]\d)?\s*(?:uhr|h)?", re.IGNORECASE)

_BEHIND_A_DAY = re.compile(r"\d[ ,T]+([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s*Uhr)?$", re.IGNORECASE)


def read_minutes(cell: Cell, *, hours: bool = False) -> Reading[int]:
    """Minutes from 0 to a day. `hours` says that bare numbers of this column are hours.

    A broken number such as 1,5 is taken as hours in any column: nobody writes half minutes.
    """
    if isinstance(cell, bool):
        return unread(Mark.DURATION)
    if isinstance(cell, int | float):
        return _from_number(cell, hours=hours)
    if isinstance(cell, timedelta):
        return _bounded(cell.total_seconds() / 60)
    if isinstance(cell, datetime | time):
        return _bounded(cell.hour * 60 + cell.minute)
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return unread(Mark.DURATION)
    return _from_text(cell.strip(), hours=hours)


@lru_cache(maxsize=4096)
def _from_text(text: str, *, hours: bool) -> Reading[int]:
    bare = _ABOUT.sub("", text)
    if bare != text:
        reading = _from_text(bare, hours=hours)
        return Reading(reading.value, reading.marks)
    worded = _WORDED.get(text.rstrip(".").lower())
    if worded:
        return Reading(worded, (), whole=True)
    found = _COLON.fullmatch(text)
    if found:
        return _bounded(int(found[1]) * 60 + int(found[2]))
    found = _HOURS.fullmatch(text)
    if found and (found[1] or found[2]):
        return _bounded(_number(found[1] or "0") * 60 + _PARTS[found[2]] + int(found[3] or 0))
    found = _MINUTES.fullmatch(text)
    if found:
        return _bounded(_number(found[1]))
    return _from_number(_number(text), hours=hours) if _BARE.fullmatch(text) else unread(Mark.DURATION)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _from_number(number: float, *, hours: bool) -> Reading[int]:
    if not math.isfinite(number):
        return unread(Mark.DURATION)
    broken = abs(number) < _MOST_HOURS and number != int(number)
    return _bounded(number * 60 if hours or broken else number)


def _bounded(minutes: float) -> Reading[int]:
    """Rounded to whole minutes; nothing below zero or above a day."""
    if not 0 <= minutes <= MOST_MINUTES:
        return unread(Mark.DURATION)
    return Reading(round(minutes), (), whole=abs(minutes - round(minutes)) < 0.01)


def read_clock(cell: Cell) -> Reading[time]:
    """A time of day: 14:30, "14.30 Uhr", "14 Uhr", or the fraction of a day that spreadsheets store."""
    if isinstance(cell, datetime):
        return Reading(cell.time().replace(second=0, microsecond=0), (), whole=False)
    if isinstance(cell, time):
        return Reading(cell.replace(second=0, microsecond=0), (), whole=True)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = min(round(cell * MOST_MINUTES), MOST_MINUTES - 1)
        return Reading(time(minutes // 60, minutes % 60), (), whole=True)
    found = _CLOCK.fullmatch(cell.strip()) if isinstance(cell, str) and len(cell) <= _LONGEST else None
    if not found:
        return unread(Mark.OTHER)
    return Reading(time(int(found[1]), int(found[2] or 0)), (), whole=True)


def clock_behind(cell: Cell) -> time | None:
    """The time of day that stands behind a date in the same cell, if there is one."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    found = _BEHIND_A_DAY.search(cell) if isinstance(cell, str) and len(cell) <= _LONGEST else None
    return time(int(found[1]), int(found[2])) if found else None
