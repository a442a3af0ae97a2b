"""Removing old events by whole seals. Their roots and counts stay, so the chain still verifies."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.audit.closing import flush_notes
from caseapp.audit.models import AuditBatch, AuditEvent
from caseapp.audit.sealing import last_batch, make_ready, seal_batch, seal_pending, settle, signing_folder, waiting_rows
from caseapp.audit.service import Detail, record
from caseapp.audit.values import Values, add_readable, noted
from caseapp.db import Database, scope
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.sealed import Written
from caseapp.sealed.notes import written
from caseapp.security.signing import signer


def prune(database: Database, before: dt.date) -> int:
    """Remove the events of the oldest seals that hold none from `before` (a day in Berlin) or later; how many seals.

    In one transaction with the seal that says so. Digests of values that still stand are taken along. Raises RuleError
    for a day that has not come yet.
    """
    if before > clock.today():
        raise RuleError(_("Der Tag hinter --before liegt in der Zukunft."))
    seal_pending(database)
    with (
        signer(signing_folder(database)) as signing,
        database.unit(None, write=True) as unit,
        scope.everything(unit),
    ):
        last = last_batch(unit)
        through = _through(unit, last, dt.datetime.combine(before, dt.time(), clock.BERLIN))
        if last is None or through <= last.pruned_through:
            return 0
        make_ready(signing, last)
        written(unit).extend(_still_needed(unit, through))
        unit.execute(delete(AuditEvent).where(AuditEvent.batch <= through).execution_options(synchronize_session=False))
        record("audit:prune", detail=Detail(count=through))
        flush_notes(unit)
        rows, _adopted = waiting_rows(unit, last)
        seal_batch(unit, signing, last, rows, pruned_through=through)
    settle(database, signing)
    return through - last.pruned_through


def _through(unit: Session, last: AuditBatch | None, moment: dt.datetime) -> int:
    """The last of the oldest seals whose events are all older than the moment; the newest seal is never among them."""
    through = last.pruned_through if last else 0
    statement = (
        select(AuditBatch.number, AuditBatch.last_at).where(AuditBatch.number > through).order_by(AuditBatch.number)
    )
    for number, last_at in unit.execute(statement).all()[:-1]:
        if last_at >= moment:
            break
        through = number
    return through


def _still_needed(unit: Session, through: int) -> list[Written]:
    """The digests that only the pruned events hold, of values that were not deleted.

    Copied from the log, never computed from the data: what is missing or changed today is found tomorrow, too.
    """
    old, young = Values(), Values()
    for each in noted(unit):
        add_readable(old if each.batch is not None and each.batch <= through else young, each.packed)
    return [
        Written(table, column, row, revision, digest)
        for (table, column), known in sorted(old.known.items())
        for row, (revision, digest) in known.items()
        if revision and not young.has(table, column, row)
    ]
