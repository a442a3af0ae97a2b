"""The papers of a year: their making, downloads, sending, and the check of a file against the archive."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from caseapp.accounts import queries as accounts
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.forms import CheckForm, SentForm
from caseapp.keyfigures.models import KeyfigureSubmission, SubmissionState
from caseapp.keyfigures.rules.comparing import against_last_year
from caseapp.keyfigures.rules.sheets import MOST_BYTES
from caseapp.keyfigures.views.area import area, failure_of, frame, page, status_of
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}


@area.page("/kennzahlen/unterlagen/<uuid:submission_id>", permission=Permission.KENNZAHLEN_COLLECT)
def papers(submission_id: UUID) -> ResponseReturnValue:
    """The papers, or how far their making is."""
    return _page(_get(submission_id))


@area.page("/kennzahlen/unterlagen/<uuid:submission_id>/stand", permission=Permission.KENNZAHLEN_COLLECT)
def papers_progress(submission_id: UUID) -> ResponseReturnValue:
    """How far the making is, for the script of the page."""
    job = queries.find_job(_get(submission_id).job_id)
    if job is None or not service.is_running(job):
        return jsonify(finished=True)
    return jsonify(finished=False, **status_of(job))


@area.page(
    "/kennzahlen/unterlagen/<uuid:submission_id>/erneut", permission=Permission.KENNZAHLEN_COLLECT, methods=("POST",)
)
def papers_again(submission_id: UUID) -> ResponseReturnValue:
    """Make the papers once more after a failure."""
    service.try_again(context.actor(), _get(submission_id))
    return redirect(url_for("keyfigures.papers", submission_id=submission_id))


@area.page("/kennzahlen/unterlagen/<uuid:submission_id>/datei.<ending>", permission=Permission.KENNZAHLEN_COLLECT)
def papers_file(submission_id: UUID, ending: str) -> ResponseReturnValue:
    """The archived file."""
    submission = _get(submission_id)
    if ending not in _TYPES:
        raise NotFoundError
    content = service.file_of(context.actor(), submission, ending)
    name = _("Kennzahlen-%(year)s-%(number)s", year=submission.year, number=submission.number) + f".{ending}"
    return send_file(BytesIO(content), mimetype=_TYPES[ending], as_attachment=True, download_name=name)


@area.page(
    "/kennzahlen/unterlagen/<uuid:submission_id>/gesendet", permission=Permission.KENNZAHLEN_COLLECT, methods=("POST",)
)
def sent(submission_id: UUID) -> ResponseReturnValue:
    """The signed papers have left the house."""
    submission, form = _get(submission_id), SentForm()
    if form.validate_on_submit() and form.sent_on.data:
        try:
            service.mark_sent(context.actor(), submission, sent_on=form.sent_on.data, way=form.way.data or "")
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            undo = url_for("keyfigures.not_sent", submission_id=submission_id)
            tell(_("Als gesendet festgehalten und archiviert."), undo=undo)
            return redirect(url_for("keyfigures.papers", submission_id=submission_id))
    return _page(submission, form=form)


@area.page(
    "/kennzahlen/unterlagen/<uuid:submission_id>/nicht-gesendet",
    permission=Permission.KENNZAHLEN_COLLECT,
    methods=("POST",),
)
def not_sent(submission_id: UUID) -> ResponseReturnValue:
    """Take "gesendet" back."""
    service.unmark_sent(context.actor(), _get(submission_id))
    tell(_("Zurückgenommen. Die Unterlagen gelten als nicht gesendet."))
    return redirect(url_for("keyfigures.papers", submission_id=submission_id))


@area.page(
    "/kennzahlen/unterlagen/<uuid:submission_id>/pruefen",
    permission=Permission.KENNZAHLEN_COLLECT,
    methods=("POST",),
    only_reads=True,
)
def check_file(submission_id: UUID) -> ResponseReturnValue:
    """Whether a file is byte for byte the archived one. It is compared and not kept."""
    submission, form = _get(submission_id), CheckForm()
    said = ""
    if form.validate_on_submit():
        content = form.file.data.read(2 * MOST_BYTES) if form.file.data else b""
        if not content:
            form.refuse(_("Wählen Sie die Datei, die Sie prüfen wollen."), field="file")
        else:
            said = "same" if service.is_archived(submission, content) else "other"
    return _page(submission, check=form, said=said)


def _get(submission_id: UUID) -> KeyfigureSubmission:
    allowed = policy.organisations(context.actor(), Permission.KENNZAHLEN_COLLECT)
    return queries.get_submission(submission_id, allowed)


def _page(
    submission: KeyfigureSubmission, *, form: SentForm | None = None, check: CheckForm | None = None, said: str = ""
) -> ResponseReturnValue:
    job = queries.find_job(submission.job_id)
    running = submission.state == SubmissionState.ORDERED and service.is_running(job)
    totals, book = queries.totals_of(submission.note), queries.book_of(submission.year)
    shown = form or SentForm(formdata=None)
    checked = check or CheckForm(formdata=None)
    body = page(
        "papers",
        frame(Permission.KENNZAHLEN_COLLECT),
        "collect",
        submission=submission,
        running=running,
        status=status_of(job) if job else {},
        failed=failure_of(job) if submission.state == SubmissionState.ORDERED else "",
        changes=against_last_year(book, totals, submission.note.before),
        labels={field.code: field.de for field in book.fields},
        who=accounts.names_of({submission.made_by}).get(submission.made_by, ""),
        hidden=len(totals.hidden),
        unchanged=totals.digest == submission.digest,
        form=checked if check and checked.problems else shown,
        sent_form=shown,
        check=checked,
        said=said,
        method=request.method,
    )
    return body, max(shown.status, checked.status)
