"""`caseapp caseload rebuild`: what lists and searches keep beside the files, made anew."""

from __future__ import annotations

import click

from caseapp.cli.runtime import services
from caseapp.clients.service.rebuild import rebuild
from caseapp.factory import CASELOAD_COUNTERS
from caseapp.i18n import gettext as _


@click.group()
def caseload() -> None:
    """Fallliste."""


@caseload.command("rebuild")
def rebuild_caseload() -> None:
    """Letzter Kontakt, nächster Schritt, Titelende und Zuständigkeit aller Akten neu zählen, Suchwörter erneuern."""
    with services() as opened, opened.database.unit(None, write=True):
        done = rebuild(CASELOAD_COUNTERS)
    click.echo(_("%(clients)s Akten geprüft, %(mended)s Zeilen berichtigt.", clients=done.clients, mended=done.mended))
    if done.lines:
        click.echo(_("%(lines)s Akten haben neue Suchwörter.", lines=done.lines))
