"""What upper slices show of a client: entries of the timeline, panels in the side column, tabs of the file.

`clients` may not import the slices above it; the factory hands their functions over in a `PanelRegistry`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from caseapp.clients.models import Client
from caseapp.clients.queries.milestones import MilestoneRow, MilestoneSelect, list_milestones
from caseapp.clients.rules.timeline import TimelineEntry, newest_first
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

REGISTRY = "caseapp_client_panels"


# (actor, client, limit) -> the newest entries, at most `limit`.
TimelineSource = Callable[[Actor, Client, int], list[TimelineEntry]]


@dataclass(frozen=True, slots=True)
class Milestones:
    """What a slice adds to the timeline without a statement of its own: all slices are read in one.

    `rows` selects the columns (day, moment, id, code) of a client's milestones: plain columns, no order, no limit.
    `entry` says one of them in words; it must not read anything.
    """

    key: str
    rows: Callable[[UUID], MilestoneSelect]
    entry: Callable[[MilestoneRow], TimelineEntry]


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the side column: `template` is rendered with `client` and with what `load` returns."""

    key: str
    title: str
    template: str
    load: Callable[[Actor, Client], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the file with a page of its own at `endpoint`, shown to whom the permission allows it on this file.

    `key` is what the page says of itself (`frame.shown(..., tab=key)`).
    """

    key: str
    label: str
    endpoint: str
    permission: Permission


@dataclass(slots=True)
class PanelRegistry:
    """What all slices offer, in the order in which the factory registered it."""

    sources: list[TimelineSource] = field(default_factory=list)
    milestones: list[Milestones] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)

    def timeline(
        self, actor: Actor, client: Client, limit: int, *, own: Sequence[TimelineEntry] = ()
    ) -> tuple[list[TimelineEntry], bool]:
        """The newest entries of all sources and of the file itself (`own`), newest first; whether there are more."""
        entries = [*own, *(entry for source in self.sources for entry in source(actor, client, limit + 1))]
        entries += self._milestones(client, limit + 1)
        entries.sort(key=newest_first, reverse=True)
        return entries[:limit], len(entries) > limit

    def _milestones(self, client: Client, limit: int) -> list[TimelineEntry]:
        say = {each.key: each.entry for each in self.milestones}
        rows = list_milestones([(each.key, each.rows(client.id)) for each in self.milestones], limit)
        return [say[row.key](row) for row in rows]
