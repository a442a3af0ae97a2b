"""What other pages show of declarations: the timeline of a client."""

from __future__ import annotations

from flask import url_for

from caseapp.clients.queries.milestones import MilestoneRow
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.consents.models import DeclarationState
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l

_WITHDRAWN = {
    "release": _l("Freigabe widerrufen"),
    "consent": _l("Einwilligung widerrufen"),
    "mandate": _l("Vollmacht widerrufen"),
}


def decided_entry(row: MilestoneRow) -> TimelineEntry:
    """A sheet that was signed, or not (`queries.select_decisions`)."""
    declined = row.code == DeclarationState.DECLINED
    return TimelineEntry(
        on=row.on_day,
        at=row.at,
        icon="lock",
        title=_("Freigaben nicht unterschrieben") if declined else _("Freigaben unterschrieben"),
        link=url_for("consents.sheet", sheet_id=row.record_id),
    )


def withdrawn_entry(row: MilestoneRow) -> TimelineEntry:
    """A declaration that was withdrawn (`queries.select_withdrawals`)."""
    return TimelineEntry(on=row.on_day, at=row.at, icon="close", title=str(_WITHDRAWN[row.code]))
