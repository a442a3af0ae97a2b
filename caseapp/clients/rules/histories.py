"""Dated facts of a file: which row holds on which day, and which entries are refused.

Four histories hold one value a day (title, stay, language, school): a row ends the day before the next one begins.
Two hold several side by side (work, benefits). The end that was typed is kept with each row, so the same rows always
give the same history, in whatever order they were entered, and a cancelled row gives its time back to its neighbour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from uuid import UUID

from msgspec import Struct

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

SINGLE_KINDS = frozenset({"title", "stay", "language", "school"})
# An expired title is still the last one the person holds: it must not vanish from the page on its last day.
LASTING_KINDS = frozenset({"title"})
_FARTHEST = dt.timedelta(days=366)
_ONE_DAY = dt.timedelta(days=1)


class Row(Struct, frozen=True, kw_only=True):
    """One entry of a history. `until_on` is the end as it was typed; `number` counts in the order of entry."""

    id: UUID
    kind: str
    code: str = ""
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    number: int = 0
    cancelled: bool = False


class Placed(Struct, frozen=True, kw_only=True):
    """Where a row stands in its history. `until_on` is its real end; `replaced`: another entry for the same day won."""

    id: UUID
    until_on: dt.date | None
    superseded: bool = False
    replaced: bool = False


class Gap(Struct, frozen=True):
    """Days between two rows of a single-valued history on which nothing is known, both inclusive."""

    from_on: dt.date
    until_on: dt.date


def arrange(rows: Iterable[Row]) -> list[Placed]:
    """Where each row that is not cancelled stands, by beginning. All rows are of one kind and one file.

    Of two rows that begin on the same day the one entered last holds.
    """
    standing = sorted((row for row in rows if not row.cancelled), key=_place)
    if not standing or standing[0].kind not in SINGLE_KINDS:
        return [Placed(id=row.id, until_on=row.until_on) for row in standing]
    winners = {row.from_on: row for row in standing}
    placed = [
        Placed(id=row.id, until_on=row.until_on, replaced=True) for row in standing if row not in winners.values()
    ]
    line = list(winners.values())
    for row, following in pairwise(line):
        last = _begin(following) - _ONE_DAY
        placed.append(Placed(id=row.id, until_on=min(row.until_on or last, last), superseded=True))
    return [*placed, Placed(id=line[-1].id, until_on=line[-1].until_on)]


def present(rows: Iterable[Row], on: dt.date) -> list[Row]:
    """The rows that hold on this day, by beginning: at most one of a single-valued kind.

    A title that has run out stays the present one until the next begins.
    """
    by_id = {row.id: row for row in rows}
    found = []
    for place in arrange(by_id.values()):
        row = by_id[place.id]
        lasting = row.kind in LASTING_KINDS and not place.superseded
        begun = row.from_on is None or row.from_on <= on
        if begun and not place.replaced and (lasting or place.until_on is None or on <= place.until_on):
            found.append(row)
    return found


def gaps(rows: Iterable[Row]) -> list[Gap]:
    """The days between the rows of a single-valued history on which nothing is known."""
    by_id = {row.id: row for row in rows}
    line = [place for place in arrange(by_id.values()) if not place.replaced]
    return [
        Gap(place.until_on + _ONE_DAY, _begin(by_id[following.id]) - _ONE_DAY)
        for place, following in pairwise(line)
        if place.until_on is not None and place.until_on + _ONE_DAY < _begin(by_id[following.id])
    ]


def check(row: Row, others: Sequence[Row], *, today: dt.date) -> None:
    """Refuse an entry that cannot be meant so. `others` are the rows of the same kind without this one.

    Raises RuleError for `from_on`, `until_on` or `code`.
    """
    if row.from_on and row.until_on and row.until_on < row.from_on:
        raise RuleError(_("Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."), field="until_on")
    if row.from_on and row.from_on > today + _FARTHEST:
        raise RuleError(_("Der Beginn liegt mehr als ein Jahr in der Zukunft. Prüfen Sie das Jahr."), field="from_on")
    standing = [other for other in others if not other.cancelled]
    if row.kind in SINGLE_KINDS:
        _check_beginning(row, standing)
    elif row.kind == "benefit":
        _check_running(row, standing)


def _check_beginning(row: Row, standing: Sequence[Row]) -> None:
    """Beside dated rows an entry without a beginning would hold before all of them: never what is meant."""
    if row.from_on is None and any(other.from_on for other in standing):
        raise RuleError(_("Geben Sie an, seit wann das gilt: Es gibt schon einen früheren Eintrag."), field="from_on")


def _check_running(row: Row, standing: Sequence[Row]) -> None:
    """The same benefit is drawn once at a time."""
    for other in standing:
        if other.code == row.code and row.code and _overlap(row, other):
            raise RuleError(
                _("Diese Leistung läuft in dieser Zeit schon. Beenden oder ändern Sie den vorhandenen Eintrag."),
                field="code",
            )


def _overlap(one: Row, two: Row) -> bool:
    return _begin(one) <= (two.until_on or dt.date.max) and _begin(two) <= (one.until_on or dt.date.max)


def _begin(row: Row) -> dt.date:
    return row.from_on or dt.date.min


def _place(row: Row) -> tuple[dt.date, int]:
    return _begin(row), row.number
