"""Work of the job process: erasing a file, step by step."""

from __future__ import annotations

from caseapp.jobs import Handler, JobContext
from caseapp.privacy.service import Eraser
from caseapp.privacy.service.requests import ERASE_JOB


def handlers(eraser: Eraser) -> dict[str, Handler]:
    """What the job process does for this slice, with the keys and finders that the factory hands over."""

    def erase(context: JobContext) -> None:
        eraser.run(context.actor, context.target_id, context.progress)

    return {ERASE_JOB: erase}
