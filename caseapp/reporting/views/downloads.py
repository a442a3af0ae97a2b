"""The files of a release, and what shows whether a file is one of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from uuid import UUID

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting import queries
from caseapp.reporting.documents import FORMS
from caseapp.reporting.forms import CollectForm, VerifyForm
from caseapp.reporting.rules.cells import period_text
from caseapp.reporting.rules.naming import ENDINGS, LIST, MEDIA, file_name, stem
from caseapp.reporting.rules.summing import Summed
from caseapp.reporting.rules.verification import KINDS
from caseapp.reporting.service import collecting, exporting
from caseapp.reporting.views.area import area
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell
from caseapp.web.uploads import read_away

_MEGABYTE = 1_000_000
_SUM_KINDS = ("json", "xlsx", "csv")
_WHEN = (1980, 1, 1, 0, 0, 0)


@area.page("/berichte/<uuid:release_id>/<file_kind>", permission=Permission.REPORT_READ)
def download(release_id: UUID, file_kind: str) -> ResponseReturnValue:
    """One of the files of a release; while it is not made, back to where one sees how far it is."""
    release = queries.get_release(release_id)
    if file_kind not in ENDINGS:
        raise NotFoundError
    if file_kind == LIST:
        content = exporting.sign_list(context.actor(), release)
        return _attachment(content, file_name(release.number, LIST), MEDIA[LIST])
    found = exporting.hand_out(context.actor(), release, file_kind)
    if found is not None:
        return _attachment(found.content.data, file_name(release.number, file_kind), MEDIA[file_kind])
    if policy.may(context.actor(), Permission.REPORT_RELEASE):
        return redirect(url_for("reporting.files", release_id=release.id))
    tell(_("Diese Datei gibt es noch nicht. Versuchen Sie es in ein paar Minuten noch einmal."), "warning")
    return redirect(url_for("reporting.show", release_id=release.id))


@area.page("/berichte/pruefen", permission=Permission.REPORT_READ, methods=("GET", "POST"), only_reads=True)
def verify() -> ResponseReturnValue:
    """Upload a file of a report and see whether it is genuine."""
    form, checked = VerifyForm(), None
    if form.validate_on_submit():
        try:
            checked = exporting.check_file(
                context.actor(), form.file.data.read(), _name(form.file.data), form.key.data or ""
            )
        except RuleError as refusal:
            form.refuse(refusal, field="file")
            form.file.errors = [*form.file.errors, *(form.form_errors or [])]
            form.form_errors.clear()
    found = checked.verdict.released if checked else None
    period = period_text(found.package.period) if found else ""
    return render_template("reporting/verify.html", form=form, checked=checked, kinds=KINDS, period=period), form.status


@area.page("/berichte/summe", permission=Permission.REPORT_READ, methods=("GET", "POST"), only_reads=True)
def collect() -> ResponseReturnValue:
    """Sum the signed reports of Kreise; the answer is an archive with the sum in each form. Nothing is stored."""
    form = CollectForm()
    if form.validate_on_submit():
        try:
            sources = collecting.read_all([(_name(file), file.read()) for file in form.sent])
            summed = collecting.sum_reports(context.actor(), sources, collecting.typed_keys(form.keys.data or ""))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            number = summed.released.package.number
            return _attachment(_archive(summed), f"{stem(number)}.zip", MEDIA["csv"])
    listed = sorted(collecting.listed_keys())
    return render_template("reporting/collect.html", form=form, listed=listed, land=collecting.land()), form.status


@area.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A file above the limit leads back to its form, with the limit."""
    read_away()
    limit = context.settings().upload_limit_bytes // _MEGABYTE
    tell(_("Zusammen sind die Dateien größer als %(limit)s MB. Kein Bericht ist so groß.", limit=limit), "danger")
    wanted = "reporting.collect" if request.endpoint == "reporting.collect" else "reporting.verify"
    return redirect(url_for(wanted), 303)


def _attachment(content: bytes, name: str, media: str) -> Response:
    answer = send_file(io.BytesIO(content), mimetype=media, as_attachment=True, download_name=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _name(file: FileStorage) -> str:
    """Some browsers send a whole path; only its last part is the file's name."""
    return PurePosixPath((file.filename or "").replace("\\", "/")).name


def _archive(summed: Summed) -> bytes:
    target = io.BytesIO()
    number = summed.released.package.number
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in _SUM_KINDS:
            archive.writestr(zipfile.ZipInfo(file_name(number, kind), _WHEN), FORMS[kind](summed.released))
        said = "\r\n".join((number, *summed.released.package.remarks, ""))
        archive.writestr(zipfile.ZipInfo("LIESMICH.txt", _WHEN), said.encode("utf-8"))
    return target.getvalue()
