"""What the timeline of a client shows of referrals."""

from __future__ import annotations

from flask import url_for

from caseapp.clients.queries.milestones import MilestoneRow
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext
from caseapp.referrals.rules.states import State

_TITLES = {
    State.SENT: lazy_gettext("Vermittlung auf den Weg gebracht"),
    State.ACCEPTED: lazy_gettext("Vermittlung angenommen"),
    State.DECLINED: lazy_gettext("Vermittlung abgelehnt"),
    State.NO_ANSWER: lazy_gettext("Vermittlung ohne Antwort"),
    State.WITHDRAWN: lazy_gettext("Vermittlung zurückgezogen"),
}


def step_entry(row: MilestoneRow) -> TimelineEntry:
    """A step of a referral (`queries.select_steps`), without naming the office: the page of referrals does."""
    return TimelineEntry(
        on=row.on_day,
        at=row.at,
        icon="arrow-forward",
        title=str(_TITLES.get(State(row.code), _("Vermittlung"))),
        link=url_for("referrals.show", referral_id=row.record_id),
        quiet=True,
    )
