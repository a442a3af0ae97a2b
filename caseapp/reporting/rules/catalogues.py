"""From the definitions of indicators to the engine's catalogues, and from observations to its records. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.indicators.rules.definitions import OUTCOME, Definition
from caseapp.indicators.rules.dimensions import DimensionData
from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.counts import Records
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.keys import StatisticsKey, allot
from caseapp.reporting.rules.ground import Ground
from caseapp.reporting.rules.labels import LAND
from caseapp.reporting.rules.package import (
    ClassText,
    DimensionText,
    IndicatorText,
    OutcomeText,
    RateText,
)
from caseapp.tallies.periods import Period

if TYPE_CHECKING:
    from caseapp.indicators.rules import Observation

BASE, COARSE_BASE = 5, 10


@dataclass(frozen=True)
class Population:
    """One indicator in a report: its definition and the tables that the report publishes of it."""

    definition: Definition
    catalogue: Catalogue

    @property
    def name(self) -> str:
        """The catalogue's name: it stays the same over the periods, so that the next one finds its predecessor."""
        return self.catalogue.name


def populations(
    definitions: Iterable[Definition], dimensions: Iterable[DimensionData], period: Period, scope: str
) -> list[Population]:
    """The populations of a report of this period, in the order of the definitions.

    A Kreis publishes what the Land publishes of each Kreis: no table that is for the Land as a whole.
    """
    known = {each.name: each for each in dimensions}
    found = []
    for definition in definitions:
        tables = definition.tables_of(period)
        if not tables:
            continue
        shown = [table for table in tables if scope == LAND or table.finest > Level.STATE]
        names = {name for table in shown for name in table.dimensions}
        used = [_dimension(known[name]) for name in known if name in names and name != OUTCOME]
        if OUTCOME in names:
            used.append(Dimension(OUTCOME, tuple(each.code for each in definition.outcomes), outcome=True))
        catalogue = Catalogue(
            definition.code.lower(),
            definition.version,
            tuple(used),
            tuple(Table(table.name, table.dimensions, Level(table.finest)) for table in shown),
            base=COARSE_BASE if definition.kind == "amount" else BASE,
            sensitive_base=COARSE_BASE,
        )
        found.append(Population(definition, catalogue))
    return found


def records_of(
    population: Population,
    observations: Sequence[Observation],
    ground: Ground,
    homes: Mapping[UUID, str],
    key: StatisticsKey,
) -> Records:
    """The engine's records of what was observed. `homes`: the Kreis of each carrier.

    A record key of the tallies never reaches a release: the funding period's key makes another one of it. Who has no
    class where none is published (divers, no entry) is allotted to the published ones, always to the same. Raises
    UnknownPlaceError, or RuleError for an observation that does not say what the definition promises.
    """
    amounts = None
    owners: Iterable[int] = (each.key for each in observations)
    if population.definition.kind == "amount":  # the cap and the threshold are about people, not about their talks
        amounts = np.fromiter((each.amount for each in observations), np.int64, len(observations))
        owners = (each.person or each.key for each in observations)
    keys = np.fromiter(_keys(owners, key), np.uint64, len(observations))
    places = np.fromiter(
        (ground.place(each.ags, homes[each.organisation_id]) for each in observations), np.int64, len(observations)
    )
    classes = {}
    for dimension in population.catalogue.dimensions:
        index = {code: place for place, code in enumerate(dimension.classes)}
        published = [index[code] for code in dimension.classes if code not in dimension.sensitive]
        open_classes = np.array(published or list(index.values()), np.int64)
        try:
            found = np.fromiter(
                (-1 if (code := each.classes[dimension.name]) == "" else index[code] for each in observations),
                np.int64,
                len(observations),
            )
        except KeyError as error:
            raise RuleError(
                _(
                    "Bei der Kennzahl %(code)s fehlt in der Gliederung „%(dimension)s“ die Klasse %(name)s. "
                    "Berichtigen Sie config/indicators; bis dahin entsteht kein Bericht.",
                    code=population.definition.code,
                    dimension=dimension.name,
                    name=error.args[0],
                )
            ) from None
        allotted = open_classes[allot(keys, len(open_classes))]
        classes[dimension.name] = np.where(found < 0, allotted, found)
    return Records(places, keys, classes, amounts)


def dimension_texts(found: Sequence[Population], dimensions: Iterable[DimensionData]) -> tuple[DimensionText, ...]:
    """What the report calls its dimensions and their classes; at the end the outcomes of all indicators."""
    names = {dimension.name for population in found for dimension in population.catalogue.dimensions}
    texts = [
        DimensionText(each.name, each.de, each.en, tuple(ClassText(one.code, one.de, one.en) for one in each.classes))
        for each in dimensions
        if each.name in names
    ]
    outcomes = {
        each.code: ClassText(each.code, each.de, each.en)
        for population in reversed(found)
        for each in reversed(population.definition.outcomes)
    }
    if OUTCOME in names:
        texts.append(DimensionText(OUTCOME, "Ergebnis", "Outcome", tuple(reversed(outcomes.values()))))
    return tuple(texts)


def indicator_text(definition: Definition) -> IndicatorText:
    """What the report says of an indicator."""
    return IndicatorText(
        definition.code,
        definition.version,
        definition.title_de,
        definition.title_en,
        definition.sentence_de,
        definition.sentence_en,
        definition.denominator_de,
        definition.denominator_en,
        definition.unit,
        definition.kind,
        definition.limits_de,
        definition.limits_en,
        tuple(OutcomeText(each.code, each.de, each.en, each.answer) for each in definition.outcomes),
        tuple(RateText(each.code, each.de, each.en, each.yes, each.of) for each in definition.rates),
    )


def _dimension(data: DimensionData) -> Dimension:
    return Dimension(
        data.name,
        tuple(each.code for each in data.classes),
        frozenset(each.code for each in data.classes if each.sensitive),
        data.rest,
    )


def _keys(owners: Iterable[int], key: StatisticsKey) -> Iterable[int]:
    """The record keys of this funding period: a person has many observations, and always the same key."""
    made: dict[int, int] = {}
    for owner in owners:
        found = made.get(owner)
        if found is None:
            digest = hmac.digest(key.secret, owner.to_bytes(8, "big"), "sha256")
            found = made[owner] = int.from_bytes(digest[:8], "big")
        yield found
