"""Sealed files: written while they arrive, read piece by piece, never in the clear on the disk.

A file is a row of chunks of 128 KiB, each sealed under the file's own random key and bound to the file's id, to its
number and to "is the last" (AES-256-GCM in the STREAM construction). Changed, cut, exchanged, repeated or reordered
chunks do not open, nor does the file under another name. The last chunk is filled up to a multiple of 4 KiB, so that
the length on the disk names no known form. The key lies in a sealed record of a row; a file without one is noise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from caseapp.db import Database, new_id, session
from caseapp.security.vault import StreamKey, UnreadableError, new_secret

CHUNK = 128 * 1024
_TAG = 16
_BLOCK = 4 * 1024
_PROVIDED = "sealed_files"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What opens a sealed file again: for a sealed record, never for a plain column. `size` bytes of content."""

    file_id: UUID
    key: bytes
    size: int


class FileStore:
    """The folder of sealed files of one installation. Names are random ids."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self) -> FileWriter:
        """A new file, empty so far."""
        return FileWriter(self)

    def store(self, content: bytes) -> StoredFile:
        """Seal content that is already in memory. Raises OSError; nothing is left then."""
        writer = self.write()
        try:
            writer.add(content)
            return writer.finish()
        except BaseException:
            writer.discard()
            raise

    def read(self, stored: StoredFile) -> Iterator[bytes]:
        """The content in pieces, each verified before it is handed out. Raises UnreadableError."""
        key, left = StreamKey(stored.key, stored.file_id), stored.size
        for number, (sealed, last) in enumerate(self._sealed_chunks(stored)):
            chunk = key.open(sealed, number, last=last)
            if last:
                chunk = chunk[: chunk.rindex(b"\x80")]
            left -= len(chunk)
            if left < 0 or (last and left):
                raise UnreadableError
            if chunk:
                yield chunk

    def verify(self, stored: StoredFile) -> None:
        """Go through the whole file once: for a refusal before the first byte leaves. Raises UnreadableError."""
        for _piece in self.read(stored):
            pass

    def delete(self, file_ids: Collection[UUID]) -> None:
        """Remove files. Those that are gone already change nothing."""
        for file_id in file_ids:
            with suppress(FileNotFoundError):
                self.path(file_id).unlink()

    def left_behind(self, known: Collection[UUID], *, older_than: float) -> list[UUID]:
        """Files that nobody knows and that were written more than so many seconds ago."""
        if not self.folder.is_dir():
            return []
        before = time.time() - older_than
        found = {UUID(path.name): path for path in self.folder.iterdir() if _is_id(path.name)}
        return sorted(each for each in found.keys() - set(known) if _written(found[each]) < before)

    def path(self, file_id: UUID) -> Path:
        """Where the file of this id lies."""
        return self.folder / file_id.hex

    def _sealed_chunks(self, stored: StoredFile) -> Iterator[tuple[bytes, bool]]:
        try:
            with self.path(stored.file_id).open("rb") as file:
                following = file.read(CHUNK + _TAG)
                while True:
                    present, following = following, file.read(CHUNK + _TAG)
                    yield present, not following
                    if not following:
                        return
        except FileNotFoundError:
            raise UnreadableError from None


class FileWriter:
    """A file on its way to the disk. Holds one chunk of the content at most; `finish` or `discard` ends it."""

    def __init__(self, store: FileStore) -> None:
        self.file_id, self.size = new_id(), 0
        self._store, self._secret = store, new_secret()
        self._key = StreamKey(self._secret, self.file_id)
        self._rest, self._number = bytearray(), 0
        self._file: BinaryIO | None = None

    def add(self, piece: bytes) -> None:
        """Take more content. Raises OSError when the disk takes no more; then `discard` it."""
        self.size += len(piece)
        self._rest += piece
        while len(self._rest) >= CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]

    def finish(self) -> StoredFile:
        """The whole file, on the disk for good: only now a row may name it. Raises OSError."""
        padded = bytes(self._rest) + b"\x80"
        self._put(padded + b"\x00" * (-len(padded) % _BLOCK), last=True)
        self._rest.clear()
        assert self._file is not None  # noqa: S101  # just written to
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        _sync_folder(self._store.folder)
        return StoredFile(self.file_id, self._secret, self.size)

    def discard(self) -> None:
        """Leave nothing of it. May be called at any time, also twice and after `finish`."""
        self._rest.clear()
        if self._file is not None:
            with suppress(OSError):  # a full disk refuses what is still in the buffer
                self._file.close()
            self._store.delete((self.file_id,))

    def _put(self, chunk: bytes, *, last: bool) -> None:
        if self._file is None:
            self._store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._store.path(self.file_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "wb")
        self._file.write(self._key.seal(chunk, self._number, last=last))
        self._number += 1


def install(database: Database, folder: Path) -> FileStore:
    """Let units of work know the folder of sealed files."""
    store = FileStore(folder)
    database.provide(_PROVIDED, store)
    return store


def files() -> FileStore:
    """The sealed files of the running unit's installation."""
    store: FileStore = session().info[_PROVIDED]
    return store


def _is_id(name: str) -> bool:
    try:
        return UUID(name).hex == name
    except ValueError:
        return False


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
