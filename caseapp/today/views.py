"""The start page."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area

area = Area("today", __name__)


@area.page("/", permission=Permission.OWN_ACCOUNT)
def start() -> ResponseReturnValue:
    """Send each role to the page it begins with."""
    actor = context.actor()
    if policy.may(actor, Permission.CLIENT_EDIT):
        return redirect(url_for("today.index"))
    return redirect(url_for("accounts.profile"))


@area.page("/heute", permission=Permission.CLIENT_EDIT)
def index() -> ResponseReturnValue:
    """What is due."""
    return render_template("today/index.html")
