"""Work of the job process: building a draft, and making the files of a release.

Building reads and computes without a lock; then one short transaction stores the draft, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from caseapp import audit
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Handler, JobContext
from caseapp.reporting import queries, service
from caseapp.reporting.rules.package import Released

_log = structlog.get_logger(__name__)
Maker = Callable[[Released], bytes]


def build(context: JobContext) -> None:
    """Build the draft that was ordered."""
    with context.database.unit(context.actor, write=False) as unit:
        built = service.build(context.actor, context.target_id, context.progress)
    audit.write_pending(context.database, unit)
    with context.database.unit(context.actor, write=True):
        service.keep_draft(context.actor, context.target_id, context.job_id, built)


def handlers(forms: Mapping[str, Maker]) -> dict[str, Handler]:
    """What the job process does for this slice, with the makers of files that the factory hands over."""

    def files(context: JobContext) -> None:
        """Each file is made without a lock and stored by itself: one that fails leaves the others, and the release."""
        with context.database.unit(context.actor, write=False):
            missing = service.missing_files(context.target_id, forms)
            released = queries.released(queries.get_release(context.target_id))
        failed = []
        for place, kind in enumerate(missing):
            context.progress(place, len(missing))
            try:
                with context.database.unit(context.actor, write=False):  # a form may compare with earlier releases
                    content = forms[kind](released)
            except Exception as error:
                _log.error("report_file_failed", kind=kind, error=type(error).__name__, exc_info=error)
                failed.append(kind.upper())
                continue
            with context.database.unit(context.actor, write=True):
                service.keep_file(context.actor, context.target_id, kind, content)
        if failed:
            raise RuleError(
                _(
                    "Nicht entstanden: %(kinds)s. Der Bericht ist freigegeben; versuchen Sie es noch einmal.",
                    kinds=", ".join(failed),
                )
            )

    return {service.BUILD_JOB: build, service.FILES_JOB: files}
