"""Building a draft: counted once over all carriers, rounded, and kept in one short transaction or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.db import hold, session
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.reporting import queries
from caseapp.reporting.models import Answer, MemoryBox, PackageBox, Proof, Report, ReportFacts, ReportState
from caseapp.reporting.rules.labels import period_label
from caseapp.reporting.service.acting import clear, over_all_carriers, require, require_version
from caseapp.reporting.service.counting import Built, count_period
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies import queries as tallies
from caseapp.tallies.periods import Period

BUILD_JOB = "report:build"
_GIVEN_UP_AFTER = dt.timedelta(hours=1)
Progress = Callable[[int, int], None]


def order_build(actor: Actor, period: Period) -> Job:
    """Have the draft of a period built; one that is there is discarded. The page hands the job over.

    Raises RuleError with the first reason against it (`rules.readiness`), or while it is being built.
    """
    organisation_id = require(actor, Permission.REPORT_BUILD)
    hold(session(), "report")
    with audit.everything("report:build"):
        found = queries.outlook(period, gaps=tallies.list_gaps())
        if found.reasons:
            raise RuleError(found.reasons[0])
        report = found.report or _new(found.scope, period)
        if is_running(report):
            raise RuleError(_("Dieser Bericht wird gerade gebaut. Warten Sie einen Moment."))
        clear(report)
        job = jobs.start(actor, BUILD_JOB, organisation_id=organisation_id, target_id=report.id)
        report.job_id = job.id
        report.funding_period = found.standing.funding.code if found.standing.funding else ""
        session().flush()
    audit.record("report:order", organisation_id=organisation_id, detail=audit.Detail(note=report.number))
    return job


def build(actor: Actor, report_id: UUID, progress: Progress) -> Built:
    """Count and round, without storing anything: in a unit that only reads. Raises RuleError with the reason."""
    policy.require_in(actor, Permission.REPORT_BUILD, require(actor, Permission.REPORT_BUILD))
    with over_all_carriers("report:build"):
        report = queries.get_report(report_id)
        period = Period.parse(report.period)
        return count_period(queries.outlook(period, gaps=tallies.list_gaps()), clock.now(), progress)


def keep_draft(actor: Actor, report_id: UUID, job_id: UUID, built: Built) -> None:
    """Store the draft of the last ordered job. Raises RuleError, storing nothing, when it is not that any more."""
    organisation_id = require(actor, Permission.REPORT_BUILD)
    hold(session(), "report")
    report = queries.get_report(report_id, lock=True)
    if report.job_id != job_id or report.state != ReportState.OPEN.value:
        raise RuleError(_("Der Bericht wurde inzwischen neu begonnen. Dieser Entwurf wird nicht gespeichert."))
    reasons = queries.outlook(Period.parse(report.period)).reasons
    if reasons:
        raise RuleError(reasons[0])
    report.package, report.memory = PackageBox(frozen=built.frozen), built.memory
    report.facts, report.answer = built.facts, Answer()
    report.as_of, report.built_by = built.as_of, actor.user_id
    report.state = ReportState.DRAFT.value
    report.version += 1
    session().flush()
    audit.record(
        "report:build",
        organisation_id=organisation_id,
        detail=audit.Detail(note=report.number, count=sum(each.cells for each in built.facts.populations)),
    )


def discard(actor: Actor, report: Report, version: int) -> None:
    """Throw the draft away, so that entries can be mended. A released report is never discarded (RuleError)."""
    organisation_id = require(actor, Permission.REPORT_BUILD)
    require_version(report, version)
    if report.state == ReportState.RELEASED.value:
        raise RuleError(
            _("%(period)s ist freigegeben und bleibt, wie es ist.", period=period_label(Period.parse(report.period)))
        )
    clear(report)
    session().flush()
    audit.record("report:discard", organisation_id=organisation_id, detail=audit.Detail(note=report.number))


def is_running(report: Report) -> bool:
    """Whether a job that the actor may see works on the draft; one that broke off without a word is given up."""
    job = find_job(report.job_id)
    if job is None or report.state != ReportState.OPEN.value:
        return False
    return job.runs and clock.now() - job.created_at < _GIVEN_UP_AFTER


def find_job(job_id: UUID | None) -> Job | None:
    """The job, or None where there is none or it is one of another carrier's people."""
    try:
        return jobs.get_job(job_id) if job_id else None
    except NotFoundError:
        return None


def _new(scope: str, period: Period) -> Report:
    report = Report(
        scope=scope,
        period=str(period),
        funding_period="",
        package=PackageBox(),
        memory=MemoryBox(),
        facts=ReportFacts(),
        answer=Answer(),
        proof=Proof(),
    )
    session().add(report)
    session().flush()
    return report
