"""What an indicator is: plain data from `config/indicators/indicators.toml`, checked when it is read.

A definition whose meaning changes gets a further version with the following days; a figure is computed with the version
that was valid on the last day of its period.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from caseapp.errors import ConfigurationError
from caseapp.indicators.rules.dimensions import DimensionData
from caseapp.tallies.periods import Period

Unit = Literal[
    "person", "household", "goal", "contact", "referral", "closing", "title", "advice", "hour", "person_month"
]
Kind = Literal["count", "outcome", "amount"]
Group = Literal["reach", "outcome", "data"]
Every = Literal["quarter", "year"]
Answer = Literal["yes", "no", "unknown"]

OUTCOME = "outcome"  # the dimension that an outcome has besides those of the people
LAND, KREIS, GEMEINDE = 0, 1, 2
_MOST = {LAND: 3, KREIS: 2, GEMEINDE: 1}  # dimensions of a table; the outcome of a district table comes on top
_COARSENED = frozenset({"age27", "family"})  # other cuts of what is published already: exact key figures only


class IndicatorError(ConfigurationError):
    """A shipped definition cannot be used; the message names file, code and reason."""


class OutcomeText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of an outcome. `answer` says where a rate counts it: who left stays in the denominator as "no" (a share
    of the cohort with competing events, never 1 - Kaplan-Meier)."""

    code: str
    de: str
    en: str
    answer: Answer


class RateText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate: `yes` among `of` (none named: among all classes but the unknown ones)."""

    code: str
    de: str
    en: str
    yes: tuple[str, ...]
    of: tuple[str, ...] = ()


class TableSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published table: its dimensions (`outcome` among them where it is shown), the finest level, how often."""

    name: str
    dimensions: tuple[str, ...] = ()
    finest: int
    every: Every


