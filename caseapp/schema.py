"""Migrating both databases. Numbered versions; `HEAD` files pin what the code expects."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

import caseapp
from caseapp.db import Base
from caseapp.settings import PROJECT_ROOT

MIGRATIONS = PROJECT_ROOT / "migrations"


def data_metadata() -> MetaData:
    """The tables of all slices: every `models` module below the package is imported."""
    for found in pkgutil.walk_packages(caseapp.__path__, "caseapp."):
        if found.name.split(".")[-1] == "models":
            importlib.import_module(found.name)
    return Base.metadata


def migrate(engine: Engine, which: str) -> None:
    """Bring the database (`data` or `keystore`) to the newest version. Repeating it changes nothing."""
    with engine.connect().execution_options(write_intent=True) as connection:
        command.upgrade(config(which, connection), "head")
        connection.commit()


def present_version(engine: Engine) -> str | None:
    """The version of the database, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
