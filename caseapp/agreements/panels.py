"""What the client page shows of agreements: milestones of the timeline."""

from __future__ import annotations

from flask import url_for

from caseapp.clients.queries.milestones import MilestoneRow
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.i18n import gettext as _


def presented_entry(row: MilestoneRow) -> TimelineEntry:
    """A version that was presented (`queries.select_presented`)."""
    return _entry(row, _("Integrationsvereinbarung vorgelegt"), row.code)


def decided_entry(row: MilestoneRow) -> TimelineEntry:
    """A version that was signed or declined (`queries.select_decided`)."""
    decision, _space, number = row.code.partition(" ")
    signed = decision == "signed"
    title = _("Integrationsvereinbarung unterschrieben") if signed else _("Integrationsvereinbarung abgelehnt")
    return _entry(row, title, number)


def _entry(row: MilestoneRow, title: str, number: str) -> TimelineEntry:
    return TimelineEntry(
        on=row.on_day,
        at=row.at,
        icon="draft",
        title=title,
        meta=_("Fassung %(number)s", number=number),
        link=url_for("agreements.show", agreement_id=row.record_id),
    )
