"""Pages that explain each figure in a sentence."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.security.permissions import Permission
from caseapp.web.area import Area

area = Area("indicators", __name__)


@area.page("/berichte/erklaerung", permission=Permission.REPORT_READ)
def index() -> ResponseReturnValue:
    """So wird gezählt."""
    return render_template("indicators/index.html")
