"""`caseapp check`: what is wrong with the installation, and how to mend it."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Callable, Iterator

import click
from sqlalchemy import false, table
from sqlalchemy.exc import InternalError, OperationalError, ProgrammingError, SQLAlchemyError

from caseapp import audit, schema
from caseapp.db import walls
from caseapp.errors import CaseappError, ConfigurationError
from caseapp.factory import Services, open_services
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.keystore import client_key
from caseapp.rotation.checks import look
from caseapp.security.keyring import Keyring
from caseapp.settings import Settings

_INSTALLATION = table("installation")
_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


@click.command()
def check() -> None:
    """Einstellungen, Schlüssel, Datenbanken und Systembibliotheken prüfen."""
    problems = list(_problems())
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(_("Alles in Ordnung."))


def _problems() -> Iterator[str]:
    missing = [package for name, package in _LIBRARIES.items() if ctypes.util.find_library(name) is None]
    if missing:
        yield _(
            "Für PDF-Dokumente fehlen Bibliotheken. Abhilfe: apt-get install %(packages)s",
            packages=" ".join(missing),
        )
    try:
        settings = Settings.from_env()
        Keyring.load(settings.keys_dir)
        opened = open_services(settings)
    except CaseappError as refusal:
        yield str(refusal)
        return
    for each in (_versions, _walls, _keys_open, _writable, _sealing):
        yield from _guarded(each, opened)
    opened.close()


def _guarded(part: Callable[[Services], Iterator[str]], opened: Services) -> Iterator[str]:
    try:
        yield from part(opened)
    except SQLAlchemyError:
        yield _("Eine Datenbank ist nicht erreichbar oder nicht lesbar. Prüfen Sie DATABASE_URL und KEYSTORE_URL.")
    except ConfigurationError as refusal:
        yield str(refusal)


def _versions(opened: Services) -> Iterator[str]:
    for engine, which in (
        (opened.database.engine, "data"),
        (opened.keystore.engine, "keystore"),
    ):
        present, newest = schema.present_version(engine), schema.newest_version(which)
        if present is None:
            yield _("Eine Datenbank ist leer. Abhilfe: caseapp init")
        elif present != newest:
            yield _(
                "Eine Datenbank hat Version %(present)s statt %(newest)s. Abhilfe: caseapp migrate",
                present=present,
                newest=newest,
            )


_POWERS = {
    walls.Power.SUPERUSER: _l("ist Superuser"),
    walls.Power.BYPASSES_ROW_SECURITY: _l("hat BYPASSRLS"),
    walls.Power.CREATES_ROLES: _l("hat CREATEROLE"),
    walls.Power.OWNS_TABLES: _l("besitzt Tabellen"),
}


def _walls(opened: Services) -> Iterator[str]:
    """On PostgreSQL: the application's role must not be able to pass by the row-level security."""
    for engine, name in ((opened.database.engine, "DATABASE_URL"), (opened.keystore.engine, "KEYSTORE_URL")):
        with engine.connect() as connection:
            held = [str(_POWERS[power]) for power in walls.powers(connection)]
        if held:
            yield _(
                "Die Rolle in %(name)s darf zu viel: Sie %(powers)s. Abhilfe: Rollen wie in docs/operating.md anlegen.",
                name=name,
                powers=", ".join(held),
            )
    if schema.present_version(opened.database.engine) is None:
        return
    schema.data_metadata()
    with opened.database.engine.connect() as connection:
        tables = walls.open_tables(connection)
    if tables:
        yield _(
            "%(number)s Tabellen sind ohne die Trennung der Träger. Abhilfe: caseapp migrate mit DATABASE_OWNER_URL",
            number=len(tables),
        )


def _writable(opened: Services) -> Iterator[str]:
    """Whether a change could be stored; none is."""
    for engine, rows in ((opened.database.engine, _INSTALLATION), (opened.keystore.engine, client_key)):
        try:
            with engine.connect().execution_options(write_intent=True) as connection, connection.begin():
                connection.execute(rows.delete().where(false()))
        except (OperationalError, ProgrammingError, InternalError):
            yield _("Eine Datenbank ist gesperrt oder nur lesbar. Prüfen Sie Rechte und freien Speicherplatz.")


def _sealing(opened: Services) -> Iterator[str]:
    """Whether the log is being sealed."""
    if schema.present_version(opened.database.engine) == schema.newest_version("data"):
        yield from audit.problems(opened.database)


def _keys_open(opened: Services) -> Iterator[str]:
    """Whether every file has a key that opens, and keys, data and list of erasures are of one day."""
    if all(
        schema.present_version(engine) == schema.newest_version(which)
        for engine, which in ((opened.database.engine, "data"), (opened.keystore.engine, "keystore"))
    ):
        yield from look(opened.database, opened.keystore)
