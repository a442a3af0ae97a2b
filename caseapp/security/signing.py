"""The signing key of the log's seals, which evolves: each seal has a key of its own, destroyed after it.

`audit-signing.json` beside the ring of keys holds the key of the next seal and, while it is being made, the one after
it. The public key of the coming seal stands inside the present one, so who takes the file today cannot sign what lies
behind. Overwriting a file destroys its old content only as far as disk and file system do.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from caseapp.errors import ConfigurationError
from caseapp.security.vault import new_secret

_FILE, _LOCK = "audit-signing.json", "audit-signing.lock"


class _State(msgspec.Struct, frozen=True):
    number: int
    key: str
    following: str | None = None


class BrokenChainError(ConfigurationError):
    """The signing key does not continue the chain of seals: lost, older or newer than the data."""


class Signer:
    """The signing key of seal `number`, None where there is none yet. Only `signer()` makes one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._state = _read(self._path)

    @property
    def number(self) -> int | None:
        """The number of the seal that this key signs."""
        return self._state.number if self._state else None

    @property
    def public_key(self) -> bytes:
        """What the seal is checked with. Raises BrokenChainError where there is no key."""
        return _public(bytes.fromhex(self._held().key))

    @property
    def next_public_key(self) -> bytes:
        """The public key of the seal after. Raises BrokenChainError before `prepare`."""
        following = self._held().following
        if following is None:
            raise BrokenChainError("Der folgende Schlüssel fehlt.")
        return _public(bytes.fromhex(following))

    @property
    def keys(self) -> tuple[bytes, bytes | None]:
        """Both public keys; None for the following one before `prepare`."""
        following = self._held().following
        return self.public_key, _public(bytes.fromhex(following)) if following else None

    def begin(self, number: int) -> None:
        """A new key for seal `number`, for the first one and where the chain has to be taken up again."""
        self._write(_State(number, new_secret().hex()))

    def prepare(self) -> None:
        """Make the following key, on disk before this returns. A repeated attempt finds the same one."""
        state = self._held()
        if state.following is None:
            self._write(_State(state.number, state.key, new_secret().hex()))

    def sign(self, payload: bytes) -> bytes:
        """The signature of the seal."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._held().key)).sign(payload)

    def advance(self) -> None:
        """Destroy the key of a seal that is kept for good; the following one takes its place."""
        state = self._held()
        if state.following is not None:
            self._write(_State(state.number + 1, state.following))

    def _held(self) -> _State:
        if self._state is None:
            raise BrokenChainError("Es gibt keinen Schlüssel zum Versiegeln des Protokolls.")
        return self._state

    def _write(self, state: _State) -> None:
        """Write, sync and rename: after a power cut there is the old file or the new one."""
        temporary = self._path.with_suffix(".new")
        with suppress(FileNotFoundError):
            temporary.unlink()
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as target:
            target.write(msgspec.json.encode(state))
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._state = state


@contextmanager
def signer(folder: Path) -> Iterator[Signer]:
    """The signing key, for one process at a time. Raises ConfigurationError for a damaged or too open file."""
    with os.fdopen(os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Signer(folder)


def look(folder: Path) -> Signer:
    """The signing key for looking only, without waiting for the process that seals."""
    return Signer(folder)


def is_signed(payload: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the signature fits."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_with(secret: bytes, payload: bytes) -> bytes:
    """The Ed25519 signature of what leaves the house, by a key that stays (`Keyring.secret_or_new("report")`)."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(payload)


def public_key_of(secret: bytes) -> bytes:
    """The public key of a signing secret, 32 bytes."""
    return _public(secret)


def _public(secret: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def _read(path: Path) -> _State | None:
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(f"Der Schlüssel {path} ist für andere lesbar. Abhilfe: chmod 0400 {path}")
        return msgspec.json.decode(path.read_bytes(), type=_State)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise ConfigurationError(f"Der Schlüssel {path} ist für dieses Konto nicht lesbar.") from None
    except msgspec.DecodeError:
        raise ConfigurationError(f"{path} ist beschädigt. Spielen Sie die Datei aus der Sicherung zurück.") from None
