"""Public pages about the installation."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from caseapp.places import queries
from caseapp.web.area import Area

area = Area("about", __name__)


@area.page("/barrierefreiheit", permission=None)
def accessibility() -> ResponseReturnValue:
    """What the pages can and how to report a barrier."""
    return render_template("about/accessibility.html")


@area.page("/datenschutz", permission=None)
def privacy() -> ResponseReturnValue:
    """Who is responsible for which data; each carrier for its own."""
    return render_template("about/privacy.html", organisations=queries.list_organisations())


@area.page("/impressum", permission=None)
def imprint() -> ResponseReturnValue:
    """The carriers of this installation."""
    return render_template("about/imprint.html", organisations=queries.list_organisations())
