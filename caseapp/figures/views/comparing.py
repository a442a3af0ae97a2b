"""Comparing workers: closed without a works agreement, and never seen without a trace."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.errors import ForbiddenError, NotFoundError, RuleError
from caseapp.figures import queries, service
from caseapp.figures.forms import ComparisonForm
from caseapp.figures.models import WorkerComparison, WorksAgreement
from caseapp.figures.rules import agreements as rules
from caseapp.figures.rules.choices import choices
from caseapp.figures.views import parts
from caseapp.figures.views.area import area
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context


@area.page("/zahlen/vergleich", permission=Permission.FIGURES_COMPARE, methods=("GET", "POST"))
def compare() -> ResponseReturnValue:
    """Choose a figure that an agreement in force allows; without one the page says why it is closed."""
    organisation_id = context.organisation_id(Permission.FIGURES_COMPARE)
    valid = queries.valid_agreements(organisation_id, clock.today())
    labels = parts.figure_labels()
    allowed = {code: labels[code] for each in valid for code in each.text.figures if code in labels}
    periods = {str(each): parts.period_text(each) for each in choices(clock.today()).values()}
    form = ComparisonForm(choices={"figure": allowed, "period": periods})
    if form.is_submitted() and not valid:
        raise ForbiddenError(_("Für einen Vergleich gilt keine Dienstvereinbarung."))
    if form.validate_on_submit():
        answer = _compared(form, organisation_id, valid)
        if answer is not None:
            return answer
    own = [each for each in queries.list_comparisons((organisation_id,)) if each.seen_by == context.actor().user_id]
    page = render_template(
        "figures/compare.html",
        form=form,
        valid=valid,
        fewest=rules.FEWEST_CASES,
        comparisons=[(each, labels.get(each.figure, each.figure), _period(each)) for each in own[:20]],
        address=parts.address,
    )
    return page, form.status


def _compared(form: ComparisonForm, organisation_id: UUID, valid: list[WorksAgreement]) -> ResponseReturnValue | None:
    """Where the comparison is shown; None where it was refused at a field."""
    actor, period = context.actor(), Period.parse(form.period.data)
    counted = parts.figures_of(queries.reach_of(actor, organisation_id), period)
    if counted is None:
        return redirect(parts.address("figures.counting", zeitraum=str(period)))
    counted.cases = counted.cases or queries.list_cases(actor, counted.reach)
    agreement = next(each for each in valid if form.figure.data in each.text.figures)
    try:
        made = service.compare_workers(
            actor, agreement, str(form.figure.data), counted, comparison_id=form.form_id.data
        )
    except RuleError as refusal:
        form.refuse(refusal)
        return None
    return redirect(parts.address("figures.comparison", comparison_id=made.id))


@area.page("/zahlen/vergleich/<uuid:comparison_id>", permission=Permission.FIGURES_COMPARE)
def comparison(comparison_id: UUID) -> ResponseReturnValue:
    """What was compared, by name; for whoever asked, while an agreement holds."""
    found = queries.get_comparison(comparison_id)
    if found.seen_by != context.actor().user_id:
        raise NotFoundError
    if not any(
        each.id == found.agreement_id for each in queries.valid_agreements(found.organisation_id, clock.today())
    ):
        raise ForbiddenError(_("Für einen Vergleich gilt keine Dienstvereinbarung."))
    lines = found.content.workers
    names = accounts.names_of({line.worker_id for line in lines})
    audit.note_read(
        "figures:comparison",
        organisation_id=found.organisation_id,
        detail=audit.Detail(note=f"{found.figure} {found.period}", count=len(lines)),
    )
    return render_template(
        "figures/comparison.html",
        comparison=found,
        label=parts.figure_labels().get(found.figure, found.figure),
        period_text=_period(found),
        lines=sorted(((names.get(line.worker_id, ""), line) for line in lines), key=lambda pair: pair[0].casefold()),
        number_text=parts.number_text,
        fewest=rules.FEWEST_CASES,
        address=parts.address,
    )


def _period(found: WorkerComparison) -> str:
    return parts.period_text(Period.parse(found.period))
