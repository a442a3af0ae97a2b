"""What the dated histories say about a goal: found a flat, kept a job, learned the language, needs no benefits.

Every answer has three values: yes, no, unknown. A row of a history proves something only up to its last confirmation
("Stand unverändert"): what nobody has looked at since is unknown, not true. Rows may overlap, have no beginning or no
end, and come in any order. The definitions are those of the indicators I5, I7, I8 and I9 of the outcome reports. Pure.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HALF_YEAR, YEAR = 183, 365  # days after the start of work on which I7 looks
# I7: a confirmation from day +150 on counts for day +183. The same 33 days before a day are taken for +365 (proposal).
CONFIRMED_BEFORE = 33
FRESH = dt.timedelta(days=183)  # an answer about today needs a confirmation that is not older
FREE_MONTHS = 3  # I9: without benefits for three months running
CERTIFICATE = "ZER"  # code of language_evidence
# Legal titles under which a flat is not an own tenancy: the town lets or assigns it (list housing_titles).
NOT_OWN = frozenset({"ZUW", "EIW", "UMV"})


class Known(enum.StrEnum):
    """An answer of three values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A row of a history. `counts`: whether it is what the goal is about (work that counts, a benefit to get rid of, an
    own tenancy). Days are inclusive; None is open. `confirmed_on`: when it was last known to be so."""

    from_on: dt.date | None
    until_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    counts: bool = True
    name: str = ""  # employer

    def covers(self, day: dt.date) -> bool:
        """Whether the row holds on this day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class StillAt:
    """Whether work went on `on` that day: with any employer, and with the one of the start."""

    on: dt.date
    working: Known
    same: Known
    due: bool  # whether the day has come


@dataclass(frozen=True, slots=True)
class Employment:
    """When work that counts began, and whether it lasted. `changes`: how many further jobs began after the first."""

    started_on: dt.date | None
    half_year: StillAt | None
    year: StillAt | None
    changes: int


@dataclass(frozen=True, slots=True)
class Housing:
    """The first own tenancy since the goal began; `months`: whole months from the goal to it, None without one."""

    contract_on: dt.date | None
    months: int | None
    own_today: Known


@dataclass(frozen=True, slots=True)
class Level:
    """A German level: `rank` 0 (none) to 6 (C2)."""

    rank: int
    from_on: dt.date | None
    certified: bool


@dataclass(frozen=True, slots=True)
class Language:
    """Ranks, None where not known. `gain`: levels gained from certificate to certificate, None without both."""

    start: int | None
    start_certified: bool
    now: int | None
    now_certified: int | None
    gain: int | None


@dataclass(frozen=True, slots=True)
class Benefits:
    """When the last of SGB II, SGB XII and AsylbLG began and ended. `free_since`: the first day without any."""

    from_on: dt.date | None
    until_on: dt.date | None
    free: Known
    free_since: dt.date | None
    three_months: Known


def employment(spans: Iterable[Span], *, since: dt.date, today: dt.date) -> Employment:
    """The first work that counts and begins on `since` or later, else the one that was running then (I6, I7)."""
    rows = list(spans)
    work = _by_beginning(row for row in rows if row.counts)
    first = next((row for row in work if row.from_on and row.from_on >= since), None)
    first = first or next((row for row in work if row.from_on and row.covers(since)), None)
    if first is None or first.from_on is None:
        return Employment(None, None, None, 0)
    started = first.from_on
    later = [row for row in work if row is not first and row.from_on and started <= row.from_on <= today]
    return Employment(
        started,
        _still(rows, first, started + dt.timedelta(days=HALF_YEAR), today),
        _still(rows, first, started + dt.timedelta(days=YEAR), today),
        sum(row.name != first.name or not row.name for row in later),
    )


def housing(spans: Iterable[Span], *, since: dt.date, today: dt.date) -> Housing:
    """The first own tenancy that begins after the goal did (I5: a flat that the town sublets does not count)."""
    rows = list(spans)
    begun = [row for row in _by_beginning(row for row in rows if row.counts) if row.from_on and row.from_on >= since]
    contract_on = begun[0].from_on if begun and begun[0].from_on and begun[0].from_on <= today else None
    return Housing(contract_on, whole_months(since, contract_on) if contract_on else None, _now(rows, today))


