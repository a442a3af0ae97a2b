"""Making the lines anew from the records: after an update that lets more of them count, after a repair, as a check.

People go on working meanwhile. A few files at a time are looked at without a lock; only where lines differ are they
looked at again in a short transaction that writes, in which nobody else changes the carrier's records.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from caseapp import audit
from caseapp.db import Database, everything, hold_carrier
from caseapp.keystore import KeyStore
from caseapp.sealed import keys_of, open_column
from caseapp.security.vault import Key, UnreadableError
from caseapp.tallies import keys, mirror, sources
from caseapp.tallies.models import Tally, TallyBox, TallyGap
from caseapp.tallies.sources import Stored

_FILES = 100  # files looked at in one transaction: about a tenth of a second
_RECORDS = 500  # records without a file
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Recount:
    """What a recount found. `unreadable` records have a damaged value or a lost key: their lines stay as they are.

    `lost`: carriers whose own key is lost. Nothing was looked at there.
    """

    records: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unreadable: int = 0
    lost: int = 0

    @property
    def differences(self) -> int:
        """How many lines were not what their records say."""
        return self.added + self.changed + self.removed

    def add(self, other: Recount) -> None:
        """Count another part in."""
        self.records += other.records
        self.added += other.added
        self.changed += other.changed
        self.removed += other.removed
        self.unreadable += other.unreadable
        self.lost += other.lost


def rebuild(
    database: Database,
    organisation_ids: Collection[UUID] | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Recount:
    """Make the lines of these carriers, or of all, what a recount says; the same again changes nothing.

    System work, recorded. `check`: look only, change nothing. `progress` gets files done and files there are. Where an
    interruption leaves a carrier half-way, `queries.filled` stays as it was.
    """
    with database.unit(None, write=True), audit.everything("tallies check" if check else "tallies rebuild"):
        pass
    with database.unit(None, write=False) as unit, everything(unit):
        files = _files(unit, organisation_ids)
    found, done, total = Recount(), 0, sum(map(len, files.values()))
    for organisation_id, client_ids in files.items():

        def tell(more: int, before: int = done) -> None:
            progress(before + more, total)

        try:
            found.add(_recount_carrier(_Carrier(database, organisation_id, check=check), client_ids, tell))
        except UnreadableError:
            found.lost += 1
        done += len(client_ids)
        progress(done, total)
    return found


def _recount_carrier(carrier: _Carrier, client_ids: list[UUID], tell: Callable[[int], None]) -> Recount:
    """Files, then the work without files, then what is too much. Raises UnreadableError without the carrier's key."""
    found = Recount()
    for start in range(0, len(client_ids), _FILES):
        found.add(carrier.recount_files(client_ids[start : start + _FILES]))
        tell(start)
    found.add(carrier.recount_office())
    found.add(carrier.drop_strays())
    if not carrier.check:
        carrier.close_gap()
    return found


def _files(unit: Session, organisation_ids: Collection[UUID] | None) -> dict[UUID, list[UUID]]:
    """The files of every carrier that has files, records without one, or lines."""
    client = sources.client_table()
    tables = [Tally, TallyGap, client, *(table for table in sources.tables() if not sources.owner_name(table))]
    carriers: set[UUID] = set()
    for table in tables:
        carriers |= set(unit.scalars(select(table.organisation_id).distinct().order_by(table.organisation_id)))
    found: dict[UUID, list[UUID]] = {}
    for organisation_id in sorted(carriers if organisation_ids is None else carriers & set(organisation_ids)):
        ids = unit.scalars(select(client.id).where(client.organisation_id == organisation_id).order_by(client.id))
        found[organisation_id] = list(ids)
    return found


