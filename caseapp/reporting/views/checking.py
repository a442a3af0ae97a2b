"""The second person's page: what a draft does to the truth, its sentences, and the two answers."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.reporting import queries, service
from caseapp.reporting.forms import CheckForm, GiveBackForm
from caseapp.reporting.models import Report, ReportState
from caseapp.reporting.rules.labels import period_label, scope_name
from caseapp.reporting.views.area import area
from caseapp.reporting.views.building import find_report, parse
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/berichte/bau/<period>/pruefung", permission=Permission.REPORT_CHECK, methods=("GET", "POST"))
def check(period: str) -> ResponseReturnValue:
    """The facts of the draft; "Geprüft" with three sentences."""
    asked = parse(period)
    report = _draft(asked)
    if report is None:
        return redirect(url_for("reporting.making", period=str(asked)))
    form = CheckForm(data=_given(report))
    if form.validate_on_submit():
        try:
            service.check(context.actor(), report, form.seen, form.sentences)
        except RuleError as refusal:
            form.refuse(refusal)
        except ConflictError as refusal:
            form.refuse(str(refusal))
        else:
            tell(_("Geprüft. Der Bericht kann freigegeben werden."))
            return redirect(url_for("reporting.making", period=str(asked)))
    return _page(asked, report, form, GiveBackForm(formdata=None, version=str(report.version))), form.status


@area.page("/berichte/bau/<period>/zurueckgeben", permission=Permission.REPORT_CHECK, methods=("POST",))
def give_back(period: str) -> ResponseReturnValue:
    """Send the draft back with a reason."""
    asked = parse(period)
    report = _draft(asked)
    if report is None:
        return redirect(url_for("reporting.making", period=str(asked)))
    form = GiveBackForm()
    if form.validate_on_submit():
        try:
            service.give_back(context.actor(), report, form.seen, form.reason.data or "")
        except RuleError as refusal:
            form.refuse(refusal)
        except ConflictError as refusal:
            form.refuse(str(refusal))
        else:
            tell(_("Zurückgegeben. Der Entwurf ist verworfen; wer baut, sieht Ihren Grund."))
            return redirect(url_for("reporting.making", period=str(asked)))
    return _page(asked, report, CheckForm(formdata=None, data=_given(report)), form), form.status


def _draft(period: Period) -> Report | None:
    """The draft to look at, None where there is none (any more): the page of the period says what is next."""
    found = find_report(period)
    return found if found and found.state in (ReportState.DRAFT.value, ReportState.CHECKED.value) else None


def _given(report: Report) -> dict[str, str]:
    sentences = queries.package_of(report).sentences or report.facts.proposed
    return {"version": str(report.version)} | {
        f"sentence{place}": sentence for place, sentence in enumerate(sentences, start=1)
    }


def _page(period: Period, report: Report, form: CheckForm, back: GiveBackForm) -> str:
    audit.note_read("report:look", detail=audit.Detail(note=report.number))
    facts = report.facts
    package = queries.package_of(report)
    return render_template(
        "reporting/check.html",
        period=period,
        label=period_label(period),
        scope=scope_name(report.scope, places.gazetteer()),
        report=report,
        package=package,
        facts=facts,
        titles={each.code: each.title_de for each in package.indicators},
        summary=service.sum_up(facts),
        form=form,
        back=back,
        mine=report.built_by == context.actor().user_id,
    )
