"""Opening heads from column rows: what lists, the search and other slices' lists show of a client."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from caseapp.clients.models import Client, ClientHead
from caseapp.db import session
from caseapp.sealed import keys_of, open_column, open_organisation_keys
from caseapp.security.vault import Key

# Above this many clients one statement for the whole carrier is quicker than their ids.
_MANY = 300


class SealedHead(NamedTuple):
    """The columns that a head is opened from."""

    client_id: UUID
    revision: int
    blob: bytes


def open_heads(rows: Collection[SealedHead], organisation_ids: Iterable[UUID]) -> dict[UUID, ClientHead | None]:
    """The heads by client, None where one is not readable. At most one statement, for the keys, in one carrier."""
    keys = _keys([row.client_id for row in rows], organisation_ids)
    sealed = ((client_id, client_id, revision, blob) for client_id, revision, blob in rows)
    return {opened.row_id: opened.record for opened in open_column(Client.head, "client", sealed, keys)}


def find_heads(client_ids: Collection[UUID]) -> dict[UUID, ClientHead | None]:
    """The heads of these clients, as far as the actor may find them; None where one is not readable. Two statements."""
    if not client_ids:
        return {}
    rows = session().execute(
        select(Client.id, Client.head_rev, Client.head_blob).where(Client.id.in_(client_ids)).order_by(Client.id)
    )
    return open_heads([SealedHead(*row) for row in rows.tuples()], ())


def _keys(client_ids: list[UUID], organisation_ids: Iterable[UUID]) -> Mapping[UUID, Key]:
    carriers = list(organisation_ids) if len(client_ids) > _MANY else []
    for organisation_id in carriers:
        open_organisation_keys(session(), organisation_id)
    return keys_of(session(), client_ids)
