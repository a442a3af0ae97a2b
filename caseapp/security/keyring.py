"""The keys outside every database: the root key file and the ring of keys wrapped by it.

`root.key` holds 32 random bytes. `ring.json` holds the organisations' keys and the separate keys for indexes, audit,
statistics, web sessions, installation records and the signing of reports, each wrapped by the root. Only their owner
may read the files.

An organisation has two sorts of keys. *Epochs* wrap its client keys; a new one comes every night and the old one goes,
so that old copies of the keystore become noise. *Record keys* seal its records without a client and stay until they are
rotated. Several processes hold the ring in memory: whoever is about to wrap or seal looks first whether it changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, reduce
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from caseapp import clock
from caseapp.errors import ConfigurationError
from caseapp.security import ring_file
from caseapp.security.private_files import locked, write_private
from caseapp.security.ring_file import RECORDS, WRAPPING, OnDisk, Ring, WrappedKey, organisation_purpose
from caseapp.security.vault import Key, UnreadableError, check_value, new_secret

NAMED_KEYS = ("index", "audit", "statistics", "session", "installation", "report")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """One reading of the files, with the keys opened since. Replaced as a whole, never changed."""

    disk: OnDisk
    root: Key
    wrapping: dict[tuple[UUID, int], Key] = field(default_factory=dict)
    records: dict[UUID, Key] = field(default_factory=dict)


class Keyring:
    """All keys of one installation. Opening an organisation's key that is missing raises UnreadableError."""

    def __init__(self, folder: Path, disk: OnDisk) -> None:
        self.folder = folder
        self._held = _Held(disk, Key(disk.root))

    @classmethod
    def create(cls, folder: Path) -> Keyring:
        """A new ring in `folder`. Refuses to touch an existing one."""
        if (folder / ring_file.ROOT).exists():
            raise ConfigurationError(f"In {folder} liegen schon Schlüssel. Sie werden nicht überschrieben.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        root = new_secret()
        named = {
            name: ring_file.to_text(Key(root).wrap(new_secret(), ring_file.named_purpose(name))) for name in NAMED_KEYS
        }
        write_private(folder / ring_file.ROOT, root)
        ring_file.write(folder, Ring(check=check_value(root), named=named, organisations={}))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Keyring:
        """The ring in `folder`. Raises ConfigurationError when it is missing, wrong or readable by others."""
        return cls(folder, ring_file.read(folder))

    def secret(self, name: str) -> bytes:
        """The raw bytes of a named key (one of NAMED_KEYS)."""
        held = self._held
        return held.root.unwrap(ring_file.to_bytes(held.disk.ring.named[name]), ring_file.named_purpose(name))

    def secret_or_new(self, name: str) -> bytes:
        """The raw bytes of a named key that rings of older versions do not have: made at its first use, then kept."""
        if name not in self._held.disk.ring.named:
            with self._changing() as ring:
                if name not in ring.named:
                    wrapped = self._held.root.wrap(new_secret(), ring_file.named_purpose(name))
                    ring.named[name] = ring_file.to_text(wrapped)
        return self.secret(name)

    @cached_property
    def installation(self) -> Key:
        """The key for records that belong to the installation as a whole, such as accounts."""
        return Key(self.secret("installation"))

    def refresh(self) -> None:
        """Read the ring again if another process has changed it; costs one look at the file's status."""
        try:
            if ring_file.stamp_of(self.folder) != self._held.disk.stamp:
                disk = ring_file.read(self.folder)
                self._held = _Held(disk, Key(disk.root))
        except (OSError, ConfigurationError) as error:
            # What is in memory stays true as long as nobody can change the ring. Nothing is lost by going on.
            _log.error("ring_unreadable", error=type(error).__name__)

    def organisation_ids(self) -> list[UUID]:
        """The organisations that have keys, ordered."""
        return sorted(UUID(name) for name in self._held.disk.ring.organisations)

    def epoch(self, organisation_id: UUID) -> int:
        """The number of the organisation's key that new client keys are wrapped with."""
        return self.epochs(organisation_id)[-1].epoch

    def epochs(self, organisation_id: UUID) -> list[WrappedKey]:
        """All keys that wrap client keys of the organisation, the newest last. Raises UnreadableError for none."""
        return self._keys_of(organisation_id, WRAPPING)

    def record_keys(self, organisation_id: UUID) -> list[WrappedKey]:
        """All keys that seal records of the organisation, the newest last. Raises UnreadableError for none."""
        return self._keys_of(organisation_id, RECORDS)

    def wrapping(self, organisation_id: UUID, epoch: int) -> Key:
        """The organisation's key of that epoch, for wrapping client keys."""
        found = self._held.wrapping.get((organisation_id, epoch))
        if found is None:
            if all(key.epoch != epoch for key in self.epochs(organisation_id)):
                self.refresh()  # another process may have begun it since
            held = self._held
            secret = _secrets(held, organisation_id, WRAPPING).get(epoch)
            if secret is None:
                raise UnreadableError
            found = held.wrapping[organisation_id, epoch] = Key(secret, generation=epoch)
        return found

    def organisation(self, organisation_id: UUID) -> Key:
        """The organisation's key for records without a client; its generation is the number in the ring."""
        self.refresh()
        held = self._held
        found = held.records.get(organisation_id)
        if found is None:
            self._keys_of(organisation_id, RECORDS)
            held = self._held
            secrets = _secrets(held, organisation_id, RECORDS)
            found = reduce(Key.joined, (Key(secret, generation=epoch) for epoch, secret in secrets.items()))
            held.records[organisation_id] = found
        return found

    def add_organisation(self, organisation_id: UUID) -> None:
        """First keys for a new organisation, on disk before this returns. Repeating it changes nothing."""
        with self._changing() as ring:
            name = str(organisation_id)
            if name not in ring.organisations:
                ring.records[name] = [self._new(organisation_id, 1, RECORDS)]
                ring.organisations[name] = [self._new(organisation_id, 1, WRAPPING)]

    def begin_epoch(self, organisation_id: UUID) -> int:
        """A new epoch, on disk before this returns. Where an older one has not gone yet, that change is continued.

        Raises UnreadableError, with nothing changed, when a present key of the organisation does not open.
        """
        with self._changing() as ring:
            self._require_whole(organisation_id, WRAPPING)
            name = str(organisation_id)
            if name not in ring.records:
                ring.records[name] = self._records_of_old_ring(organisation_id)
            keys = ring.organisations[name]
            if len(keys) == 1:
                keys.append(self._new(organisation_id, keys[-1].epoch + 1, WRAPPING))
            return keys[-1].epoch

    def end_epochs(self, organisation_id: UUID) -> None:
        """Delete all epochs but the newest. Only when the keystore holds no key under them, and under its lock."""
        with self._changing() as ring:
            del ring.organisations[str(organisation_id)][:-1]

    def begin_records(self, organisation_id: UUID) -> int:
        """A new key for records, on disk before this returns; or the newest, where an older one has not gone yet."""
        with self._changing() as ring:
            self._require_whole(organisation_id, RECORDS)
            name = str(organisation_id)
            if name not in ring.records:
                ring.records[name] = self._records_of_old_ring(organisation_id)
            keys = ring.records[name]
            if len(keys) == 1:
                keys.append(self._new(organisation_id, keys[-1].epoch + 1, RECORDS))
            return keys[-1].epoch

    def end_records(self, organisation_id: UUID) -> None:
        """Delete all keys for records but the newest. Only when no record is sealed under them."""
        with self._changing() as ring:
            del ring.records[str(organisation_id)][:-1]

    def change_root(self) -> None:
        """Wrap everything under a new root key. Repeating it after a kill completes it."""
        with locked(self.folder):
            ring_file.change_root(self.folder)
        self.refresh()

    @contextmanager
    def _changing(self) -> Iterator[Ring]:
        """The ring to change, written at the end of the block if it differs; other processes wait.

        It is a copy: nobody in this process may wrap with a key that is not on disk yet.
        """
        with locked(self.folder):
            ring_file.drop_leavings(self.folder)
            disk = ring_file.read(self.folder)
            ring_file.finish_root(self.folder, disk)
            self._held = _Held(disk, Key(disk.root))
            draft = msgspec.convert(msgspec.to_builtins(disk.ring), Ring)
            yield draft
            if draft != disk.ring:
                ring_file.write(self.folder, draft)
                disk = ring_file.read(self.folder)
                self._held = _Held(disk, Key(disk.root))

    def _require_whole(self, organisation_id: UUID, kind: bytes) -> None:
        """Refuse to go on where a key is lost: what it had wrapped may come back with it from a backup."""
        if len(_secrets(self._held, organisation_id, kind)) < len(_listed(self._held, organisation_id, kind)[0]):
            raise UnreadableError

    def _new(self, organisation_id: UUID, epoch: int, kind: bytes) -> WrappedKey:
        wrapped = self._held.root.wrap(new_secret(), organisation_purpose(organisation_id, epoch, kind))
        return WrappedKey(epoch, ring_file.to_text(wrapped), clock.now().isoformat(timespec="seconds"))

    def _records_of_old_ring(self, organisation_id: UUID) -> list[WrappedKey]:
        """Rings of older versions had one key for both uses; it becomes a key for records of its own."""
        made = []
        for epoch, secret in _secrets(self._held, organisation_id, RECORDS).items():
            wrapped = self._held.root.wrap(secret, organisation_purpose(organisation_id, epoch, RECORDS))
            made.append(WrappedKey(epoch, ring_file.to_text(wrapped)))
        return made

    def _keys_of(self, organisation_id: UUID, kind: bytes) -> list[WrappedKey]:
        found = _listed(self._held, organisation_id, kind)[0]
        if not found:
            self.refresh()  # another process may have added the organisation since
            found = _listed(self._held, organisation_id, kind)[0]
        if not found:
            raise UnreadableError
        return found


def moment(key: WrappedKey) -> dt.datetime | None:
    """When the key was made, None where an older version did not note it."""
    return dt.datetime.fromisoformat(key.since) if key.since else None


def _listed(held: _Held, organisation_id: UUID, kind: bytes) -> tuple[list[WrappedKey], bytes]:
    """The keys of that kind with the purpose they are wrapped for."""
    ring, name = held.disk.ring, str(organisation_id)
    if kind == RECORDS and name in ring.records:
        return ring.records[name], RECORDS
    return ring.organisations.get(name, []), WRAPPING


def _secrets(held: _Held, organisation_id: UUID, kind: bytes) -> dict[int, bytes]:
    """The keys of that kind that open, by epoch. Raises UnreadableError when none does."""
    keys, purpose = _listed(held, organisation_id, kind)
    secrets = {}
    for key in keys:
        with suppress(UnreadableError):
            secrets[key.epoch] = held.root.unwrap(
                ring_file.to_bytes(key.wrapped), organisation_purpose(organisation_id, key.epoch, purpose)
            )
    if not secrets:
        raise UnreadableError
    return secrets
