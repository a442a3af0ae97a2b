"""Dated rules that hang on codes: which contact counts as counselling, how long a title really runs."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from caseapp.catalogue.rules.codes import CodeListError

T = TypeVar("T")


class Counting(Struct, frozen=True):
    """Whether a kind of contact counts as a counselling talk, between two days (inclusive; None: without limit)."""

    kind: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    counts: bool


class TitleRule(Struct, frozen=True):
    """A rule of law on a residence title.

    `continues`: whoever held the title on `held_on` holds it until `until`, whatever is printed on the card.
    `alarm`: the title cannot be extended; until `until` its holders are asked to move to one of `successors`.
    `source` names the rule of law.
    """

    code: str
    title: str
    kind: Literal["continues", "alarm"]
    held_on: dt.date | None
    until: dt.date
    successors: tuple[str, ...]
    de: str
    en: str
    source: str


def load_counting(folder: Path) -> tuple[Counting, ...]:
    """The rows of `contact_kind_counting.csv` in the folder. Raises CodeListError."""
    path = folder / "contact_kind_counting.csv"
    return tuple(_convert(path, row | {"counts": row["counts"] == "yes"}, Counting) for row in _rows(path))


def load_title_rules(folder: Path) -> tuple[TitleRule, ...]:
    """The rows of `title_rules.csv` in the folder, the earliest end first. Raises CodeListError."""
    path = folder / "title_rules.csv"
    rules = [
        _convert(path, row | {"successors": [code for code in (row["successors"] or "").split("|") if code]}, TitleRule)
        for row in _rows(path)
    ]
    if any(rule.kind == "continues" and rule.held_on is None for rule in rules):
        raise CodeListError(f"{path.name}: eine Regel zur Fortgeltung braucht ihren Stichtag (held_on).")
    return tuple(sorted(rules, key=lambda rule: rule.until))


def counts_as_counselling(rules: Iterable[Counting], kind: str, on: dt.date) -> bool:
    """Whether a contact of this kind on this day counts as a counselling talk. What no rule names does not count."""
    return any(
        rule.counts
        for rule in rules
        if rule.kind == kind and (rule.valid_from or dt.date.min) <= on <= (rule.valid_to or dt.date.max)
    )


def effective_end(
    rules: Iterable[TitleRule],
    title: str,
    valid_to: dt.date,
    *,
    valid_from: dt.date | None = None,
) -> dt.date:
    """The day on which the title really ends: the printed day, or later where it runs on by law.

    Rules follow one another: a § 24 card printed until 04.03.2024 runs on to 2025, 2026 and 2027. A card issued after
    the reference day of a rule (`valid_from`) is not covered by it.
    """
    end = valid_to
    for rule in sorted(rules, key=lambda rule: rule.until):
        if rule.kind != "continues" or rule.title != title or rule.held_on is None:
            continue
        issued_in_time = valid_from is None or valid_from <= rule.held_on
        if issued_in_time and rule.held_on <= end < rule.until:
            end = rule.until
    return end


def alarm_rule(rules: Iterable[TitleRule], title: str, on: dt.date) -> TitleRule | None:
    """The alarm that holders of this title get on this day, besides the usual one before its end; else None."""
    return next(
        (rule for rule in rules if rule.kind == "alarm" and rule.title == title and on <= rule.until),
        None,
    )


def _rows(path: Path) -> Iterator[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            yield {column: cell or None for column, cell in row.items()}


def _convert(path: Path, row: Mapping[str, object], kind: type[T]) -> T:
    try:
        return msgspec.convert(row, kind, strict=False)
    except msgspec.ValidationError as error:
        raise CodeListError(f"{path.name}: {error}") from error
