"""Taking a whole import back, as long as nobody has worked with what it brought."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select

from caseapp import audit, clock
from caseapp.clients.models import Caseload, Client, HistoryEntry, HouseholdMember
from caseapp.clients.service.bulk import remove_files
from caseapp.counselling.models import Contact
from caseapp.counselling.queries import VALID
from caseapp.counselling.service.bulk import imported_contacts, remove_contacts
from caseapp.db import Base, ClientBound, ClientListed, scope, session
from caseapp.errors import RuleError
from caseapp.i18n import ngettext
from caseapp.imports import queries
from caseapp.imports.models import Import, ImportState, PartKind, WaitingContact
from caseapp.imports.rules.stored import Stored, unpack_stored
from caseapp.imports.service.uploading import drop_parts
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_CHUNK = 500


def undo_import(actor: Actor, owner: Import) -> bool:
    """Delete what the import brought: files with keys, contacts, waiting contacts. False when that was done before.

    Raises RuleError when some of it was changed since, with their number. The caller has locked the import.
    """
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    if owner.state != ImportState.DONE:
        return False
    stored = unpack_stored(queries.read_parts(owner.id, PartKind.STORED))
    contacts = imported_contacts(owner.id)
    _require_unchanged(owner, stored, contacts)
    remove_contacts(actor, owner.organisation_id, contacts)
    remove_files(actor, owner.organisation_id, [one.client_id for one in stored])
    session().execute(
        delete(WaitingContact).where(WaitingContact.import_id == owner.id).execution_options(synchronize_session=False)
    )
    drop_parts(owner, *PartKind)
    owner.state, owner.ended_at = ImportState.UNDONE.value, clock.now()
    session().flush()
    audit.record("import:undo", organisation_id=owner.organisation_id, detail=audit.Detail(count=owner.imported))
    return True


def _require_unchanged(owner: Import, stored: Sequence[Stored], contacts: Sequence[Contact]) -> None:
    changed = len(_changed_files(owner, stored))
    if changed:
        raise RuleError(
            ngettext(
                "Eine Akte aus diesem Import wurde inzwischen bearbeitet. Deshalb lässt er sich nicht mehr rückgängig "
                "machen.",
                "%(num)s Akten aus diesem Import wurden inzwischen bearbeitet. Deshalb lässt er sich nicht mehr "
                "rückgängig machen.",
                changed,
            )
        )
    edited = sum(1 for each in contacts if each.changed_at or each.state != VALID or each.detail_rev > 1)
    if edited:
        raise RuleError(
            ngettext(
                "Ein Kontakt aus diesem Import wurde inzwischen geändert. Deshalb lässt er sich nicht mehr rückgängig "
                "machen.",
                "%(num)s Kontakte aus diesem Import wurden inzwischen geändert. Deshalb lässt er sich nicht mehr "
                "rückgängig machen.",
                edited,
            )
        )


def _changed_files(owner: Import, stored: Sequence[Stored]) -> set[UUID]:
    """The files with which somebody has worked: edited, moved, closed, or with any record of their own since."""
    given = {one.client_id: one.worker_id for one in stored}
    changed: set[UUID] = set()
    current = session()
    with scope.everything(current):
        for start in range(0, len(stored), _CHUNK):
            ids = [one.client_id for one in stored[start : start + _CHUNK]]
            rows = current.execute(
                select(Client.id, Client.worker_id, Client.team_id, _is_edited())
                .where(Client.id.in_(ids))
                .order_by(Client.id)
            )
            changed |= {
                client_id
                for client_id, worker_id, team_id, edited in rows
                if edited or worker_id != given[client_id] or team_id != owner.team_id
            }
            for statement in _later_records(owner, ids):
                changed |= set(current.scalars(statement))
        changed |= _newly_housed(owner, stored)
    return changed


def _is_edited() -> ColumnElement[bool]:
    return or_(Client.head_rev > 1, Client.body_rev > 1, Client.closed_on.is_not(None), Client.protected.is_(True))


def _later_records(owner: Import, ids: Collection[UUID]) -> Iterator[Select[UUID]]:
    """Clients with rows that the import did not bring, in every table that holds rows of clients."""
    since = owner.ended_at or owner.created_at
    yield (
        select(HistoryEntry.client_id)
        .where(HistoryEntry.client_id.in_(ids))
        .where(or_(HistoryEntry.created_at > since, HistoryEntry.confirmed_on.is_not(None), HistoryEntry.box_rev > 1))
        .order_by(HistoryEntry.client_id)
    )
    for mapper in Base.registry.mappers:
        table: Any = mapper.class_
        if issubclass(table, ClientBound | ClientListed) and table not in (
            Client,
            Caseload,
            HistoryEntry,
            HouseholdMember,
        ):
            yield select(table.client_id).where(table.client_id.in_(ids)).order_by(table.client_id)


def _newly_housed(owner: Import, stored: Sequence[Stored]) -> set[UUID]:
    """Clients whose household was made, left or joined after the import, by whomever."""
    given = {one.client_id: one.household_id for one in stored}
    made = frozenset(given.values())
    rows = session().execute(
        select(HouseholdMember.client_id, HouseholdMember.household_id, _is_moved())
        .where(HouseholdMember.organisation_id == owner.organisation_id)
        .order_by(HouseholdMember.household_id, HouseholdMember.id)
    )
    changed: set[UUID] = set()
    joined: set[UUID] = set()
    for client_id, household_id, moved in rows:
        if client_id in given and (moved or given[client_id] != household_id):
            changed.add(client_id)
        elif client_id not in given and household_id in made:
            joined.add(household_id)
    return changed | {client_id for client_id, household_id in given.items() if household_id in joined}


def _is_moved() -> ColumnElement[bool]:
    return or_(
        HouseholdMember.until_on.is_not(None), HouseholdMember.from_on.is_not(None), HouseholdMember.role_rev > 1
    )
