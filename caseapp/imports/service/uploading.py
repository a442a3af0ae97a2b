"""Taking a file in: read, sealed in parts, its columns guessed; and throwing it away again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete

from caseapp import audit, clock
from caseapp.db import new_id, session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries
from caseapp.imports.models import FileNote, Import, ImportPart, ImportState, Packed, PartKind
from caseapp.imports.rules.headings import Guess, Mapping, guesses, reapplied
from caseapp.imports.rules.stored import pack_mapping, pack_sheets, unpack_mapping, unpack_sheets
from caseapp.imports.rules.tables import Sheet, Workbook
from caseapp.imports.service.targets import Target, lookups_of
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_FORGOTTEN_AFTER = dt.timedelta(days=14)
_LONGEST_NAME = 200


def guess_columns(target: Target, workbook: Workbook, kind: str = "") -> Guess:
    """The sheet that most looks like a list, with the columns as this office has put them right before."""
    best = guesses(workbook, lookups_of(target), kind)[0]
    return Guess(best.sheet, with_saved(target, best.mapping), best.score)


def with_saved(target: Target, mapping: Mapping) -> Mapping:
    """The mapping with the columns that the office has saved for these headings."""
    saved = queries.find_mapping(target.organisation_id, mapping.signature)
    return reapplied(mapping, saved.saved.fields) if saved else mapping


def store_upload(
    actor: Actor, target: Target, workbook: Workbook, guess: Guess, file_name: str, *, import_id: UUID | None = None
) -> Import:
    """The file with all its sheets, sealed; nothing of it is in the clear. Forgotten uploads of the person go."""
    policy.require_in(actor, Permission.IMPORT_RUN, target.organisation_id, target.team_id)
    for stale in queries.list_stale(actor, clock.now() - _FORGOTTEN_AFTER):
        session().delete(stale)
    stored = new_import(actor, target, guess.mapping, guess.sheet, file_name, import_id=import_id)
    add_parts(stored, PartKind.CONTENT, list(pack_sheets(workbook.sheets)))
    audit.record("import:upload", organisation_id=target.organisation_id)
    return stored


def new_import(
    actor: Actor,
    target: Target,
    mapping: Mapping,
    sheet: int,
    file_name: str,
    *,
    import_id: UUID | None = None,
) -> Import:
    """The record of an import, without the file's content."""
    stored = Import(
        id=import_id or new_id(),
        organisation_id=target.organisation_id,
        team_id=target.team_id,
        user_id=actor.user_id,
        kind=mapping.kind,
        state=ImportState.UPLOADED.value,
        created_at=clock.now(),
        note=FileNote(file_name=file_name[-_LONGEST_NAME:], sheet=sheet, mapping=pack_mapping(mapping)),
    )
    session().add(stored)
    session().flush()
    return stored


def add_parts(owner: Import, kind: PartKind, packed: Sequence[bytes]) -> None:
    """Seal and store parts of this kind, in order."""
    session().add_all(
        ImportPart(
            import_id=owner.id,
            organisation_id=owner.organisation_id,
            kind=kind.value,
            number=number,
            packed=Packed(data=data),
        )
        for number, data in enumerate(packed)
    )
    session().flush()


def drop_parts(owner: Import, *kinds: PartKind) -> None:
    """Delete the parts of these kinds."""
    session().execute(
        delete(ImportPart)
        .where(ImportPart.import_id == owner.id, ImportPart.kind.in_([kind.value for kind in kinds]))
        .execution_options(synchronize_session=False)
    )


def discard(actor: Actor, owner: Import) -> None:
    """Throw a file away that was not imported. Raises RuleError when it was."""
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    if owner.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        raise RuleError(_("Diese Liste ist schon importiert. Sie können den Import rückgängig machen."))
    session().delete(owner)
    audit.record("import:discard", organisation_id=owner.organisation_id)


def open_sheets(owner: Import) -> list[Sheet]:
    """The sheets of the file as they were read. Raises RuleError when it is no longer kept."""
    portions = queries.read_parts(owner.id, PartKind.CONTENT)
    if not portions:
        raise RuleError(_("Die Datei dieses Imports ist nicht mehr da. Laden Sie sie noch einmal hoch."))
    return unpack_sheets(portions)


def mapping_of(owner: Import) -> Mapping:
    """How the file's sheet is read."""
    return unpack_mapping(owner.note.mapping)
