"""Opening very many files at once: imports and the demo. The same records and rules as one file, few statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from caseapp import audit, clock
from caseapp.clients.models import Caseload, Client, HistoryEntry, Household, HouseholdMember
from caseapp.clients.service.numbers import take_file_numbers
from caseapp.clients.service.opening import NewFile, check_worker, new_member, prepare
from caseapp.db import Base, scope, session
from caseapp.sealed import create_keys, destroy_keys_after_commit, keys_of, sealed_values
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_CHUNK = 1_000


def open_files_bulk(actor: Actor, files: Sequence[NewFile]) -> list[Client]:
    """New files of one carrier, in the order given. Files with the same `household_id` make a new household.

    The first of a household is its anchor. All or nothing: raises RuleError at the first file that `open_file` would
    refuse; check single rows before. The clients never enter the session: read them again to change them.
    """
    if not files:
        return []
    for organisation_id, team_id in {(new.organisation_id, new.team_id) for new in files}:
        policy.require_in(actor, Permission.CLIENT_CREATE, organisation_id, team_id)
    check_worker(actor, files)
    numbers = take_file_numbers(files[0].organisation_id, len(files))
    anchors = _add_households(files)
    opened: list[Client] = []
    for start in range(0, len(files), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        opened += _store_chunk(files[chunk], numbers[chunk], anchors)
    return opened


def _add_households(files: Sequence[NewFile]) -> dict[UUID, int]:
    """Store the households; which file (by its identity in memory) anchors each of them."""
    anchors: dict[UUID, int] = {}
    for new in files:
        if new.household_id and new.household_id not in anchors:
            anchors[new.household_id] = id(new)
            session().add(Household(id=new.household_id, organisation_id=new.organisation_id, created_at=clock.now()))
    session().flush()
    return anchors


def _store_chunk(files: Sequence[NewFile], numbers: Sequence[str], anchors: dict[UUID, int]) -> list[Client]:
    """Store some files by inserts of whole tables: several times faster than adding each object to the session."""
    current = session()
    prepared = [prepare(new, number) for new, number in zip(files, numbers, strict=True)]
    create_keys(current, [(one.client.id, one.client.organisation_id) for one in prepared])
    keys = keys_of(current, [one.client.id for one in prepared])
    links = [
        new_member(new.household_id, one.client, new, anchor=anchors[new.household_id] == id(new))
        for new, one in zip(files, prepared, strict=True)
        if new.household_id
    ]
    _insert(Client, [sealed_values(keys[one.client.id], one.client) for one in prepared])
    _insert(Caseload, [sealed_values(keys[one.client.id], one.row) for one in prepared])
    _insert(HistoryEntry, [sealed_values(keys[one.client.id], entry) for one in prepared for entry in one.entries])
    _insert(HouseholdMember, [sealed_values(keys[link.client_id], link) for link in links])
    for one in prepared:
        audit.record("client:open", client_id=one.client.id, organisation_id=one.client.organisation_id)
    current.flush()
    return [one.client for one in prepared]


def remove_files(actor: Actor, organisation_id: UUID, client_ids: Sequence[UUID]) -> None:
    """Delete files that nobody has worked with, with all that was stored with them; their keys go after the commit.

    For taking an import back, never for erasing a person: that leaves a trace in the erasure list. The caller has made
    sure that the files are unchanged; some of them may be out of the actor's sight.
    """
    policy.require_in(actor, Permission.IMPORT_RUN, organisation_id)
    current = session()
    current.flush()
    with scope.everything(current):
        households = set(
            current.scalars(
                select(HouseholdMember.household_id)
                .where(HouseholdMember.organisation_id == organisation_id)
                .order_by(HouseholdMember.household_id)
            )
        )
        _delete(Client, client_ids)
        kept = set(
            current.scalars(
                select(HouseholdMember.household_id)
                .where(HouseholdMember.organisation_id == organisation_id)
                .order_by(HouseholdMember.household_id)
            )
        )
        _delete(Household, sorted(households - kept, key=lambda each: each.bytes))
    destroy_keys_after_commit(current, client_ids)
    for client_id in client_ids:
        audit.record("client:import_undo", client_id=client_id, organisation_id=organisation_id)


def _delete(table: type[Client | Household], ids: Sequence[UUID]) -> None:
    for start in range(0, len(ids), _CHUNK):
        session().execute(
            delete(table).where(table.id.in_(ids[start : start + _CHUNK])).execution_options(synchronize_session=False)
        )


def _insert(table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        # Without render_nulls rows with other empty columns go in statements of their own: one a row.
        session().execute(insert(table).execution_options(render_nulls=True), rows)
