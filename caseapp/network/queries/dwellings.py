"""Reading dwellings and rent limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.network import rules
from caseapp.network.models import Dwelling, RentTable
from caseapp.network.queries.partners import names_of, same_as


@dataclass(frozen=True, slots=True)
class DwellingLine:
    """A dwelling with the present name of its landlord ("" without one)."""

    dwelling: Dwelling
    landlord: str


@dataclass(frozen=True, slots=True)
class RentLimit:
    """What a rent with operating costs, without heating, may be: cents a month, and who says so."""

    cents: int
    label: str
    source: str
    valid_from: dt.date
    valid_to: dt.date | None


def find_dwelling(dwelling_id: UUID) -> Dwelling | None:
    """The dwelling, or None."""
    return session().get(Dwelling, dwelling_id)


def get_dwelling(dwelling_id: UUID) -> Dwelling:
    """The dwelling. Raises NotFoundError."""
    found = find_dwelling(dwelling_id)
    if found is None:
        raise NotFoundError
    return found


def list_dwellings(*, state: str = "offered", landlord_id: UUID | None = None) -> list[DwellingLine]:
    """Dwellings in this state ("" for all), those that are free first; of one landlord or of all.

    Four statements at most, whatever the rows.
    """
    statement = select(Dwelling).order_by(Dwelling.available_on, Dwelling.created_at, Dwelling.id)
    if state:
        statement = statement.where(Dwelling.state == state)
    if landlord_id is not None:
        statement = statement.where(Dwelling.landlord_id.in_(tuple(same_as(landlord_id))))
    found = session().scalars(statement).all()
    names = names_of(each.landlord_id for each in found if each.landlord_id)
    return [DwellingLine(each, names.get(each.landlord_id, "") if each.landlord_id else "") for each in found]


def rent_limit(persons: int, ags: str, on: dt.date) -> RentLimit | None:
    """The limit for a household of this size in a municipality on a day, None where nobody has entered one.

    What is entered for the municipality counts more than what is entered for its district.
    """
    return rent_limits(persons, (ags,), on).get(ags)


def rent_limits(persons: int, ags: Iterable[str], on: dt.date) -> Mapping[str, RentLimit]:
    """`rent_limit` for many municipalities in one statement; those without a limit are left out."""
    by_area: dict[str, RentTable] = {}
    for table in list_rent_tables(on=on):
        by_area.update(dict.fromkeys(table.text.ags, table))
    wanted = {each: by_area.get(each) or by_area.get(each[: rules.DISTRICT_DIGITS]) for each in set(ags) if each}
    return {each: _limit(table, persons) for each, table in wanted.items() if table is not None}


def list_rent_tables(*, on: dt.date | None = None) -> Sequence[RentTable]:
    """All tables of limits, the latest first; only those that hold on a day."""
    statement = select(RentTable).where(RentTable.state == "valid")
    if on is not None:
        statement = statement.where(
            RentTable.valid_from <= on, or_(RentTable.valid_to.is_(None), RentTable.valid_to >= on)
        )
    return session().scalars(statement.order_by(RentTable.valid_from.desc(), RentTable.id)).all()


def find_rent_table(table_id: UUID) -> RentTable | None:
    """The table of limits, struck out or not, or None."""
    return session().get(RentTable, table_id)


def get_rent_table(table_id: UUID) -> RentTable:
    """The table of limits, struck out or not. Raises NotFoundError."""
    found = find_rent_table(table_id)
    if found is None:
        raise NotFoundError
    return found


def _limit(table: RentTable, persons: int) -> RentLimit:
    return RentLimit(
        cents=rules.limit_for(persons, table.limits, table.cents_further),
        label=table.text.label,
        source=table.text.source,
        valid_from=table.valid_from,
        valid_to=table.valid_to,
    )
