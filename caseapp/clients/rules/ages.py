"""Ages, from what is known of a birthday."""

from __future__ import annotations

import datetime as dt


def age_on(born_on: dt.date, today: dt.date) -> int:
    """Full years of life on that day; never below 0."""
    before_birthday = (today.month, today.day) < (born_on.month, born_on.day)
    return max(0, today.year - born_on.year - before_birthday)


def belongs_in_school(born_on: dt.date | None, today: dt.date) -> bool:
    """Whether the person is known to be of the years of Kita or compulsory school: 3 to 15 (§§ 72 to 75 SchG BW)."""
    return born_on is not None and 3 <= age_on(born_on, today) <= 15


def may_go_to_school(born_on: dt.date | None, today: dt.date) -> bool:
    """Whether Kita, school or studies are what a talk touches: up to 26, the age that youth services end at."""
    return born_on is not None and age_on(born_on, today) <= 26


def is_minor(born_on: dt.date | None, today: dt.date) -> bool:
    """Whether the person is known to be under 18 on that day (§ 2 BGB). An unknown birthday counts as grown up."""
    return born_on is not None and age_on(born_on, today) < 18
