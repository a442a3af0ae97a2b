"""`caseapp report rebuild`: the lines that reports are counted from, made anew from the records."""

from __future__ import annotations

import sys

import click

from caseapp.cli.runtime import progress_line, services
from caseapp.errors import RuleError
from caseapp.factory import Services
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.tallies import service
from caseapp.tallies.service import Recount


@click.command("rebuild")
@click.option("--org", "organisation", default=None, help="Name des Trägers; leer: alle")
@click.option("--check", is_flag=True, help="Nur nachsehen; endet mit 1, wenn eine Zählzeile nicht stimmt")
def rebuild_lines(organisation: str | None, *, check: bool) -> None:
    """Die Zählzeilen der Berichte aus den Akten neu bilden. Alle können dabei weiterarbeiten."""
    with services() as opened:
        found = recount(opened, organisation, check=check)
    click.echo(told(found, check=check))
    if found.unreadable:
        click.echo(
            _("%(count)s Angaben sind nicht lesbar. Prüfen Sie mit: caseapp check", count=found.unreadable), err=True
        )
    if found.lost:
        click.echo(
            _("Schlüssel verloren bei %(count)s Trägern. Prüfen Sie mit: caseapp check", count=found.lost), err=True
        )
    if found.lost or (check and (found.differences or found.unreadable)):
        sys.exit(1)


def recount(opened: Services, organisation: str | None, *, check: bool) -> Recount:
    """Run it with a progress line. Raises RuleError for a carrier that does not exist."""
    wanted = None
    if organisation is not None:
        with opened.database.unit(None, write=False):
            found = places.find_organisation_by_name(organisation)
            if found is None:
                raise RuleError(_("Diesen Träger gibt es nicht. Prüfen Sie den Namen hinter --org."))
            wanted = [found.id]
    return service.rebuild(opened.database, wanted, check=check, progress=progress_line())


def told(found: Recount, *, check: bool) -> str:
    """The result in one line."""
    counts = {"records": found.records, "added": found.added, "changed": found.changed, "removed": found.removed}
    if check:
        return _(
            "%(records)s Einträge geprüft. Zählzeilen: %(added)s fehlen, %(changed)s weichen ab, "
            "%(removed)s sind zu viel.",
            **counts,
        )
    return _(
        "%(records)s Einträge gezählt. Zählzeilen: %(added)s ergänzt, %(changed)s berichtigt, %(removed)s entfernt.",
        **counts,
    )