class Definition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One indicator in one version. Texts in German and English; days are inclusive, `valid_to` None is open.

    `follow_up_days`: how long a case is followed from its beginning; `waiting_days`: how long entries are awaited then.
    With either, the people of a period are an earlier *cohort*. `distinct`: people are counted once a period, so that
    four quarters are not a year; only then may quarter and year both be published.
    """

    code: str
    version: int
    valid_from: dt.date
    valid_to: dt.date | None = None
    group: Group
    kind: Kind
    unit: Unit
    distinct: bool = False
    follow_up_days: int = 0
    waiting_days: int = 0
    title_de: str
    title_en: str
    sentence_de: str
    sentence_en: str
    denominator_de: str
    denominator_en: str
    reference_de: str
    reference_en: str
    limits_de: str
    limits_en: str
    outcomes: tuple[OutcomeText, ...] = ()
    rates: tuple[RateText, ...] = ()
    tables: tuple[TableSpec, ...]

    def is_valid(self, on: dt.date) -> bool:
        """Whether this version is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def cohort(self, period: Period) -> Period:
        """Whose outcome a report of `period` tells: the latest period of the same kind whose last day lies follow-up
        and waiting time before the end of `period`; without either, the period itself."""
        days = dt.timedelta(days=self.follow_up_days + self.waiting_days)
        cohort = period
        while cohort.last + days > period.last:
            cohort = cohort.before
        return cohort

    def tables_of(self, period: Period) -> tuple[TableSpec, ...]:
        """The tables that a report of this kind of period holds."""
        every = "year" if period.quarter is None else "quarter"
        return tuple(table for table in self.tables if table.every == every)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of all dimensions of its tables, the outcome last, each once."""
        found = dict.fromkeys(name for table in self.tables for name in table.dimensions if name != OUTCOME)
        return (*found, OUTCOME) if self.outcomes else tuple(found)


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    indicator: tuple[Definition, ...]


def load_definitions(folder: Path, dimensions: Iterable[DimensionData]) -> tuple[Definition, ...]:
    """All versions of all definitions, in the order of the file. Raises IndicatorError for data that contradict
    each other, what the levels permit, or the method of disclosure control."""
    path = folder / "indicators.toml"
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File, strict=False).indicator
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise IndicatorError(f"{path.name}: {error}") from error
    known = {dimension.name: dimension for dimension in dimensions}
    for definition in found:
        for problem in problems(definition, known):
            raise IndicatorError(f"{path.name}: {definition.code}: {problem}")
    _check_versions(path.name, found)
    return found


def problems(definition: Definition, known: Mapping[str, DimensionData]) -> list[str]:
    """What is wrong with a definition, in German sentences; none: it can be used."""
    found = [*_text_problems(definition), *_outcome_problems(definition)]
    for table in definition.tables:
        found += _table_problems(definition, table, known)
    names = Counter(table.name for table in definition.tables)
    found += [f"Die Tabelle {name} kommt zweimal vor." for name, times in names.items() if times > 1]
    cuts = defaultdict(set)
    for table in definition.tables:
        cuts[frozenset(table.dimensions)].add(table.every)
    if any(len(every) > 1 for cut, every in cuts.items() if cut):
        found.append("Eine Tabelle gibt es vierteljährlich oder jährlich, nie beides.")
    if not definition.distinct and len({table.every for table in definition.tables}) > 1:
        found.append("Vier Quartale ergeben hier das Jahr: Erlaubt ist nur eines von beiden.")
    crossed = [table for table in definition.tables if table.every == "quarter" and table.finest and _crossed(table)]
    if len(crossed) > 1:
        found.append(
            "Das Thema steht vierteljährlich je Kreis in höchstens einer Tabelle mit einer anderen Gliederung."
        )
    return found


def _crossed(table: TableSpec) -> bool:
    """Whether the topic stands beside something else. Each such table tells more of somebody who came: measured in
    docs/disclosure.md, 5.7 points above guessing with one, 12.7 with two."""
    return "topic" in table.dimensions and len(table.dimensions) > 1


def _text_problems(definition: Definition) -> list[str]:
    empty = [
        name
        for name in ("title", "sentence", "denominator", "reference", "limits")
        for language in ("de", "en")
        if not getattr(definition, f"{name}_{language}").strip()
    ]
    found = [f"Der Text {name} fehlt." for name in dict.fromkeys(empty)]
    if definition.valid_to and definition.valid_to < definition.valid_from:
        found.append("Die Fassung endet, bevor sie beginnt.")
    if definition.follow_up_days < 0 or definition.waiting_days < 0:
        found.append("Beobachtung und Wartezeit sind nie negativ.")
    if not definition.tables:
        found.append("Es gibt keine Tabelle.")
    return found


def _outcome_problems(definition: Definition) -> list[str]:
    codes = [outcome.code for outcome in definition.outcomes]
    if (definition.kind == "outcome") != bool(codes):
        return ["Ergebnisklassen gehören zu einem Ergebnis, und nur dazu."]
    found = []
    if len(set(codes)) != len(codes):
        found.append("Eine Ergebnisklasse kommt zweimal vor.")
    if codes and not {"yes", "no"} <= {outcome.answer for outcome in definition.outcomes}:
        found.append("Ein Ergebnis braucht eine Klasse für Ja und eine für Nein.")
    unknown = {outcome.code for outcome in definition.outcomes if outcome.answer == "unknown"}
    for rate in definition.rates:
        if not rate.yes or not {*rate.yes, *rate.of} <= set(codes) - unknown:
            found.append(f"Die Quote {rate.code} nennt eine Klasse, die es nicht gibt oder die unbekannt heißt.")
        if rate.of and not set(rate.yes) <= set(rate.of):
            found.append(f"Bei der Quote {rate.code} ist der Zähler kein Teil des Nenners.")
    return found


def _table_problems(definition: Definition, table: TableSpec, known: Mapping[str, DimensionData]) -> list[str]:
    names, own = table.dimensions, [name for name in table.dimensions if name != OUTCOME]
    where = f"Die Tabelle {table.name}"
    if table.finest not in _MOST:
        return [f"{where} hat keine der drei Ebenen."]
    unknown = [name for name in own if name not in known]
    if unknown:
        return [f"{where} nennt die Gliederung {unknown[0]}, die es nicht gibt."]
    found = []
    if len(set(names)) != len(names):
        found.append(f"{where} nennt eine Gliederung zweimal.")
    if OUTCOME in names and not definition.outcomes:
        found.append(f"{where} zeigt ein Ergebnis, das es nicht gibt.")
    if _COARSENED & set(own):
        found.append(f"{where} gröbert eine Gliederung, die es schon gibt: zwei Sichten derselben Zahl.")
    if len(names) > _MOST[table.finest] + (table.finest == KREIS and OUTCOME in names):
        found.append(f"{where} hat mehr Gliederungen, als ihre Ebene erlaubt.")
    if table.finest == GEMEINDE:
        found += _town_problems(where, table, [known[name] for name in own])
    return found


def _town_problems(where: str, table: TableSpec, dimensions: Collection[DimensionData]) -> list[str]:
    found = []
    if table.every != "year":
        found.append(f"{where} zeigt Gemeinden: das gibt es nur jährlich.")
    if OUTCOME in table.dimensions:
        found.append(f"{where} zeigt Ergebnisse für Gemeinden.")
    if any(each.sensitive and not each.rest for each in dimensions):
        found.append(f"{where} zeigt Gemeinden eine empfindliche Gliederung.")
    return found


def _check_versions(name: str, found: Iterable[Definition]) -> None:
    by_code: dict[str, list[Definition]] = defaultdict(list)
    for definition in found:
        by_code[definition.code].append(definition)
    for code, versions in by_code.items():
        if [each.version for each in versions] != list(range(1, len(versions) + 1)):
            raise IndicatorError(f"{name}: {code}: Die Fassungen zählen von 1 an, ohne Lücke.")
        for earlier, later in pairwise(versions):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                raise IndicatorError(f"{name}: {code}: Zwei Fassungen gelten am selben Tag.")
