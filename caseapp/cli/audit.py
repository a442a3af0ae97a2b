"""`caseapp audit`: verifying the log, its roots for outside, and its retention."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from caseapp import audit
from caseapp.cli.runtime import services
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

_MOST_SHOWN = 200


@click.group("audit")
def audit_command() -> None:
    """Protokoll: prüfen, Wurzeln für draußen, Fristen."""


@audit_command.command()
@click.option(
    "--roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Draußen verwahrte Wurzeln, eine je Zeile.",
)
def verify(roots: Path | None) -> None:
    """Alle Ereignisse, Siegel und versiegelten Werte prüfen."""
    outside = audit.read_outside(roots.read_text(encoding="utf-8").splitlines()) if roots else None
    with services() as opened:
        report = audit.verify(opened.database, outside)
    for remark in report.remarks:
        click.echo(_("Hinweis: %(text)s", text=remark))
    for problem in report.problems[:_MOST_SHOWN]:
        click.echo(problem, err=True)
    if len(report.problems) > _MOST_SHOWN:
        click.echo(_("… und %(count)s weitere.", count=len(report.problems) - _MOST_SHOWN), err=True)
    click.echo(
        _(
            "%(events)s Ereignisse (%(waiting)s noch ohne Siegel), %(batches)s Siegel, %(values)s versiegelte Werte.",
            events=report.events,
            waiting=report.waiting,
            batches=report.batches,
            values=report.values,
        )
    )
    if report.problems:
        click.echo(_("Das Protokoll stimmt nicht: %(count)s Befunde.", count=len(report.problems)), err=True)
        sys.exit(1)
    click.echo(_("Das Protokoll ist unversehrt."))


@audit_command.command()
def root() -> None:
    """Die heutige Wurzel ausgeben: Tag, Nummer, Wurzel, Unterschrift. Verwahren Sie sie außer Haus."""
    with services() as opened:
        audit.seal_pending(opened.database)
        found = audit.todays_root(opened.database)
    if found is None:
        raise RuleError(_("Es gibt noch kein Siegel."))
    click.echo(found.line())


@audit_command.command()
def key() -> None:
    """Den öffentlichen Schlüssel des ersten Siegels ausgeben, zum Verwahren außer Haus."""
    with services() as opened:
        audit.seal_pending(opened.database)
        found = audit.first_key(opened.database)
    if found is None:
        raise RuleError(_("Es gibt noch kein Siegel."))
    click.echo(audit.key_line(found))


@audit_command.command()
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Tag, zum Beispiel 2024-01-01.")
def prune(before: dt.datetime) -> None:
    """Ereignisse vor einem Tag löschen, in ganzen Siegeln. Wurzel und Anzahl bleiben."""
    with services() as opened:
        number = audit.prune(opened.database, before.date())
    click.echo(_("Die Ereignisse von %(number)s Siegeln sind gelöscht.", number=number))


@audit_command.command()
@click.option("--reason", required=True, help="Warum die Kette gebrochen ist; steht für immer im Protokoll.")
def resume(reason: str) -> None:
    """Weiter versiegeln, nachdem Daten zurückgespielt wurden oder der Siegelschlüssel verloren ging."""
    with services() as opened:
        audit.resume(opened.database, reason)
    click.echo(_("Die Kette der Siegel geht weiter. Der Bruch bleibt sichtbar."))
