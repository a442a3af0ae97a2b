"""What a client wants to reach, and how far it has come. Pure."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from random import Random

from msgspec import Struct

from caseapp.demo.rules.days import DAY, between, working

# How a goal has gone; one after the other through the files, so that each occurs.
COURSES = ("fresh", "steady", "slow", "reached", "adjusted", "late", "partly", "asked", "steady", "dropped")
_MOST_DAYS = {"fresh": 25, "asked": 320}
_LEAST_DAYS = {"asked": 230, "fresh": 3}


class Look(Struct, frozen=True):
    """One look at the goal: its day and the scores of both sides."""

    on: dt.date
    client: int
    worker: int


class Drawn(Struct, frozen=True, kw_only=True):
    """A goal of the demo. `result`: code of goal_states, "" for an open one."""

    area: str
    words: str
    opened_on: dt.date
    due_on: dt.date
    start: tuple[int, int]
    looks: tuple[Look, ...]
    result: str
    adjusted: bool
    asked: bool  # reached so long ago that the question whether it still holds is due
    events: tuple[dt.date, ...]  # of the kind that is counted in the area


def load_words(folder: Path) -> dict[str, tuple[str, ...]]:
    """What people say about an area, by its code."""
    found: dict[str, list[str]] = {}
    with (folder / "goals.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["area"], []).append(row["text"])
    return {area: tuple(texts) for area, texts in found.items()}


def draw_goal(
    rng: Random, words: dict[str, tuple[str, ...]], area: str, course: str, *, since: dt.date, today: dt.date
) -> Drawn:
    """A goal of this course that began after `since`, when the file was opened."""
    earliest = max(since, today - _MOST_DAYS.get(course, 200) * DAY)
    latest = max(earliest, today - _LEAST_DAYS.get(course, 60) * DAY)
    opened = min(working(between(rng, earliest, latest)), today)
    opened = max(opened, since)
    start = rng.randint(0, 2), rng.randint(0, 1)
    looks = () if course == "fresh" else _looks(rng, course, start, opened, today)
    # A goal that is late was meant for a day that has passed.
    due = today - 12 * DAY if course == "late" else max(today + 20 * DAY, opened + 183 * DAY)
    result = {"reached": "ERR", "asked": "ERR", "partly": "TEI", "dropped": "ENT"}.get(course, "")
    counted = sorted(between(rng, opened, today) for _event in range(rng.randint(1, 6)))
    return Drawn(
        area=area,
        words=rng.choice(words.get(area, ("Das soll besser werden.",))),
        opened_on=opened,
        due_on=due,
        start=start,
        looks=looks,
        result=result if looks else "",
        adjusted=course == "adjusted" and bool(looks),
        asked=course == "asked",
        events=tuple(day for day in counted if not looks or day <= looks[-1].on),
    )


def choose_areas(rng: Random, *, own_flat: bool, works: bool, depends: bool, certified: bool) -> Sequence[str]:
    """The areas that matter to somebody in this situation, the most pressing first."""
    pressing = [
        *(() if own_flat else ("WOH",)),
        *(() if certified else ("SPR",)),
        *(() if works else ("ARB", "AUS")),
        *(("UNA",) if depends else ()),
    ]
    rest = ["TEI", "KIN", "GES", "SCH"]
    rng.shuffle(pressing)
    rng.shuffle(rest)
    return [*pressing, *rest]


def _looks(rng: Random, course: str, start: tuple[int, int], opened: dt.date, today: dt.date) -> tuple[Look, ...]:
    """Two looks on the way; the last one half a year ago where it was reached then."""
    last = opened + 30 * DAY if course == "asked" else today - rng.randint(2, 20) * DAY
    last = min(max(last, opened), today)
    middle = opened + (last - opened) / 2
    gain = {"slow": 0, "late": 1, "dropped": 0, "partly": 1}.get(course, 2)
    final = 4 if course in {"reached", "asked"} else min(3, max(start) + gain)
    half = tuple(min(4, value + (final - value) // 2) for value in start)
    return Look(middle, half[0], half[1]), Look(last, final, max(0, final - rng.randint(0, 1)))
