"""Disclosure control of a whole state: one release against the bare linear programs in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from bench.table import Line, against_floor, within
from caseapp.reporting.disclosure import rounding
from caseapp.reporting.disclosure.attack import synthetic
from caseapp.reporting.disclosure.attack.methods import key_of
from caseapp.reporting.disclosure.catalogue import Dimension, Table
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.release import control

CLIENTS, DISTRICTS, MUNICIPALITIES = 24_000, 44, 1_101
# Forty-five classes over 1,101 municipalities, none merged: 50,000 linked cells.
WIDE = (
    *(each for each in synthetic.DIMENSIONS if not each.outcome and each.name != "sex"),
    Dimension("language", tuple(f"language-{number}" for number in range(1, 13))),
    Dimension("stay", tuple(f"year-{number}" for number in range(1, 12))),
)
LINKED = replace(
    synthetic.YEARLY,
    dimensions=WIDE,
    tables=tuple(Table(each.name, (each.name,), Level.MUNICIPALITY) for each in WIDE),
)


def measure() -> list[Line]:
    """A municipal catalogue of 50,000 cells, and the quarterly one with its three-way tables."""
    state = synthetic.invent(clients=CLIENTS, districts=DISTRICTS, municipalities=MUNICIPALITIES, quarters=1, seed=1)
    return [*_linked(state), _quarterly(state)]


def _linked(state: synthetic.State) -> list[Line]:
    quarter = state.quarters[0]
    extra = {
        each.name: (quarter.people * 7 + quarter.municipality) % len(each.classes)
        for each in WIDE
        if each.name not in quarter.classes
    }
    wide = replace(quarter, classes={**quarter.classes, **extra})
    counts, merged = wide.counted(LINKED, state.geography, key_of(1), threshold=1)
    spent, solving = _timed(lambda: control(counts, key=key_of(1), period="2026", funding_period="f", merged=merged))
    work = f"release of {counts.lattice.cells:,} linked cells"
    return [
        against_floor(work, spent * 1e6, solving * 1e6, "linear programs", budget=4),
        within(f"{work}, all of it", spent * 1e6, 10e6),
    ]


def _quarterly(state: synthetic.State) -> Line:
    counts, merged = state.quarters[0].counted(synthetic.QUARTERLY, state.geography, key_of(1))
    spent, _ = _timed(lambda: control(counts, key=key_of(1), period="2026-Q1", funding_period="f", merged=merged))
    return within(f"release of {counts.lattice.cells:,} cells in three-way tables", spent * 1e6, 60e6)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the work, and seconds of it inside the solver."""
    inside = 0.0
    solve = rounding.linprog

    def timed(*arguments: object, **options: object) -> object:
        nonlocal inside
        started = time.perf_counter()
        result = solve(*arguments, **options)
        inside += time.perf_counter() - started
        return result

    rounding.linprog = timed
    try:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started, inside
    finally:
        rounding.linprog = solve
