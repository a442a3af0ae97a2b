"""The first page of these pages."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.keyfigures.views.area import area
from caseapp.security.permissions import Permission


@area.page("/kennzahlen", permission=Permission.KENNZAHLEN_PREPARE)
def index() -> ResponseReturnValue:
    """Kennzahlen."""
    return render_template("keyfigures/index.html")
