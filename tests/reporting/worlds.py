"""Small invented worlds for the tests of disclosure control."""

from __future__ import annotations

from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Grid, Table
from caseapp.reporting.disclosure.counts import Counts, Records, from_records
from caseapp.reporting.disclosure.geography import Geography, Level
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.disclosure.published import Parameters
from caseapp.reporting.disclosure.release import Release, control

KEY = StatisticsKey(b"a statistics key of tests, 32 b!")
TOPIC = Dimension("topic", ("housing", "work", "debts", "health", "other"), frozenset({"debts", "health"}), "other")
AGE = Dimension("age", ("child", "adult", "old"))
SEX = Dimension("sex", ("female", "male"))
OUTCOME = Dimension("outcome", ("yes", "no"), outcome=True)
CATALOGUE = Catalogue(
    "people",
    1,
    (TOPIC, AGE, SEX, OUTCOME),
    (
        Table("topic", ("topic",), Level.MUNICIPALITY),
        Table("age", ("age",), Level.MUNICIPALITY),
        Table("age-sex", ("age", "sex"), Level.DISTRICT),
        Table("topic-age-sex", ("topic", "age", "sex"), Level.STATE),
    ),
)
SIMPLE = Catalogue("simple", 1, (AGE,), (Table("age", ("age",), Level.MUNICIPALITY),))
TOTAL = {level: Grid(level, ()) for level in Level}


def geography(*sizes: int) -> Geography:
    """Districts with so many municipalities each."""
    district_of = tuple(district for district, size in enumerate(sizes) for _ in range(size))
    names = tuple(f"m{place}" for place in range(len(district_of)))
    return Geography("state", tuple(f"d{district}" for district in range(len(sizes))), names, district_of)


def people(
    where: Geography, number: int, seed: int, *, catalogue: Catalogue = CATALOGUE, key: StatisticsKey = KEY
) -> tuple[Records, Counts]:
    """So many random people; the same seed and a smaller number give the first of them."""
    chance = np.random.default_rng(seed)
    drawn = chance.random((number, 1 + len(catalogue.dimensions)))
    # Squared: some places and classes are much rarer than others.
    home = (drawn[:, 0] ** 2 * len(where.municipalities)).astype(np.int64)
    classes = {
        each.name: (drawn[:, index] ** 2 * len(each.classes)).astype(np.int64)
        for index, each in enumerate(catalogue.dimensions, start=1)
    }
    records = Records(home, key.record_keys(UUID(int=seed * 10_000 + person) for person in range(number)), classes)
    return records, from_records(catalogue, where, records)


# Rounding is looked at in every number, also where a release would not break a handful of people down.
ALL_SHOWN = Parameters(steps_without_breakdown=0)


def released(
    counts: Counts,
    *,
    period: str = "2026",
    key: StatisticsKey = KEY,
    parameters: Parameters = ALL_SHOWN,
    **more: object,
) -> Release:
    """A release of the funding period "2025-2027"."""
    return control(counts, key=key, period=period, funding_period="2025-2027", parameters=parameters, **more)  # type: ignore[arg-type]


worlds = st.tuples(
    st.lists(st.integers(1, 4), min_size=1, max_size=4).map(lambda sizes: geography(*sizes)),
    st.integers(0, 160),
    st.integers(0, 2**20),
)
