"""Work of the job process: counting the figures of a large scope.

The long part reads only, so that its progress can be written meanwhile; then one short transaction stores the cells.
"""

from __future__ import annotations

from caseapp import audit
from caseapp.figures import service
from caseapp.figures.service.snapshots import keep_snapshot
from caseapp.jobs import Handler, JobContext


def count(context: JobContext) -> None:
    """Count and keep."""
    with context.database.unit(context.actor, write=False) as unit:
        content = service.count_snapshot(context.actor, context.target_id, context.progress)
    audit.write_pending(context.database, unit)
    with context.database.unit(context.actor, write=True):
        keep_snapshot(context.actor, context.target_id, content)


HANDLERS: dict[str, Handler] = {service.COUNT_JOB: count}
