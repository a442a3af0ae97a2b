"""How backups lie on disk: one folder a backup, named by its moment, written aside and renamed when it is whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from caseapp import clock
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security.private_files import move, sync_folder
from caseapp.settings import Settings

COPIES_LIVE = dt.timedelta(days=14)  # the epochs that open them go every night (docs/operating.md)
MANIFEST = "manifest.json"
ATTACHMENTS = "attachments"
_NAME = "%Y%m%dT%H%M%SZ"
_PART = ".unfinished-"
_PIECE = 1024 * 1024


class FileEntry(msgspec.Struct, frozen=True):
    """A file of a backup: length in bytes and SHA-256."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a half of a backup holds. `rows` counts the rows of each table at the moment of the copy."""

    name: str
    files: dict[str, FileEntry]
    rows: dict[str, int] = {}
    version: int = 1


class Backup(NamedTuple):
    """The folders to restore from. Data of more than 14 days ago open with the keystore and the keys of a later day."""

    data: Path
    keystore: Path
    keys: Path


def require_apart(settings: Settings, folder: Path, keys_folder: Path | None) -> None:
    """Refuse folders that would carry data and keys together, or lie inside of what they copy. Raises RuleError."""
    folders = [each.resolve() for each in (folder, keys_folder) if each is not None]
    if len(folders) > 1 and (folders[0] == folders[1] or folders[0] in folders[1].parents or _within(*folders)):
        raise RuleError(_("Schlüssel und Daten gehören in getrennte Ordner. Nennen Sie mit --keys einen anderen."))
    for each in folders:
        for own in (settings.data_dir, settings.keys_dir):
            if each == own or _within(each, own):
                raise RuleError(_("Die Sicherung darf nicht im Ordner der Daten oder der Schlüssel liegen."))


def _within(inner: Path, outer: Path) -> bool:
    return outer in inner.parents


def new_name(*folders: Path) -> str:
    """A name for a backup of this moment that none of the folders knows; it sorts by time."""
    name, number = clock.now().strftime(_NAME), 2
    while any((folder / name).exists() for folder in folders):
        name, number = f"{clock.now().strftime(_NAME)}-{number}", number + 1
    return name


@contextmanager
def aside(folder: Path, name: str) -> Iterator[Path]:
    """An empty folder to fill; at the end of the block it is whole, on disk, and has its name. Else nothing is left.

    What a kill has left of an earlier attempt goes first.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"{_PART}*"):
        shutil.rmtree(left, ignore_errors=True)
    part = folder / f"{_PART}{name}"
    part.mkdir(mode=0o700)
    try:
        yield part
        for path in sorted(part.rglob("*")):
            _sync(path)
        sync_folder(part)
        move(part, folder / name)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_manifest(folder: Path, name: str, rows: dict[str, int]) -> Manifest:
    """Note what lies in the folder."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    manifest = Manifest(
        name=name, files={path.relative_to(folder).as_posix(): entry(path) for path in paths}, rows=rows
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    (folder / MANIFEST).chmod(0o600)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a half. Raises RuleError when it is missing or damaged."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise RuleError(_("In %(folder)s liegt keine Sicherung.", folder=folder)) from None
    except msgspec.MsgspecError:
        raise RuleError(_("Das Verzeichnis der Sicherung %(folder)s ist beschädigt.", folder=folder)) from None


def damaged(folder: Path, manifest: Manifest) -> list[str]:
    """Names of files that are missing or differ from the manifest; copies of the keystore may have aged away."""
    found = []
    for name, expected in manifest.files.items():
        path = folder / name
        if is_keystore(name) and not path.exists():
            continue
        if not path.is_file() or entry(path) != expected:
            found.append(name)
    return found


def is_keystore(name: str) -> bool:
    """Whether this file of a backup is its copy of the keystore."""
    return Path(name).stem == "keystore"


def entry(path: Path) -> FileEntry:
    """Length and digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return FileEntry(path.stat().st_size, digest.hexdigest())


def names(folder: Path) -> list[str]:
    """The whole backups in the folder, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if (path / MANIFEST).is_file() and not _is_part(path))


def _is_part(path: Path) -> bool:
    return path.name.startswith(_PART)


def choose(folder: Path, keys_folder: Path, name: str | None) -> Backup:
    """The folders that belong together: the newest backup, or the one of this name. Raises RuleError."""
    there = names(folder)
    wanted = name or (there[-1] if there else "")
    if wanted not in there:
        raise RuleError(
            _("In %(folder)s liegt keine Sicherung %(name)s.", folder=folder, name=wanted)
            if wanted
            else _("In %(folder)s liegt keine Sicherung.", folder=folder)
        )
    whole = [each for each in names(keys_folder) if each in there and keystore_copy(folder / each) is not None]
    if not whole:
        raise RuleError(_("Zu keiner Sicherung gibt es noch Schlüsselspeicher und Schlüssel vom gleichen Tag."))
    paired = wanted if wanted in whole else whole[-1]
    return Backup(folder / wanted, folder / paired, keys_folder / paired)


def keystore_copy(folder: Path) -> Path | None:
    """The copy of the keystore in a backup, if it has not aged away."""
    return next((path for path in sorted(folder.glob("keystore.*")) if path.is_file()), None)


def drop_old_copies(folder: Path, keys_folder: Path | None) -> int:
    """Remove copies of keystore and keys that are older than 14 days; how many backups have lost theirs.

    The data stay: their living clients open with a later keystore, the erased ones never again.
    """
    before = (clock.now() - COPIES_LIVE).strftime(_NAME)
    dropped = 0
    for name in names(folder):
        copy = keystore_copy(folder / name)
        if name < before and copy is not None:
            copy.unlink()
            sync_folder(folder / name)
            dropped += 1
    for name in names(keys_folder) if keys_folder else []:
        if name < before and keys_folder:
            shutil.rmtree(keys_folder / name)
    return dropped
