"""Figures of a large scope: a job counts them, this page waits."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template
from flask.typing import ResponseReturnValue

from caseapp.figures import queries, service
from caseapp.figures.service.snapshots import is_running
from caseapp.figures.views import parts
from caseapp.figures.views.area import area
from caseapp.i18n import gettext as _
from caseapp.jobs import Job, JobState
from caseapp.security.permissions import Permission
from caseapp.web import context


@area.page("/zahlen/berechnen", permission=Permission.FIGURES_EXACT)
def counting() -> ResponseReturnValue:
    """Offers to count, or shows how far it is; leads on when there is something to show."""
    scope, period = parts.reach(), parts.period()
    snapshot = queries.find_snapshot(context.actor(), scope.organisation_id, period)
    job = queries.job_of(snapshot) if snapshot else None
    running = is_running(job)
    if not running and snapshot is not None and snapshot.made_at is not None and _done(job):
        return redirect(parts.address("figures.index", zeitraum=str(period)))
    return render_template(
        "figures/counting.html",
        job=job if running else None,
        failed=job.message if job and job.state == JobState.FAILED else "",
        status=_status(job) if job else {},
        period_text=parts.period_text(period),
        chips=parts.period_chips("figures.index", period),
        scope_text=parts.scope_text(scope),
        number=parts.number_text(queries.count_cases(context.actor(), scope)),
        order=parts.address("figures.order", zeitraum=str(period)),
        asks=parts.address("figures.progress", zeitraum=str(period)),
    )


@area.page("/zahlen/berechnen/start", permission=Permission.FIGURES_EXACT, methods=("POST",))
def order() -> ResponseReturnValue:
    """Let a job count the period (anew)."""
    scope, period = parts.reach(), parts.period()
    service.order_count(context.actor(), scope.organisation_id, period)
    return redirect(parts.address("figures.counting", zeitraum=str(period)))


@area.page("/zahlen/berechnen/stand", permission=Permission.FIGURES_EXACT)
def progress() -> ResponseReturnValue:
    """How far the count is, for the script of the waiting page."""
    scope, period = parts.reach(), parts.period()
    snapshot = queries.find_snapshot(context.actor(), scope.organisation_id, period)
    job = queries.job_of(snapshot) if snapshot else None
    if not is_running(job):
        return jsonify(finished=True)
    return jsonify(finished=False, **_status(job))


def _done(job: Job | None) -> bool:
    return job is None or job.state == JobState.DONE


def _status(job: Job | None) -> dict[str, Any]:
    if job is None or not job.total:
        return {"done": 0, "total": 0, "note": _("Die Fälle werden gelesen.")}
    return {
        "done": job.done,
        "total": job.total,
        "note": _("%(done)s von %(total)s Kennzahlen gezählt", done=job.done, total=job.total),
    }
