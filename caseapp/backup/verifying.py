"""The proof that a backup can be restored: it is restored aside, opened, counted and looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from caseapp import audit, schema
from caseapp.backup import databases, sets
from caseapp.backup.restoring import Open, Opened, put_back, require_undamaged
from caseapp.backup.sets import Backup
from caseapp.db import Database, everything
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.keystore import metadata as keystore_metadata
from caseapp.rotation.checks import look
from caseapp.sealed import sealed_tables
from caseapp.security.vault import UnreadableError
from caseapp.settings import Settings

_SAMPLE = 40  # rows of each sealed column


@dataclass(slots=True)
class Verified:
    """What was looked at, and what is wrong in German sentences; none: the backup can be restored."""

    name: str
    rows: int = 0
    opened: int = 0
    events: int = 0
    erased: int = 0
    problems: list[str] = field(default_factory=list)


def verify(
    settings: Settings,
    folder: Path,
    keys_folder: Path,
    name: str | None,
    open_services: Open,
    scratch: tuple[str, str] | None = None,
) -> Verified:
    """Restore the newest backup, or the one of this name, into a temporary folder and look at it.

    `scratch`: addresses of two empty databases for a backup of PostgreSQL. Raises RuleError when it cannot be restored.
    """
    chosen = sets.choose(folder, keys_folder, name)
    require_undamaged(chosen)
    with tempfile.TemporaryDirectory(prefix="caseapp-verify-") as place:  # readable by its owner only
        beside = _beside(settings, Path(place), chosen, scratch)
        try:
            put_back(beside, chosen)
            return _look(beside, chosen, open_services)
        finally:
            _empty(beside, scratch)


def _beside(settings: Settings, place: Path, chosen: Backup, scratch: tuple[str, str] | None) -> Settings:
    data, keys = place / "data", place / "keys"
    if next(chosen.data.glob(f"caseapp{databases.POSTGRES}"), None) is None:
        urls = (f"sqlite:///{data / 'caseapp.db'}", f"sqlite:///{data / 'keystore.db'}")
    elif scratch is None:
        raise RuleError(_("Für eine Sicherung von PostgreSQL nennen Sie --scratch und --scratch-keystore."))
    elif any(schema.is_set_up(url) for url in scratch):
        raise RuleError(_("In der Datenbank stehen schon Tabellen. Zurückgespielt wird nur in eine leere."))
    else:
        urls = scratch
    return replace(
        settings,
        data_dir=data,
        keys_dir=keys,
        database_url=urls[0],
        keystore_url=urls[1],
        database_owner_url=None,
        keystore_owner_url=None,
    )


def _empty(beside: Settings, scratch: tuple[str, str] | None) -> None:
    for url in scratch or ():
        if url in {beside.database_url, beside.keystore_url}:
            databases.empty(url)


def _look(beside: Settings, chosen: Backup, open_services: Open) -> Verified:
    report = Verified(chosen.data.name)
    report.problems += _counts(beside, chosen, report)
    opened = open_services(beside)
    try:
        report.erased = opened.eraser().replay(opened.keystore.erasures.ids())
        report.problems += look(opened.database, opened.keystore)
        report.problems += _log(opened.database, report)
        report.problems += _sample(opened, report)
    finally:
        opened.close()
    return report


def _counts(beside: Settings, chosen: Backup, report: Verified) -> Iterator[str]:
    """The rows as they were restored against those that were counted when the copy was made."""
    for folder, url, metadata in (
        (chosen.data, beside.database_url, schema.data_metadata()),
        (chosen.keystore, beside.keystore_url, keystore_metadata),
    ):
        expected, found = sets.read_manifest(folder).rows, databases.count(url, metadata)
        report.rows += sum(found.values())
        for table, number in found.items():
            if number != expected.get(table, 0):
                yield _(
                    "%(table)s: %(found)s Zeilen statt %(expected)s.",
                    table=table,
                    found=number,
                    expected=expected.get(table, 0),
                )


def _log(database: Database, report: Verified) -> list[str]:
    # A copy cannot end where the signing key stands now.
    looked = audit.verify(database, tail=False)
    report.events = looked.events
    return looked.problems


def _sample(opened: Opened, report: Verified) -> Iterator[str]:
    """Ids are random, so the first of them are as good a sample as any."""
    with opened.database.unit(None, write=False) as unit, everything(unit):
        for table, columns in sealed_tables().items():
            owner: Any = table
            for row in unit.scalars(select(owner).order_by(owner.id).limit(_SAMPLE)):
                for sealed in columns:
                    if getattr(row, sealed.blob) is None:
                        continue
                    try:
                        getattr(row, sealed.name)
                    except UnreadableError:
                        yield _("%(table)s.%(column)s: nicht lesbar.", table=owner.__tablename__, column=sealed.name)
                    else:
                        report.opened += 1
