"""The residence titles of a household by its path: from the procedure to protection, toleration or settlement."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from msgspec import Struct, field

from caseapp.demo.rules.days import DAY, months_after

# Code, months of validity, and the decision behind it.
_GRANTED: dict[str, tuple[tuple[str, int, str], ...]] = {
    "recognised": (("P25_2F", 36, "P3"), ("P25_2F", 36, "P3"), ("P25_2S", 36, "P4"), ("P25_2S", 12, "P4")),
    "protected": (("P25_3", 12, "ABV"), ("P25_2F", 36, "P3"), ("P25_3", 36, "ABV"), ("P22", 36, "KEI")),
    "mixed": (("P25_3", 24, "ABV"), ("P25_2F", 36, "P3"), ("P25_2S", 36, "P4"), ("D60A", 12, "ABL")),
    "tolerated": (("D60A", 6, "ABL"), ("D60A", 12, "ABL"), ("D60D", 30, "ABL"), ("P25B", 24, "ABL")),
    "settled": (("P25_2F", 36, "P3"), ("N26_3", 0, "P3")),
}
_LATE, _LAPSES = 0.08, 0.03


class Title(Struct, frozen=True, kw_only=True):
    """One title with the end that stands on the card; None: without end."""

    code: str
    from_on: dt.date
    ends_on: dt.date | None
    extra: dict[str, Any] = field(default_factory=dict)


def draw_titles(
    rng: Random, path: str, entered: dt.date, opened: dt.date, end: dt.date, *, closed: bool
) -> list[Title]:
    """The titles from the arrival on, up to the one held on the day `end`; a few have just run out."""
    if path == "displaced":
        return _displaced(entered, opened)
    code, months, decision = rng.choice(_GRANTED[path])
    decided = min(entered + dt.timedelta(days=rng.randint(120, 600)), end - 20 * DAY)
    if decided <= entered or rng.random() < 0.08:
        return [_procedure(entered, end)]
    extra = {"bamf_decision": decision, "work_permission": "ERL" if code.startswith("D60") else "FRE"}
    titles = [_procedure(entered, decided), *_renewed(rng, code, months, decided, end, extra)]
    last = titles[-1].ends_on
    if last and last < end and not closed:
        # Mostly in time, now and then too late, and for a few nobody has asked for an extension yet.
        applied = last + rng.choices((-10, -25, rng.randint(6, 60), 400), (50, 30, 12, 8))[0] * DAY
        if applied < end:
            # A wish to be extended keeps the title alive: § 81(4) AufenthG.
            titles.append(Title(code="F81_4", from_on=applied, ends_on=months_after(end, 3), extra=extra))
    return titles


def _procedure(entered: dt.date, until: dt.date) -> Title:
    permitted = {"bamf_decision": "OFF", "work_permission": "ERL"}
    return Title(code="AGE", from_on=entered, ends_on=_extended(entered, until), extra=permitted)


def _extended(since: dt.date, end: dt.date) -> dt.date:
    """The end of a paper that is extended for six months again and again, until it reaches `end`."""
    months = 6
    while months_after(since, months) < end:
        months += 6
    return months_after(since, months)


def _displaced(entered: dt.date, opened: dt.date) -> list[Title]:
    issued = min(opened, entered + 40 * DAY)
    ends = _fourth_of_march(issued + 60 * DAY)
    return [Title(code="P24", from_on=issued, ends_on=ends, extra={"bamf_decision": "KEI", "work_permission": "FRE"})]


def _fourth_of_march(after: dt.date) -> dt.date:
    """§ 24 titles are issued until the end of the Council's period, a 4 March, then run on by ordinance."""
    return dt.date(after.year + ((after.month, after.day) >= (3, 4)), 3, 4)


def _renewed(rng: Random, code: str, months: int, first: dt.date, end: dt.date, extra: dict[str, Any]) -> list[Title]:
    """The same title again and again until it reaches `end`; at most the last four are in the file.

    Some are extended late, and a few have run out long before `end`.
    """
    if not months:
        return [Title(code=code, from_on=first, ends_on=None, extra=extra)]
    titles, on = [], first
    grace = rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 12, 25))
    while True:
        ends = months_after(on, months)
        titles.append(Title(code=code, from_on=on, ends_on=ends, extra=extra))
        if ends >= end - grace * DAY or rng.random() < _LAPSES:
            return titles[-4:]
        on = ends + (rng.randint(6, 70) * DAY if rng.random() < _LATE else DAY)
