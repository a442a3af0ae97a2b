"""The way back after an action: what would undo it, signed, for ten minutes, in the address of the "Rückgängig" button.

The token says what was before. Whether it still may be restored is decided by the service, as for every change.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.web import context

_SECONDS = 600


def sign(action: str, *parts: str) -> str:
    """A token for undoing `action`, good for the signed-in person only. `parts` are ids and days, never names."""
    return str(_serializer(action).dumps(parts))


def read(action: str, token: str) -> list[str]:
    """The parts of a token. Raises RuleError when it is forged, somebody else's or older than ten minutes."""
    try:
        return [str(part) for part in _serializer(action).loads(token, max_age=_SECONDS)]
    except BadSignature:
        raise RuleError(_("Das lässt sich nach 10 Minuten nicht mehr rückgängig machen.")) from None


def _serializer(action: str) -> URLSafeTimedSerializer:
    secret = current_app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(secret, salt=f"undo|{action}|{context.actor().user_id.hex}")
