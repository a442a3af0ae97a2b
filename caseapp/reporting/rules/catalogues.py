"""From the definitions of indicators to the engine's catalogues, and from observations to its records. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.indicators.rules.definitions import OUTCOME, Definition
from caseapp.indicators.rules.dimensions import DimensionData
from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.counts import Records
from caseapp.reporting.disclosure.geography import Indices, Level
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


@dataclass(frozen=True)
class Engine:
    """Makes the engine's records of observations over one ground. `homes`: the Kreis of each carrier.

    A record key of the tallies never reaches a release: the funding period's key makes another one of it, once for all
    populations.
    """

    ground: Ground
    homes: Mapping[UUID, str]
    key: StatisticsKey
    _keys: dict[int, int] = field(default_factory=dict, repr=False)
    _places: dict[tuple[str, UUID], int] = field(default_factory=dict, repr=False)

    def records(self, population: Population, observations: Sequence[Observation]) -> Records:
        """The records of a population.

        Who has no class where none is published (divers, no entry) is allotted to the published ones, always to the
        same. Raises UnknownPlaceError, or RuleError for an observation that does not say what the definition promises.
        """
        amounts = None
        owners = [each.key for each in observations]
        if population.definition.kind == "amount":  # the cap and the threshold are about people, not about their talks
            amounts = np.array([each.amount for each in observations], np.int64)
            owners = [each.person or each.key for each in observations]
        keys = np.array([self._keys.get(owner) or self._key(owner) for owner in owners], np.uint64)
        classes = {
            dimension.name: _classes(population, dimension, observations, keys)
            for dimension in population.catalogue.dimensions
        }
        return Records(self.places(observations), keys, classes, amounts)

    def places(self, observations: Sequence[Observation]) -> Indices:
        """The place of each observation in the ground."""
        found = self._places
        for lives in {(each.ags, each.organisation_id) for each in observations} - found.keys():
            found[lives] = self.ground.place(lives[0], self.homes[lives[1]])
        return np.array([found[each.ags, each.organisation_id] for each in observations], np.int64)

    def _key(self, owner: int) -> int:
        digest = hmac.digest(self.key.secret, owner.to_bytes(8, "big"), "sha256")
        self._keys[owner] = found = int.from_bytes(digest[:8], "big")
        return found


def _classes(
    population: Population, dimension: Dimension, observations: Sequence[Observation], keys: NDArray[np.uint64]
) -> Indices:
    """The index of each observation's class."""
    name, index = dimension.name, {code: place for place, code in enumerate(dimension.classes)}
    published = [index[code] for code in dimension.classes if code not in dimension.sensitive]
    open_classes = np.array(published or list(index.values()), np.int64)
    known = {**index, "": -1}
    try:
        found = np.array([known[each.classes[name]] for each in observations], np.int64)
    except KeyError as error:
        raise RuleError(
            _(
                "Bei der Kennzahl %(code)s fehlt in der Gliederung „%(dimension)s“ die Klasse %(name)s. "
                "Berichtigen Sie config/indicators; bis dahin entsteht kein Bericht.",
                code=population.definition.code,
                dimension=name,
                name=error.args[0],
            )
        ) from None
    return np.where(found < 0, open_classes[allot(keys, len(open_classes))], found)


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
