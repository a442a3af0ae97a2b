"""Berichte: what was released, by period, and for those who make reports the way to what is in work."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.places import queries as places
from caseapp.reporting import queries
from caseapp.reporting.rules.cells import period_text
from caseapp.reporting.rules.labels import scope_name
from caseapp.reporting.views.area import area
from caseapp.security.permissions import Permission


@area.page("/berichte", permission=Permission.REPORT_READ)
def index() -> ResponseReturnValue:
    """Released reports, the newest period first."""
    releases = sorted(queries.list_releases(), key=lambda each: (each.period[:4], each.period), reverse=True)
    return render_template(
        "reporting/index.html",
        releases=[(each, period_text(each.period), scope_name(each.scope, places.gazetteer())) for each in releases],
    )
