"""`caseapp keys`: rotation while the server runs, and whether every key is where it should be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from sqlalchemy import select

from caseapp import rotation
from caseapp.cli.runtime import progress_line, services
from caseapp.clients.models import Client
from caseapp.db import everything, session
from caseapp.errors import RuleError
from caseapp.factory import Services
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.places import queries as places
from caseapp.rotation import Outcome
from caseapp.rotation.checks import look, summary


@click.group()
def keys() -> None:
    """Schlüssel prüfen und wechseln; der Server läuft dabei weiter."""


@keys.command("check")
def check_keys() -> None:
    """Ob jede Akte ihren Schlüssel hat und Schlüssel, Daten und Löschliste zueinander passen."""
    with services() as opened:
        problems = list(look(opened.database, opened.keystore))
        click.echo(summary(opened.database, opened.keystore))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(_("Alle Schlüssel sind in Ordnung."))


@keys.command("replay")
def replay() -> None:
    """Löschen, was auf der Löschliste steht und mit einer alten Sicherung zurückgekommen ist."""
    with services() as opened:
        number = opened.eraser().replay(opened.keystore.erasures.ids())
    click.echo(_("Löschliste angewandt: %(number)s Akten waren wieder da.", number=number))


@keys.group()
def rotate() -> None:
    """Schlüssel wechseln. Ein unterbrochener Wechsel wird mit demselben Befehl fortgesetzt."""


@rotate.command("root")
def rotate_root() -> None:
    """Den Hauptschlüssel wechseln."""
    with _working() as opened:
        rotation.rotate_root(opened.database, opened.keystore)
    click.echo(_("Der Hauptschlüssel ist gewechselt. Sichern Sie jetzt neu: caseapp backup ORDNER --keys ORDNER2"))


@rotate.command("organisation")
@click.option("--org", "name", required=True, help="Name des Trägers")
def rotate_organisation(name: str) -> None:
    """Den Schlüssel eines Trägers wechseln."""
    with _working() as opened:
        found = _organisation(opened, name)
        outcome = rotation.rotate_carrier(opened.database, opened.keystore, found, progress_line())
    _tell(outcome)


@rotate.command("client")
@click.option("--org", "name", required=True, help="Name des Trägers")
@click.option("--file-number", help="Aktenzeichen; ohne: alle Akten des Trägers")
def rotate_client(name: str, file_number: str | None) -> None:
    """Die Schlüssel von Akten wechseln und alle ihre Einträge neu versiegeln."""
    with _working() as opened:
        found = _organisation(opened, name)
        client_id = _client(opened, found, file_number) if file_number else None
        outcome = rotation.rotate_clients(opened.database, opened.keystore, found, client_id, progress_line())
    _tell(outcome)


@contextmanager
def _working() -> Iterator[Services]:
    with services() as opened, rotation.alone(opened.settings.data_dir):
        yield opened


def _organisation(opened: Services, name: str) -> UUID:
    with opened.database.unit(None, write=False):
        found = places.find_organisation_by_name(name)
        if found is None:
            raise RuleError(_("Diesen Träger gibt es nicht. Prüfen Sie den Namen hinter --org."))
        return found.id


def _client(opened: Services, organisation_id: UUID, file_number: str) -> UUID:
    with opened.database.unit(None, write=False) as unit, everything(unit):
        found = session().scalar(
            select(Client.id).where(Client.organisation_id == organisation_id, Client.file_number == file_number)
        )
    if found is None:
        raise RuleError(_("Dieses Aktenzeichen gibt es bei diesem Träger nicht."))
    return found


def _tell(outcome: Outcome) -> None:
    click.echo(_("Der Schlüssel ist gewechselt. Neu versiegelte Einträge: %(number)s.", number=outcome.sealed))
    if outcome.unreadable:
        number = outcome.unreadable
        click.echo(
            ngettext(
                "%(num)s Eintrag ist nicht lesbar und blieb, wie er war.",
                "%(num)s Einträge sind nicht lesbar und blieben, wie sie waren.",
                number,
            ),
            err=True,
        )
