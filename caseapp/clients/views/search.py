"""The search."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.clients.views.area import area
from caseapp.security.permissions import Permission


@area.page("/suche", permission=Permission.CLIENT_FIND, methods=("GET", "POST"))
def search() -> ResponseReturnValue:
    """Find a person."""
    return render_template("today/index.html")
