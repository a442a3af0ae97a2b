"""Work of the job process: printing a paper."""

from __future__ import annotations

from collections.abc import Mapping

from caseapp.jobs import Handler, JobContext
from caseapp.papers.service import PRINT_JOB, Printer, print_paper


def handlers(printers: Mapping[str, Printer]) -> dict[str, Handler]:
    """What the job process does for this slice, with the printers that the factory hands over."""

    def paper(context: JobContext) -> None:
        with context.database.unit(context.actor, write=True):
            print_paper(context.actor, context.target_id, printers)

    return {PRINT_JOB: paper}
