"""Imports, the parts of their files, and saved columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from caseapp.db import session
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.imports.models import Import, ImportMapping, ImportPart, ImportState, PartKind
from caseapp.keystore import KeyStore
from caseapp.sealed import open_column
from caseapp.security.actor import Actor


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
    return _unpacked(_parts(kind).where(ImportPart.import_id == import_id))


def read_part(import_id: UUID, kind: PartKind, number: int) -> bytes | None:
    """One part, or None."""
    found = _unpacked(_parts(kind).where(ImportPart.import_id == import_id, ImportPart.number == number))
    return next(iter(found), None)


def count_parts(import_id: UUID, kind: PartKind) -> int:
    """How many parts of this kind there are."""
    statement = select(func.count(ImportPart.id)).where(
        ImportPart.import_id == import_id, ImportPart.kind == kind.value
    )
    return session().scalar(statement) or 0


def read_stored_parts(organisation_id: UUID) -> list[bytes]:
    """What all standing imports of the carrier say about the files that they opened."""
    return _unpacked(_parts(PartKind.STORED).where(ImportPart.organisation_id == organisation_id))


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


def _parts(kind: PartKind) -> Select[UUID, UUID, int, bytes]:
    return (
        select(ImportPart.id, ImportPart.organisation_id, ImportPart.packed_rev, ImportPart.packed_blob)
        .where(ImportPart.kind == kind.value)
        .order_by(ImportPart.import_id, ImportPart.number, ImportPart.id)
    )


def _unpacked(statement: Select[UUID, UUID, int, bytes]) -> list[bytes]:
    rows = session().execute(statement).all()
    keystore: KeyStore = session().info["keystore"]
    keys = {owner: keystore.keyring.organisation(owner) for owner in {row[1] for row in rows}}
    opened = [each.record for each in open_column(ImportPart.packed, "import_part", rows, keys)]
    whole = [record.data for record in opened if record is not None]
    if len(whole) < len(opened):
        # Going on without a part would drop rows without a word.
        raise RuleError(_("Die Daten dieses Imports sind beschädigt. Laden Sie die Datei noch einmal hoch."))
    return whole
