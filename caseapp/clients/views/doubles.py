"""Possible duplicates as the intake shows them."""

from __future__ import annotations

from typing import NamedTuple

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.clients.frame.texts import born_text
from caseapp.clients.models import ClientHead
from caseapp.clients.queries.duplicates import SameFace
from caseapp.clients.rules.duplicates import WHY_LABELS, Strength
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_WORDS = {
    Strength.SAME: ("danger", _l("sehr wahrscheinlich dieselbe Person")),
    Strength.LIKELY: ("warning", _l("wahrscheinlich dieselbe Person")),
    Strength.POSSIBLE: ("info", _l("vielleicht dieselbe Person")),
}


class Double(NamedTuple):
    """One existing file beside one person who was typed. `client_id` is "" where the actor may not open it."""

    typed: str
    client_id: str
    name: str
    own_script: str
    born: str
    number: str
    worker: str
    why: str
    tone: str
    strength: str


def shown(actor: Actor, heads: list[ClientHead], found: list[list[SameFace]]) -> list[Double]:
    """All possible duplicates of the typed people, in the order of the grid, the surest first."""
    today = clock.today()
    workers = accounts.names_of({each.client.worker_id for hits in found for each in hits if each.client.worker_id})
    doubles = []
    for head, hits in zip(heads, found, strict=True):
        for each in hits:
            client = each.client
            tone, words = _WORDS[each.strength]
            doubles.append(
                Double(
                    typed=head.full_name,
                    client_id=str(client.id) if policy.allows(actor, Permission.CLIENT_READ, client) else "",
                    name=client.head.full_name,
                    own_script=client.head.own_script,
                    born=born_text(client.head.birth, today),
                    number=client.file_number,
                    worker=workers.get(client.worker_id, "") if client.worker_id else "",
                    why=_(WHY_LABELS[each.why]),
                    tone=tone,
                    strength=str(words),
                )
            )
    return doubles
