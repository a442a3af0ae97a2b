"""Works agreements: what everybody can read about evaluating the own work, and what the carrier's head records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.errors import RuleError
from caseapp.figures import queries, service
from caseapp.figures.forms import AgreementForm
from caseapp.figures.models import WorkerComparison, WorksAgreement
from caseapp.figures.rules import agreements as rules
from caseapp.figures.service import NewAgreement
from caseapp.figures.views import parts
from caseapp.figures.views.area import area
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context, undo
from caseapp.web.messages import tell

_UNDO = "figures-agreement"


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement as the page shows it."""

    works_id: UUID
    title: str
    agreed_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    figures: list[str]
    recorded_by: str
    ended_at: dt.datetime | None
    state: str  # valid | coming | over


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A comparison in which the person stands, with the own number only."""

    seen_at: dt.datetime
    seen_by: str
    figure: str
    period: str
    number: str


@area.page("/zahlen/auswertung", permission=Permission.FIGURES_EXACT)
def evaluated() -> ResponseReturnValue:
    """What is evaluated about one's own work: agreements, and who has compared what, with the own number."""
    actor = context.actor()
    organisation_id = context.organisation_id(Permission.FIGURES_EXACT)
    seen = [each for each in queries.list_comparisons((organisation_id,)) if _own_line(each, actor.user_id)]
    agreements = queries.list_agreements((organisation_id,))
    names = accounts.names_of({each.seen_by for each in seen} | {each.recorded_by for each in agreements})
    return render_template(
        "figures/evaluated.html",
        agreements=[_agreement_line(each, names) for each in agreements],
        seen=[_seen_line(each, actor.user_id, names) for each in seen],
        fewest=rules.FEWEST_CASES,
        address=parts.address,
    )


@area.page("/zahlen/vereinbarung", permission=Permission.FIGURES_AGREEMENT, methods=("GET", "POST"))
def works() -> ResponseReturnValue:
    """Record a works agreement, and end one."""
    organisation_id = context.organisation_id(Permission.FIGURES_AGREEMENT)
    form = AgreementForm()
    form.figures.choices = [(each, label) for each, label in parts.figure_labels(offered=True).items()]
    if form.validate_on_submit():
        try:
            service.record_agreement(context.actor(), organisation_id, _read(form), agreement_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Die Vereinbarung ist eingetragen. Alle im Träger können sie lesen."))
            return redirect(parts.address("figures.works"))
    agreements = queries.list_agreements((organisation_id,))
    names = accounts.names_of({each.recorded_by for each in agreements})
    page = render_template(
        "figures/works.html",
        form=form,
        agreements=[_agreement_line(each, names) for each in agreements],
        carriers=context.carriers(Permission.FIGURES_AGREEMENT),
        organisation_id=organisation_id,
        address=parts.address,
    )
    return page, form.status


@area.page("/zahlen/vereinbarung/<uuid:works_id>/beenden", permission=Permission.FIGURES_AGREEMENT, methods=("POST",))
def end_works(works_id: UUID) -> ResponseReturnValue:
    """From now on the agreement allows nothing."""
    agreement = queries.get_agreement(works_id)
    service.end_agreement(context.actor(), agreement)
    assert agreement.ended_at is not None  # noqa: S101
    token = undo.sign(_UNDO, agreement.id.hex, agreement.ended_at.isoformat())
    tell(_("Die Vereinbarung ist beendet."), undo=url_for("figures.reopen_works", token=token))
    return redirect(parts.address("figures.works"))


@area.page("/zahlen/vereinbarung/<token>/zurueck", permission=Permission.FIGURES_AGREEMENT, methods=("POST",))
def reopen_works(token: str) -> ResponseReturnValue:
    """Undo the end of an agreement."""
    works_id, ended_at = undo.read(_UNDO, token)
    agreement = queries.get_agreement(UUID(works_id))
    service.reopen_agreement(context.actor(), agreement, dt.datetime.fromisoformat(ended_at))
    tell(_("Die Vereinbarung gilt wieder."))
    return redirect(parts.address("figures.works"))


def _read(form: AgreementForm) -> NewAgreement:
    return NewAgreement(
        title=form.title.data or "",
        agreed_on=form.agreed_on.data or clock.today(),  # both are required: the form is valid
        valid_from=form.valid_from.data or clock.today(),
        valid_to=form.valid_to.data,
        figures=tuple(form.figures.data or ()),
    )


def _agreement_line(agreement: WorksAgreement, names: dict[UUID, str]) -> AgreementLine:
    labels, today = parts.figure_labels(), clock.today()
    waits = not agreement.ended and agreement.valid_from > today
    return AgreementLine(
        works_id=agreement.id,
        title=agreement.text.title,
        agreed_on=agreement.agreed_on,
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        figures=[labels.get(code, code) for code in agreement.text.figures],
        recorded_by=names.get(agreement.recorded_by, ""),
        ended_at=agreement.ended_at,
        state="valid" if rules.in_force(agreement, today) else "coming" if waits else "over",
    )


def _own_line(comparison: WorkerComparison, user_id: UUID) -> bool:
    return any(line.worker_id == user_id for line in comparison.content.workers)


def _seen_line(comparison: WorkerComparison, user_id: UUID, names: dict[UUID, str]) -> SeenLine:
    own = next(line for line in comparison.content.workers if line.worker_id == user_id)
    return SeenLine(
        seen_at=comparison.seen_at,
        seen_by=names.get(comparison.seen_by, ""),
        figure=parts.figure_labels().get(comparison.figure, comparison.figure),
        period=parts.period_text(Period.parse(comparison.period)),
        number=_("nicht gezeigt: zu wenige Fälle") if own.number is None else parts.number_text(own.number),
    )
