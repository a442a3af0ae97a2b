"""What the last action in a file was before it, kept in the browser's signed session for ten minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import session as browser

from caseapp import clock
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

_KEY = "undo"
_SECONDS = 600


def keep(action: str, client_id: UUID, before: Any) -> None:
    """Remember `before` (ids, days, positions: never text of a file) for the button "Rückgängig"."""
    browser[_KEY] = {
        "action": action,
        "client": client_id.hex,
        "until": clock.now().timestamp() + _SECONDS,
        "before": before,
    }


def take(action: str, client_id: UUID) -> Any:
    """What was kept for this action in this file, once. Raises RuleError when it is gone or too old."""
    kept = browser.pop(_KEY, None)
    fits = kept and kept["action"] == action and kept["client"] == client_id.hex
    if not fits or kept["until"] < clock.now().timestamp():
        raise RuleError(_("Das lässt sich nicht mehr zurücknehmen. Ändern Sie die Angabe von Hand."))
    return kept["before"]
