"""What every template may use: translation, dates, the navigation, the policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for

from caseapp import clock, i18n
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.settings import PROJECT_ROOT
from caseapp.web import context, escaping, parsing

TEMPLATES = PROJECT_ROOT / "templates"


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the main navigation, shown to those who hold the permission.

    `also` names areas without a line of their own: their pages mark the first line that names them and is shown.
    """

    label: str
    endpoint: str
    permission: Permission
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A navigation line on this page."""

    label: str
    endpoint: str
    active: bool


def install(app: Flask, navigation: Sequence[NavigationEntry], *, is_demo: bool) -> None:
    """Prepare the Jinja environment."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    escaping.install(app.jinja_env)
    app.jinja_env.globals.update(_=i18n.gettext, ngettext=i18n.ngettext, is_demo=is_demo, Permission=Permission)
    app.jinja_env.filters.update(
        day=day_text, day_short=short_day_text, moment=moment_text, money=parsing.money_text, phone=parsing.phone_text
    )

    @app.context_processor
    def person() -> dict[str, Any]:
        actor = context.find_actor()
        shared: dict[str, Any] = {"csp_nonce": g.get("csp_nonce", ""), "language": i18n.current_locale()}
        if actor is None:
            return shared
        return shared | {
            "user_name": actor.name,
            "carrier_name": actor.carriers[0] if len(actor.carriers) == 1 else "",
            "navigation": _shown(navigation, actor),
            "can_search": policy.may(actor, Permission.CLIENT_FIND),
            "may": lambda permission: policy.may(actor, permission),
            "allows": lambda permission, record: policy.allows(actor, permission, record),
        }


def _shown(navigation: Sequence[NavigationEntry], actor: Actor) -> list[ShownEntry]:
    shown = [entry for entry in navigation if policy.may(actor, entry.permission)]
    active = _active(navigation) or next((entry.endpoint for entry in shown if _area() in entry.also), None)
    return [
        ShownEntry(label=i18n.gettext(entry.label), endpoint=entry.endpoint, active=entry.endpoint == active)
        for entry in shown
    ]


def _active(navigation: Sequence[NavigationEntry]) -> str | None:
    """The entry whose address leads to this page, the most exact one; else the only entry of the page's area."""
    addresses = {url_for(entry.endpoint): entry.endpoint for entry in navigation}
    above = [address for address in addresses if f"{request.path}/".startswith(f"{address}/")]
    if above:
        return addresses[max(above, key=len)]
    same = [entry.endpoint for entry in navigation if entry.endpoint.partition(".")[0] == _area()]
    return same[0] if len(same) == 1 else None


def _area() -> str:
    return (request.endpoint or "").partition(".")[0]


def day_text(day: dt.date | None) -> str:
    """`03.12.2026`, or a dash."""
    return day.strftime("%d.%m.%Y") if day else "–"


def short_day_text(day: dt.date | None) -> str:
    """`03.12.`, or a dash."""
    return day.strftime("%d.%m.") if day else "–"


def moment_text(moment: dt.datetime | None) -> str:
    """`03.12.2026, 14:05 Uhr` in Berlin, or a dash."""
    return clock.local(moment).strftime("%d.%m.%Y, %H:%M Uhr") if moment else "–"
