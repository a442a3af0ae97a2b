"""The carrier's register of erasures: what waits, what runs, what is done, with the protocols."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job, JobState
from caseapp.jobs.queue import get_job
from caseapp.privacy import queries, service
from caseapp.privacy.models import Erasure, ErasureStep
from caseapp.privacy.rules.kinds import in_words, what_stays
from caseapp.privacy.service.erasing import STEPS, facts_of, number_of
from caseapp.privacy.views.area import area
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.downloads import pdf_answer
from caseapp.web.templating import day_text


@area.page("/datenschutz/loeschungen", permission=Permission.ERASURE_REGISTER)
def erasures() -> ResponseReturnValue:
    """Requests that wait, and all erasures of the carrier."""
    actor = context.actor()
    carriers = policy.organisations(actor, Permission.ERASURE_REGISTER)
    waiting = queries.list_waiting(carriers) if policy.may(actor, Permission.ERASURE_REQUEST) else []
    done = queries.list_erasures(carriers)
    people = {each.request.requested_by for each in waiting if each.request.requested_by}
    audit.note_read("erasure:register", detail=audit.Detail(count=len(done)))
    return render_template(
        "privacy/erasures.html",
        waiting=waiting,
        erasures=done,
        number_of=number_of,
        names=accounts.names_of(people | {each.request.asked_id for each in waiting}),
        Step=ErasureStep,
    )


@area.page("/datenschutz/loeschungen/<uuid:erasure_id>", permission=Permission.ERASURE_REGISTER)
def erasure(erasure_id: UUID) -> ResponseReturnValue:
    """How far an erasure is, or what it took along."""
    found = _get(erasure_id)
    is_done = found.step == ErasureStep.DONE
    job = None if is_done else _job_of(found)
    audit.note_read("erasure:read", organisation_id=found.organisation_id)
    return render_template(
        "privacy/erasure.html",
        erasure=found,
        number=number_of(found),
        status=_status(found),
        running=job is not None and job.runs,
        failed=job is not None and job.state == JobState.FAILED,
        facts=facts_of(found, _day(found)),
        goes=in_words(dict(found.plan.counts)),
        stays=what_stays(),
        is_done=is_done,
        decides=policy.allows_in(context.actor(), Permission.ERASURE_EXECUTE, found.organisation_id),
    )


@area.page("/datenschutz/loeschungen/<uuid:erasure_id>/stand", permission=Permission.ERASURE_REGISTER)
def progress(erasure_id: UUID) -> ResponseReturnValue:
    """How far the work is, for the script of the waiting page."""
    found = _get(erasure_id)
    job = _job_of(found)
    waits = found.step != ErasureStep.DONE and job is not None and job.runs
    return jsonify(finished=not waits, **_status(found))


@area.page(
    "/datenschutz/loeschungen/<uuid:erasure_id>/fortsetzen",
    permission=Permission.ERASURE_EXECUTE,
    methods=("POST",),
    own_units=True,
)
def go_on(erasure_id: UUID) -> ResponseReturnValue:
    """Start the work anew after a failure; what is done stays done."""
    actor = context.actor()
    with context.database().unit(actor, write=True):
        carriers = policy.organisations(actor, Permission.ERASURE_EXECUTE)
        found = queries.get_erasure(erasure_id, carriers, lock=True)
        job = service.restart(actor, found) if found.step != ErasureStep.DONE else None
    if job is not None:
        context.hand_over([job.id])
    return redirect(url_for("privacy.erasure", erasure_id=erasure_id))


@area.page("/datenschutz/loeschungen/<uuid:erasure_id>/protokoll", permission=Permission.ERASURE_REGISTER)
def protocol(erasure_id: UUID) -> ResponseReturnValue:
    """The Löschprotokoll as PDF."""
    found = _get(erasure_id)
    pdf = found.protocol.pdf
    if not pdf:
        raise NotFoundError
    audit.note_read("erasure:protocol", organisation_id=found.organisation_id)
    return pdf_answer(pdf, f"loeschprotokoll-{number_of(found)}.pdf")


def _get(erasure_id: UUID) -> Erasure:
    carriers = policy.organisations(context.actor(), Permission.ERASURE_REGISTER)
    return queries.get_erasure(erasure_id, carriers)


def _job_of(found: Erasure) -> Job | None:
    try:
        return get_job(found.job_id) if found.job_id else None
    except NotFoundError:
        return None


def _day(found: Erasure) -> str:
    return day_text(found.ended_at.date()) if found.ended_at else "–"


def _status(found: Erasure) -> dict[str, object]:
    notes = {
        ErasureStep.DECIDED: _("Gleich geht es los."),
        ErasureStep.LISTED: _("Die Akte steht auf der Löschliste."),
        ErasureStep.CLEARED: _("Was die Person außerhalb der Akte nennt, ist gelöscht."),
        ErasureStep.KEYLESS: _("Der Schlüssel der Akte ist vernichtet. Niemand kann sie mehr lesen."),
        ErasureStep.REMOVED: _("Alle Einträge sind gelöscht. Das Protokoll wird geschrieben."),
        ErasureStep.DONE: _("Gelöscht."),
    }
    step = ErasureStep(found.step)
    return {"done": STEPS.index(step), "total": len(STEPS) - 1, "note": notes[step]}
