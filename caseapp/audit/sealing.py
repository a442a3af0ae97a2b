"""The sealer: batches of committed events get a Merkle root, chained to the one before and signed.

Order of the steps: the following key is on disk, the batch is committed and on disk, then the key that signed it is
destroyed. After a crash between any two of them the next attempt finds out where it stands.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.audit import proofs
from caseapp.audit.models import AuditBatch, AuditEvent
from caseapp.audit.service import Detail, record
from caseapp.audit.values import unknown_values
from caseapp.db import Database, scope
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.sealed import envelope_digest
from caseapp.sealed.notes import audit_key
from caseapp.security.signing import BrokenChainError, Signer, signer

FOLDER = "audit_folder"
ADOPTED = "audit:adopt"
MOST = 5_000  # events in one batch
CLOCK_TOLERANCE = dt.timedelta(seconds=5)
_CHUNK = 500


def install(database: Database, folder: Path) -> None:
    """Tell every session where the signing key lies."""
    database.provide(FOLDER, folder)


def signing_folder(database: Database) -> Path:
    """Where the signing key lies."""
    with database.unit(None, write=False) as unit:
        folder: Path = unit.info[FOLDER]
    return folder


def seal_pending(database: Database) -> int:
    """Seal all committed events that wait; how many. Repeating it after any interruption loses and doubles nothing.

    Raises BrokenChainError when the signing key does not continue the chain: events then wait until `resume`.
    """
    with database.unit(None, write=False) as unit:
        number, is_first = waiting(unit)[0], last_batch(unit) is None
    if not number:
        return 0
    if is_first:
        _adopt_values(database)
    total = 0
    with signer(signing_folder(database)) as signing:
        while sealed := _seal_one(database, signing):
            total += sealed
    return total


def resume(database: Database, reason: str) -> None:
    """Take up the chain after a restored backup or a lost signing key; the break stays visible for ever.

    Raises RuleError when nothing is broken.
    """
    with signer(signing_folder(database)) as signing, database.unit(None, write=True) as unit:
        last = last_batch(unit)
        if _continues(signing, last):
            raise RuleError(_("Die Kette der Siegel ist nicht unterbrochen. Es gibt nichts fortzusetzen."))
        after = last.number + 1 if last else 1
        number = max(after, signing.number or 0)
        if signing.number != number:
            signing.begin(number)
        signing.prepare()
        record("audit:resume", detail=Detail(reason=reason))
        unit.flush()
        rows, adopted = waiting_rows(unit, last)
        seal_batch(unit, signing, last, rows, adopted=adopted, resumed=True)
    settle(database, signing)


def waiting(unit: Session) -> tuple[int, dt.datetime | None]:
    """How many events wait for their seal, and since when."""
    statement = select(func.count(AuditEvent.id), func.min(AuditEvent.at)).where(AuditEvent.batch.is_(None))
    number, since = unit.execute(statement).one()
    return number, since


def last_batch(unit: Session) -> AuditBatch | None:
    """The latest seal."""
    return unit.scalars(select(AuditBatch).order_by(AuditBatch.number.desc(), AuditBatch.id).limit(1)).first()


def check_chain(unit: Session, before: Signer, after: Signer) -> None:
    """Raises BrokenChainError when the signing key does not continue the seals of the data.

    The sealer may be at work: `before` was looked at before the unit began, `after` when it had.
    """
    last = last_batch(unit)
    stands = last.number if last else 0
    if last is not None and (after.number or 0) < stands:
        raise _broken(after, last)
    if before.number is None:
        return
    if before.number == stands + 1:
        fits = last is None or before.public_key == last.next_public_key
    else:
        key = unit.scalar(select(AuditBatch.public_key).where(AuditBatch.number == before.number))
        fits = key == before.public_key
    if not fits:
        raise _broken(before, last)


def _seal_one(database: Database, signing: Signer) -> int:
    with database.unit(None, write=True) as unit:
        last = last_batch(unit)
        make_ready(signing, last)
        note_clock(unit, last)
        rows, adopted = waiting_rows(unit, last)
        if rows:
            seal_batch(unit, signing, last, rows, adopted=adopted)
    if rows:
        settle(database, signing)
    return len(rows)


def make_ready(signing: Signer, last: AuditBatch | None) -> None:
    """Let the signer stand at the seal after `last`. Raises BrokenChainError."""
    if last is None and signing.number is None:
        signing.begin(1)
    if not _continues(signing, last):
        raise _broken(signing, last)
    if last is not None and signing.number == last.number:
        signing.advance()
    signing.prepare()


def _continues(signing: Signer, last: AuditBatch | None) -> bool:
    if signing.number is None:
        return False
    if last is None:
        return signing.number == 1
    if signing.number == last.number + 1:
        return signing.public_key == last.next_public_key
    # The batch was committed, then the process ended: the following key was on disk by then.
    return signing.number == last.number and signing.keys == (last.public_key, last.next_public_key)


def _broken(signing: Signer, last: AuditBatch | None) -> BrokenChainError:
    stands = last.number if last else 0
    if signing.number is None or signing.number <= stands + 1:
        return BrokenChainError(
            _(
                "Das Protokoll wird nicht mehr versiegelt: Der Siegelschlüssel fehlt, ist älter als die Daten oder "
                "gehört zu anderen. Holen Sie audit-signing.json aus der Sicherung, sonst: "
                "caseapp audit resume --reason GRUND"
            )
        )
    return BrokenChainError(
        _(
            "Das Protokoll wird nicht mehr versiegelt: In den Daten steht Siegel %(stands)s, der Schlüssel kennt "
            "%(known)s. Die Daten sind älter oder ihr Ende wurde abgeschnitten. Weiter nach einer Rückspielung: "
            "caseapp audit resume --reason GRUND",
            stands=stands,
            known=(signing.number or 1) - 1,
        )
    )


def waiting_rows(unit: Session, last: AuditBatch | None) -> tuple[Sequence[Any], bool]:
    """The next events to seal, and whether they are from before there were codes.

    Those come first, only until the first ordinary seal: later an event without a code is one that was slipped in.
    """
    if last is None or last.adopted:
        old = unit.scalars(_next(select(AuditEvent)).where(AuditEvent.mac.is_(None))).all()
        if old:
            _give_codes(unit, old)
            return old, True
    return unit.execute(_next(select(*COLUMNS))).all(), False


def _next(statement: Any) -> Any:
    return statement.where(AuditEvent.batch.is_(None)).order_by(AuditEvent.at, AuditEvent.id).limit(MOST)


COLUMNS = (
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.actor_id,
    AuditEvent.organisation_id,
    AuditEvent.client_id,
    AuditEvent.action,
    AuditEvent.detail,
    AuditEvent.detail_digest,
    AuditEvent.envelopes,
    AuditEvent.mac,
    AuditEvent.batch,
)


def _give_codes(unit: Session, old: Sequence[AuditEvent]) -> None:
    key = audit_key(unit)
    for each in old:
        each.detail_digest = None if each.detail is None else proofs.detail_digest(key, each.detail)
        each.mac = proofs.event_mac(key, each)
    unit.flush()


def _adopt_values(database: Database) -> None:
    """Before the first seal: note the digests of sealed values from before there was a log of them."""
    # Before every change that may go on meanwhile: what a change notes itself must come after.
    at = clock.now() - dt.timedelta(hours=1)
    with database.unit(None, write=False) as unit, scope.everything(unit):
        found = unknown_values(unit, partial(envelope_digest, audit_key(unit)))
    if found:
        with database.unit(None, write=True) as unit:
            if last_batch(unit) is None:
                for start in range(0, len(found), _CHUNK):
                    packed = proofs.pack(found[start : start + _CHUNK])
                    unit.add(AuditEvent(at=at, action=ADOPTED, envelopes=packed))


def note_clock(unit: Session, last: AuditBatch | None) -> None:
    """Record that the clock was set back since the last seal."""
    now = clock.now()
    if last is not None and now < last.sealed_at - CLOCK_TOLERANCE:
        record("audit:clock_back", detail=Detail(count=int((last.sealed_at - now).total_seconds())))
        unit.flush()


def seal_batch(
    unit: Session,
    signing: Signer,
    last: AuditBatch | None,
    rows: Sequence[Any],
    *,
    adopted: bool = False,
    resumed: bool = False,
    pruned_through: int | None = None,
) -> None:
    """Seal these events in the running transaction. After its commit: `settle`."""
    ordered = sorted(rows, key=proofs.order)
    if pruned_through is None:
        pruned_through = last.pruned_through if last else 0
    batch = AuditBatch(
        number=signing.number,
        sealed_at=clock.now(),
        count=len(ordered),
        first_at=ordered[0].at,
        last_at=ordered[-1].at,
        root=proofs.tree_root([proofs.leaf(row, row.mac) for row in ordered]),
        previous=proofs.chain_digest(last) if last else proofs.NO_DIGEST,
        public_key=signing.public_key,
        next_public_key=signing.next_public_key,
        adopted=adopted,
        resumed=resumed,
        pruned_through=pruned_through,
    )
    batch.signature = signing.sign(proofs.batch_payload(batch))
    unit.add(batch)
    ids = [row.id for row in ordered]
    for start in range(0, len(ids), _CHUNK):
        chosen = AuditEvent.id.in_(ids[start : start + _CHUNK])
        unit.execute(
            update(AuditEvent).where(chosen).values(batch=batch.number).execution_options(synchronize_session=False)
        )
    unit.flush()


def settle(database: Database, signing: Signer) -> None:
    """After the commit of a batch: make sure that it outlives a power cut, then destroy the key that signed it."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        # SQLite syncs its journal with the next checkpoint only. Of its files this is the one that may be opened here:
        # closing another handle of the database itself would drop this process's locks on it.
        with suppress(FileNotFoundError):
            journal = os.open(url.database + "-wal", os.O_RDONLY)
            try:
                os.fsync(journal)
            finally:
                os.close(journal)
    signing.advance()
