"""Work of the job process: counting a year, and making the papers for the granting authority."""

from __future__ import annotations

from collections.abc import Callable

from caseapp.jobs import Handler, JobContext
from caseapp.keyfigures import service


def handlers(render: Callable[..., bytes]) -> dict[str, Handler]:
    """What the job process does for this slice, with the printer that the factory hands over."""

    def count(context: JobContext) -> None:
        service.run_count(context.database, context.actor, context.target_id, context.progress)

    def fill(context: JobContext) -> None:
        service.run_fill(context.database, context.actor, context.target_id, render, context.progress)

    return {service.COUNT: count, service.FILL: fill}
