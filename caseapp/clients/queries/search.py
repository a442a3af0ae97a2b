"""Finding people inside what the actor may see: the heads are opened and matched in memory, no index is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, select, type_coerce

from caseapp.clients.models import Client, ClientHead
from caseapp.clients.queries.heads import open_raw_heads, read_head, read_line
from caseapp.clients.rules.matching import Card, Cards, Reason, match
from caseapp.clients.rules.names import LONGEST_TEXT
from caseapp.clients.rules.search_terms import Query, file_number_key, parse_query
from caseapp.clients.rules.sieve import sift
from caseapp.db import session
from caseapp.db.types import RawId
from caseapp.keystore import KeyStore
from caseapp.security.actor import Actor
from caseapp.security.vault import keyed_digest

MOST_HITS = 50


class Responsibility(msgspec.Struct, frozen=True, gc=False):
    """Who is responsible for a found file, as far as the policy and the page ask."""

    client_id: UUID
    organisation_id: UUID
    team_id: UUID
    worker_id: UUID | None
    protected: bool
    file_number: str
    closed: bool


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A found client: `head` is None where it is not readable; reasons strongest first; score from 0 to 1."""

    record: Responsibility
    head: ClientHead | None
    reasons: tuple[Reason, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many there were in all. `searchable` is False when the text holds nothing to look for."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    searchable: bool = True


def search_people(actor: Actor, text: str) -> Found:
    """Everybody in the actor's sight who fits the text, best first. Three statements inside one carrier.

    Only the first `LONGEST_TEXT` characters count.
    """
    query = parse_query(text)
    if query.is_empty():
        return Found(searchable=False)
    rows = session().execute(_everybody()).all()
    people = _People(rows, open_raw_heads(rows, actor.organisation_ids))
    matches = match(query, people)
    best = {UUID(bytes=rows[each.number][0]): each for each in matches[:MOST_HITS]}
    records = _responsibilities(best)
    hits = (
        Hit(records[client_id], people.head(each.number), each.reasons, each.score)
        for client_id, each in best.items()
        if client_id in records
    )
    return Found(tuple(hits), total=len(matches))


class _People(Cards):
    """The files in the actor's sight, opened, and read only as far as the search needs."""

    def __init__(self, rows: Sequence[Row[*tuple[Any, ...]]], heads: Sequence[bytes | None]) -> None:
        self._rows, self._heads = rows, heads

    def __getitem__(self, number: int) -> Card:
        return _card(self._rows[number][3], self.head(number))

    def head(self, number: int) -> ClientHead | None:
        """The whole head, None where it is not readable."""
        return read_head(self._heads[number])

    def likely(self, query: Query) -> Iterable[int]:
        if query.file_numbers:
            numbers = ((number, file_number_key(row[3])) for number, row in enumerate(self._rows))
            return [number for number, key in numbers if key in query.file_numbers]
        return sift(query, self._heads)

    def lines(self) -> Sequence[str]:
        return [read_line(raw) for raw in self._heads]


def term_digest(text: str) -> str:
    """What the log keeps of a search: a keyed digest that shows repetition and not the term."""
    keystore: KeyStore = session().info["keystore"]
    return keyed_digest(keystore.keyring.secret("audit"), " ".join(text[:LONGEST_TEXT].casefold().split())).hex()[:32]


@cache
def _everybody() -> Select[*tuple[Any, ...]]:
    # In the order of an index: sorting by the id would copy every blob once more.
    columns = (type_coerce(Client.id, RawId), Client.head_rev, Client.head_blob, Client.file_number)
    return select(*columns).order_by(Client.organisation_id, Client.file_number, Client.id)


def _card(file_number: str, head: ClientHead | None) -> Card:
    if head is None:
        # The file number still finds it: somebody has to notice that it is damaged.
        return Card(search_line="", file_number=file_number)
    return Card(
        search_line=head.search_line,
        file_number=file_number,
        born_on=head.birth.day,
        birth_is_fictitious=head.birth.fictitious,
        phones=head.phones,
        family_name=head.family_name,
        given_names=head.given_names,
    )


def _responsibilities(client_ids: Collection[UUID]) -> dict[UUID, Responsibility]:
    if not client_ids:
        return {}
    rows = session().execute(
        select(
            Client.id,
            Client.organisation_id,
            Client.team_id,
            Client.worker_id,
            Client.protected,
            Client.file_number,
            Client.closed_on,
        )
        .where(Client.id.in_(client_ids))
        .order_by(Client.id)
    )
    return {row[0]: Responsibility(*row[:6], row[6] is not None) for row in rows}
