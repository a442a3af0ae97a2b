"""Stored counts that hold the key of a person whose file is erased: they go, and are counted anew when asked for.

Outside the row scope; the caller has the right to erase.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp.db import session
from caseapp.figures.models import FigureSnapshot
from caseapp.privacy.service.traces import Subject, Trace
from caseapp.security.vault import UnreadableError
from caseapp.tallies import keys


def _counted_with(subject: Subject) -> list[FigureSnapshot]:
    """The carrier's snapshots that count the person, and those that nobody can read any more."""
    rows = session().scalars(
        select(FigureSnapshot)
        .where(FigureSnapshot.organisation_id == subject.organisation_id)
        .options(undefer(FigureSnapshot.content_blob))
        .order_by(FigureSnapshot.id)
    )
    wanted = keys.record_key(subject.client_id).to_bytes(8, "big")
    return [row for row in rows if _may_hold(row, wanted)]


def _may_hold(snapshot: FigureSnapshot, wanted: bytes) -> bool:
    try:
        return any(_is_among(cell.keys, wanted) for cell in snapshot.content.cells)
    except UnreadableError:
        return True


def _is_among(packed: bytes, wanted: bytes) -> bool:
    place = packed.find(wanted)
    while place >= 0 and place % len(wanted):  # across the border of two keys
        place = packed.find(wanted, place + 1)
    return place >= 0


def _count(subject: Subject) -> int:
    return len(_counted_with(subject))


def _clear(subject: Subject) -> int:
    found = _counted_with(subject)
    for snapshot in found:
        session().delete(snapshot)
    session().flush()
    return len(found)


TRACES = (Trace("figures", _count, _clear),)
