"""The first page of own figures."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.figures import queries
from caseapp.figures.queries import Reach
from caseapp.figures.service import Counted
from caseapp.figures.views import parts, shown
from caseapp.figures.views.area import area
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context


@area.page("/zahlen", permission=Permission.FIGURES_EXACT)
def index() -> ResponseReturnValue:
    """Own figures of a period, exact: who asks sees the own cases, a lead those of the team or the carrier."""
    scope, period = parts.reach(), parts.period()
    counted = parts.figures_of(scope, period)
    if counted is None:
        return redirect(parts.address("figures.counting", zeitraum=str(period)))
    detail = audit.Detail(note=str(period), count=counted.cells.number("bestand", "ende"))
    audit.note_read("figures:read", organisation_id=scope.organisation_id, detail=detail)
    return render_template("figures/index.html", **_page(scope, period, counted))


def _page(scope: Reach, period: Period, counted: Counted) -> dict[str, object]:
    cards, groups = shown.cards(counted), shown.group_of(counted)
    outcomes = [card for card in cards if groups[card.code] == "outcome" and card.total]
    return {
        "counted": counted,
        "scope": scope,
        "period": period,
        "period_text": parts.period_text(period),
        "running": period.last >= clock.today(),
        "scope_text": parts.scope_text(scope),
        "chips": parts.period_chips("figures.index", period),
        "carriers": context.carriers(Permission.FIGURES_EXACT),
        "stock": shown.stock(counted),
        "identity": shown.identity(counted),
        "work": shown.work(counted),
        "kinds": shown.kinds(counted),
        "over_time": shown.over_time(counted),
        "reach": [card for card in cards if groups[card.code] != "outcome" and card.total],
        "outcomes": outcomes,
        "without": [card for card in cards if not card.total],
        "picture": shown.outcome_picture(outcomes),
        "answers": [str(label) for label in shown.ANSWERS.values()],
        "made_at": shown.age(counted.made_at),
        "address": parts.address,
        "valid": queries.valid_agreements(scope.organisation_id, clock.today()),
    }
