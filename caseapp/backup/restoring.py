"""Putting a backup back into an empty installation, and erasing again what was erased since."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from caseapp import audit, schema
from caseapp.backup import databases, sets
from caseapp.backup.sets import Backup
from caseapp.db import Database
from caseapp.errors import ConfigurationError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keystore import ErasureList, KeyStore
from caseapp.security.private_files import sync_folder, write_private
from caseapp.security.ring_file import NEXT_ROOT, RING, ROOT
from caseapp.security.signing import BrokenChainError
from caseapp.settings import Settings

_MARK = "restore.unfinished"


class Eraser(Protocol):
    """Erases again what a restored copy has brought back; how many files that were."""

    def replay(self, client_ids: Iterable[UUID], /) -> int:
        """Keys, rows and attachments of these clients."""


class Opened(Protocol):
    """An installation with its keys open, as the factory opens it."""

    @property
    def database(self) -> Database:
        """The data."""

    @property
    def keystore(self) -> KeyStore:
        """The keys of clients."""

    def eraser(self) -> Eraser:
        """What repeats erasures."""

    def close(self) -> None:
        """Close all connections."""


Open = Callable[[Settings], Opened]


class Restored(NamedTuple):
    """From which day the data are, and how many erased files came back and were erased again."""

    name: str
    erased: int


def require_finished(settings: Settings) -> None:
    """Refuse to work on a half restored installation. Raises ConfigurationError."""
    if (settings.data_dir / _MARK).exists():
        raise ConfigurationError(
            _("Eine Rückspielung wurde unterbrochen. Starten Sie „caseapp restore“ mit denselben Ordnern noch einmal.")
        )


def restore(settings: Settings, folder: Path, keys_folder: Path, name: str | None, open_services: Open) -> Restored:
    """Put the newest backup back, or the one of this name. Raises RuleError, with nothing changed, when it is damaged

    or the installation is not empty. An interrupted restore is repeated by the same call.
    """
    _require_empty(settings)
    chosen = sets.choose(folder, keys_folder, name)
    require_undamaged(chosen)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(settings.data_dir / _MARK, chosen.data.name.encode())
    put_back(settings, chosen)
    opened = open_services(settings)
    try:
        erased = opened.eraser().replay(opened.keystore.erasures.ids())
        _continue_log(opened.database, chosen.data.name)
    finally:
        opened.close()
    (settings.data_dir / _MARK).unlink()
    sync_folder(settings.data_dir)
    return Restored(chosen.data.name, erased)


def put_back(settings: Settings, chosen: Backup) -> None:
    """Copy keys, keystore, attachments and data to their places and bring them to the program's version."""
    _put_keys(settings, chosen)
    keystore = sets.keystore_copy(chosen.keystore)
    if keystore is None:
        raise RuleError(_("In %(folder)s liegt kein Schlüsselspeicher mehr.", folder=chosen.keystore))
    databases.put_back(settings.keystore_owner_url or settings.keystore_url, keystore)
    shutil.copytree(chosen.data / sets.ATTACHMENTS, settings.attachments_dir, dirs_exist_ok=True)
    if (chosen.data / settings.audit_roots_path.name).exists():
        shutil.copyfile(chosen.data / settings.audit_roots_path.name, settings.audit_roots_path)
    data = next(iter(sorted(chosen.data.glob("caseapp.*"))))
    databases.put_back(settings.database_owner_url or settings.database_url, data)
    schema.migrate_all(settings)


def require_undamaged(chosen: Backup) -> None:
    """Compare every file with the manifests. Raises RuleError with the first that differs."""
    for folder in dict.fromkeys(chosen):
        wrong = sets.damaged(folder, sets.read_manifest(folder))
        if wrong:
            raise RuleError(_("Die Sicherung ist beschädigt: %(name)s in %(folder)s.", name=wrong[0], folder=folder))


def _put_keys(settings: Settings, chosen: Backup) -> None:
    settings.keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (ROOT, NEXT_ROOT, RING):
        if (chosen.keys / name).exists():
            write_private(settings.keys_dir / name, (chosen.keys / name).read_bytes())
    erasures = ErasureList(settings.keys_dir)
    for place in (chosen.keys, chosen.keys.parent):
        erasures.merge(ErasureList(place).days())


def _require_empty(settings: Settings) -> None:
    if (settings.data_dir / _MARK).exists():
        return  # what is there is our own, from an attempt that was interrupted
    files = [settings.keys_dir / name for name in (ROOT, RING)]
    files += [
        databases.sqlite_path(url) for url in (settings.database_url, settings.keystore_url) if url.startswith("sqlite")
    ]
    if settings.attachments_dir.is_dir():
        files += settings.attachments_dir.iterdir()
    there = next((path for path in files if path.exists()), None)
    if there is not None:
        raise RuleError(
            _("Hier liegt schon eine Installation: %(path)s. Zurückgespielt wird nur in leere Ordner.", path=there)
        )
    if schema.is_set_up(settings.database_url) or schema.is_set_up(settings.keystore_url):
        raise RuleError(_("In der Datenbank stehen schon Tabellen. Zurückgespielt wird nur in eine leere."))


def _continue_log(database: Database, name: str) -> None:
    """The signing key is in no backup: the chain of seals goes on with a new one, and the break stays visible."""
    with database.unit(None, write=True):
        audit.record("backup:restore", detail=audit.Detail(note=name))
    try:
        audit.seal_pending(database)
    except BrokenChainError:
        audit.resume(database, "restored from a backup")
