"""Copying a database while others write to it, and putting the copy back."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, func, make_url, select
from sqlalchemy.pool import NullPool

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

_WAIT_SECONDS = 60
SQLITE, POSTGRES = ".db", ".dump"


def copy(url: str, target: Path, metadata: MetaData) -> dict[str, int]:
    """Copy the database as it is at one moment to `target` with its ending; the number of rows of each table.

    Nobody waits for it. Raises RuleError when it cannot be done.
    """
    if url.startswith("sqlite"):
        return _copy_sqlite(url, target.with_suffix(SQLITE), metadata)
    return _dump(url, target.with_suffix(POSTGRES), metadata)


def put_back(url: str, copy: Path) -> None:
    """Fill an empty database, or one that an interrupted attempt has left, with the copy. Raises RuleError."""
    if (copy.suffix == SQLITE) != url.startswith("sqlite"):
        raise RuleError(_("Die Sicherung stammt von einer anderen Art von Datenbank. Prüfen Sie DATABASE_URL."))
    if copy.suffix == POSTGRES:
        _run(url, "pg_restore", "--clean", "--if-exists", "--single-transaction", str(copy))
        return
    target = sqlite_path(url)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for ending in ("", "-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.copyfile(copy, target)
    target.chmod(0o600)


def count(url: str, metadata: MetaData) -> dict[str, int]:
    """The number of rows of each table that exists."""
    engine = _bare(url)
    try:
        with engine.connect() as connection:
            return _count(connection, metadata)
    finally:
        engine.dispose()


def sqlite_path(url: str) -> Path:
    """The file behind an address."""
    return Path(make_url(url).database or "")


def _copy_sqlite(url: str, target: Path, metadata: MetaData) -> dict[str, int]:
    source = sqlite_path(url)
    try:
        with (
            closing(
                sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=_WAIT_SECONDS)
            ) as present,
            closing(sqlite3.connect(target)) as made,
        ):
            target.chmod(0o600)
            present.backup(made)  # all pages at once: one moment, and no beginning again when others write
            made.execute("PRAGMA journal_mode=DELETE")
            damage = made.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error:
        raise RuleError(
            _("%(name)s ließ sich nicht kopieren. Prüfen Sie Rechte und freien Speicherplatz.", name=source.name)
        ) from None
    if damage != "ok":
        raise RuleError(_("%(name)s ist beschädigt. Bewahren Sie ältere Sicherungen auf.", name=source.name))
    return count(f"sqlite:///{target}", metadata)


def _dump(url: str, target: Path, metadata: MetaData) -> dict[str, int]:
    engine = _bare(url).execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            moment = connection.execute(select(func.pg_export_snapshot())).scalar_one()
            rows = _count(connection, metadata)
            _run(url, "pg_dump", "--format=custom", f"--snapshot={moment}", f"--file={target}")
    finally:
        engine.dispose()
    target.chmod(0o600)
    return rows


def _run(url: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. The password goes through its environment, where `ps` does not show it."""
    path = shutil.which(program)
    if path is None:
        raise RuleError(_("%(name)s fehlt. Abhilfe: apt-get install postgresql-client", name=program))
    address = make_url(url)
    plain = address.set(drivername="postgresql", password=None).render_as_string()
    command = [path, "--no-owner", "--no-privileges", f"--dbname={plain}", *arguments]
    environment = {"PGPASSWORD": address.password or "", "LC_ALL": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RuleError(_("%(name)s ist gescheitert: %(reason)s", name=program, reason=reason[0] if reason else ""))


def _bare(url: str) -> Engine:
    """An engine without the project's settings, which would turn a copied file into one with a journal."""
    return create_engine(url, hide_parameters=True, poolclass=NullPool)


def _count(connection: Connection, metadata: MetaData) -> dict[str, int]:
    there = set(connection.dialect.get_table_names(connection))
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
        if table.name in there
    }


def empty(url: str) -> None:
    """Drop all tables of a scratch database."""
    engine, there = _bare(url), MetaData()
    try:
        there.reflect(engine)
        there.drop_all(engine)
    finally:
        engine.dispose()
