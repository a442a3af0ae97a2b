"""After the release: notes, the files that are still missing, and the carrier's own gaps before it."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import JobState
from caseapp.places import queries as places
from caseapp.reporting import queries, service
from caseapp.reporting.documents import FORMS
from caseapp.reporting.forms import NoteForm
from caseapp.reporting.models import Report
from caseapp.reporting.rules.labels import period_label, scope_name
from caseapp.reporting.views.area import area
from caseapp.reporting.views.building import parse
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/berichte/<uuid:release_id>/hinweis", permission=Permission.REPORT_RELEASE, methods=("GET", "POST"))
def note(release_id: UUID) -> ResponseReturnValue:
    """Write a note to a release."""
    release, form = queries.get_release(release_id), NoteForm()
    if form.validate_on_submit():
        try:
            service.add_note(context.actor(), release, form.text.data or "", note_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Der Hinweis steht beim Bericht."))
            return redirect(url_for("reporting.show", release_id=release.id))
    return render_template("reporting/note.html", release=release, form=form, label=_label(release)), form.status


@area.page("/berichte/<uuid:release_id>/dateien", permission=Permission.REPORT_RELEASE)
def files(release_id: UUID) -> ResponseReturnValue:
    """Which files are made, which are being made, which failed."""
    release = queries.get_release(release_id)
    job = service.find_job(release.files_job_id)
    return render_template(
        "reporting/files.html",
        release=release,
        label=_label(release),
        made=queries.list_files(release.id),
        missing=service.missing_files(release.id, FORMS),
        running=service.files_running(release),
        status={"done": job.done, "total": job.total} if job else {},
        failed=job.message if job and job.state == JobState.FAILED else "",
    )


@area.page("/berichte/<uuid:release_id>/dateien/stand", permission=Permission.REPORT_RELEASE)
def files_progress(release_id: UUID) -> ResponseReturnValue:
    """How far the files are, for the script of the waiting page."""
    release = queries.get_release(release_id)
    job = service.find_job(release.files_job_id)
    if job is None or not service.files_running(release):
        return jsonify(finished=True)
    return jsonify(finished=False, done=job.done, total=job.total, note="")


@area.page("/berichte/<uuid:release_id>/dateien/neu", permission=Permission.REPORT_RELEASE, methods=("POST",))
def make_files(release_id: UUID) -> ResponseReturnValue:
    """Make the missing files again."""
    release = queries.get_release(release_id)
    service.order_files(context.actor(), release)
    return redirect(url_for("reporting.files", release_id=release.id))


@area.page("/berichte/bau/<period>/luecken", permission=Permission.REPORT_CONFIRM)
def gaps(period: str) -> ResponseReturnValue:
    """What is unknown in the carrier's own entries: exact, and not for publication."""
    asked, organisation_id = parse(period), context.organisation_id(Permission.REPORT_CONFIRM)
    return render_template(
        "reporting/gaps.html",
        period=asked,
        label=period_label(asked),
        carrier=places.get_organisation(organisation_id).profile.name,
        rows=service.own_gaps(context.actor(), organisation_id, asked),
    )


def _label(release: Report) -> str:
    return f"{scope_name(release.scope, places.gazetteer())}, {period_label(Period.parse(release.period))}"
