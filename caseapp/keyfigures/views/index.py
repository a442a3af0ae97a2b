"""The first page of the Kennzahlen: the own numbers, and the carrier's for those who lead it."""

from __future__ import annotations

from flask import jsonify, redirect
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.views.area import Frame, area, failure_of, frame, page, status_of
from caseapp.keyfigures.views.tables import breakdowns, worker_rows
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/kennzahlen", permission=Permission.KENNZAHLEN_PREPARE)
def index() -> ResponseReturnValue:
    """The year's numbers as far as the person may see them."""
    shown = frame()
    own = service.own_totals(context.actor(), shown.carrier, shown.year) if shown.asks else None
    carrier = _carrier(shown) if shown.sees else {}
    return page("index", shown, "index", own=own, **carrier)


def _carrier(shown: Frame) -> dict[str, object]:
    count = queries.find_count(shown.carrier, shown.year)
    freezes = queries.list_freezes(shown.carrier, shown.year)
    job = queries.find_job(count.job_id) if count else None
    counted = count is not None and count.counted_at is not None
    totals = queries.totals_of(count.box) if counted and count else None
    audit.note_read("keyfigure:carrier", organisation_id=shown.carrier, detail=audit.Detail(count=shown.year))
    return {
        "count": count if counted else None,
        "totals": totals,
        "rows": worker_rows(shown.book, totals) if totals and shown.names else [],
        "breakdowns": breakdowns(shown.book, totals) if totals else [],
        "freezes": freezes,
        "late": service.late_entries(count, freezes[0]) if counted and count and freezes else None,
        "job": job if service.is_running(job) else None,
        "status": status_of(job) if job else {},
        "failed": failure_of(job),
        "over": service.is_over(shown.year),
    }


@area.page("/kennzahlen/zaehlen", permission=Permission.KENNZAHLEN_FREEZE, methods=("POST",))
def count() -> ResponseReturnValue:
    """Have the year counted by the job process."""
    shown = frame(Permission.KENNZAHLEN_FREEZE)
    try:
        service.order_count(context.actor(), shown.carrier, shown.year)
    except RuleError as refusal:
        tell(str(refusal), "warning")
    return redirect(shown.href("index"))


@area.page("/kennzahlen/stand", permission=Permission.KENNZAHLEN_PREPARE)
def progress() -> ResponseReturnValue:
    """How far the count is, for the script of the page."""
    shown = frame()
    found = queries.find_count(shown.carrier, shown.year) if shown.sees else None
    job = queries.find_job(found.job_id) if found else None
    if job is None or not service.is_running(job):
        return jsonify(finished=True)
    return jsonify(finished=False, **status_of(job))


@area.page("/kennzahlen/felder", permission=Permission.KENNZAHLEN_PREPARE)
def fields() -> ResponseReturnValue:
    """What each number means, and how it is broken down."""
    return page("fields", frame(), "fields", title=_("Was gezählt wird"))
