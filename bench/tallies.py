"""The lines of a whole state: what a report reads first, against opening the same envelopes and nothing else."""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select

from bench.district import district
from bench.table import Line, against_floor, within
from caseapp.db import everything, new_id
from caseapp.tallies import mirror, queries
from caseapp.tallies.courses import Course
from caseapp.tallies.lines import AnyLine
from caseapp.tallies.models import Tally
from caseapp.tallies.sources import Stored
from tests.factories.courses import invent

COUNT = 100_000
_AT_ONCE = 1_000  # courses invented and stored in one transaction
_LIMIT = 20e6  # microseconds: a third of the minute that a report may take
_LAST = dt.date(2026, 9, 30)


def measure(count: int = COUNT) -> list[Line]:
    """Storing the lines of so many invented people, and assembling them."""
    with district(10) as found:
        database = found.services.database
        with database.unit(None, write=True) as unit, everything(unit):
            organisation_id = unit.scalars(select(Tally.organisation_id).limit(1)).one()
            unit.execute(delete(Tally))
        stored = _store(database, organisation_id, count)
        gc.collect()
        gc.freeze()
        with database.unit(None, write=False) as unit, everything(unit):
            started = time.process_time()
            counted = queries.read()
            spent = time.process_time() - started
            assert (len(counted.courses), counted.unreadable) == (count, 0)
            contacts = sum(len(course.contacts) for course in counted.courses)
            bare = _bare(unit)
        gc.unfreeze()
    lines = f"lines of {count:,} clients with {contacts:,} contacts"
    return [
        against_floor(f"assemble the {lines}", spent * 1e6, bare * 1e6, "reading and AES-GCM"),
        within(f"assemble the {lines}, all of it", spent * 1e6, _LIMIT),
        Line("seal and store a line", f"{stored:.3g} us"),
    ]


def _store(database: Any, organisation_id: UUID, count: int) -> float:
    """Microseconds a line."""
    number, spent = 0, 0.0
    for start in range(0, count, _AT_ONCE):
        courses, _offices = invent(min(_AT_ONCE, count - start), last=_LAST, seed=start)
        with database.unit(None, write=True) as unit, everything(unit):
            lines = [each for course in courses for each in _lines(course, organisation_id)]
            started = time.process_time()
            mirror.put_lines(unit, lines)
            spent += time.process_time() - started
        number += len(lines)
    return spent * 1e6 / number


def _lines(course: Course, organisation_id: UUID) -> Iterator[tuple[Stored, AnyLine]]:
    client_id = new_id()
    for each in fields(course):
        value = getattr(course, each.name)
        for line in value if isinstance(value, list) else [value] if each.name == "person" else []:
            yield Stored(new_id(), client_id, organisation_id, None), line


def _bare(unit: Any) -> float:
    """Seconds for fetching the rows and opening as many envelopes of that size."""
    size = unit.scalar(select(func.avg(func.length(Tally.box_blob))))
    aead, nonce = AESGCM(bytes(32)), bytes(12)
    text = aead.encrypt(nonce, bytes(int(size) - 33), b"")
    started = time.process_time()
    for chunk in unit.execute(
        select(Tally.id, Tally.person, Tally.box_rev, Tally.box_blob), execution_options={"yield_per": 5_000}
    ).partitions():
        for _row in chunk:
            aead.decrypt(nonce, text, b"")
    return time.process_time() - started
