"""Checking and carrying out a list, in the job process or, for short lists, at once.

The long part reads only, so that its progress can be written meanwhile; then one short transaction stores everything.
"""

from __future__ import annotations

from caseapp import audit
from caseapp.imports import queries, service
from caseapp.imports.service import Plan
from caseapp.jobs import Handler, JobContext


def check(context: JobContext) -> None:
    """Compare the list row by row and keep the preview."""
    plan = _plan(context)
    with context.database.unit(context.actor, write=True):
        service.keep_preview(context.actor, queries.get_import(context.actor, context.target_id, lock=True), plan)


def run(context: JobContext) -> None:
    """Import the list."""
    plan = _plan(context)
    with context.database.unit(context.actor, write=True) as unit:
        service.run_import(context.actor, queries.get_import(context.actor, context.target_id, lock=True), plan)
    audit.write_pending(context.database, unit)


def _plan(context: JobContext) -> Plan:
    with context.database.unit(context.actor, write=False) as unit:
        owner = queries.get_import(context.actor, context.target_id)
        plan = service.plan_of(context.actor, owner, context.progress)
    audit.write_pending(context.database, unit)
    return plan


HANDLERS: dict[str, Handler] = {service.CHECK: check, service.RUN: run}
