"""Sealing stored values anew under the newest generation of their key. Revisions stay, so nobody's form is outdated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, inspect, select, update
from sqlalchemy.orm import Session

from caseapp.db import ClientBound, ClientListed, Database, OrganisationBound, everything, hold_carrier
from caseapp.sealed import Sealed, note, sealed_tables
from caseapp.security.vault import Key, UnreadableError, generation_of

Narrow = Callable[[Select[Any]], Select[Any]]


class Outcome(NamedTuple):
    """How many values were sealed anew, and how many could not be because they are damaged or their key is lost."""

    sealed: int = 0
    unreadable: int = 0

    def plus(self, other: Outcome) -> Outcome:
        """Both together."""
        return Outcome(self.sealed + other.sealed, self.unreadable + other.unreadable)


def reseal_clients(
    database: Database, organisation_id: UUID, keys: Mapping[UUID, Key], client_ids: Collection[UUID]
) -> Outcome:
    """Seal all values of these clients anew, a transaction for each column."""
    outcome = Outcome()
    for table, columns in sealed_tables(unnoted=True).items():
        if issubclass(table, ClientBound | ClientListed):
            owner = _client_column(table)

            def of_clients(rows: Select[Any], owner: Any = owner) -> Select[Any]:
                return rows.where(owner.in_(client_ids))

            for sealed in columns:
                outcome = outcome.plus(_reseal(database, organisation_id, (table, sealed, owner), of_clients, keys))
    return outcome


def reseal_records(database: Database, organisation_id: UUID, key: Key, progress: Callable[[int], None]) -> Outcome:
    """Seal all values of an organisation that stand under its own key anew, a few in one transaction."""
    outcome = Outcome()
    for table, columns in sealed_tables(unnoted=True).items():
        if not issubclass(table, OrganisationBound):
            continue
        ids = _ids(database, table, organisation_id)
        for start in range(0, len(ids), _AT_ONCE):
            chunk = ids[start : start + _AT_ONCE]

            def of_chunk(rows: Select[Any], owner: Any = table, chunk: Any = chunk) -> Select[Any]:
                return rows.where(owner.id.in_(chunk))

            for sealed in columns:
                place = (table, sealed, table.organisation_id)
                outcome = outcome.plus(_reseal(database, organisation_id, place, of_chunk, {organisation_id: key}))
            progress(len(chunk))
    return outcome


_AT_ONCE = 200


def _ids(database: Database, table: Any, organisation_id: UUID) -> list[UUID]:
    with database.unit(None, write=False) as unit, everything(unit):
        return list(unit.scalars(select(table.id).where(table.organisation_id == organisation_id).order_by(table.id)))


def _client_column(table: Any) -> Any:
    """The client file's own table stands for itself."""
    return table.client_id if "client_id" in inspect(table).column_attrs else table.id


def _reseal(
    database: Database,
    organisation_id: UUID,
    place: tuple[Any, Sealed[Any], Any],
    narrow: Narrow,
    keys: Mapping[Any, Key],
) -> Outcome:
    table, sealed, owner = place
    revision, blob = getattr(table, sealed.revision), getattr(table, sealed.blob)
    with database.unit(None, write=True) as unit, everything(unit):
        hold_carrier(unit, organisation_id)
        rows = unit.execute(narrow(select(table.id, owner, revision, blob)).order_by(table.id)).all()
        changed, unreadable = _sealed_anew(unit, table.__tablename__, sealed, rows, keys)
        if changed:
            # The old value is part of the condition: what somebody changes at this moment is never overwritten.
            core = table.__table__
            unit.connection().execute(
                update(core)
                .where(core.c.id == bindparam("of"), blob == bindparam("was"))
                .values({inspect(table).column_attrs[sealed.blob].columns[0].name: bindparam("anew")}),
                changed,
            )
    return Outcome(len(changed), unreadable)


def _sealed_anew(
    unit: Session, name: str, sealed: Sealed[Any], rows: Iterable[Any], keys: Mapping[Any, Key]
) -> tuple[list[dict[str, Any]], int]:
    changed, unreadable = [], 0
    for row_id, owner, revision, envelope in rows:
        try:
            key = keys[owner]
            if envelope is None or generation_of(envelope) == key.generation:
                continue
            place = sealed.place(name, row_id, revision)
            anew = key.seal(key.open(envelope, place), place, block=sealed.block)
        except (KeyError, UnreadableError):
            unreadable += 1
            continue
        if sealed.noted:
            note(unit, place, anew)
        changed.append({"of": row_id, "was": envelope, "anew": anew})
    return changed, unreadable
