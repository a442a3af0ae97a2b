"""What the household looks for."""

from __future__ import annotations

from caseapp import audit
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import ConflictError
from caseapp.housing import queries
from caseapp.housing.models import HousingWish, WishText
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def save_wishes(actor: Actor, client: Client, text: WishText, *, version: str) -> None:
    """Keep what the household looks for. Raises ConflictError when it was changed since `version`."""
    policy.require(actor, Permission.CLIENT_EDIT, client)
    row = queries.find_wish(client.id)
    if queries.version_of(row) != version:
        raise ConflictError(_("Die Wünsche wurden inzwischen geändert."))
    if row is None:
        session().add(HousingWish(client_id=client.id, organisation_id=client.organisation_id, text=text))
    else:
        row.text = text
    session().flush()
    audit.record("housing:wishes", client_id=client.id)
