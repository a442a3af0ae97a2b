"""Rotation of keys while the application serves: new epochs, new generations of client keys, values sealed anew.

Every step can be killed and is continued by the next run. Root and epochs change in the ring and the keystore alone;
a new generation of a client's key, or of a carrier's key for records, also seals its stored values anew.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from caseapp import audit, clock
from caseapp.db import Database
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.keystore import KeyStore, client_key, rotate_organisation
from caseapp.keystore.rotation import begin_generation, supersede, unfinished
from caseapp.keystore.store import LINGERING
from caseapp.rotation.resealing import Outcome, reseal_clients, reseal_records
from caseapp.security.keyring import moment
from caseapp.security.private_files import locked
from caseapp.security.ring_file import WrappedKey
from caseapp.security.vault import UnreadableError

__all__ = ["Outcome", "alone", "nightly", "rotate_carrier", "rotate_clients", "rotate_root"]

Progress = Callable[[int, int], None]
_CLIENTS = 20  # sealed anew in one transaction: some hundred values, a tenth of a second
_PATIENCE_SECONDS, _PAUSE_SECONDS = 120, 0.5
_EPOCH_LASTS = dt.timedelta(hours=20)


@contextmanager
def alone(data_dir: Path, *, wait: bool = False) -> Iterator[None]:
    """One rotation or backup at a time. Raises RuleError while another runs, with `wait` after two minutes of it."""
    with ExitStack() as held:
        _take(held, data_dir, time.monotonic() + (_PATIENCE_SECONDS if wait else 0))
        yield


def _take(held: ExitStack, data_dir: Path, until: float) -> None:
    while True:
        try:
            held.enter_context(locked(data_dir, wait=False))
        except BlockingIOError:
            if time.monotonic() >= until:
                raise RuleError(
                    _("Gerade läuft ein Schlüsselwechsel oder eine Sicherung. Versuchen Sie es später noch einmal.")
                ) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def rotate_root(database: Database, keystore: KeyStore) -> None:
    """Wrap the whole ring under a new root key. The old one is gone afterwards."""
    keystore.keyring.change_root()
    _record(database, "keys:rotated_root", None)


def rotate_carrier(database: Database, keystore: KeyStore, organisation_id: UUID, progress: Progress) -> Outcome:
    """A new epoch and a new key for records; all its client keys wrapped, all its own values sealed anew."""
    with _readable():
        rotate_organisation(keystore, organisation_id, progress)
        keystore.keyring.begin_records(organisation_id)
    outcome = _reseal_records(database, keystore, organisation_id, progress)
    _record(database, "keys:rotated_organisation", organisation_id)
    return outcome


def _reseal_records(database: Database, keystore: KeyStore, organisation_id: UUID, progress: Progress) -> Outcome:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress(done, done)

    return reseal_records(database, organisation_id, keystore.keyring.organisation(organisation_id), count)


def rotate_clients(
    database: Database, keystore: KeyStore, organisation_id: UUID, client_id: UUID | None, progress: Progress
) -> Outcome:
    """A new generation for all clients of a carrier, or for one, and all their values sealed anew under it.

    Where an earlier run was interrupted, that one is brought to its end instead.
    """
    wanted = client_key.c.organisation_id == organisation_id
    if client_id is not None:
        wanted = wanted & (client_key.c.client_id == client_id)
    with _readable():
        begun = begin_generation(keystore, wanted)
    _record(database, "keys:rotated_clients", organisation_id, client_id)
    return _finish(database, keystore, {organisation_id: sorted(begun)}, progress)


def _finish(database: Database, keystore: KeyStore, waiting: dict[UUID, list[UUID]], progress: Progress) -> Outcome:
    outcome, done, total = Outcome(), 0, sum(map(len, waiting.values()))
    for organisation_id, client_ids in waiting.items():
        for start in range(0, len(client_ids), _CLIENTS):
            chunk = client_ids[start : start + _CLIENTS]
            outcome = outcome.plus(reseal_clients(database, organisation_id, keystore.load(chunk), chunk))
            supersede(keystore, chunk)
            done += len(chunk)
            progress(done, total)
    return outcome


def nightly(database: Database, keystore: KeyStore, data_dir: Path) -> None:
    """A new epoch for each carrier whose epoch is a day old, and the end of what was interrupted or has lingered.

    Does nothing while a rotation or backup runs: it is called again.
    """
    try:
        with alone(data_dir):
            renewed = [each for each in keystore.keyring.organisation_ids() if _renew(database, keystore, each)]
            # Once a day also those that were sealed anew lately: somebody may have written with an older key since.
            waiting = unfinished(keystore, lately=bool(renewed))
            _finish(database, keystore, _by_organisation(keystore, waiting), _silent)
            keystore.forget()
    except RuleError:
        return


def _renew(database: Database, keystore: KeyStore, organisation_id: UUID) -> bool:
    """Whether a new epoch was due. A lost key is left alone: `caseapp keys check` says so."""
    ring = keystore.keyring
    try:
        epochs = ring.epochs(organisation_id)
        due = len(epochs) > 1 or _age(epochs[-1]) > _EPOCH_LASTS
        if due:
            rotate_organisation(keystore, organisation_id)
            if not ring.record_keys(organisation_id)[-1].since:
                # A ring of an older version: the first epoch sealed the records, too, and must not live on there.
                ring.begin_records(organisation_id)
            _end_records(database, keystore, organisation_id)
    except UnreadableError:
        return False
    return due


def _end_records(database: Database, keystore: KeyStore, organisation_id: UUID) -> None:
    """Bring a change of the key for records to its end, long after everybody who held the old one has."""
    keys = keystore.keyring.record_keys(organisation_id)
    if len(keys) > 1:
        outcome = _reseal_records(database, keystore, organisation_id, _silent)
        if _age(keys[-1]) > LINGERING and not outcome.unreadable:
            keystore.keyring.end_records(organisation_id)


def _age(key: WrappedKey) -> dt.timedelta:
    since = moment(key)
    return clock.now() - since if since else dt.timedelta.max


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def _by_organisation(keystore: KeyStore, client_ids: set[UUID]) -> dict[UUID, list[UUID]]:
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for client_id, organisation_id in keystore.owners(client_ids).items():
        found[organisation_id].append(client_id)
    return found


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except UnreadableError:
        raise RuleError(
            _("Der Schlüssel dieses Trägers ist verloren. Holen Sie den Schlüsselbund aus der Sicherung.")
        ) from None


def _record(database: Database, action: str, organisation_id: UUID | None, client_id: UUID | None = None) -> None:
    with database.unit(None, write=True):
        audit.record(action, organisation_id=organisation_id, client_id=client_id)
