"""Reading the shipped definitions, and what evaluating needs of the installation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Counting, load_counting
from caseapp.db import session
from caseapp.indicators.rules import (
    OUTCOME,
    ClassData,
    CodeClasses,
    Context,
    Definition,
    DimensionData,
    load_definitions,
    load_dimensions,
    load_mapping,
    make_context,
)
from caseapp.network.models import Partner
from caseapp.settings import PROJECT_ROOT
from caseapp.tallies.periods import Period

_FOLDER = PROJECT_ROOT / "config" / "indicators"


@lru_cache(maxsize=1)
def dimensions() -> tuple[DimensionData, ...]:
    """All shipped dimensions, read once a process."""
    return load_dimensions(_FOLDER)


@lru_cache(maxsize=1)
def definitions() -> tuple[Definition, ...]:
    """All versions of all shipped definitions, read once a process."""
    return load_definitions(_FOLDER, dimensions())


@lru_cache(maxsize=1)
def mapping() -> CodeClasses:
    """The class of each stored code, read once a process."""
    return load_mapping(_FOLDER, dimensions())


@lru_cache(maxsize=1)
def counting() -> tuple[Counting, ...]:
    """Which kinds of contact count as counselling, by date; read once a process."""
    return load_counting(PROJECT_ROOT / "config" / "rules")


def list_definitions(on: dt.date) -> tuple[Definition, ...]:
    """The definitions in force on a day, in their order."""
    return tuple(each for each in definitions() if each.is_valid(on))


def list_versions(code: str) -> tuple[Definition, ...]:
    """All versions of an indicator, the newest first; none for an unknown code."""
    return tuple(each for each in reversed(definitions()) if each.code == code)


def list_dimensions(on: dt.date) -> tuple[DimensionData, ...]:
    """The dimensions that the tables of this day's definitions use, in their order. The outcome is none of them: it
    belongs to its indicator (`dimensions_of`)."""
    used = {name for definition in list_definitions(on) for name in definition.dimensions}
    return tuple(each for each in dimensions() if each.name in used)


def dimensions_of(definition: Definition) -> tuple[DimensionData, ...]:
    """The dimensions of an indicator's tables in the common order, its outcome last."""
    found = [each for each in dimensions() if each.name in definition.dimensions]
    if definition.outcomes:
        classes = tuple(ClassData(code=each.code, de=each.de, en=each.en) for each in definition.outcomes)
        found.append(DimensionData(name=OUTCOME, de="Ergebnis", en="Outcome", classes=classes, outcome=True))
    return tuple(found)


def load_context(period: Period, as_of: dt.datetime, *, snapshots: Mapping[str, dt.datetime] | None = None) -> Context:
    """What `rules.evaluate` needs for a period. One statement: the kinds of the partners.

    `snapshots`: released period -> moment at which its figures were counted; contacts recorded later count later.
    """
    return make_context(
        period=period,
        as_of=as_of,
        definitions=definitions(),
        mapping=mapping(),
        catalogue=catalogue.catalogue(),
        counting=counting(),
        title_rules=catalogue.title_rules(),
        snapshots=snapshots or {},
        partner_kinds=_partner_kinds(),
    )


def _partner_kinds() -> dict[UUID, str]:
    rows = session().execute(select(Partner.id, Partner.kind).order_by(Partner.id))
    return {row.id: row.kind for row in rows}
