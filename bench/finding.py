"""Searching among five thousand people, in any spelling: opening the heads and matching them, no index.

The floor: their rows and wrapped keys fetched by the bare driver, each key unwrapped and each head deciphered, nothing
else.
"""

from __future__ import annotations

import os
import sqlite3
from functools import partial

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.installation import installation
from bench.rounds import Work, medians
from bench.search_matching import QUERIES
from bench.table import Line, against_floor, within
from caseapp.clients.queries.search import Found, search_people
from tests.factories.world import World

_CLIENTS = 5_000
_BUDGET = 40_000.0  # microseconds


def measure() -> list[Line]:
    """The middle and the slowest of the queries."""
    with installation(_CLIENTS) as world:
        actor = world.actor("maier")

        def search(text: str) -> Found:
            with world.services.database.unit(actor, write=False):
                return search_people(actor, text)

        works: dict[str, Work] = {text: partial(search, text) for text in QUERIES}
        cpu = medians({**works, "floor": _floor(world)}, rounds=9)
    floor = cpu.pop("floor")
    ordered = sorted(cpu, key=lambda text: cpu[text])
    middle, slowest = ordered[len(ordered) // 2], ordered[-1]
    name = f"search in {_CLIENTS:,} clients"
    return [
        within(f"{name}, median of {len(cpu)} queries", cpu[middle], _BUDGET),
        within(f"{name}, slowest ({slowest})", cpu[slowest], _BUDGET),
        against_floor(f"{name}, median", cpu[middle], floor, "fetching and deciphering"),
    ]


def _floor(world: World) -> Work:
    """Work of the size of a search: the same rows, and as many and as long values under a key each."""
    data, keys = (sqlite3.connect(world.services.settings.data_dir / name) for name in ("caseapp.db", "keystore.db"))
    ((size,),) = data.execute("SELECT max(length(head)) FROM client")
    wrapping, bound = AESGCM(os.urandom(32)), os.urandom(40)
    nonce, secret = os.urandom(12), os.urandom(32)
    wrapped = wrapping.encrypt(nonce, secret, bound)
    sealed = AESGCM(secret).encrypt(nonce, b"x" * (size - 33), bound)

    def work() -> None:
        data.execute("SELECT id, head_rev, head, file_number FROM client").fetchall()
        keys.execute("SELECT client_id, epoch, generation, wrapped FROM client_key").fetchall()
        for _client in range(_CLIENTS):
            AESGCM(wrapping.decrypt(nonce, wrapped, bound)).decrypt(nonce, sealed, bound)

    return work
