"""Work of the job process: erasing a file, step by step, and printing papers."""

from __future__ import annotations

from caseapp.jobs import Handler, JobContext
from caseapp.privacy.service import Eraser, print_paper
from caseapp.privacy.service.papers import PAPER_JOB
from caseapp.privacy.service.requests import ERASE_JOB


def handlers(eraser: Eraser) -> dict[str, Handler]:
    """What the job process does for this slice, with the keys and finders that the factory hands over."""

    def erase(context: JobContext) -> None:
        eraser.run(context.actor, context.target_id, context.progress)

    def paper(context: JobContext) -> None:
        with context.database.unit(context.actor, write=True):
            print_paper(context.actor, context.target_id, eraser.render)

    return {ERASE_JOB: erase, PAPER_JOB: paper}
