"""The keys outside every database: the root key file and the ring of keys wrapped by it.

`root.key` holds 32 random bytes. `ring.json` holds the organisations' keys and the separate keys for indexes, audit,
statistics, web sessions and installation records, each wrapped by the root. Only their owner may read the files.
"""

from __future__ import annotations

import base64
from functools import cached_property
from pathlib import Path
from uuid import UUID

import msgspec

from caseapp.errors import ConfigurationError
from caseapp.security.private_files import read_private, write_private
from caseapp.security.vault import (
    KEY_BYTES,
    Key,
    UnreadableError,
    check_value,
    new_secret,
)

NAMED_KEYS = ("index", "audit", "statistics", "session", "installation")


class _OrganisationKey(msgspec.Struct, frozen=True):
    epoch: int
    wrapped: str


class _Ring(msgspec.Struct):
    check: str
    named: dict[str, str]
    organisations: dict[str, list[_OrganisationKey]]


class Keyring:
    """All keys of one installation. Opening an organisation's key that is missing raises UnreadableError."""

    def __init__(self, folder: Path, root: bytes, ring: _Ring) -> None:
        self.folder = folder
        self._root = Key(root)
        self._ring = ring
        self._open: dict[tuple[UUID, int], Key] = {}

    @classmethod
    def create(cls, folder: Path) -> Keyring:
        """A new ring in `folder`. Refuses to touch an existing one."""
        if (folder / "root.key").exists():
            raise ConfigurationError(f"In {folder} liegen schon Schlüssel. Sie werden nicht überschrieben.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        root = new_secret()
        named = {name: _text(Key(root).wrap(new_secret(), _named_purpose(name))) for name in NAMED_KEYS}
        ring = _Ring(check=check_value(root), named=named, organisations={})
        write_private(folder / "root.key", root)
        keyring = cls(folder, root, ring)
        keyring._save()
        return keyring

    @classmethod
    def load(cls, folder: Path) -> Keyring:
        """The ring in `folder`. Raises ConfigurationError when it is missing, wrong or readable by others."""
        root = read_private(folder / "root.key")
        ring = _read_ring(folder)
        if len(root) != KEY_BYTES or ring.check != check_value(root):
            raise ConfigurationError(
                f"Der Schlüssel {folder / 'root.key'} passt nicht zum Schlüsselbund. Spielen Sie beide aus derselben "
                "Sicherung zurück. Es wurde nichts verändert."
            )
        return cls(folder, root, ring)

    def secret(self, name: str) -> bytes:
        """The raw bytes of a named key (one of NAMED_KEYS)."""
        return self._root.unwrap(_bytes(self._ring.named[name]), _named_purpose(name))

    @cached_property
    def installation(self) -> Key:
        """The key for records that belong to the installation as a whole, such as accounts."""
        return Key(self.secret("installation"))

    def epoch(self, organisation_id: UUID) -> int:
        """The number of the organisation's key that new client keys are wrapped with."""
        return self._keys_of(organisation_id)[-1].epoch

    def organisation(self, organisation_id: UUID, epoch: int | None = None) -> Key:
        """The organisation's key of that epoch, by default the present one. Its generation is the epoch."""
        wanted = self.epoch(organisation_id) if epoch is None else epoch
        found = self._open.get((organisation_id, wanted))
        if found is None:
            for entry in self._keys_of(organisation_id):
                if entry.epoch == wanted:
                    secret = self._root.unwrap(
                        _bytes(entry.wrapped),
                        _organisation_purpose(organisation_id, wanted),
                    )
                    found = self._open[organisation_id, wanted] = Key(secret, generation=wanted)
        if found is None:
            raise UnreadableError
        return found

    def add_organisation(self, organisation_id: UUID) -> None:
        """A first key for a new organisation, on disk before this returns. Repeating it changes nothing."""
        self._ring = _read_ring(self.folder)
        if str(organisation_id) not in self._ring.organisations:
            wrapped = self._root.wrap(new_secret(), _organisation_purpose(organisation_id, 1))
            self._ring.organisations[str(organisation_id)] = [_OrganisationKey(epoch=1, wrapped=_text(wrapped))]
            self._save()

    def _keys_of(self, organisation_id: UUID) -> list[_OrganisationKey]:
        name = str(organisation_id)
        if name not in self._ring.organisations:
            # Another process may have added the organisation since this one started.
            self._ring = _read_ring(self.folder)
        if name not in self._ring.organisations:
            raise UnreadableError
        return self._ring.organisations[name]

    def _save(self) -> None:
        write_private(
            self.folder / "ring.json",
            msgspec.json.format(msgspec.json.encode(self._ring)),
        )


def _named_purpose(name: str) -> bytes:
    return b"named|" + name.encode()


def _organisation_purpose(organisation_id: UUID, epoch: int) -> bytes:
    return b"organisation|%d|" % epoch + organisation_id.bytes


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _read_ring(folder: Path) -> _Ring:
    try:
        return msgspec.json.decode(read_private(folder / "ring.json"), type=_Ring)
    except msgspec.DecodeError:
        raise ConfigurationError(
            f"Der Schlüsselbund {folder / 'ring.json'} ist beschädigt. Spielen Sie ihn aus der Sicherung zurück."
        ) from None
