"""The first page of these pages."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.reporting.views.area import area
from caseapp.security.permissions import Permission


@area.page("/berichte", permission=Permission.REPORT_READ)
def index() -> ResponseReturnValue:
    """Berichte."""
    return render_template("reporting/index.html")
