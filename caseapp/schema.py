"""Migrating both databases. Numbered versions; `HEAD` files pin what the code expects."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, make_url
from sqlalchemy.exc import ProgrammingError

import caseapp
from caseapp.db import Base, walls
from caseapp.db.unit import make_engine
from caseapp.errors import ConfigurationError
from caseapp.i18n import gettext as _
from caseapp.settings import PROJECT_ROOT, Settings

_INSUFFICIENT_PRIVILEGE = "42501"
MIGRATIONS = PROJECT_ROOT / "migrations"


def data_metadata() -> MetaData:
    """The tables of all slices: every `models` module below the package is imported."""
    for found in pkgutil.walk_packages(caseapp.__path__, "caseapp."):
        if found.name.split(".")[-1] == "models":
            importlib.import_module(found.name)
    return Base.metadata


def migrate(engine: Engine, which: str, *, role: str | None = None) -> None:
    """Bring the database (`data` or `keystore`) to the newest version. Repeating it changes nothing.

    On PostgreSQL the tables also get their row-level security, and `role` the rights of the application.
    """
    data_metadata()
    with engine.connect().execution_options(write_intent=True) as connection:
        command.upgrade(config(which, connection), "head")
        if engine.dialect.name == "postgresql":
            if which == "data":
                walls.build(connection)
            if role is not None:
                walls.grant(connection, role)
        connection.commit()


def migrate_all(settings: Settings) -> None:
    """Both databases, the keystore first, each as its owner if the settings name one."""
    for which, url, owner_url in (
        ("keystore", settings.keystore_url, settings.keystore_owner_url),
        ("data", settings.database_url, settings.database_owner_url),
    ):
        engine = make_engine(owner_url or url)
        try:
            migrate(engine, which, role=make_url(url).username if owner_url else None)
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
                raise
            raise ConfigurationError(
                _(
                    "Diese Rolle darf keine Tabellen anlegen. Geben Sie für diesen Befehl mit DATABASE_OWNER_URL und "
                    "KEYSTORE_OWNER_URL die Besitzer der Datenbanken an (docs/operating.md)."
                )
            ) from None
        finally:
            engine.dispose()


def present_version(engine: Engine) -> str | None:
    """The version of the database, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_set_up(url: str) -> bool:
    """Whether there are tables in this database on PostgreSQL. A SQLite file is not made by asking: False."""
    if not url.startswith("postgresql"):
        return False
    engine = make_engine(url)
    try:
        return present_version(engine) is not None
    finally:
        engine.dispose()


def newest_version(which: str) -> str:
    """The version that the code expects."""
    head = ScriptDirectory(str(MIGRATIONS / which)).get_current_head()
    if head is None:
        raise LookupError(f"no migrations for {which}")
    return head


def config(which: str, connection: object) -> Config:
    """Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(MIGRATIONS / which)))
    made.attributes["connection"] = connection
    return made
