"""Totals as rows of tables."""

from __future__ import annotations

from dataclasses import dataclass

from caseapp.i18n import gettext as _
from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.rules.tables import class_rows
from caseapp.keyfigures.rules.totals import NOBODY, Totals
from caseapp.places import queries as places


def whole(number: int) -> str:
    """A whole number with the German thousands point."""
    return f"{number:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """An Integrationsmanager with the number of each field."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One breakdown of one field: label and number of each class, None where it is hidden."""

    field: str
    dimension: str
    rows: tuple[tuple[str, int | None], ...]


def worker_rows(book: Book, totals: Totals) -> list[WorkerRow]:
    """A row for each Integrationsmanager who has numbers, by name."""
    names = dict(totals.names)
    return [
        WorkerRow(
            _("ohne Zuordnung") if who == NOBODY else names.get(who, _("unbekannt")),
            tuple(totals.number(field.code, who=who) for field in book.fields),
        )
        for who in totals.workers
    ]


def breakdowns(book: Book, totals: Totals) -> list[Breakdown]:
    """All breakdowns of all fields."""
    town = places.municipality_name
    return [
        Breakdown(field.de, book.dimensions[name].de, class_rows(book.dimensions[name], field.code, totals, town))
        for field in book.fields
        for name in field.dimensions
    ]
