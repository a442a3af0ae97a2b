"""Households with the frame of their files: when they were opened, whether they are closed, who may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from msgspec import Struct

from caseapp.demo.rules.days import between, working
from caseapp.demo.rules.people import Person, draw_members, draw_size
from caseapp.demo.rules.vocabulary import Origin, Vocabulary
from caseapp.places.rules import Municipality

_LONGEST = 1_125  # three years of counselling, and a few that were extended
_CLOSED = 0.19
_PROTECTED = 0.012
_REASONS = ("ZIE", "SEL", "REG", "WGK", "WGL", "KON", "UNV", "NGW", "MAX", "WGA", "AUS")
_REASON_WEIGHTS = (16, 26, 18, 8, 4, 8, 6, 7, 5, 1, 1)
# Who is gone within the first months has mostly moved away; goals take longer.
_EARLY = dt.timedelta(days=300)
_EARLY_WEIGHTS = (4, 9, 8, 24, 14, 14, 9, 9, 1, 4, 4)
_MOVERS = 0.12


class Frame(Struct, frozen=True, kw_only=True):
    """What the files of one household share. `number` counts the households of the whole demo.

    `waiting`: nobody is assigned yet. `imported`: the file came from a spreadsheet. `came_from`: where they lived
    before they found a flat of their own in `town`, mostly the same place.
    """

    number: int
    size: int
    opened_on: dt.date
    closed_on: dt.date | None
    closing_reason: str | None
    waiting: bool
    protected: bool
    imported: bool
    town: Municipality
    came_from: Municipality


class Household(Struct, frozen=True, kw_only=True):
    """A frame with its people."""

    frame: Frame
    origin: Origin
    members: tuple[Person, ...]


def draw_frames(
    rng: Random, files: int, towns: tuple[Municipality, ...], today: dt.date, *, first: int, leads_team: bool
) -> Iterator[Frame]:
    """Frames for exactly `files` people of one worker. The first worker of a team holds the samples of rare cases."""
    left, place = files, 0
    while left:
        size = min(left, draw_size(rng))
        waiting = leads_team and place in {1, 2}
        opened_on = _opening(rng, today, fresh=waiting)
        closed_on = None if waiting else _closing(rng, opened_on, today)
        town = rng.choice(towns)
        yield Frame(
            number=first + place,
            size=size,
            opened_on=opened_on,
            closed_on=closed_on,
            closing_reason=_reason(rng, closed_on - opened_on) if closed_on else None,
            waiting=waiting,
            protected=not waiting and (rng.random() < _PROTECTED or (leads_team and place == 5)),
            imported=opened_on < today - dt.timedelta(days=500) and rng.random() < 0.25,
            town=town,
            came_from=rng.choice(towns) if rng.random() < _MOVERS else town,
        )
        left, place = left - size, place + 1


def draw_household(rng: Random, words: Vocabulary, frame: Frame) -> Household:
    """The people of this frame."""
    origin = words.draw_origin(rng)
    return Household(frame=frame, origin=origin, members=draw_members(rng, words, origin, frame.size, frame.opened_on))


def _opening(rng: Random, today: dt.date, *, fresh: bool) -> dt.date:
    days = rng.randint(1, 9) if fresh else int(_LONGEST * rng.random() ** 0.85)
    return working(today - dt.timedelta(days=days))


def _closing(rng: Random, opened_on: dt.date, today: dt.date) -> dt.date | None:
    earliest = opened_on + dt.timedelta(days=90)
    if earliest >= today or rng.random() > _CLOSED * 1.25:
        return None
    last = today - dt.timedelta(days=3)
    # Later rather than sooner: most work takes its time.
    return working(max(between(rng, earliest, last), between(rng, earliest, last)))


def _reason(rng: Random, length: dt.timedelta) -> str:
    return rng.choices(_REASONS, _EARLY_WEIGHTS if length < _EARLY else _REASON_WEIGHTS)[0]
