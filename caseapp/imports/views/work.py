"""Handing a list to the job process; a short one is done before the answer."""

from __future__ import annotations

from typing import cast

from flask import current_app

from caseapp.jobs import Job, Queue
from caseapp.web import context

_AT_ONCE = 500


def do(job: Job, rows: int) -> None:
    """Do the committed job: lists of so few rows at once, others in the job process."""
    queue = cast(Queue, current_app.extensions["caseapp_queue"])
    if rows < _AT_ONCE:
        queue.run_now(job.id, context.actor().user_id)
    else:
        queue.put(job.id, context.actor().user_id)
