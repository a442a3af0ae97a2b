"""What an import would do: computed in memory, shown as a preview, and carried out as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from caseapp.clients.service import NewFile
from caseapp.counselling.service.bulk import BulkContact
from caseapp.imports.models import WaitingEntry
from caseapp.imports.rules.counters import Counters
from caseapp.imports.rules.findings import Finding, Level, Sample
from caseapp.imports.rules.headings import Mapping

Progress = Callable[[int, int], None]
"""How many rows are done, and of how many."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to be opened. `digest` tells the row again where name and birth date do not; else b""."""

    number: int
    new: NewFile
    digest: bytes = b""


@dataclass(slots=True, kw_only=True)
class Plan:
    """All rows of a list, decided. Nothing of it is stored. `known` are the files that the rows were compared with."""

    mapping: Mapping
    counters: Counters
    findings: list[Finding]
    unmatched_workers: tuple[tuple[str, int], ...]
    known: frozenset[UUID]
    files: list[PlannedFile] = field(default_factory=list)
    contacts: list[BulkContact] = field(default_factory=list)
    waiting: list[WaitingEntry] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    @property
    def reported(self) -> list[Finding]:
        """The rows that are not imported."""
        return [finding for finding in self.findings if finding.level is Level.REPORTED]


def no_progress(_done: int, _total: int) -> None:
    """For work that nobody watches."""
