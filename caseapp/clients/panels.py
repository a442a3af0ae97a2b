"""What upper slices show on the client page: entries of the timeline and panels in the side column.

`clients` may not import the slices above it; the factory hands their functions over in a `PanelRegistry`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.clients.models import Client
from caseapp.clients.rules.timeline import TimelineEntry, newest_first
from caseapp.security.actor import Actor

REGISTRY = "caseapp_client_panels"


# (actor, client, limit) -> the newest entries, at most `limit`.
TimelineSource = Callable[[Actor, Client, int], list[TimelineEntry]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the side column: `template` is rendered with `client` and with what `load` returns."""

    key: str
    title: str
    template: str
    load: Callable[[Actor, Client], dict[str, Any]]


@dataclass(slots=True)
class PanelRegistry:
    """The sources and panels of all slices, in the order in which the factory registered them."""

    sources: list[TimelineSource] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)

    def timeline(
        self, actor: Actor, client: Client, limit: int, *, own: Sequence[TimelineEntry] = ()
    ) -> tuple[list[TimelineEntry], bool]:
        """The newest entries of all sources and of the file itself (`own`), newest first; whether there are more."""
        entries = [*own, *(entry for source in self.sources for entry in source(actor, client, limit + 1))]
        entries.sort(key=newest_first, reverse=True)
        return entries[:limit], len(entries) > limit
