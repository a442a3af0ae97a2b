"""Making a backup while the application serves."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from caseapp import schema
from caseapp.backup import databases, sets
from caseapp.keystore import ErasureList
from caseapp.keystore import metadata as keystore_metadata
from caseapp.rotation import alone
from caseapp.security.keyring import Keyring
from caseapp.security.private_files import locked
from caseapp.security.ring_file import NEXT_ROOT, RING, ROOT
from caseapp.settings import Settings


class Made(NamedTuple):
    """A backup that is whole and on disk. `dropped`: how many older ones have lost their copy of the keystore."""

    folder: Path
    keys_folder: Path | None
    rows: int
    files: int
    dropped: int


def back_up(settings: Settings, folder: Path, keys_folder: Path | None) -> Made:
    """Copy data, keystore and attachments to `folder` and the keys to `keys_folder`, consistent while others write.

    The data come first: whatever key they need is in the keystore, which comes second. No rotation runs meanwhile.
    Raises RuleError or OSError; then nothing is left that looks like a backup.
    """
    sets.require_apart(settings, folder, keys_folder)
    Keyring.load(settings.keys_dir)  # a wrong root key would make a backup that nobody can open
    with alone(settings.data_dir, wait=True):
        name = sets.new_name(*(each for each in (folder, keys_folder) if each))
        with sets.aside(folder, name) as part:
            rows = databases.copy(
                settings.database_owner_url or settings.database_url, part / "caseapp", schema.data_metadata()
            )
            rows |= databases.copy(
                settings.keystore_owner_url or settings.keystore_url, part / "keystore", keystore_metadata
            )
            files = _copy_files(settings, part)
            sets.write_manifest(part, name, rows)
            if keys_folder is not None:
                # Before the other half gets its name: a backup that is there has its keys.
                _copy_keys(settings, keys_folder, name)
        dropped = sets.drop_old_copies(folder, keys_folder)
    return Made(folder / name, keys_folder / name if keys_folder else None, sum(rows.values()), files, dropped)


def _copy_files(settings: Settings, part: Path) -> int:
    """Attachments, sealed as they lie, and the roots of the log. A file that goes meanwhile went with its row."""
    copied = 0
    target = part / sets.ATTACHMENTS
    target.mkdir(mode=0o700)
    if settings.attachments_dir.is_dir():
        for path in sorted(settings.attachments_dir.rglob("*")):
            copied += path.is_file() and _copied(path, target / path.relative_to(settings.attachments_dir))
    if settings.audit_roots_path.exists():
        _copied(settings.audit_roots_path, part / settings.audit_roots_path.name)
    return copied


def _copied(source: Path, target: Path) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return False
    target.chmod(0o600)
    return True


def _copy_keys(settings: Settings, keys_folder: Path, name: str) -> None:
    """Root, ring and the list of erased clients. The signing key of the log is never copied: it forgets on purpose."""
    with sets.aside(keys_folder, name) as part:
        with locked(settings.keys_dir):
            for each in (ROOT, NEXT_ROOT, RING):
                if (settings.keys_dir / each).exists():
                    shutil.copyfile(settings.keys_dir / each, part / each)
                    (part / each).chmod(0o400)
        erasures = ErasureList(settings.keys_dir)
        ErasureList(part).merge(erasures.days())
        # One list for all backups: it outlives every copy of the data.
        ErasureList(keys_folder).merge(erasures.days())
        sets.write_manifest(part, name, {})
