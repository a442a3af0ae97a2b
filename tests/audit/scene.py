"""A sealed log that somebody who may write into the database, but has no keys, tries to change."""

# ruff: noqa: S608  the attacker writes SQL

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from caseapp import audit
from tests.factories.world import World

EVENT_COLUMNS = (
    "id", "at", "actor_id", "organisation_id", "client_id", "action", "detail", "detail_digest", "envelopes", "mac",
    "batch",
)  # fmt: skip

BATCH_COLUMNS = (
    "number", "sealed_at", "count", "first_at", "last_at", "root", "previous", "public_key", "next_public_key",
    "adopted", "resumed", "pruned_through", "signature",
)  # fmt: skip

MOMENTS = ("at", "sealed_at", "first_at", "last_at")

DRAWN = st.integers(min_value=0, max_value=10_000)


@dataclass
class Scene:
    """A sealed log on SQLite, put back after each hit."""

    world: World
    saved: sqlite3.Connection
    client_id: UUID
    root: audit.Root

    @property
    def path(self) -> Path:
        return Path(str(self.world.services.database.engine.url.database))

    @property
    def state(self) -> Path:
        return self.world.services.settings.keys_dir / "audit-signing.json"

    def hit(self, change: Callable[[sqlite3.Connection], object], *, outside: bool = False) -> list[str]:
        """What `verify` says after the change."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            change(connection)
            roots = audit.Outside((self.root,)) if outside else None
            return audit.verify(self.world.services.database, roots).problems
        finally:
            self.saved.backup(connection)
            connection.close()


def ids(connection: sqlite3.Connection, table: str, where: str = "1") -> list[bytes]:
    return [row[0] for row in connection.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id")]


def pick(found: list[Any], number: int) -> Any:
    return found[number % len(found)]


def other(value: Any, column: str) -> Any:
    """A different value of the same type."""
    match value:
        case None:
            return 1 if column == "batch" else b"\x01" * 16
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case int():
            return value + 1
        case _ if column in MOMENTS:
            return "2020" + value[4:]
        case _:
            return value + "x"
