"""Files that only their owner may read, written so that a power cut leaves the old content or the new, never half."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caseapp.errors import ConfigurationError

_OTHERS = 0o077


def read_private(path: Path) -> bytes:
    """The content. Raises ConfigurationError with the cure when the file is missing or others may read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(
            f"Der Schlüssel {path} fehlt. Neue Installation: „caseapp init“. Bestehende: aus der Sicherung holen."
        ) from None
    except PermissionError:
        raise ConfigurationError(f"Der Schlüssel {path} ist für dieses Konto nicht lesbar.") from None
    if mode & _OTHERS:
        raise ConfigurationError(f"Der Schlüssel {path} ist für andere lesbar. Abhilfe: chmod 0400 {path}")
    return content


def write_private(path: Path, content: bytes) -> None:
    """Write aside, sync and rename; on disk when this returns."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).chmod(0o400)
        move(Path(temporary), path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def move(source: Path, target: Path) -> None:
    """Rename within a file system; on disk when this returns."""
    source.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in the folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a folder against other processes; it ends with the process, however that ends.

    Raises BlockingIOError where another process holds it and `wait` is False.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
