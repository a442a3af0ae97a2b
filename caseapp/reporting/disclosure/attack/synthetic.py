"""An invented state: people with properties, coming and going over quarters. The same seed gives the same state.

Sizes of municipalities are lognormal (a few towns, many villages), the mixture of topics and residence differs from
place to place, half of the people stay about a year, one in eight changes the main topic in a quarter: as in the
programme's published totals, a quarter of the cells of a municipality hold one or two persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.counts import Counts, Records, from_records
from caseapp.reporting.disclosure.geography import Geography, Indices, Level, Merged, merge_small
from caseapp.reporting.disclosure.keys import StatisticsKey

TOPICS = (
    "housing",
    "work",
    "language",
    "residence",
    "benefits",
    "children",
    "family",
    "leisure",
    "debts",
    "health",
    "other",
)
DIMENSIONS = (
    Dimension("topic", TOPICS, frozenset({"debts", "health"}), "other"),
    Dimension("origin", tuple(f"origin-{number}" for number in range(1, 9))),
    Dimension("age", ("0-6", "7-15", "16-24", "25-39", "40-64", "65+")),
    Dimension("sex", ("female", "male")),
    Dimension("outcome", ("reached", "partly", "not", "dropped", "open"), outcome=True),
)
YEARLY = Catalogue(
    "yearly",
    1,
    DIMENSIONS,
    (
        *(Table(name, (name,), Level.MUNICIPALITY) for name in ("topic", "origin", "age", "sex")),
        Table("age-sex", ("age", "sex"), Level.DISTRICT),
    ),
)
QUARTERLY = Catalogue(
    "quarterly",
    1,
    DIMENSIONS,
    (
        Table("topic-origin", ("topic", "origin"), Level.DISTRICT),
        Table("topic-outcome", ("topic", "outcome"), Level.DISTRICT),
        Table("age-sex", ("age", "sex"), Level.DISTRICT),
        Table("topic-age-sex", ("topic", "age", "sex"), Level.STATE),
    ),
)
# As the report's own quarters are cut: the topic crossed once for districts, one dimension sensitive altogether.
REPORTED = Catalogue(
    "reported",
    1,
    tuple(replace(each, sensitive=frozenset(each.classes)) if each.name == "origin" else each for each in DIMENSIONS),
    (
        Table("topic-sex", ("topic", "sex"), Level.DISTRICT),
        Table("age-sex", ("age", "sex"), Level.DISTRICT),
        Table("origin", ("origin",), Level.DISTRICT),
        Table("topic-age-sex", ("topic", "age", "sex"), Level.STATE),
    ),
)
_CHANGES_TOPIC = 0.12


@dataclass(frozen=True)
class Quarter:
    """The people of one period: which of the state's people they are, and their properties as class indices."""

    people: Indices
    municipality: Indices
    classes: Mapping[str, Indices]

    def without(self, places: Indices) -> Quarter:
        """The same quarter, had some people (by their place) not been there."""
        keep = np.ones(len(self.people), bool)
        keep[places] = False
        classes = {name: values[keep] for name, values in self.classes.items()}
        return Quarter(self.people[keep], self.municipality[keep], classes)

    def counted(
        self, catalogue: Catalogue, geography: Geography, key: StatisticsKey, *, threshold: int = 20
    ) -> tuple[Counts, Merged]:
        """The exact counts of the quarter, with small municipalities merged."""
        active = np.bincount(self.municipality, minlength=len(geography.municipalities)).astype(np.int64)
        merged = merge_small(geography, active, threshold)
        return self.counted_over(catalogue, merged, key), merged

    def counted_over(self, catalogue: Catalogue, merged: Merged, key: StatisticsKey) -> Counts:
        """The exact counts over a merging that is given."""
        keys = key.record_keys(UUID(int=person) for person in self.people.tolist())
        records = Records(self.municipality, keys, self.classes).moved(merged)
        return from_records(catalogue, merged.geography, records)


@dataclass(frozen=True)
class State:
    """An invented state and its quarters."""

    geography: Geography
    quarters: tuple[Quarter, ...] = field(repr=False)


def invent(*, clients: int, districts: int, municipalities: int, quarters: int, seed: int) -> State:
    """A state with about so many active clients in each quarter."""
    chance = np.random.default_rng(seed)
    geography = _geography(chance, districts, municipalities)
    weights = chance.lognormal(0, 1.35, municipalities)
    stay = 4.0  # quarters
    everybody = round(clients * (1 + quarters / stay))
    home = chance.choice(municipalities, everybody, p=weights / weights.sum()).astype(np.int64)
    classes = {
        each.name: _drawn(chance, home, _local(chance, municipalities, len(each.classes))) for each in DIMENSIONS
    }
    topics = _local(chance, municipalities, len(TOPICS))
    first = chance.choice(everybody, everybody, replace=False) * (quarters + stay) / everybody - stay
    last = first + stay
    made = []
    for quarter in range(quarters):
        changing = chance.random(everybody) < _CHANGES_TOPIC
        classes = {**classes, "topic": np.where(changing, _drawn(chance, home, topics), classes["topic"])}
        here = np.flatnonzero((first <= quarter) & (quarter < last)).astype(np.int64)
        made.append(Quarter(here, home[here], {name: values[here] for name, values in classes.items()}))
    return State(geography, tuple(made))


def _geography(chance: np.random.Generator, districts: int, municipalities: int) -> Geography:
    extra = chance.choice(districts, municipalities - districts)
    district_of = sorted([*range(districts), *extra.tolist()])
    names = tuple(f"{district + 1:02}{place:04}" for place, district in enumerate(district_of))
    return Geography("state", tuple(f"{number + 1:02}" for number in range(districts)), names, tuple(district_of))


def _local(chance: np.random.Generator, places: int, classes: int) -> NDArray[np.float64]:
    """A mixture of the classes for each place, around a common one."""
    return chance.dirichlet(chance.dirichlet(np.full(classes, 2.0)) * 15 + 0.05, places)


def _drawn(chance: np.random.Generator, home: Indices, mixtures: NDArray[np.float64]) -> Indices:
    edges = mixtures.cumsum(axis=1)[home]
    drawn: Indices = (chance.random(len(home))[:, None] > edges[:, :-1]).sum(axis=1).astype(np.int64)
    return drawn
