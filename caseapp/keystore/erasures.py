"""The list of erased clients: ids and days, append-only, beside the ring of keys and so outside every database.

It is written before the key is destroyed and the rows are deleted, outlives the oldest backup, and is replayed after
every restore. A uuid alone names nobody.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID
from zlib import crc32

from caseapp import clock
from caseapp.errors import ConfigurationError
from caseapp.security.private_files import locked, sync_folder

FILE_NAME = "erasures"


class ErasureList:
    """The list in one folder of keys. Processes that append at the same time wait for each other."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def append(self, client_ids: Iterable[UUID]) -> None:
        """Add clients with today's day; on disk when this returns. Those already in the list are left as they are."""
        today = clock.today()
        self.merge(dict.fromkeys(client_ids, today))

    def merge(self, days: dict[UUID, dt.date]) -> None:
        """Add the entries of another copy of the list. Repeating it changes nothing."""
        if not days:
            return
        with locked(self.path.parent):
            known = self.days()
            missing = {client_id: day for client_id, day in days.items() if client_id not in known}
            if missing:
                self._write("".join(_line(client_id, day) for client_id, day in missing.items()))

    def ids(self) -> set[UUID]:
        """All erased clients."""
        return set(self.days())

    def days(self) -> dict[UUID, dt.date]:
        """All erased clients with the day of their erasure. Raises ConfigurationError when the list is damaged."""
        if not self.path.exists():
            return {}
        # What follows the last line break was cut off by a kill and never acknowledged.
        whole, _, _torn = self.path.read_text(encoding="ascii", errors="replace").rpartition("\n")
        return dict(self._entry(line) for line in whole.splitlines() if line)

    def _entry(self, line: str) -> tuple[UUID, dt.date]:
        client_id, _, rest = line.partition(" ")
        day, _, check = rest.partition(" ")
        if check != _check(client_id, day):
            raise ConfigurationError(
                f"Die Löschliste {self.path} ist beschädigt. Spielen Sie sie aus der jüngsten Sicherung zurück."
            )
        return UUID(client_id), dt.date.fromisoformat(day)

    def _write(self, lines: str) -> None:
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as target:
            whole = target.read().rpartition(b"\n")
            target.seek(len(whole[0]) + len(whole[1]))
            target.truncate()
            target.write(lines.encode("ascii"))
            target.flush()
            os.fsync(target.fileno())
        sync_folder(self.path.parent)


def _line(client_id: UUID, day: dt.date) -> str:
    return f"{client_id} {day.isoformat()} {_check(str(client_id), day.isoformat())}\n"


def _check(client_id: str, day: str) -> str:
    """Tells a damaged line from a whole one; no protection against a forger."""
    return f"{crc32(f'{client_id} {day}'.encode()):08x}"
