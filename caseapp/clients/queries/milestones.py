"""Milestones of all slices for a timeline: one statement, whatever the number of slices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal_column, union_all

from caseapp.db import session


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """What a slice says of one milestone: plain columns only. `at` orders milestones of the same day."""

    key: str
    on_day: dt.date
    at: dt.datetime | None
    record_id: UUID
    code: str


# A slice's milestones of a client: the columns (day, moment, id, code) in this order, without order or limit.
MilestoneSelect = Select[*tuple[Any, ...]]


def list_milestones(selects: Iterable[tuple[str, MilestoneSelect]], limit: int) -> list[MilestoneRow]:
    """The newest milestones of these keyed statements, at most `limit`. One statement, none without any."""
    # The keys are names from the code.
    keyed = [select.add_columns(literal_column(f"'{key}'").label("milestone")) for key, select in selects]
    if not keyed:
        return []
    together = union_all(*keyed)
    day, at, record_id, _code, _key = together.selected_columns
    rows = session().execute(together.order_by(day.desc(), at.desc(), record_id).limit(limit))
    return [MilestoneRow(key, on_day, moment, found, code) for on_day, moment, found, code, key in rows]
