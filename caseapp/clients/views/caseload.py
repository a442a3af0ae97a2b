"""The caseload."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.clients.views.area import area
from caseapp.security.permissions import Permission


@area.page("/klienten", permission=Permission.CLIENT_FIND)
def caseload() -> ResponseReturnValue:
    """The caseload with its views."""
    return render_template("today/index.html")
