"""Freezing the carrier's numbers, correcting them, and typing last year's."""

from __future__ import annotations

from uuid import UUID

from flask import redirect
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.clients.forms.numbers import whole_number
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.forms import before_form, comments_of, freeze_form, numbers_of
from caseapp.keyfigures.rules.comparing import against_last_year
from caseapp.keyfigures.views.area import area, frame, page
from caseapp.keyfigures.views.tables import breakdowns, worker_rows
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/kennzahlen/einfrieren", permission=Permission.KENNZAHLEN_FREEZE, methods=("GET", "POST"))
def freeze() -> ResponseReturnValue:
    """The counted numbers beside last year's, and the button that confirms them."""
    shown = frame(Permission.KENNZAHLEN_FREEZE)
    count = queries.find_count(shown.carrier, shown.year)
    if count is None or count.counted_at is None or not service.is_over(shown.year):
        tell(_("Einfrieren geht, wenn das Jahr zu Ende und gezählt ist."), "warning")
        return redirect(shown.href("index"))
    former = queries.find_freeze(shown.carrier, shown.year)
    totals = queries.totals_of(count.box)
    changes = against_last_year(shown.book, totals, queries.last_year(shown.carrier, shown.year))
    form = freeze_form(changes)
    conflict = False
    if form.validate_on_submit():
        try:
            service.freeze(
                context.actor(),
                count,
                box_rev=whole_number(form.box_rev.data),
                comments=comments_of(form),
                reason=form.reason.data or "",
                freeze_id=form.form_id.data,
            )
        except ConflictError:
            conflict = True
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Eingefroren. Die Zahlen sind bestätigt und zum Sammeln übergeben."))
            return redirect(shown.href("index"))
    form.box_rev.data = str(count.box_rev)
    body = page(
        "freeze",
        shown,
        "index",
        form=form,
        count=count,
        former=former,
        changes=changes,
        late=service.late_entries(count, former) if former else None,
        conflict=conflict,
        totals=totals,
    )
    return body, 409 if conflict else form.status


@area.page("/kennzahlen/eingefroren/<uuid:freeze_id>", permission=Permission.KENNZAHLEN_PREPARE)
def frozen(freeze_id: UUID) -> ResponseReturnValue:
    """Frozen numbers, as they were confirmed."""
    shown = frame()
    found = queries.get_freeze(freeze_id, [shown.carrier])
    # A caseworker has the duty for the own files only: the carrier's numbers are not among them.
    policy.require_in(context.actor(), Permission.KENNZAHLEN_PREPARE, found.organisation_id)
    if not shown.sees:
        return redirect(shown.href("index"))
    totals = queries.totals_of(found.box)
    book = queries.book_of(found.year)
    audit.note_read("keyfigure:frozen", organisation_id=found.organisation_id, detail=audit.Detail(count=found.number))
    return page(
        "frozen",
        shown,
        "index",
        freeze=found,
        book=book,
        who=accounts.names_of({found.frozen_by}).get(found.frozen_by, ""),
        changes=against_last_year(book, totals, found.box.before),
        comments=dict(found.box.comments),
        rows=worker_rows(book, totals) if shown.names else [],
        breakdowns=breakdowns(book, totals),
        unchanged=totals.digest == found.digest,
    )


@area.page("/kennzahlen/vorjahr", permission=Permission.KENNZAHLEN_FREEZE, methods=("GET", "POST"))
def last_year() -> ResponseReturnValue:
    """Last year's numbers from the paper, for the first year with this system."""
    shown = frame(Permission.KENNZAHLEN_FREEZE)
    typed = queries.find_before(shown.carrier, shown.year - 1)
    form = before_form(shown.book.fields, dict(typed.box.numbers) if typed else {})
    if form.validate_on_submit():
        try:
            service.type_last_year(context.actor(), shown.carrier, shown.year - 1, numbers_of(form))
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Gespeichert."))
            return redirect(shown.href("freeze"))
    return page("last_year", shown, "index", form=form), form.status
