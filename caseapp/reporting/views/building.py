"""Making a report in four steps: complete, built, checked, released. The web process computes nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import JobState
from caseapp.places import queries as places
from caseapp.reporting import queries, service
from caseapp.reporting.forms import VersionForm
from caseapp.reporting.models import Report, ReportState
from caseapp.reporting.rules.labels import period_label, scope_name
from caseapp.reporting.views.area import area
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/berichte/bau", permission=Permission.REPORT_BUILD)
def building() -> ResponseReturnValue:
    """The periods that are due, those in work, and the released ones."""
    try:
        scope = queries.scope_here()
        due = queries.due_periods(scope)
    except RuleError as refusal:
        return render_template("reporting/building.html", refusal=str(refusal), rows=[], scope="")
    reports = {each.period: each for each in queries.list_reports(scope)}
    periods = [each for each in due if str(each) not in reports] + [Period.parse(each) for each in reports]
    rows = [
        (each, period_label(each), reports.get(str(each)))
        for each in sorted(periods, key=lambda period: (period.last, period.quarter is None), reverse=True)
    ]
    return render_template(
        "reporting/building.html",
        refusal="",
        rows=rows,
        scope=scope_name(scope, places.gazetteer()),
        State=ReportState,
    )


@area.page("/berichte/bau/<period>", permission=Permission.REPORT_BUILD)
def making(period: str) -> ResponseReturnValue:
    """One period: what is complete, what is in the way, and the next step."""
    asked = parse(period)
    try:
        found = queries.outlook(asked)
    except RuleError as refusal:
        tell(str(refusal), "danger")
        return redirect(url_for("reporting.building"))
    report = found.report
    job = service.find_job(report.job_id) if report else None
    return render_template(
        "reporting/making.html",
        period=asked,
        ended=clock.today() > asked.last,
        label=period_label(asked),
        scope=scope_name(found.scope, places.gazetteer()),
        carriers=found.carriers,
        own=set(policy.organisations(context.actor(), Permission.REPORT_CONFIRM)),
        reasons=found.reasons,
        report=report,
        step=step_of(report),
        running=report is not None and service.is_running(report),
        status={"done": job.done, "total": job.total} if job else {},
        failed=job.message if job and job.state == JobState.FAILED else "",
        mine=report is not None and report.built_by == context.actor().user_id,
        names=accounts.names_of(_people(report)) if report else {},
        version=VersionForm(formdata=None, version=str(report.version) if report else ""),
        State=ReportState,
    )


@area.page("/berichte/bau/<period>/stand", permission=Permission.REPORT_BUILD)
def build_progress(period: str) -> ResponseReturnValue:
    """How far the build is, for the script of the waiting page."""
    report = find_report(parse(period))
    job = service.find_job(report.job_id) if report else None
    if report is None or job is None or not service.is_running(report):
        return jsonify(finished=True)
    return jsonify(finished=False, done=job.done, total=job.total, note="")


@area.page("/berichte/bau/<period>/bestaetigen", permission=Permission.REPORT_CONFIRM, methods=("POST",))
def confirm(period: str) -> ResponseReturnValue:
    """The carrier's entries are complete."""
    asked, organisation_id = parse(period), context.organisation_id(Permission.REPORT_CONFIRM)
    return _done(
        asked,
        lambda: service.confirm(context.actor(), organisation_id, asked),
        _("Bestätigt. Die Einträge Ihres Trägers gelten als vollständig."),
        undo=url_for("reporting.unconfirm", period=str(asked), traeger=organisation_id),
    )


@area.page("/berichte/bau/<period>/zuruecknehmen", permission=Permission.REPORT_CONFIRM, methods=("POST",))
def unconfirm(period: str) -> ResponseReturnValue:
    """Take the confirmation back."""
    asked, organisation_id = parse(period), context.organisation_id(Permission.REPORT_CONFIRM)
    return _done(
        asked,
        lambda: service.withdraw(context.actor(), organisation_id, asked),
        _("Die Bestätigung ist zurückgenommen."),
    )


@area.page("/berichte/bau/<period>/bauen", permission=Permission.REPORT_BUILD, methods=("POST",))
def build(period: str) -> ResponseReturnValue:
    """Have the draft built by the job process."""
    asked = parse(period)
    return _done(asked, lambda: service.order_build(context.actor(), asked), "")


@area.page("/berichte/bau/<period>/verwerfen", permission=Permission.REPORT_BUILD, methods=("POST",))
def discard(period: str) -> ResponseReturnValue:
    """Throw the draft away."""
    asked, form = parse(period), VersionForm()
    report = _report(asked)
    return _done(
        asked,
        lambda: service.discard(context.actor(), report, form.seen),
        _("Der Entwurf ist verworfen. Einträge und Bestätigungen können wieder geändert werden."),
    )


@area.page("/berichte/bau/<period>/freigeben", permission=Permission.REPORT_RELEASE, methods=("POST",))
def release(period: str) -> ResponseReturnValue:
    """Release the checked draft."""
    asked, form = parse(period), VersionForm()
    report = _report(asked)
    return _done(
        asked,
        lambda: service.release(context.actor(), report, form.seen),
        _("Freigegeben. Der Bericht steht fest; seine Dateien entstehen gerade."),
    )


def parse(text: str) -> Period:
    """The period of an address. Raises NotFoundError."""
    try:
        return Period.parse(text)
    except ValueError:
        raise NotFoundError from None


def step_of(report: Report | None) -> ReportState:
    """Where the report of a period stands; open where nobody has begun."""
    return ReportState(report.state) if report else ReportState.OPEN


def find_report(period: Period) -> Report | None:
    """The report of the period in whatever state, None where nobody has begun or no carrier has a seat."""
    try:
        return queries.find_report(queries.scope_here(), str(period))
    except RuleError:
        return None


def _report(period: Period) -> Report:
    found = find_report(period)
    if found is None:
        raise NotFoundError
    return found


def _people(report: Report) -> set[UUID]:
    return {each for each in (report.built_by, report.checked_by, report.released_by) if each}


def _done(period: Period, act: Callable[[], object], said: str, *, undo: str = "") -> ResponseReturnValue:
    try:
        act()
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        if said:
            tell(said, undo=undo)
    return redirect(url_for("reporting.making", period=str(period)))
