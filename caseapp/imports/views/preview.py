"""One import: its progress, its preview, its result, and the buttons that carry it out or take it back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries, service
from caseapp.imports.models import Import, ImportState, PartKind
from caseapp.imports.rules.findings import PAGE, Finding, Level, unpack_findings, unpack_samples
from caseapp.imports.rules.rejected import as_csv, as_xlsx, rejected_table
from caseapp.imports.rules.values.reading import mark_label
from caseapp.imports.views import work
from caseapp.imports.views.area import area
from caseapp.imports.views.lists import kind_labels
from caseapp.jobs import Job, JobState
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_FORMATS: dict[str, tuple[Callable[[list[list[str]]], bytes], str]] = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}


@area.page("/importe/<uuid:import_id>", permission=Permission.IMPORT_RUN)
def show(import_id: UUID) -> ResponseReturnValue:
    """Where the import stands: at work, previewed, done or undone."""
    actor = context.actor()
    owner = queries.get_import(actor, import_id)
    running, last = service.running_job(owner), service.last_job(owner)
    if running is not None:
        return render_template("imports/progress.html", owner=owner, job=running, status=_status(running))
    failed = last.message if last is not None and last.state == JobState.FAILED else ""
    if owner.state == ImportState.UPLOADED and not failed:
        return redirect(url_for("imports.columns", import_id=import_id))
    is_open = owner.state in (ImportState.UPLOADED, ImportState.PREVIEWED)
    audit.note_read("import:preview", detail=audit.Detail(count=owner.total))
    return render_template(f"imports/{'preview' if is_open else 'result'}.html", failed=failed, **_context(owner))


def _context(owner: Import) -> dict[str, object]:
    pages = queries.count_parts(owner.id, PartKind.FINDING)
    number = min(max(1, request.args.get("seite", 1, type=int)), max(1, pages))
    packed = queries.read_part(owner.id, PartKind.FINDING, number - 1) if pages else None
    sample = queries.read_part(owner.id, PartKind.SAMPLE, 0)
    target = service.get_target(context.actor(), owner.team_id)
    return {
        "owner": owner,
        "findings": unpack_findings(packed) if packed else [],
        "number": number,
        "pages": pages,
        "total": _count(owner, pages),
        "page_href": lambda wanted: url_for("imports.show", import_id=owner.id, seite=wanted),
        "Level": Level,
        "mark_label": mark_label,
        "kind": kind_labels()[owner.kind],
        "target": target,
        "own": target.fallback is not None,
        "samples": unpack_samples(sample) if sample else [],
        "levels": _levels(owner, number),
        "headings": {column.index: column.heading for column in service.mapping_of(owner).columns},
        "skipped": owner.titles + owner.empty + owner.sums,
    }


def _levels(owner: Import, number: int) -> list[dict[str, object]]:
    """Where the findings of each level begin: they are in the order of urgency."""
    labels = {
        Level.REPORTED: _("nicht importiert"),
        Level.WAITING: _("warten auf Zuordnung"),
        Level.HINT: _("ähnlich"),
        Level.MARK: _("Angaben prüfen"),
    }
    items: list[dict[str, object]] = []
    before = 0
    for level, count in owner.note.levels:
        top = (number - 1) * PAGE
        first = before // PAGE + 1
        href = url_for("imports.show", import_id=owner.id, seite=first, _anchor="zeilen")
        items.append(
            {"label": labels[Level(level)], "count": count, "href": href, "active": before <= top < before + count}
        )
        before += count
    return items


def _count(owner: Import, pages: int) -> int:
    last = queries.read_part(owner.id, PartKind.FINDING, pages - 1) if pages else None
    return (pages - 1) * PAGE + len(unpack_findings(last)) if last else 0


@area.page("/importe/<uuid:import_id>/stand", permission=Permission.IMPORT_RUN)
def progress(import_id: UUID) -> ResponseReturnValue:
    """How far the work is, for the script of the waiting page."""
    running = service.running_job(queries.get_import(context.actor(), import_id))
    if running is None:
        return jsonify(finished=True)
    return jsonify(finished=False, **_status(running))


def _status(job: Job) -> dict[str, object]:
    if job.state == JobState.WAITING:
        return {"done": 0, "total": 0, "note": _("Gleich geht es los.")}
    if job.total and job.done >= job.total:
        return {"done": job.done, "total": job.total, "note": _("Alle Zeilen gelesen. Das Ergebnis wird gespeichert.")}
    if not job.total:
        return {"done": 0, "total": 0, "note": _("Die Liste wird geladen.")}
    note = _("%(done)s von %(total)s Zeilen", done=job.done, total=job.total)
    return {"done": job.done, "total": job.total, "note": note}


@area.page("/importe/<uuid:import_id>/pruefen", permission=Permission.IMPORT_RUN, methods=("POST",), own_units=True)
def check(import_id: UUID) -> ResponseReturnValue:
    """Compare the list once more, after a failure or because time has passed."""
    return _started(import_id, service.start_check)


@area.page("/importe/<uuid:import_id>/importieren", permission=Permission.IMPORT_RUN, methods=("POST",), own_units=True)
def run(import_id: UUID) -> ResponseReturnValue:
    """Import the list; pressed twice it is imported once."""
    return _started(import_id, service.start_run)


def _started(import_id: UUID, start: Callable[[Actor, Import], Job | None]) -> ResponseReturnValue:
    """Begin the work under a lock of its own, and do it once that is committed."""
    actor = context.actor()
    try:
        with context.database().unit(actor, write=True):
            owner = queries.get_import(actor, import_id, lock=True)
            job = start(actor, owner)
    except RuleError as refusal:
        tell(str(refusal), "warning")
    else:
        if job is not None:
            work.do(job, owner.total)
    return redirect(url_for("imports.show", import_id=import_id))


@area.page("/importe/<uuid:import_id>/verwerfen", permission=Permission.IMPORT_RUN, methods=("POST",))
def discard(import_id: UUID) -> ResponseReturnValue:
    """Throw the file away."""
    actor = context.actor()
    service.discard(actor, queries.get_import(actor, import_id, lock=True))
    tell(_("Die Datei ist verworfen. Es wurde nichts importiert."))
    return redirect(url_for("imports.index"))


@area.page("/importe/<uuid:import_id>/rueckgaengig", permission=Permission.IMPORT_RUN, methods=("POST",))
def undo(import_id: UUID) -> ResponseReturnValue:
    """Take the whole import back."""
    actor = context.actor()
    try:
        undone = service.undo_import(actor, queries.get_import(actor, import_id, lock=True))
    except RuleError as refusal:
        tell(str(refusal), "warning")
    else:
        if undone:
            tell(_("Der Import ist rückgängig gemacht. Alles daraus ist gelöscht."))
    return redirect(url_for("imports.show", import_id=import_id))


@area.page("/importe/<uuid:import_id>/nicht-importiert.<ending>", permission=Permission.IMPORT_RUN)
def rejected(import_id: UUID, ending: str) -> ResponseReturnValue:
    """The rows that were not imported, with their reasons, as a file."""
    if ending not in _FORMATS:
        raise NotFoundError
    owner = queries.get_import(context.actor(), import_id)
    found = [one for data in queries.read_parts(owner.id, PartKind.FINDING) for one in unpack_findings(data)]
    reported = [finding for finding in found if finding.level is Level.REPORTED]
    headings = [column.heading for column in service.mapping_of(owner).columns]
    audit.note_read("import:rejected", detail=audit.Detail(count=len(reported)))
    return _file(headings, reported, ending)


def _file(headings: list[str], reported: list[Finding], ending: str) -> Response:
    make, mimetype = _FORMATS[ending]
    content = make(rejected_table(headings, reported))
    name = _("nicht-importiert") + f".{ending}"
    return send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
