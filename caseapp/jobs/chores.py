"""Work that returns by itself in the job process: sealing the log, nightly epochs, sweeping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import structlog

_log = structlog.get_logger(__name__)
_PATIENCE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` is called at the start and then again and again, `every` so long after its last end.

    The process may be killed at any moment: each step of a chore must be one that can be repeated.
    """

    name: str
    every: dt.timedelta
    do: Callable[[], object]


@contextmanager
def running(chores: Iterable[Chore]) -> Iterator[None]:
    """Do the chores beside the block, each in a thread of its own, so that none waits for another."""
    end = Event()
    threads = [Thread(target=_repeat, args=(chore, end), name=chore.name, daemon=True) for chore in chores]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join(timeout=_PATIENCE_SECONDS)


def _repeat(chore: Chore, end: Event) -> None:
    while not end.is_set():
        try:
            chore.do()
        except Exception as error:
            # A chore that fails tonight is tried again; the others go on.
            _log.error("chore_failed", chore=chore.name, error=type(error).__name__, exc_info=error)
        end.wait(chore.every.total_seconds())
