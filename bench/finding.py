"""Searching among five thousand people, in any spelling: opening the heads and matching them, no index."""

from __future__ import annotations

from functools import partial

from bench.installation import installation
from bench.rounds import medians
from bench.search_matching import QUERIES
from bench.table import Line, within
from caseapp.clients.queries.search import Found, search_people

_CLIENTS = 5_000
_BUDGET = 40_000.0  # microseconds


def measure() -> list[Line]:
    """The middle and the slowest of the queries."""
    with installation(_CLIENTS) as world:
        actor = world.actor("maier")

        def search(text: str) -> Found:
            with world.services.database.unit(actor, write=False):
                return search_people(actor, text)

        cpu = medians({text: partial(search, text) for text in QUERIES}, rounds=7)
    ordered = sorted(cpu.values())
    slowest = max(cpu, key=lambda text: cpu[text])
    return [
        within(f"search in {_CLIENTS:,} clients, median of {len(cpu)} queries", ordered[len(ordered) // 2], _BUDGET),
        within(f"search in {_CLIENTS:,} clients, slowest ({slowest})", cpu[slowest], _BUDGET),
    ]
