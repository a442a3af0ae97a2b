"""Opening heads from column rows: what lists, the search and other slices' lists show of a client."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from caseapp.clients.models import Client, ClientHead
from caseapp.db import session
from caseapp.sealed import keys_of, open_column, open_organisation_keys, open_records, raw_organisation_keys
from caseapp.security.vault import Key

# Above this many clients one statement for the whole carrier is quicker than their ids.
MANY = 300


class SealedHead(NamedTuple):
    """The columns that a head is opened from."""

    client_id: UUID
    revision: int
    blob: bytes


def open_heads(rows: Collection[SealedHead], organisation_ids: Iterable[UUID]) -> dict[UUID, ClientHead | None]:
    """The heads by client, None where one is not readable. At most one statement, for the keys, in one carrier."""
    for organisation_id in organisation_ids if len(rows) > MANY else ():
        open_organisation_keys(session(), organisation_id)
    keys = keys_of(session(), [row.client_id for row in rows])
    sealed = ((client_id, client_id, revision, blob) for client_id, revision, blob in rows)
    return dict(open_column(Client.head, "client", sealed, keys))


def open_raw_heads(
    rows: Collection[tuple[bytes, int, bytes]], organisation_ids: Iterable[UUID]
) -> list[ClientHead | None]:
    """The same for rows of (client id as bytes, revision, blob), in their order: for one look through very many."""
    keys: dict[bytes, Key] = {}
    for organisation_id in organisation_ids if len(rows) > MANY else ():
        keys.update(raw_organisation_keys(session(), organisation_id))
    if not keys:
        by_id = keys_of(session(), [UUID(bytes=row[0]) for row in rows])
        keys = {client_id.bytes: key for client_id, key in by_id.items()}
    sealed = ((client_id, client_id, revision, blob) for client_id, revision, blob in rows)
    return open_records(Client.head, "client", sealed, keys)


def find_heads(client_ids: Collection[UUID]) -> dict[UUID, ClientHead | None]:
    """The heads of these clients, as far as the actor may find them; None where one is not readable. Two statements."""
    if not client_ids:
        return {}
    rows = session().execute(
        select(Client.id, Client.head_rev, Client.head_blob).where(Client.id.in_(client_ids)).order_by(Client.id)
    )
    return open_heads([SealedHead(*row) for row in rows], ())
