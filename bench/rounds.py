"""Medians of interleaved rounds in CPU time: the noise of a shared machine hits all works alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

from caseapp.cli.serve import settle

Work = Callable[[], object]


def medians(
    works: Mapping[str, Work], *, rounds: int = 31, times: int = 1, watch: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Microseconds of CPU for one call of each work; every round calls each of them `times` times, in turn.

    The garbage collector is set as in a server process. `watch`: another clock, for work that another process does.
    """
    for work in works.values():
        work()
    settle()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            start = watch()
            for _time in range(times):
                work()
            found[name].append((watch() - start) / times * 1_000_000)
    return {name: statistics.median(values) for name, values in found.items()}
