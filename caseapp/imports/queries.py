"""Reading imports and what they are compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from caseapp.clients.models import Client, ClientBody, ClientHead
from caseapp.clients.rules.matching import Card
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.counselling.queries import VALID
from caseapp.db import scope, session
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.imports.models import (
    Import,
    ImportMapping,
    ImportPart,
    ImportState,
    PartKind,
    WaitingContact,
    WaitingState,
)
from caseapp.keystore import KeyStore
from caseapp.sealed import keys_of, open_column, open_organisation_keys
from caseapp.security.actor import Actor

_CHUNK = 500


class Known(NamedTuple):
    """A file of the carrier, for comparing. `findable`: the actor may know of it."""

    card: Card
    client_id: UUID
    worker_id: UUID | None
    closed: bool
    protected: bool
    findable: bool


def find_import(actor: Actor, import_id: UUID) -> Import | None:
    """The actor's own import, or None."""
    return (
        session().scalars(select(Import).where(Import.id == import_id, Import.user_id == actor.user_id)).one_or_none()
    )


def get_import(actor: Actor, import_id: UUID, *, lock: bool = False) -> Import:
    """The actor's own import. Raises NotFoundError. `lock`: nobody else may change it until the unit ends."""
    statement = select(Import).where(Import.id == import_id, Import.user_id == actor.user_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session().scalars(statement).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def list_imports(actor: Actor, *, limit: int = 50) -> Sequence[Import]:
    """The actor's imports, the newest first."""
    return (
        session()
        .scalars(
            select(Import)
            .where(Import.user_id == actor.user_id)
            .order_by(Import.created_at.desc(), Import.id)
            .limit(limit)
        )
        .all()
    )


def list_stale(actor: Actor, before: dt.datetime) -> Sequence[Import]:
    """The actor's imports that were begun before that moment and never confirmed."""
    return (
        session()
        .scalars(
            select(Import)
            .where(Import.user_id == actor.user_id, Import.created_at < before)
            .where(Import.state.in_((ImportState.UPLOADED.value, ImportState.PREVIEWED.value)))
            .order_by(Import.created_at, Import.id)
        )
        .all()
    )


def read_parts(import_id: UUID, kind: PartKind) -> list[bytes]:
    """All parts of this kind in their order."""
    rows = session().execute(
        select(ImportPart.id, ImportPart.organisation_id, ImportPart.packed_rev, ImportPart.packed_blob)
        .where(ImportPart.import_id == import_id, ImportPart.kind == kind.value)
        .order_by(ImportPart.number, ImportPart.id)
    )
    return _unpacked(rows.all())


def read_part(import_id: UUID, kind: PartKind, number: int) -> bytes | None:
    """One part, or None."""
    rows = session().execute(
        select(ImportPart.id, ImportPart.organisation_id, ImportPart.packed_rev, ImportPart.packed_blob)
        .where(ImportPart.import_id == import_id, ImportPart.kind == kind.value, ImportPart.number == number)
        .order_by(ImportPart.id)
    )
    return next(iter(_unpacked(rows.all())), None)


def count_parts(import_id: UUID, kind: PartKind) -> int:
    """How many parts of this kind there are."""
    statement = select(func.count(ImportPart.id)).where(
        ImportPart.import_id == import_id, ImportPart.kind == kind.value
    )
    return session().scalar(statement) or 0


def read_stored_parts(organisation_id: UUID) -> list[bytes]:
    """What all standing imports of the carrier say about the files that they opened."""
    rows = session().execute(
        select(ImportPart.id, ImportPart.organisation_id, ImportPart.packed_rev, ImportPart.packed_blob)
        .where(ImportPart.organisation_id == organisation_id, ImportPart.kind == PartKind.STORED.value)
        .order_by(ImportPart.import_id, ImportPart.number, ImportPart.id)
    )
    return _unpacked(rows.all())


def find_mapping(organisation_id: UUID, signature: str) -> ImportMapping | None:
    """The saved columns for files with these headings, or None."""
    return (
        session()
        .scalars(
            select(ImportMapping).where(
                ImportMapping.organisation_id == organisation_id, ImportMapping.signature == signature
            )
        )
        .one_or_none()
    )


def list_waiting(actor: Actor, *, limit: int = 5_000) -> Sequence[WaitingContact]:
    """The actor's contacts that wait for their client, in the order of their lists."""
    return (
        session()
        .scalars(
            select(WaitingContact)
            .where(WaitingContact.user_id == actor.user_id, WaitingContact.state == WaitingState.WAITING.value)
            .order_by(WaitingContact.import_id, WaitingContact.number, WaitingContact.id)
            .limit(limit)
        )
        .all()
    )


def count_waiting(actor: Actor) -> int:
    """How many of the actor's contacts wait for their client."""
    statement = select(func.count(WaitingContact.id)).where(
        WaitingContact.user_id == actor.user_id, WaitingContact.state == WaitingState.WAITING.value
    )
    return session().scalar(statement) or 0


def get_waiting(actor: Actor, waiting_id: UUID) -> WaitingContact:
    """The actor's own waiting contact, whatever became of it. Raises NotFoundError."""
    found = (
        session()
        .scalars(
            select(WaitingContact)
            .where(WaitingContact.id == waiting_id, WaitingContact.user_id == actor.user_id)
            .with_for_update()
        )
        .one_or_none()
    )
    if found is None:
        raise NotFoundError
    return found


def list_known_waiting(actor: Actor) -> Sequence[WaitingContact]:
    """The actor's contacts that wait or were discarded: the same list may come a second time."""
    return (
        session()
        .scalars(
            select(WaitingContact)
            .where(WaitingContact.user_id == actor.user_id, WaitingContact.state != WaitingState.ASSIGNED.value)
            .order_by(WaitingContact.id)
        )
        .all()
    )


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
            card=card_of(opened.record, client_id=row[0], file_number=row[3]),
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


def card_of(head: ClientHead, *, client_id: UUID | None = None, file_number: str = "") -> Card:
    """What a head offers for comparing."""
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


class KnownContact(NamedTuple):
    """A contact that is there already, for comparing."""

    client_id: UUID
    on_day: dt.date
    kind: str
    minutes: int | None
    detail: ContactDetail


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


def _unpacked(rows: Sequence[tuple[UUID, UUID, int, bytes]]) -> list[bytes]:
    keystore: KeyStore = session().info["keystore"]
    keys = {owner: keystore.keyring.organisation(owner) for owner in {row[1] for row in rows}}
    opened = [each.record for each in open_column(ImportPart.packed, "import_part", rows, keys)]
    whole = [record.data for record in opened if record is not None]
    if len(whole) < len(opened):
        # Going on without a part would drop rows without a word.
        raise RuleError(_("Die Daten dieses Imports sind beschädigt. Laden Sie die Datei noch einmal hoch."))
    return whole


class FoundClient(NamedTuple):
    """What a choice of clients shows."""

    name: str
    born_on: dt.date | None
    file_number: str
    worker_id: UUID | None
    closed: bool


def find_clients(client_ids: Collection[UUID]) -> dict[UUID, FoundClient]:
    """These clients as far as the actor may find them, in the order given."""
    rows = (
        session()
        .execute(
            select(Client.id, Client.head_rev, Client.head_blob, Client.file_number, Client.worker_id, Client.closed_on)
            .where(Client.id.in_(client_ids))
            .order_by(Client.id)
        )
        .all()
    )
    keys = keys_of(session(), [row[0] for row in rows])
    heads = open_column(Client.head, "client", [(row[0], row[0], row[1], row[2]) for row in rows], keys)
    found = {
        row[0]: FoundClient(opened.record.full_name, opened.record.birth.day, row[3], row[4], row[5] is not None)
        for row, opened in zip(rows, heads, strict=True)
        if opened.record is not None
    }
    return {client_id: found[client_id] for client_id in client_ids if client_id in found}


def find_client_by_number(organisation_id: UUID, file_number: str) -> UUID | None:
    """The client with this file number, if the actor may find it."""
    return session().scalar(
        select(Client.id).where(Client.organisation_id == organisation_id, Client.file_number == file_number)
    )
