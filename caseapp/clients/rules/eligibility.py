"""Who may be counselled by an Integrationsmanager, from what the intake knows (domain.md, B.1: target group)."""

from __future__ import annotations

import datetime as dt


def proposed(title: str, au_since: dt.date | None) -> str:
    """The reason that follows from the residence title and the allocation to municipal housing; "" for none.

    Displaced persons from Ukraine (§ 24 AufenthG) need no allocation; everybody else lives in Anschlussunterbringung
    (§§ 17, 18 FlüAG).
    """
    if title == "P24":
        return "UKR"
    return "AU" if au_since else ""
