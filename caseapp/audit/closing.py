"""Closing events at the flush: each gets its authentication code, and the digests of what the unit has written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from caseapp.audit.models import AuditEvent
from caseapp.audit.proofs import detail_digest, event_mac, pack
from caseapp.db.unit import CaseSession
from caseapp.sealed.notes import audit_key, written

# What is written without an event of its own, such as a draft: nobody's doing is recorded, only the digests.
WRITTEN = "record:written"
_MOST = 1_000  # digests in one event


def flush_notes(session: Session) -> None:
    """Put the digests noted so far into events. For bulk work in one transaction, so that they do not pile up."""
    noted = written(session)
    for start in range(0, len(noted), _MOST):
        session.add(_bare(noted[start : start + _MOST]))
    noted.clear()
    session.flush()


def _bare(noted: Any) -> AuditEvent:
    return AuditEvent(at=dt.datetime.now(dt.UTC), action=WRITTEN, envelopes=pack(noted))


def _close(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    events = [row for row in session.new if isinstance(row, AuditEvent)]
    noted = written(session)
    if noted and (events or len(noted) >= _MOST):
        events += _take(session, events, noted)
    for each in events:
        key = audit_key(session)
        if each.detail is not None:
            each.detail_digest = detail_digest(key, each.detail)
        each.mac = event_mac(key, each)


def _take(session: Session, events: list[AuditEvent], noted: list[Any]) -> list[AuditEvent]:
    """Give the digests to the first event that has none yet; what does not fit goes into events of its own."""
    free = next((each for each in events if each.envelopes is None), None)
    rest = list(noted)
    noted.clear()
    if free is not None:
        # The later of two writers of one row has the later time: it has waited for the other.
        free.at = dt.datetime.now(dt.UTC)
        free.envelopes, rest = pack(rest[:_MOST]), rest[_MOST:]
    added = [_bare(rest[start : start + _MOST]) for start in range(0, len(rest), _MOST)]
    session.add_all(added)
    return added


def _close_rest(session: Session) -> None:
    """Before the commit: what no event has taken gets one."""
    if not session.in_nested_transaction():
        session.flush()  # as the commit would do; only now everything is noted
        if written(session):
            flush_notes(session)


event.listen(CaseSession, "before_flush", _close)
event.listen(CaseSession, "before_commit", _close_rest)
