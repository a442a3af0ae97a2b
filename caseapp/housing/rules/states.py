"""How an application for a flat goes on. Pure."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Collection

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _


class State(enum.StrEnum):
    """Where an application stands. ASKED is never stored: it is known from the referral by which we ask."""

    PROPOSED = "proposed"
    ASKED = "asked"
    VIEWING = "viewing"
    OFFERED = "offered"  # "Zusage"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LET = "let"  # lease signed


OPEN = frozenset({State.PROPOSED, State.ASKED, State.VIEWING, State.OFFERED})
_NEXT = {
    State.PROPOSED: frozenset({State.VIEWING, State.OFFERED, State.DECLINED, State.WITHDRAWN}),
    State.VIEWING: frozenset({State.VIEWING, State.OFFERED, State.DECLINED, State.WITHDRAWN}),
    State.OFFERED: frozenset({State.LET, State.DECLINED, State.WITHDRAWN}),
    State.DECLINED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.LET: frozenset(),
}
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*uhr)?", re.IGNORECASE)


def may_follow(state: str) -> frozenset[State]:
    """What may follow on a stored state."""
    return _NEXT[State(state)]


def check_step(old: str, new: State) -> None:
    """Whether an application may go on like this. Raises RuleError with what to do."""
    if new in may_follow(old):
        return
    if new is State.LET and State(old) in OPEN:
        raise RuleError(_("Tragen Sie zuerst die Zusage ein."))
    raise RuleError(_("Diese Bewerbung ist schon abgeschlossen. Nehmen Sie das Ergebnis zuerst zurück."))


def check_reason(new: State, reason: str, known: Collection[str]) -> str | None:
    """The reason as it is stored: a refusal has one. Raises RuleError on `reason`."""
    if new in {State.DECLINED, State.WITHDRAWN}:
        if reason not in known:
            raise RuleError(_("Wählen Sie den Grund aus."), field="reason")
        return reason
    return None


def read_time(text: str) -> str:
    """The time of a viewing as `HH:MM`, "" for none. Raises RuleError on `time`."""
    cleaned = text.strip()
    if not cleaned:
        return ""
    match = _TIME.fullmatch(cleaned)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise RuleError(_("Geben Sie die Uhrzeit so ein: 14:30."), field="time")
    return f"{int(match[1]):02d}:{int(match[2] or 0):02d}"


def missing_before(before_signing: Collection[str], done: Collection[str]) -> list[str]:
    """The points of the checklist that belong before the signature and are not done, in their order."""
    return [code for code in before_signing if code not in done]


def check_lease_day(from_on: dt.date, today: dt.date) -> None:
    """A lease begins around today. Raises RuleError on `from_on`."""
    if abs((from_on - today).days) > 366:
        raise RuleError(_("Prüfen Sie das Jahr: Der Tag liegt mehr als ein Jahr entfernt."), field="from_on")
