"""What other pages show of goals: milestones of the timeline."""

from __future__ import annotations

from flask import url_for

from caseapp.catalogue import queries as catalogue
from caseapp.clients.queries.milestones import MilestoneRow
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.i18n import gettext as _


def opened_entry(row: MilestoneRow) -> TimelineEntry:
    """A goal was agreed."""
    area = catalogue.label("goal_areas", row.code, row.on_day)
    return _entry(row, _("Ziel vereinbart: %(area)s", area=area))


def closed_entry(row: MilestoneRow) -> TimelineEntry:
    """A goal ended with a result."""
    area, _space, result = row.code.rpartition(" ")
    labels = {
        "area": catalogue.label("goal_areas", area, row.on_day),
        "result": catalogue.label("goal_states", result, row.on_day),
    }
    return _entry(row, _("Ziel %(area)s: %(result)s", **labels))


def _entry(row: MilestoneRow, title: str) -> TimelineEntry:
    link = url_for("goals.show", goal_id=row.record_id)
    return TimelineEntry(on=row.on_day, at=row.at, icon="flag", title=title, link=link)