def language(levels: Iterable[Level], *, since: dt.date, today: dt.date) -> Language:
    """The level that held when the goal began (else the first one known since), and the highest one since (I8)."""
    known = sorted(
        (level for level in levels if level.from_on is None or level.from_on <= today),
        key=lambda level: level.from_on or dt.date.min,
    )
    before = [level for level in known if level.from_on is None or level.from_on <= since]
    start = before[-1] if before else next(iter(known), None)
    certified = [level.rank for level in known if level.certified]
    certified_before = max((level.rank for level in before if level.certified), default=None)
    top = max(certified, default=None)
    return Language(
        start=start.rank if start else None,
        start_certified=start.certified if start else False,
        now=known[-1].rank if known else None,
        now_certified=top,
        gain=None if top is None or certified_before is None else max(0, top - certified_before),
    )


def benefits(spans: Iterable[Span], *, today: dt.date) -> Benefits:
    """Whether one of the three benefits is drawn today; other benefits are rows that do not count (I9)."""
    rows = list(spans)
    drawn = [row for row in _by_beginning(row for row in rows if row.counts) if not _begins_after(row, today)]
    last = max(drawn, key=lambda row: row.until_on or dt.date.max, default=None)
    begins = _last_stretch(drawn)
    match _now(rows, today):
        case Known.NO if last and last.until_on:
            since = last.until_on + dt.timedelta(days=1)
            lasted = whole_months(since, today + dt.timedelta(days=1)) >= FREE_MONTHS
            return Benefits(begins, last.until_on, Known.YES, since, Known.YES if lasted else Known.NO)
        case Known.YES:
            return Benefits(begins, None, Known.NO, None, Known.NO)
        case _:
            return Benefits(begins, last.until_on if last else None, Known.UNKNOWN, None, Known.UNKNOWN)


def whole_months(begin: dt.date, end: dt.date) -> int:
    """Completed months from one day to a later one: 31.01. to 28.02. is none, 15.01. to 15.02. is one."""
    return (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)


def _still(rows: Sequence[Span], first: Span, day: dt.date, today: dt.date) -> StillAt:
    """Whether work went on that day. Unknown before the day, and where nobody asked from 33 days before it on."""
    if day > today:
        return StillAt(day, Known.UNKNOWN, Known.UNKNOWN, due=False)
    asked_from = day - dt.timedelta(days=CONFIRMED_BEFORE)
    covering = [row for row in rows if row.counts and row.covers(day)]
    if any(_confirmed(row, asked_from) for row in covering):
        own = [row for row in covering if row is first or (row.name and row.name == first.name)]
        same = Known.YES if any(_confirmed(row, asked_from) for row in own) else Known.UNKNOWN if own else Known.NO
        return StillAt(day, Known.YES, same, due=True)
    if not covering and any(_confirmed(row, asked_from) for row in rows):
        return StillAt(day, Known.NO, Known.NO, due=True)
    return StillAt(day, Known.UNKNOWN, Known.UNKNOWN, due=True)


def _now(rows: Sequence[Span], today: dt.date) -> Known:
    """Whether a row that counts holds today, as far as somebody has looked lately."""
    covering = [row for row in rows if row.counts and row.covers(today)]
    if any(_confirmed(row, today - FRESH) for row in covering):
        return Known.YES
    if not covering and any(_confirmed(row, today - FRESH) for row in rows):
        return Known.NO
    return Known.UNKNOWN


def _last_stretch(drawn: Sequence[Span]) -> dt.date | None:
    """The day on which the last stretch without a gap began; overlapping and adjoining rows are one stretch."""
    begin: dt.date | None = None
    end = dt.date.min
    for row in drawn:
        if row.from_on is None or begin is None or row.from_on > end + dt.timedelta(days=1):
            begin = row.from_on
        end = max(end, row.until_on or dt.date.max - dt.timedelta(days=1))
    return begin


def _confirmed(row: Span, day: dt.date) -> bool:
    return row.confirmed_on is not None and row.confirmed_on >= day


def _begins_after(row: Span, day: dt.date) -> bool:
    return row.from_on is not None and row.from_on > day


def _by_beginning(rows: Iterable[Span]) -> list[Span]:
    return sorted(rows, key=lambda row: (row.from_on or dt.date.min, row.until_on or dt.date.max))
