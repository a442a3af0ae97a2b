"""What the pages of figures share: scope and period of the address, and the figures of both."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import request, url_for

from caseapp import clock, i18n
from caseapp.errors import NotFoundError
from caseapp.figures import queries, service
from caseapp.figures.queries import Reach
from caseapp.figures.rules.choices import Choice, choices, choose
from caseapp.figures.service import Counted
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.places import queries as places
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period
from caseapp.web import context

_LABELS = {
    Choice.THIS_QUARTER: _l("Dieses Quartal"),
    Choice.LAST_QUARTER: _l("Letztes Quartal"),
    Choice.THIS_YEAR: _l("Dieses Jahr"),
    Choice.LAST_YEAR: _l("Letztes Jahr"),
}


def reach() -> Reach:
    """How far the person's figures go in the carrier of the address. Raises NotFoundError."""
    return queries.reach_of(context.actor(), context.organisation_id(Permission.FIGURES_EXACT))


def period() -> Period:
    """The period of the address (`zeitraum`), the running quarter without one. Raises NotFoundError for any other."""
    try:
        return choose(request.args.get("zeitraum", ""), clock.today())
    except ValueError:
        raise NotFoundError from None


def figures_of(scope: Reach, wanted: Period) -> Counted | None:
    """The figures, counted now or by the last job; None where a job has to count them first."""
    actor = context.actor()
    if not scope.leads or queries.count_cases(actor, scope) <= queries.LIVE_MOST:
        return service.count(actor, scope, wanted)
    snapshot = queries.find_snapshot(actor, scope.organisation_id, wanted)
    if snapshot is None or snapshot.made_at is None:
        return None
    return service.restore(actor, scope, snapshot)


def scope_text(scope: Reach) -> str:
    """Whose figures these are."""
    if scope.teams is None:
        return _("Ihre eigenen und vertretenen Fälle")
    if not scope.teams:
        return _("Alle Fälle des Trägers")
    names = [team.profile.name for team in places.list_teams(scope.organisation_id) if team.id in scope.teams]
    return _("Fälle des Teams %(names)s", names=", ".join(names))


def period_text(wanted: Period) -> str:
    """`3. Quartal 2026` or `2026`."""
    if wanted.quarter is None:
        return str(wanted.year)
    return _("%(quarter)s. Quartal %(year)s", quarter=wanted.quarter, year=wanted.year)


def period_chips(endpoint: str, active: Period, **values: Any) -> list[dict[str, Any]]:
    """The periods as links."""
    return [
        {
            "label": f"{_LABELS[choice]} ({each})"
            if each.quarter is None
            else f"{_LABELS[choice]} ({each.quarter}/{each.year})",
            "href": address(endpoint, zeitraum=str(each), **values),
            "active": each == active,
        }
        for choice, each in choices(clock.today()).items()
    ]


def address(endpoint: str, **values: Any) -> str:
    """A page of figures in the same carrier."""
    return url_for(endpoint, traeger=request.args.get("traeger"), **values)


def number_text(number: int) -> str:
    """With the thousands point of the language."""
    return str(format_decimal(number, locale=i18n.current_locale()))


def share_text(part: int, whole: int) -> str:
    """`12 %`, or "" of nothing."""
    return str(format_percent(part / whole, locale=i18n.current_locale())) if whole else ""


def hours_text(minutes: int) -> str:
    """Minutes as hours with one place."""
    return str(format_decimal(round(minutes / 60, 1), locale=i18n.current_locale()))


def figure_labels(*, offered: bool = False) -> dict[str, str]:
    """The comparable figures by code; `offered`: those that a new agreement may name today."""
    today, german = clock.today(), i18n.current_locale() == "de"
    return {
        each.code: each.de if german else each.en
        for each in queries.list_comparable()
        if not offered or each.offered(today)
    }
