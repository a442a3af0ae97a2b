"""The ring of keys as it lies on disk, and how it is read while another process changes it."""

from __future__ import annotations

import base64
import binascii
import time
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from caseapp.errors import ConfigurationError
from caseapp.security.private_files import move, read_private, write_private
from caseapp.security.vault import KEY_BYTES, Key, UnreadableError, check_value, new_secret

ROOT, NEXT_ROOT, RING = "root.key", "root.key.next", "ring.json"
_TRIES, _PAUSE_SECONDS = 5, 0.02


class WrappedKey(msgspec.Struct, frozen=True):
    """One key of an organisation under the root. `since` is a moment in UTC, empty in rings of older versions."""

    epoch: int
    wrapped: str
    since: str = ""


class Ring(msgspec.Struct):
    """`organisations`: keys that wrap client keys, by epoch. `records`: keys that seal records without a client."""

    check: str
    named: dict[str, str]
    organisations: dict[str, list[WrappedKey]]
    records: dict[str, list[WrappedKey]] = msgspec.field(default_factory=dict)


class OnDisk(NamedTuple):
    """Root and ring that belong together. `stamp` changes whenever another ring is put in place."""

    root: bytes
    ring: Ring
    stamp: tuple[int, int, int]


def stamp_of(folder: Path) -> tuple[int, int, int]:
    """Tells one ring on disk from the next without reading it. Raises OSError."""
    status = (folder / RING).stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def read(folder: Path) -> OnDisk:
    """The pair in `folder`. Raises ConfigurationError when it is missing, wrong or readable by others.

    A change of the root puts the new root beside the old one, then the new ring in place, then the new root: whichever
    root fits the ring is the right one, at every moment and after a kill at any of them.
    """
    for _ in range(_TRIES):
        read_private(folder / ROOT)
        ring, stamp = _read_ring(folder)
        for name in (NEXT_ROOT, ROOT):
            root = read_private(folder / name) if (folder / name).exists() else b""
            if len(root) == KEY_BYTES and ring.check == check_value(root):
                return OnDisk(root, ring, stamp)
        time.sleep(_PAUSE_SECONDS)  # between two readings another process may have changed both
    raise ConfigurationError(
        f"Der Schlüssel {folder / ROOT} passt nicht zum Schlüsselbund. Spielen Sie beide aus derselben "
        "Sicherung zurück. Es wurde nichts verändert."
    )


def write(folder: Path, ring: Ring) -> None:
    """Put the ring in place; on disk when this returns."""
    write_private(folder / RING, msgspec.json.format(msgspec.json.encode(ring)))


def drop_leavings(folder: Path) -> None:
    """Remove what a killed `write` has left aside: it may hold epochs that must not outlive their end.

    Only under the folder's lock.
    """
    for name in (ROOT, RING):
        for path in folder.glob(f"{name}?*"):
            if path.name != NEXT_ROOT:
                path.unlink()


def change_root(folder: Path) -> None:
    """Wrap the whole ring under a new root. Only under the folder's lock; repeating it after a kill completes it."""
    drop_leavings(folder)
    held = read(folder)
    if not finish_root(folder, held):
        secret = new_secret()
        write_private(folder / NEXT_ROOT, secret)
        write(folder, _rewrapped(held.ring, Key(held.root), secret))
        move(folder / NEXT_ROOT, folder / ROOT)


def finish_root(folder: Path, held: OnDisk) -> bool:
    """Put the new root of an interrupted change in place. Whether there was one."""
    following = folder / NEXT_ROOT
    if not following.exists() or check_value(read_private(following)) != held.ring.check:
        return False
    move(following, folder / ROOT)
    return True


def _rewrapped(ring: Ring, old: Key, secret: bytes) -> Ring:
    new = Key(secret)
    named = {name: _again(text, old, new, named_purpose(name)) for name, text in ring.named.items()}

    def keys(held: dict[str, list[WrappedKey]], kind: bytes) -> dict[str, list[WrappedKey]]:
        return {
            name: [
                msgspec.structs.replace(
                    key, wrapped=_again(key.wrapped, old, new, organisation_purpose(UUID(name), key.epoch, kind))
                )
                for key in wrapped
            ]
            for name, wrapped in held.items()
        }

    return Ring(check_value(secret), named, keys(ring.organisations, WRAPPING), keys(ring.records, RECORDS))


def _again(text: str, old: Key, new: Key, purpose: bytes) -> str:
    try:
        return to_text(new.wrap(old.unwrap(to_bytes(text), purpose), purpose))
    except UnreadableError:
        return text  # lost before; the others must go on


def _read_ring(folder: Path) -> tuple[Ring, tuple[int, int, int]]:
    content = read_private(folder / RING)
    try:
        return msgspec.json.decode(content, type=Ring), stamp_of(folder)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ConfigurationError(
            f"Der Schlüsselbund {folder / RING} ist beschädigt. Spielen Sie ihn aus der Sicherung zurück."
        ) from None


WRAPPING, RECORDS = b"organisation", b"records"


def named_purpose(name: str) -> bytes:
    """What ties a named key to its name."""
    return b"named|" + name.encode()


def organisation_purpose(organisation_id: UUID, epoch: int, kind: bytes) -> bytes:
    """What ties an organisation's key to it, to its epoch and to its use (WRAPPING or RECORDS)."""
    return b"%b|%d|" % (kind, epoch) + organisation_id.bytes


def to_text(raw: bytes) -> str:
    """Bytes as text for the ring."""
    return base64.b64encode(raw).decode("ascii")


def to_bytes(text: str) -> bytes:
    """The bytes again. Raises UnreadableError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError from None
