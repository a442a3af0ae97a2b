"""When workers may be compared: works agreements (Dienstvereinbarungen), and what a comparison never shows. Pure."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from caseapp.errors import ConfigurationError, RuleError
from caseapp.i18n import gettext as _

# Below this a number says more about single cases than about work: the worker stands in the list without one.
FEWEST_CASES = 20


class Dated(Protocol):
    """What a rule must know of a works agreement."""

    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...
    @property
    def ended(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """A figure that an agreement can allow: the cell that is compared. Codes are never used anew."""

    code: str
    figure: str
    name: str
    de: str
    en: str
    valid_from: dt.date | None
    valid_to: dt.date | None

    def offered(self, on: dt.date) -> bool:
        """Whether a new agreement may name it on this day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class ComparableError(ConfigurationError):
    """The shipped list of comparable figures cannot be used; the message names the line."""


def load_comparables(path: Path) -> tuple[Comparable, ...]:
    """The rows of `comparable.csv`. Raises ComparableError."""
    found: dict[str, Comparable] = {}
    with path.open(encoding="utf-8", newline="") as source:
        for line, row in enumerate(csv.DictReader(source), 2):
            if not all(row.get(name) for name in ("code", "figure", "class", "de", "en")) or row["code"] in found:
                raise ComparableError(f"{path.name}, Zeile {line}: Angabe fehlt, oder den Code gibt es zweimal.")
            found[row["code"]] = Comparable(
                code=row["code"],
                figure=row["figure"],
                name=row["class"],
                de=row["de"],
                en=row["en"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
    return tuple(found.values())


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def in_force(agreement: Dated, on: dt.date) -> bool:
    """Whether the agreement allows anything on this day."""
    begun = agreement.valid_from <= on
    return begun and not agreement.ended and (agreement.valid_to is None or on <= agreement.valid_to)


def check_agreement(
    *,
    agreed_on: dt.date,
    valid_from: dt.date,
    valid_to: dt.date | None,
    figures: Collection[str],
    offered: Collection[str],
    today: dt.date,
) -> None:
    """Refuse what cannot be an agreement. Raises RuleError for `agreed_on`, `valid_from`, `valid_to` or `figures`."""
    if agreed_on > today:
        raise RuleError(
            _("Der Tag liegt in der Zukunft. Tragen Sie die Vereinbarung ein, wenn sie geschlossen ist."),
            field="agreed_on",
        )
    if valid_from < agreed_on:
        raise RuleError(_("Die Vereinbarung kann nicht gelten, bevor sie geschlossen ist."), field="valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise RuleError(_("Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."), field="valid_to")
    if not figures or not set(figures) <= set(offered):
        raise RuleError(_("Wählen Sie aus, welche Zahlen die Vereinbarung erlaubt."), field="figures")


@dataclass(frozen=True, slots=True)
class Compared:
    """One worker in a comparison. `number` None: fewer cases than a comparison may show."""

    worker_id: UUID
    number: int | None


def compare(cases: Mapping[UUID, int], numbers: Mapping[UUID, int], workers: Iterable[UUID]) -> list[Compared]:
    """A line for each worker in the order given, with a number only from `FEWEST_CASES` cases on.

    How many cases somebody has is a figure of its own, which an agreement must name: it is never shown beside another.
    """
    return [
        Compared(
            worker_id,
            numbers.get(worker_id, 0) if cases.get(worker_id, 0) >= FEWEST_CASES else None,
        )
        for worker_id in workers
    ]
