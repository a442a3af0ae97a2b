"""Verifying the log and, by it, the sealed values of the data: everything that is wrong is named."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.audit import proofs
from caseapp.audit.models import AuditBatch, AuditEvent
from caseapp.audit.roots import Outside
from caseapp.audit.sealing import CLOCK_TOLERANCE, COLUMNS, FOLDER, check_chain, signing_folder
from caseapp.audit.values import Values, add_readable, present_values
from caseapp.clock import local
from caseapp.db import Base, Database, scope
from caseapp.i18n import gettext as _
from caseapp.sealed import envelope_digest, sealed_tables
from caseapp.sealed.notes import audit_key
from caseapp.security.signing import BrokenChainError, Signer, is_signed, look

_AT_ONCE = 5_000
_LONGEST_TRANSACTION = dt.timedelta(minutes=15)
_CHUNK = 500


@dataclass(slots=True)
class Report:
    """What is wrong (`problems`) and what one should know (`remarks`), as German sentences without personal data."""

    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    events: int = 0
    waiting: int = 0
    batches: int = 0
    values: int = 0


def verify(database: Database, outside: Outside | None = None, *, tail: bool = True) -> Report:
    """Look at every event, seal and sealed value. Changes nothing and opens nothing.

    `outside` are the roots kept elsewhere. `tail=False` for a copy of older data, which cannot end where the signing
    key stands.
    """
    signing = look(signing_folder(database)) if tail else None
    with database.unit(None, write=False) as unit, scope.everything(unit):
        return _Verification(unit, outside or Outside(), signing).run()


class _Verification:
    def __init__(self, unit: Session, outside: Outside, signing: Signer | None) -> None:
        self._unit, self._outside, self._signing = unit, outside, signing
        self._key = audit_key(unit)
        self._values = Values()
        self._without_detail: dict[UUID, list[UUID]] = {}
        self._report = Report()
        self._say = self._report.problems.append
        self._remark = self._report.remarks.append

    def run(self) -> Report:
        """All looks, in the order in which somebody would mend."""
        try:
            self._log()
        except (ValueError, TypeError, AttributeError, OverflowError):
            # Only a column with a value of another type does that, which SQLite lets stand.
            self._say(_("Eine Zeile des Protokolls ist nicht lesbar: geändert. Weiter wurde nicht geprüft."))
        else:
            self._data()
        return self._report

    def _log(self) -> None:
        batches = list(self._unit.scalars(select(AuditBatch).order_by(AuditBatch.number, AuditBatch.id)))
        self._report.batches = len(batches)
        self._chain(batches)
        self._events({batch.number: batch for batch in batches}, batches[-1].pruned_through if batches else 0)
        self._erased_details()
        self._roots(batches)

    def _chain(self, batches: list[AuditBatch]) -> None:
        before: AuditBatch | None = None
        for batch in batches:
            self._signature(batch)
            self._link(before, batch)
            self._clock(before, batch)
            before = batch
        if self._signing:
            try:
                check_chain(self._unit, self._signing, look(self._unit.info[FOLDER]))
            except BrokenChainError as broken:
                self._say(str(broken))

    def _signature(self, batch: AuditBatch) -> None:
        if not is_signed(proofs.batch_payload(batch), batch.signature, batch.public_key):
            self._say(_("Siegel %(number)s: falsche Unterschrift.", number=batch.number))

    def _link(self, before: AuditBatch | None, batch: AuditBatch) -> None:
        expected = before.number + 1 if before else 1
        if batch.resumed:
            self._remark(
                _(
                    "Siegel %(number)s vom %(day)s setzt die Kette nach einem Bruch hinter Siegel %(before)s fort.",
                    number=batch.number,
                    day=f"{local(batch.sealed_at):%d.%m.%Y %H:%M}",
                    before=expected - 1,
                )
            )
        elif batch.number != expected:
            self._say(_missing_seals(expected, batch.number - 1))
        if batch.previous != (proofs.chain_digest(before) if before else proofs.NO_DIGEST):
            self._say(_("Siegel %(number)s: die Kette zum vorigen Siegel ist gebrochen.", number=batch.number))
        if before and not batch.resumed and batch.public_key != before.next_public_key:
            self._say(_("Siegel %(number)s: mit einem fremden Schlüssel unterschrieben.", number=batch.number))
        if before and batch.pruned_through < before.pruned_through:
            self._say(_("Siegel %(number)s: die Löschgrenze geht zurück.", number=batch.number))
        if batch.adopted:
            self._adopted(before, batch)

    def _adopted(self, before: AuditBatch | None, batch: AuditBatch) -> None:
        if before and not before.adopted:
            self._say(_("Siegel %(number)s: Altes wurde nachträglich übernommen.", number=batch.number))
        self._remark(
            _(
                "Siegel %(number)s: %(count)s Ereignisse aus der Zeit vor den Siegeln, übernommen wie vorgefunden.",
                number=batch.number,
                count=batch.count,
            )
        )

    def _clock(self, before: AuditBatch | None, batch: AuditBatch) -> None:
        if before is None:
            return
        back = batch.sealed_at < before.sealed_at - CLOCK_TOLERANCE
        # After the events of an older version come the digests of its values, dated before all changes that go on.
        early = not before.adopted and batch.first_at < before.last_at - _LONGEST_TRANSACTION
        if back or early:
            self._remark(
                _(
                    "Siegel %(number)s: Zeiten vor denen des vorigen Siegels. Die Uhr wurde zurückgestellt.",
                    number=batch.number,
                )
            )

    def _events(self, batches: dict[int, AuditBatch], pruned: int) -> None:
        statement = select(*COLUMNS).order_by(
            AuditEvent.batch.is_(None), AuditEvent.batch, AuditEvent.at, AuditEvent.id
        )
        rows = self._unit.execute(statement.execution_options(yield_per=_AT_ONCE))
        left = dict(batches)
        for number, events in groupby(rows, key=lambda row: row.batch):
            leaves = [proofs.leaf(event, event.mac) for event in self._each(events)]
            if number is None:
                self._report.waiting = len(leaves)
            else:
                self._batch(left.pop(number, None), number, leaves, pruned)
        for number, batch in left.items():
            if number > pruned:
                self._batch(batch, number, [], pruned)
        if pruned:
            self._remark(_("Die Ereignisse bis Siegel %(number)s sind nach ihrer Frist gelöscht.", number=pruned))

    def _each(self, events: Iterator[Any]) -> Iterator[Any]:
        for event in events:
            self._report.events += 1
            self._event(event)
            yield event

    def _event(self, event: Any) -> None:
        if event.mac is None or not hmac.compare_digest(event.mac, proofs.event_mac(self._key, event)):
            self._say(_("Ereignis %(id)s: geändert oder eingeschleust.", id=event.id))
        elif event.detail is not None:
            if event.detail_digest != proofs.detail_digest(self._key, event.detail):
                self._say(_("Ereignis %(id)s: die Einzelheiten sind geändert.", id=event.id))
        elif event.detail_digest is not None:
            self._without_detail.setdefault(event.client_id, []).append(event.id)
        if event.envelopes is not None and not add_readable(self._values, event.envelopes):
            self._say(_("Ereignis %(id)s: die Prüfsummen sind nicht lesbar.", id=event.id))

    def _batch(self, batch: AuditBatch | None, number: int, leaves: list[bytes], pruned: int) -> None:
        if batch is None or number <= pruned:
            self._say(_("Siegel %(number)s: %(count)s Ereignisse eingeschleust.", number=number, count=len(leaves)))
        elif len(leaves) < batch.count:
            count = batch.count - len(leaves)
            self._say(_("Siegel %(number)s: %(count)s Ereignisse fehlen.", number=number, count=count))
        elif len(leaves) > batch.count:
            count = len(leaves) - batch.count
            self._say(_("Siegel %(number)s: %(count)s Ereignisse eingeschleust.", number=number, count=count))
        elif proofs.tree_root(leaves) != batch.root:
            self._say(_("Siegel %(number)s: Ereignisse geändert oder vertauscht.", number=number))

    def _erased_details(self) -> None:
        """A detail may be gone only with its client."""
        living = _existing_clients(self._unit, [each for each in self._without_detail if each])
        for client_id, events in self._without_detail.items():
            if client_id is None or client_id in living:
                for event_id in events:
                    self._say(_("Ereignis %(id)s: die Einzelheiten sind entfernt.", id=event_id))

    def _roots(self, batches: list[AuditBatch]) -> None:
        found = {batch.number: batch for batch in batches}
        for root in self._outside.roots:
            day, batch = f"{root.day:%d.%m.%Y}", found.get(root.number)
            if batch is None:
                self._say(
                    _(
                        "Wurzel vom %(day)s: Siegel %(number)s fehlt. Das Ende wurde abgeschnitten.",
                        day=day,
                        number=root.number,
                    )
                )
            elif (proofs.chain_digest(batch), batch.signature) != (root.digest, root.signature):
                self._say(_("Wurzel vom %(day)s: Siegel %(number)s ist ein anderes.", day=day, number=root.number))
        if self._outside.first_key and batches and batches[0].public_key != self._outside.first_key:
            self._say(_("Das erste Siegel trägt einen anderen Schlüssel als den draußen verwahrten."))

    def _data(self) -> None:
        digest = partial(envelope_digest, self._key)
        for value in present_values(self._unit):
            self._report.values += 1
            latest = self._values.take(value.table, value.column, value.row)
            if latest == (value.revision, digest(value.envelope)):
                continue
            place = {"table": value.table, "column": value.column, "id": UUID(bytes=value.row)}
            if latest is None:
                self._say(_("%(table)s.%(column)s %(id)s: dem Protokoll unbekannt, eingeschleust.", **place))
            elif latest[0] == 0:
                self._say(_("%(table)s.%(column)s %(id)s: gelöscht und wieder eingesetzt.", **place))
            elif value.revision < latest[0]:
                self._say(_("%(table)s.%(column)s %(id)s: auf einen älteren Stand zurückgesetzt.", **place))
            else:
                self._say(_("%(table)s.%(column)s %(id)s: geändert.", **place))
        self._missing()

    def _missing(self) -> None:
        """What the log has seen written and never deleted, and what now stands nowhere."""
        for table, columns in sealed_tables().items():
            for sealed in columns:
                for row in self._values.left(str(table.__tablename__), sealed.name):
                    place = {"table": table.__tablename__, "column": sealed.name, "id": UUID(bytes=row)}
                    self._say(_("%(table)s.%(column)s %(id)s: fehlt, ohne dass es gelöscht wurde.", **place))


def _missing_seals(first: int, last: int) -> str:
    if first == last:
        return _("Siegel %(first)s fehlt.", first=first)
    return _("Die Siegel %(first)s bis %(last)s fehlen.", first=first, last=last)


def _existing_clients(unit: Session, ids: list[UUID]) -> set[UUID]:
    table: Any = next(each.class_ for each in Base.registry.mappers if each.class_.__tablename__ == "client")
    found: set[UUID] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found.update(unit.scalars(select(table.id).where(table.id.in_(chunk)).order_by(table.id)))
    return found
