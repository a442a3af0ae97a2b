"""The start page: what is due, and the usual things to begin with."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, cast

from babel.dates import format_date
from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock, i18n
from caseapp.clients.queries.caseload import ListedCase
from caseapp.clients.rules.caseload import View
from caseapp.drafts.forms import REGISTRY, DraftForm
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.security.vault import UnreadableError
from caseapp.today.queries import BegunText, Day, gather_day
from caseapp.web import context
from caseapp.web.area import Area
from caseapp.web.templating import day_text

area = Area("today", __name__)

MOST_LINES = 8

# The first page whose permission somebody holds is where the day begins.
_STARTS = (
    (Permission.CLIENT_EDIT, "today.index"),
    (Permission.TEAM_BOARD, "teamwork.board"),
    (Permission.USERS_MANAGE, "accounts.people"),
    (Permission.OWN_ACCOUNT, "accounts.profile"),
)


class CaseLine(NamedTuple):
    """A case in a group: who, a second line, and the day that made it stand here."""

    id: str
    name: str
    note: str
    badge: str
    late: bool
    href: str


class DraftLine(NamedTuple):
    """A begun text: what, about whom, since when, and where it goes on ("" where it cannot be read)."""

    id: str
    label: str
    name: str
    saved_at: dt.datetime
    href: str


@area.page("/", permission=Permission.OWN_ACCOUNT)
def start() -> ResponseReturnValue:
    """Send each role to the page it begins with."""
    actor = context.actor()
    return redirect(url_for(next(page for permission, page in _STARTS if policy.may(actor, permission))))


@area.page("/heute", permission=Permission.CLIENT_EDIT)
def index() -> ResponseReturnValue:
    """What is due. One read event holds the number of people and a keyed digest of their ids."""
    today = clock.today()
    day = gather_day(context.actor(), today)
    ids = day.client_ids()
    audit.note_read("today:read", detail=audit.Detail(count=len(ids), digest=audit.list_digest(ids)))
    return render_template(
        "today/index.html",
        day=day,
        today=today,
        date=format_date(today, "EEEE, d. MMMM y", locale=i18n.current_locale()),
        most=MOST_LINES,
        figures=_figures(day),
        ending=[_ending(listed, today) for listed in day.ending[:MOST_LINES]],
        silent=[_silent(listed, today) for listed in day.silent[:MOST_LINES]],
        reviews=[_due(each, each.case.review_on, today, "agreements.index") for each in day.reviews[:MOST_LINES]],
        papers=[_due(each, each.case.release_ends_on, today, "consents.index") for each in day.papers[:MOST_LINES]],
        unanswered=[
            _due(each, each.case.answer_due_on, today, "referrals.index") for each in day.unanswered[:MOST_LINES]
        ],
        begun=[_begun(text) for text in day.begun],
        views=View,
    )


def _figures(day: Day) -> list[dict[str, object]]:
    """The counts at the top, each leading to its group or its list; what is nought is left out."""
    counts = (
        (len(day.overdue), _("überfällig"), "#ueberfaellig", "danger"),
        (len(day.due_today) + len(day.week), _("heute und diese Woche"), "#woche", "info"),
        (len(day.ending), _("Titel enden"), _listed(View.TITLE_ENDS), "warning"),
        (
            len(day.silent),
            _("ohne Kontakt seit 30 Tagen"),
            _listed(View.NO_CONTACT),
            "warning",
        ),
        (len(day.reviews), _("Gespräche zum Plan"), _listed(View.REVIEW), "warning"),
        (len(day.unanswered), _("Antworten fehlen"), _listed(View.ANSWER), "warning"),
        (day.cases, ngettext("laufender Fall", "laufende Fälle", day.cases), url_for("clients.caseload"), ""),
    )
    return [
        {"number": number, "label": label, "href": href, "tone": tone} for number, label, href, tone in counts if number
    ]


def _listed(view: View) -> str:
    return url_for("clients.caseload", ansicht=view.value)


def _ending(listed: ListedCase, today: dt.date) -> CaseLine:
    ends = listed.case.title_ends_on
    days = (ends - today).days if ends else 0
    note = _("abgelaufen") if days < 0 else _("heute") if days == 0 else _("noch %(days)s Tage", days=days)
    return _case(listed, badge=day_text(ends), note=note, late=days < 0)


def _due(listed: ListedCase, day: dt.date | None, today: dt.date, endpoint: str) -> CaseLine:
    """A case with a day of its own page, to which the line leads."""
    days = (day - today).days if day else 0
    passed = ngettext("seit gestern", "seit %(num)s Tagen", -days)
    ahead = ngettext("morgen", "in %(num)s Tagen", days)
    note = passed if days < 0 else _("heute") if days == 0 else ahead
    href = url_for(endpoint, client_id=listed.case.client_id)
    return _case(listed, badge=day_text(day), note=note, late=days < 0, href=href)


def _silent(listed: ListedCase, today: dt.date) -> CaseLine:
    last = listed.case.last_contact_on
    days = (today - (last or listed.case.opened_on)).days
    note = _("zuletzt am %(day)s", day=day_text(last)) if last else _("noch kein Kontakt")
    return _case(listed, badge=_("%(days)s Tage", days=days), note=note, late=False)


def _case(listed: ListedCase, *, badge: str, note: str, late: bool, href: str = "") -> CaseLine:
    name = listed.head.full_name if listed.head else _("nicht lesbar")
    client_id = listed.case.client_id
    return CaseLine(str(client_id), name, note, badge, late, href or url_for("clients.show", client_id=client_id))


def _begun(text: BegunText) -> DraftLine:
    form = cast("dict[str, DraftForm]", current_app.extensions[REGISTRY]).get(text.draft.form)
    try:
        href = form.resume(text.draft) if form else ""
    except UnreadableError:
        href = ""
    label = str(form.label) if form else _("Entwurf")
    name = text.head.full_name if text.head else ""
    return DraftLine(str(text.draft.id), label, name, text.draft.saved_at, href)
