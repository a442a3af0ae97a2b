"""Milestones of all slices for a timeline: one statement, whatever the number of slices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal_column, select, union_all

from caseapp.db import session


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """What a slice says of one milestone: plain columns only. `at` orders milestones of the same day."""

    key: str
    on_day: dt.date
    at: dt.datetime | None
    record_id: UUID
    code: str


# A slice's milestones of a client: the columns (day, moment, id, code) in this order, without order or limit. Whoever
# knows no moment selects `literal(None, UtcDateTime())`: the first statement gives all the others their types.
MilestoneSelect = Select[*tuple[Any, ...]]


def list_milestones(selects: Iterable[tuple[str, MilestoneSelect]], limit: int) -> list[MilestoneRow]:
    """The newest milestones of these keyed statements, at most `limit`. One statement, none without any."""
    # The keys are names from the code.
    keyed = [each.add_columns(literal_column(f"'{key}'").label("milestone")) for key, each in selects]
    if not keyed:
        return []
    # A statement around them: PostgreSQL orders what is put together by names only, and a missing moment has none.
    together = union_all(*keyed).subquery("milestones")
    day, at, record_id, _code, _key = together.c
    # SQLite takes a missing moment for the earliest, PostgreSQL for the latest; on a timeline it is the earliest.
    newest_first = (day.desc(), at.desc().nulls_last(), record_id)
    rows = session().execute(select(together).order_by(*newest_first).limit(limit))
    return [MilestoneRow(key, on_day, moment, found, code) for on_day, moment, found, code, key in rows]
