"""Rounding the populations of a report, each held to its last release; the engine's refusals in German."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.indicators.rules import Observation
from caseapp.reporting import queries
from caseapp.reporting.disclosure.counts import from_records
from caseapp.reporting.disclosure.errors import DisclosureError, KeyMissingError, UnroundableError
from caseapp.reporting.disclosure.frozen import thaw_memory
from caseapp.reporting.disclosure.geography import Merged, merge_small
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.disclosure.preferences import Memory
from caseapp.reporting.disclosure.published import Parameters, Published
from caseapp.reporting.disclosure.release import Release, control
from caseapp.reporting.models import Report
from caseapp.reporting.rules.catalogues import Engine, Population
from caseapp.reporting.rules.funding import FundingPeriod, key_of
from caseapp.reporting.rules.ground import ELSEWHERE, Ground
from caseapp.reporting.rules.package import Package, thaw_package
from caseapp.security.vault import UnreadableError
from caseapp.tallies.periods import Period

PARAMETERS = Parameters()


@dataclass(frozen=True)
class Before:
    """The last release of the same scope and kind of period, opened; all empty for the first one."""

    report: Report | None = None
    package: Package | None = None
    parts: Mapping[str, tuple[Published, Memory]] = field(default_factory=dict)


def open_last(scope: str, period: Period) -> Before:
    """What the new release must hold on to."""
    last = queries.last_released(scope, period)
    if last is None:
        return Before()
    package = thaw_package(last.package.frozen)
    memories = {each.name: each.memory for each in last.memory.parts}
    parts = {
        each.name: (each.published, thaw_memory(memories[each.name], each.published))
        for each in package.figures
        if each.name in memories
    }
    return Before(last, package, parts)


def statistics_key(funding: FundingPeriod) -> StatisticsKey:
    """The key of the funding period. Raises RuleError where the ring has none: no report leaves the house then."""
    try:
        return key_of(session().info["keystore"].keyring.secret("statistics"), funding)
    except (KeyError, UnreadableError, KeyMissingError):
        raise RuleError(_key_missing()) from None


@dataclass(frozen=True)
class Rounder:
    """Rounds one population after the other over the same ground."""

    engine: Engine
    period: Period
    funding: FundingPeriod
    before: Before
    merged: Merged | None = None

    @property
    def ground(self) -> Ground:
        """The areas before small ones are merged."""
        return self.engine.ground

    def merge(self, active: Sequence[Observation]) -> Merged:
        """Small municipalities together. Those without a known one are never enough to stand by themselves."""
        codes = self.ground.geography.municipalities
        sizes = np.bincount(self.engine.places(active), minlength=len(codes)).astype(np.int64)
        sizes[[code.endswith(ELSEWHERE) for code in codes]] = 0
        return merge_small(self.ground.geography, sizes, PARAMETERS.smallest_municipality)

    def round(self, population: Population, observed: Sequence[Observation]) -> Release:
        """The release of one population. Raises RuleError where it cannot be published."""
        code = population.definition.code
        records = self.engine.records(population, observed)
        if self.merged is not None:
            records = records.moved(self.merged)
        geography = self.merged.geography if self.merged else self.ground.geography
        try:
            return control(
                from_records(population.catalogue, geography, records, cap=PARAMETERS.cap),
                key=self.engine.key,
                period=str(self.period),
                funding_period=self.funding.code,
                previous=self.before.parts.get(population.name),
                merged=self.merged,
                parameters=PARAMETERS,
            )
        except KeyMissingError:
            raise RuleError(_key_missing()) from None
        except UnroundableError:
            raise RuleError(
                _(
                    "Die Tabellen der Kennzahl %(code)s lassen sich nicht so runden, dass alle Summen stimmen. Es "
                    "entsteht kein Bericht. Fassen Sie Klassen in config/indicators zusammen.",
                    code=code,
                )
            ) from None
        except DisclosureError as error:
            raise RuleError(
                _(
                    "Die Kennzahl %(code)s lässt sich nicht veröffentlichen (%(kind)s). Es entsteht kein Bericht.",
                    code=code,
                    kind=type(error).__name__,
                )
            ) from error


def _key_missing() -> str:
    return _(
        "Der Statistikschlüssel fehlt oder ist ein anderer als beim letzten Bericht. Ohne ihn verlässt kein Bericht "
        "das Haus: Spielen Sie die Schlüssel aus der Sicherung zurück."
    )
