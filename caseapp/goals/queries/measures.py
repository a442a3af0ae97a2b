"""The histories of a file as the rules of measuring read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import BenefitFact, FactKind, HistoryEntry, LanguageFact, StayFact, WorkFact
from caseapp.goals.rules import measures
from caseapp.goals.rules.measures import CERTIFICATE, NOT_OWN, Benefits, Employment, Housing, Language, Level, Span

Measured = Housing | Employment | Language | Benefits


def measure(kind: str, entries: Sequence[HistoryEntry], *, since: dt.date, today: dt.date) -> Measured | None:
    """What the histories say about a goal of this kind that began on `since`; None for a kind without a history."""
    match kind:
        case "housing":
            return measures.housing(_stays(entries), since=since, today=today)
        case "employment":
            return measures.employment(_work(entries), since=since, today=today)
        case "language":
            return measures.language(_levels(entries), since=since, today=today)
        case "benefits":
            return measures.benefits(_benefits(entries), today=today)
        case _:
            return None


def _standing(entries: Iterable[HistoryEntry], kind: FactKind) -> Iterator[HistoryEntry]:
    """The rows of one history without those that were cancelled or replaced; their ends are settled."""
    return (entry for entry in entries if entry.kind == kind and entry.cancelled_at is None)


def _stays(entries: Iterable[HistoryEntry]) -> Iterable[Span]:
    for entry in _standing(entries, FactKind.STAY):
        fact = entry.box.fact
        assert isinstance(fact, StayFact)  # noqa: S101  # the kind of a row is that of its fact
        own = _says("housing_forms", fact.form, "is_goal", entry.from_on) and fact.legal_title not in NOT_OWN
        yield _span(entry, counts=own)


def _work(entries: Iterable[HistoryEntry]) -> Iterable[Span]:
    for entry in _standing(entries, FactKind.WORK):
        fact = entry.box.fact
        assert isinstance(fact, WorkFact)  # noqa: S101
        counts = _says("employment_kinds", fact.kind, "counts_as_work", entry.from_on)
        yield _span(entry, counts=counts, name=fact.employer.strip().casefold())


def _benefits(entries: Iterable[HistoryEntry]) -> Iterable[Span]:
    for entry in _standing(entries, FactKind.BENEFIT):
        fact = entry.box.fact
        assert isinstance(fact, BenefitFact)  # noqa: S101
        yield _span(entry, counts=_says("benefits", fact.kind, "counts_as_dependent", entry.from_on))


def _levels(entries: Iterable[HistoryEntry]) -> Iterable[Level]:
    for entry in _standing(entries, FactKind.LANGUAGE):
        fact = entry.box.fact
        assert isinstance(fact, LanguageFact)  # noqa: S101
        code = catalogue.catalogue().find("language_levels", fact.level, entry.from_on)
        if code is not None:
            day = fact.certified_on or entry.from_on
            yield Level(int(code.extra["rank"]), day, fact.evidence == CERTIFICATE)


def _span(entry: HistoryEntry, *, counts: bool, name: str = "") -> Span:
    return Span(
        from_on=entry.from_on, until_on=entry.until_on, confirmed_on=entry.confirmed_on, counts=counts, name=name
    )


def _says(name: str, code: str, column: str, on: dt.date | None) -> bool:
    found = catalogue.catalogue().find(name, code, on)
    return found is not None and found.says(column)
