"""Putting the columns of a file right, and keeping that for the office's next file."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence

import msgspec

from caseapp import clock
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries
from caseapp.imports.models import Import, ImportMapping, ImportState, MappingFields, PartKind
from caseapp.imports.rules.fields import CLIENTS, CONTACTS, FIELDS
from caseapp.imports.rules.headings import Guess, Mapping, corrected, mapping_with_header, saved_fields
from caseapp.imports.rules.stored import pack_mapping
from caseapp.imports.rules.tables import Sheet
from caseapp.imports.service.targets import Target, lookups_of
from caseapp.imports.service.uploading import drop_parts, mapping_of, with_saved
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

# What only a list of this kind has; a birth date, a topic or a day stand in both.
_TELLING = {
    CLIENTS: frozenset(name for name, field in FIELDS.items() if field.kinds == (CLIENTS,)) | {"birth"},
    CONTACTS: frozenset({"contact_kind", "minutes", "hours"}),
}


def choose_columns(actor: Actor, owner: Import, fields: ReadOnly[int, str]) -> Mapping:
    """The fields that a person chose, by column; kept for the office. Raises RuleError on `mapping`."""
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    require_open(owner)
    mapping = corrected(mapping_of(owner), fields)
    check_whole(mapping)
    save_mapping(owner, mapping)
    _use(owner, mapping, owner.note.sheet)
    return mapping


def choose_sheet(
    actor: Actor, owner: Import, target: Target, sheets: Sequence[Sheet], *, sheet: int, kind: str, header: int
) -> Mapping:
    """Read another sheet, as another kind of list, or with its headings in another row (from 1; 0: none).

    Raises RuleError on the field it belongs to.
    """
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    require_open(owner)
    if not 0 <= sheet < len(sheets):
        raise RuleError(_("Dieses Blatt gibt es in der Datei nicht."), field="sheet")
    rows = sheets[sheet].rows
    if header > len(rows):
        raise RuleError(_("So viele Zeilen hat das Blatt nicht."), field="header")
    place, lines = (header - 1, 1) if header else (0, 0)
    mapping = with_saved(target, mapping_with_header(sheets[sheet], lookups_of(target), kind, place, lines))
    _use(owner, mapping, sheet)
    return mapping


def save_mapping(owner: Import, mapping: Mapping) -> None:
    """Keep the columns for the office's next file with the same headings."""
    known = queries.find_mapping(owner.organisation_id, mapping.signature)
    saved = MappingFields(fields=saved_fields(mapping))
    if known is None:
        known = ImportMapping(
            organisation_id=owner.organisation_id, signature=mapping.signature, changed_at=clock.now(), saved=saved
        )
        session().add(known)
    elif known.saved != saved:
        known.saved, known.changed_at = saved, clock.now()
    session().flush()


def check_whole(mapping: Mapping) -> None:
    """Raises RuleError on `mapping` when a list of this kind cannot be read without a further column."""
    if Guess(0, mapping, 0).is_list:
        return
    if mapping.kind == CONTACTS:
        raise RuleError(
            _("Für Kontakte braucht es einen Namen, das Datum und eine weitere Angabe (Art, Thema, Dauer oder Notiz)."),
            field="mapping",
        )
    raise RuleError(_("Sagen Sie, in welcher Spalte der Name steht. Ohne Namen gibt es keine Akte."), field="mapping")


def check_kind(guess: Guess, unasked: Guess) -> None:
    """Raises RuleError when a list that was called one thing is plainly the other, and so would fill files with it.

    `unasked` is the guess that did not know what the list was called.
    """
    kind, fields = guess.mapping.kind, set(guess.mapping.fields)
    if unasked.mapping.kind == kind or not unasked.is_list or fields & _TELLING[kind]:
        return
    if kind == CONTACTS:
        raise RuleError(_("Das ist keine Liste von Kontakten, sondern von Klientinnen und Klienten."))
    raise RuleError(_("Das ist keine Liste von Klientinnen und Klienten, sondern von Kontakten."))


def require_open(owner: Import) -> None:
    """Raises RuleError when the list was imported already."""
    if owner.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        raise RuleError(
            _("Diese Liste ist schon importiert. Laden Sie die Datei für einen neuen Import noch einmal hoch.")
        )


def _use(owner: Import, mapping: Mapping, sheet: int) -> None:
    owner.kind, owner.state = mapping.kind, ImportState.UPLOADED.value
    owner.note = msgspec.structs.replace(owner.note, sheet=sheet, mapping=pack_mapping(mapping))
    drop_parts(owner, PartKind.FINDING, PartKind.SAMPLE)
    session().flush()
