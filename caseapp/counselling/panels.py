"""What other pages show of contacts: the timeline of a client."""

from __future__ import annotations

from flask import url_for

from caseapp.clients.models import Client
from caseapp.clients.queries.milestones import MilestoneRow
from caseapp.clients.rules.timeline import TimelineEntry
from caseapp.counselling import queries
from caseapp.counselling.queries import ContactLine
from caseapp.security.actor import Actor


def timeline(actor: Actor, client: Client, limit: int) -> list[TimelineEntry]:
    """The client's own contacts; two statements."""
    return [_entry(line) for line in queries.list_own_lines(actor, client, limit=limit)]


def presence_entry(row: MilestoneRow) -> TimelineEntry:
    """A contact of somebody else at which the client was present (`queries.select_links`)."""
    return _entry(queries.link_line(row.code, row.on_day))


def _entry(line: ContactLine) -> TimelineEntry:
    return TimelineEntry(
        on=line.on_day,
        at=line.at,
        icon=line.icon,
        title=line.title,
        meta=line.meta,
        text=line.note,
        tags=line.topics,
        link=url_for("counselling.edit", contact_id=line.contact_id) if line.contact_id else None,
        cancelled=line.cancelled,
        aside=line.contact_id is None,
    )
