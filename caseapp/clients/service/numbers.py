"""File numbers: `2026-00042`, counted for each carrier and year, without meaning."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from caseapp import clock
from caseapp.db import session
from caseapp.places.models import Organisation


def take_file_numbers(organisation_id: UUID, count: int = 1) -> list[str]:
    """The next `count` numbers of this year. The counter is locked until the transaction ends: none is given twice."""
    counter = (
        session()
        .scalars(
            select(Organisation)
            .where(Organisation.id == organisation_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    year = clock.today().year
    if counter.file_year != year:
        counter.file_year, counter.last_file_number = year, 0
    first = counter.last_file_number + 1
    counter.last_file_number += count
    session().flush()
    return [f"{year}-{number:05d}" for number in range(first, first + count)]
