"""The pages of a paper: waiting for it, and the paper itself."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.jobs import JobState, get_job
from caseapp.papers import queries
from caseapp.papers.models import Paper
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.area import Area
from caseapp.web.downloads import pdf_answer

area = Area("papers", __name__)


@area.page("/papiere/<uuid:paper_id>", permission=Permission.CLIENT_READ)
def show(paper_id: UUID) -> ResponseReturnValue:
    """Waits until the paper is printed, then goes on to `weiter` (a page of this application) or offers the paper."""
    paper, client = _load(paper_id)
    onward = request.args.get("weiter", "")
    if paper.printed and onward:
        return redirect(signin.safe_path(onward))
    return render_template(
        "papers/show.html",
        client=client,
        head=client.head,
        paper=paper,
        failed=_failure(paper),
        back=signin.safe_path(onward) if onward else url_for("clients.show", client_id=client.id),
    )


@area.page("/papiere/<uuid:paper_id>/stand", permission=Permission.CLIENT_READ)
def progress(paper_id: UUID) -> Response:
    """How far the print is, for the waiting page."""
    paper, _client = _load(paper_id)
    finished = paper.printed or bool(_failure(paper))
    return jsonify({"finished": finished, "done": 0, "total": 0, "note": _("Das PDF wird geschrieben.")})


@area.page("/papiere/<uuid:paper_id>/pdf", permission=Permission.CLIENT_READ)
def pdf(paper_id: UUID) -> ResponseReturnValue:
    """The paper."""
    paper, client = _load(paper_id)
    if not paper.printed:
        raise NotFoundError
    audit.note_read("paper:open", client_id=client.id)
    return pdf_answer(paper.content.pdf, paper.file_name, opened=True)


def _load(paper_id: UUID) -> tuple[Paper, Client]:
    paper = queries.get_paper(paper_id)
    client = clients.get_client(paper.client_id)
    policy.require(context.actor(), Permission.CLIENT_READ, client)
    return paper, client


def _failure(paper: Paper) -> str:
    """Why the paper will not come, or "": it is there, or still to come."""
    if paper.printed:
        return ""
    try:
        job = get_job(paper.job_id) if paper.job_id else None
    except NotFoundError:  # the file has come to another carrier before the job was done
        job = None
    if job is None:
        return _("Dieses Papier wird nicht mehr geschrieben. Bestellen Sie es noch einmal.")
    return job.message if job.state == JobState.FAILED else ""
