"""What a valid release covers. Pure.

Several releases for the same recipient may cover a letter together: each of them is a full declaration of its own, and
who agreed to the name on one sheet and to the phone number on another has agreed to both. But each datum needs one
release that by itself fits recipient, purpose, way, day and direction: parts of different releases are never put
together, and health is covered only where it is named.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

_TELLING = frozenset({"tell", "both"})
_HEARING = frozenset({"hear", "both"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidRelease:
    """A signed release that was not withdrawn. `ends_on` is the last day on which it holds.

    `partner_id` is that of the directory, after merges; None for a recipient who stands in no directory, to whom
    nothing can be sent through this program.
    """

    id: UUID
    client_id: UUID
    partner_id: UUID | None
    recipient: str
    direction: str  # tell | hear | both
    fields: frozenset[str]
    purpose: str
    ways: frozenset[str]
    from_on: dt.date
    ends_on: dt.date | None

    def holds_on(self, on: dt.date) -> bool:
        """Whether the day lies within the release, first and last day included."""
        return self.from_on <= on and (self.ends_on is None or on <= self.ends_on)


class Missing(enum.StrEnum):
    """What is missing, from the widest to the narrowest."""

    RECIPIENT = "recipient"
    DAY = "day"
    DIRECTION = "direction"
    PURPOSE = "purpose"
    WAY = "way"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why something may not be told. `field` is the code of the datum, "" where nothing at all may be told."""

    missing: Missing
    field: str = ""


def uncovered(
    releases: Iterable[ValidRelease],
    *,
    partner_id: UUID,
    purpose: str,
    fields: Collection[str],
    way: str,
    on: dt.date,
    hear: bool = False,
) -> list[Gap]:
    """What the releases do not cover of telling `fields` to the partner; empty: all of it may be told.

    Where no release fits at all, one gap says what the nearest one lacks; else one gap for each datum that is named in
    none of those that fit, in the order of `fields`. `hear`: asking the partner instead of telling.
    """
    wanted = _HEARING if hear else _TELLING
    left = list(releases)
    for missing, fits in (
        (Missing.RECIPIENT, lambda each: each.partner_id == partner_id),
        (Missing.DAY, lambda each: each.holds_on(on)),
        (Missing.DIRECTION, lambda each: each.direction in wanted),
        (Missing.PURPOSE, lambda each: each.purpose == purpose),
        (Missing.WAY, lambda each: way in each.ways),
    ):
        left = [each for each in left if fits(each)]
        if not left:
            return [Gap(missing)]
    told = frozenset().union(*(each.fields for each in left))
    return [Gap(Missing.FIELD, field) for field in dict.fromkeys(fields) if field not in told]


def covering(
    releases: Iterable[ValidRelease], *, partner_id: UUID, purpose: str, fields: Collection[str], way: str, on: dt.date
) -> frozenset[UUID]:
    """The releases on which telling this rests: those whose withdrawal stops it. Empty where it is not covered."""
    given = list(releases)
    if uncovered(given, partner_id=partner_id, purpose=purpose, fields=fields, way=way, on=on):
        return frozenset()
    return frozenset(
        each.id
        for each in given
        if not uncovered([each], partner_id=partner_id, purpose=purpose, fields=(), way=way, on=on)
        and each.fields & frozenset(fields)
    )
