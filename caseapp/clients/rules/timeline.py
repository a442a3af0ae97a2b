"""One line of a file's timeline, whichever slice it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the timeline. `at` orders entries of the same day; `link` leads to the record.

    `text` is the content of a note: a source fills it only for those who may read notes of this client.
    """

    on: dt.date
    icon: str
    title: str
    meta: str = ""
    at: dt.datetime | None = None
    text: str = ""
    tags: tuple[str, ...] = ()
    link: str | None = None
    cancelled: bool = False
    quiet: bool = False  # a change of the file, beside what people did


def newest_first(entry: TimelineEntry) -> tuple[dt.date, float]:
    """The key by which lines are sorted, in reverse."""
    return entry.on, entry.at.timestamp() if entry.at else 0.0
