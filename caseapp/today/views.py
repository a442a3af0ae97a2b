"""The start page."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area

area = Area("today", __name__)

# The first page whose permission somebody holds is where the day begins.
_STARTS = (
    (Permission.CLIENT_EDIT, "today.index"),
    (Permission.TEAM_BOARD, "teamwork.board"),
    (Permission.USERS_MANAGE, "accounts.people"),
    (Permission.OWN_ACCOUNT, "accounts.profile"),
)


@area.page("/", permission=Permission.OWN_ACCOUNT)
def start() -> ResponseReturnValue:
    """Send each role to the page it begins with."""
    actor = context.actor()
    return redirect(url_for(next(page for permission, page in _STARTS if policy.may(actor, permission))))


@area.page("/heute", permission=Permission.CLIENT_EDIT)
def index() -> ResponseReturnValue:
    """What is due."""
    return render_template("today/index.html")
