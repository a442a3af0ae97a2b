"""Whether somebody has a file already, inside what the actor may see. Across carriers nobody looks (§ 203 StGB)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp.clients.models import Client, ClientHead
from caseapp.clients.queries.heads import SealedHead, open_heads
from caseapp.clients.rules.duplicates import DuplicateFinder, Strength, Why
from caseapp.clients.rules.matching import Card
from caseapp.db import session
from caseapp.keystore import KeyStore
from caseapp.security.vault import keyed_digest

_MOST = 5


@dataclass(frozen=True, slots=True)
class SameFace:
    """A file that may be the same person's. `client` satisfies what the policy asks."""

    client: Client
    strength: Strength
    why: Why


def card_of(head: ClientHead, client_id: UUID | None = None) -> Card:
    """The head as the comparison reads it."""
    return Card(
        search_line=head.search_line,
        client_id=client_id,
        born_on=head.birth.day,
        birth_is_fictitious=head.birth.fictitious or head.birth.year_only,
        phones=head.phones,
        family_name=head.family_name or head.own_script,
        given_names=head.given_names,
    )


def list_duplicates(organisation_id: UUID, heads: Sequence[ClientHead]) -> list[list[SameFace]]:
    """For each head the files of the carrier that may be the same person's, the surest first. Three statements."""
    rows = session().execute(
        select(Client.id, Client.head_rev, Client.head_blob)
        .where(Client.organisation_id == organisation_id)
        .order_by(Client.id)
    )
    opened = open_heads([SealedHead(*row) for row in rows], (organisation_id,))
    finder = DuplicateFinder(card_of(head, client_id) for client_id, head in opened.items() if head)
    found = [finder.find(card_of(head))[:_MOST] for head in heads]
    wanted = {each.other.client_id for hits in found for each in hits}
    clients = {client.id: client for client in _clients(wanted - {None})}
    return [
        [
            SameFace(clients[each.other.client_id], each.strength, each.why)
            for each in hits
            if each.other.client_id in clients
        ]
        for hits in found
    ]


def people_digest(heads: Sequence[ClientHead]) -> str:
    """A keyed mark of these names and birthdays: "trotzdem neu anlegen" holds for exactly them."""
    keystore: KeyStore = session().info["keystore"]
    text = "|".join(f"{head.full_name}/{head.birth.day}" for head in heads)
    return keyed_digest(keystore.keyring.secret("session"), text).hex()[:32]


def _clients(client_ids: set[UUID | None]) -> Sequence[Client]:
    if not client_ids:
        return []
    return session().scalars(select(Client).where(Client.id.in_(client_ids)).order_by(Client.id)).all()
