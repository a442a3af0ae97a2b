"""What the rows of a list are compared with: files and contacts of the carrier, out of the actor's sight too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from caseapp.clients.models import Client, ClientBody, ClientHead
from caseapp.clients.rules.matching import Card
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.queries import VALID
from caseapp.db import scope, session
from caseapp.sealed import keys_of, open_column, open_organisation_keys

_CHUNK = 500


class Known(NamedTuple):
    """A file of the carrier, for comparing. `findable`: the actor may know of it."""

    card: Card
    client_id: UUID
    worker_id: UUID | None
    closed: bool
    protected: bool
    findable: bool


class KnownContact(NamedTuple):
    """A contact that is there already, for comparing."""

    client_id: UUID
    on_day: dt.date
    kind: str
    minutes: int | None
    detail: ContactDetail


def list_known(organisation_id: UUID) -> list[Known]:
    """All files of the carrier with their heads: those out of the actor's sight too, for telling that one exists.

    The caller shows nothing of what is not `findable` and records that it has compared.
    """
    current = session()
    findable = set(current.scalars(select(Client.id).order_by(Client.id)))
    columns = (
        Client.id,
        Client.head_rev,
        Client.head_blob,
        Client.file_number,
        Client.worker_id,
        Client.closed_on,
        Client.protected,
    )
    with scope.everything(current):
        statement = select(*columns).where(Client.organisation_id == organisation_id).order_by(Client.id)
        rows = current.execute(statement).all()
        keys = open_organisation_keys(current, organisation_id)
    heads = open_column(Client.head, "client", [(row[0], row[0], row[1], row[2]) for row in rows], keys)
    return [
        Known(
            card=_card_of(opened.record, row[0], row[3]),
            client_id=row[0],
            worker_id=row[4],
            closed=row[5] is not None,
            protected=row[6],
            findable=row[0] in findable,
        )
        for row, opened in zip(rows, heads, strict=True)
        if opened.record is not None
    ]


def list_client_ids(organisation_id: UUID) -> frozenset[UUID]:
    """The ids of all files of the carrier: whether one was added since they were compared."""
    current = session()
    with scope.everything(current):
        return frozenset(
            current.scalars(select(Client.id).where(Client.organisation_id == organisation_id).order_by(Client.id))
        )


def _card_of(head: ClientHead, client_id: UUID, file_number: str) -> Card:
    return Card(
        search_line=head.search_line,
        client_id=client_id,
        file_number=file_number,
        born_on=head.birth.day,
        birth_is_fictitious=head.birth.fictitious,
        phones=head.phones,
        family_name=head.family_name,
        given_names=head.given_names,
    )


def read_bodies(client_ids: Collection[UUID]) -> dict[UUID, ClientBody]:
    """The master data of these files, for comparing old file numbers; within what the actor may find."""
    wanted = sorted(client_ids, key=lambda each: each.bytes)
    found: dict[UUID, ClientBody] = {}
    keys = keys_of(session(), wanted)
    for start in range(0, len(wanted), _CHUNK):
        rows = session().execute(
            select(Client.id, Client.id, Client.body_rev, Client.body_blob)
            .where(Client.id.in_(wanted[start : start + _CHUNK]))
            .order_by(Client.id)
        )
        opened = open_column(Client.body, "client", rows.all(), keys)
        found.update({each.row_id: each.record for each in opened if each.record is not None})
    return found


def list_known_contacts(client_ids: Iterable[UUID], first: dt.date, last: dt.date) -> list[KnownContact]:
    """The valid contacts of these files between two days, out of the actor's sight too; shown to nobody."""
    current = session()
    wanted = sorted(client_ids, key=lambda each: each.bytes)
    keys = keys_of(current, wanted)
    found: list[KnownContact] = []
    for start in range(0, len(wanted), _CHUNK):
        with scope.everything(current):
            rows = current.execute(
                select(
                    Contact.id,
                    Contact.client_id,
                    Contact.detail_rev,
                    Contact.detail_blob,
                    Contact.on_day,
                    Contact.kind,
                    Contact.minutes,
                )
                .where(Contact.client_id.in_(wanted[start : start + _CHUNK]), Contact.state == VALID)
                .where(Contact.on_day.between(first, last))
                .order_by(Contact.client_id, Contact.on_day, Contact.id)
            ).all()
        details = open_column(Contact.detail, "contact", [row[:4] for row in rows], keys)
        found += [
            KnownContact(row[1], row[4], row[5], row[6], opened.record)
            for row, opened in zip(rows, details, strict=True)
            if opened.record is not None
        ]
    return found
