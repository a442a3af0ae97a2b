"""The first page of these pages."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.figures.views.area import area
from caseapp.security.permissions import Permission


@area.page("/zahlen", permission=Permission.FIGURES_EXACT)
def index() -> ResponseReturnValue:
    """Eigene Zahlen."""
    return render_template("figures/index.html")
