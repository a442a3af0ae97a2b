"""One line of a file's timeline, whichever slice it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


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
    aside: bool = False  # a contact of somebody else at which the client was present
    parts: tuple[TimelineEntry, ...] = ()  # the entries that this one stands for


def newest_first(entry: TimelineEntry) -> tuple[dt.date, float]:
    """The key by which lines are sorted, in reverse."""
    return entry.on, entry.at.timestamp() if entry.at else 0.0


def runs(entries: Iterable[TimelineEntry]) -> Iterator[tuple[TimelineEntry, ...]]:
    """Entries that follow each other and are all `aside` together, every other entry alone; in the given order."""
    for aside, group in groupby(entries, key=lambda entry: entry.aside):
        if aside:
            yield tuple(group)
        else:
            yield from ((entry,) for entry in group)