@dataclass(frozen=True, slots=True)
class _Carrier:
    database: Database
    organisation_id: UUID
    check: bool

    def recount_files(self, client_ids: list[UUID]) -> Recount:
        """The lines of these files."""

        def look(unit: Session, *, mend: bool) -> Recount:
            held = keys_of(unit, client_ids)
            stored: list[Stored] = []
            for table in sources.tables():
                if owner := sources.owner_name(table):
                    stored += _read(unit, table, getattr(table, owner).in_(client_ids), held)
            people = [keys.person_number(client_id) for client_id in client_ids]
            return self._compare(unit, stored, Tally.person.in_(people), mend=mend)

        return self._twice(look)

    def recount_office(self) -> Recount:
        """The lines of records without a file."""
        found = Recount()
        for table in sources.tables():
            if sources.owner_name(table) is None:
                with self.database.unit(None, write=False) as unit, everything(unit):
                    ids = self._of_carrier(unit, table)
                for start in range(0, len(ids), _RECORDS):
                    found.add(self._recount_records(table, ids[start : start + _RECORDS]))
        return found

    def _recount_records(self, table: Any, ids: list[UUID]) -> Recount:
        def look(unit: Session, *, mend: bool) -> Recount:
            keystore: KeyStore = unit.info["keystore"]
            held = {self.organisation_id: keystore.keyring.organisation(self.organisation_id)}
            stored = _read(unit, table, table.id.in_(ids), held)
            return self._compare(unit, stored, Tally.id.in_([keys.line_id(row_id) for row_id in ids]), mend=mend)

        return self._twice(look)

    def drop_strays(self) -> Recount:
        """Lines of persons and records that are not there any more."""

        def look(unit: Session, *, mend: bool) -> Recount:
            client = sources.client_table()
            there = {keys.person_number(each) for each in self._of_carrier(unit, client)}
            people = unit.scalars(
                select(Tally.person)
                .where(Tally.organisation_id == self.organisation_id, Tally.person.is_not(None))
                .distinct()
                .order_by(Tally.person)
            )
            strays = self._lines_of(unit, [person for person in people if person is not None and person not in there])
            office = {
                keys.line_id(row_id)
                for table in sources.tables()
                if sources.owner_name(table) is None
                for row_id in self._of_carrier(unit, table)
            }
            lines = unit.scalars(
                select(Tally.id)
                .where(Tally.organisation_id == self.organisation_id, Tally.person.is_(None))
                .order_by(Tally.id)
            )
            strays += [line for line in lines if line not in office]
            if mend:
                mirror.drop_lines(unit, strays)
            return Recount(removed=len(strays))

        return self._twice(look)

    def close_gap(self) -> None:
        """All records have their lines now."""
        with self.database.unit(None, write=True) as unit, everything(unit):
            unit.execute(delete(TallyGap).where(TallyGap.organisation_id == self.organisation_id))

    def _twice(self, look: Callable[..., Recount]) -> Recount:
        """Look without a lock; where something differs and may be changed, look again alone and mend."""
        with self.database.unit(None, write=False) as unit, everything(unit):
            found = look(unit, mend=False)
        if self.check or not found.differences:
            return found
        with self.database.unit(None, write=True) as unit, everything(unit):
            hold_carrier(unit, self.organisation_id)
            return look(unit, mend=True)

    def _compare(self, unit: Session, stored: Iterable[Stored], where: ColumnElement[bool], *, mend: bool) -> Recount:
        """Hold the lines that stand there (`where`) to what the records say."""
        standing = self._standing(unit, where)
        found, wrong, kept = Recount(), [], set()
        for each in stored:
            found.records += 1
            line_id = keys.line_id(each.row_id)
            try:
                line = each.record.tally()
            except UnreadableError:
                found.unreadable += 1
                kept.add(line_id)
                continue
            if line is None:
                continue
            kept.add(line_id)
            if line_id not in standing:
                found.added += 1
            elif standing[line_id] != (mirror.person_of(each), mirror.box_of(each, line)):
                found.changed += 1
            else:
                continue
            wrong.append((each, line))
        gone = [line_id for line_id in standing if line_id not in kept]
        found.removed = len(gone)
        if mend:
            mirror.drop_lines(unit, gone)
            mirror.put_lines(unit, wrong)
        return found

    def _standing(self, unit: Session, where: ColumnElement[bool]) -> dict[UUID, tuple[int | None, TallyBox | None]]:
        keystore: KeyStore = unit.info["keystore"]
        carrier = self.organisation_id
        rows = unit.execute(
            select(Tally.id, Tally.person, Tally.box_rev, Tally.box_blob).where(where, Tally.organisation_id == carrier)
        ).all()
        opened = open_column(
            Tally.box,
            Tally.__tablename__,
            ((row.id, carrier, row.box_rev, row.box_blob) for row in rows),
            {carrier: keystore.keyring.organisation(carrier)},
        )
        return {row.id: (row.person, each.record) for row, each in zip(rows, opened, strict=True)}

    def _lines_of(self, unit: Session, people: list[int]) -> list[UUID]:
        found: list[UUID] = []
        for start in range(0, len(people), _RECORDS):
            chunk = people[start : start + _RECORDS]
            found += unit.scalars(
                select(Tally.id)
                .where(Tally.person.in_(chunk), Tally.organisation_id == self.organisation_id)
                .order_by(Tally.id)
            )
        return found

    def _of_carrier(self, unit: Session, table: Any) -> list[UUID]:
        return list(
            unit.scalars(select(table.id).where(table.organisation_id == self.organisation_id).order_by(table.id))
        )


def _read(unit: Session, table: Any, where: Any, held: Mapping[UUID, Key]) -> list[Stored]:
    """The records as they are stored, past the objects."""
    rows: Any = unit.execute(sources.select_values(table).where(where).order_by(table.id)).mappings().all()
    return list(sources.of_values(table, rows, held))
