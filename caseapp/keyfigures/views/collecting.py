"""The applicant's page: who has frozen, what changed, ordering the papers, what was sent."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp.db import new_id
from caseapp.errors import RuleError
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.forms import comments_of, papers_form
from caseapp.keyfigures.views.area import area, frame, page
from caseapp.keyfigures.views.tables import worker_rows
from caseapp.security.permissions import Permission
from caseapp.web import context


@area.page("/kennzahlen/sammeln", permission=Permission.KENNZAHLEN_COLLECT, methods=("GET", "POST"))
def collect() -> ResponseReturnValue:
    """What the carriers have handed over, and the papers that are made of it."""
    actor, shown = context.actor(), frame(Permission.KENNZAHLEN_COLLECT)
    collection = service.collect(actor, shown.carrier, shown.year)
    form = papers_form(collection.unexplained())
    if form.validate_on_submit():
        try:
            made = service.order_papers(
                actor,
                shown.carrier,
                shown.year,
                submission_id=form.form_id.data or new_id(),
                comments=comments_of(form),
                without=form.without.data,
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("keyfigures.papers", submission_id=made.id))
    body = page(
        "collect",
        shown,
        "collect",
        collection=collection,
        form=form,
        workbook=queries.find_form(shown.carrier, shown.year),
        submissions=queries.list_submissions(shown.carrier),
        is_district=queries.is_district(actor, shown.carrier),
        rows={part.organisation.id: worker_rows(shown.book, part.totals) for part in collection.parts},
    )
    return body, form.status
