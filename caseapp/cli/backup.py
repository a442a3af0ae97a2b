"""`caseapp backup`, `backup verify` and `restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from caseapp import backup, factory
from caseapp.cli.refusals import shown
from caseapp.factory import Services
from caseapp.i18n import gettext as _
from caseapp.settings import Settings

_FOLDER = click.Path(file_okay=False, path_type=Path)
_WORDS_OF_VERIFY = 2


@click.command("backup")
@click.argument("words", nargs=-1, required=True, metavar="[verify] ORDNER")
@click.option("--keys", "keys_folder", type=_FOLDER, help="Ordner an einem anderen Ort, nur für die Schlüssel")
@click.option("--from", "name", help="verify: Name der Sicherung; ohne: die jüngste")
@click.option("--scratch", help="verify: Adresse einer leeren PostgreSQL-Datenbank")
@click.option("--scratch-keystore", help="verify: Adresse einer zweiten, für den Schlüsselspeicher")
def backup_command(
    words: tuple[str, ...],
    keys_folder: Path | None,
    name: str | None,
    scratch: str | None,
    scratch_keystore: str | None,
) -> None:
    """Sichern, während der Server läuft; mit „verify“ prüfen, ob sich eine Sicherung zurückspielen lässt."""
    if words[0] == "verify":
        if len(words) != _WORDS_OF_VERIFY or keys_folder is None:
            raise click.UsageError(_("Nennen Sie den Ordner der Sicherung und mit --keys den der Schlüssel."))
        pair = (scratch, scratch_keystore) if scratch and scratch_keystore else None
        _verify(Path(words[1]), keys_folder, name, pair)
    elif len(words) > 1 or name or scratch or scratch_keystore:
        raise click.UsageError(_("Nennen Sie einen Ordner für die Sicherung und mit --keys einen für die Schlüssel."))
    else:
        _back_up(Path(words[0]), keys_folder)


def _back_up(folder: Path, keys_folder: Path | None) -> None:
    made = backup.back_up(Settings.from_env(), folder, keys_folder)
    click.echo(
        _(
            "Gesichert in %(folder)s: %(rows)s Zeilen, %(files)s Dateien.",
            folder=shown(made.folder),
            rows=made.rows,
            files=made.files,
        )
    )
    if made.keys_folder:
        click.echo(_("Schlüssel in %(folder)s.", folder=shown(made.keys_folder)))
    else:
        click.echo(_("Ohne Schlüssel: Diese Sicherung allein lässt sich nicht öffnen. Nennen Sie --keys."), err=True)
    if made.dropped:
        days = backup.COPIES_LIVE.days
        click.echo(
            _("Kopien von Schlüsseln, die älter als %(days)s Tage sind, gelöscht: %(n)s.", days=days, n=made.dropped)
        )


def _verify(folder: Path, keys_folder: Path, name: str | None, scratch: tuple[str, str] | None) -> None:
    report = backup.verify(Settings.from_env(), folder, keys_folder, name, _open, scratch)
    click.echo(
        _(
            "Sicherung %(name)s: %(rows)s Zeilen, %(opened)s versiegelte Werte geöffnet, %(events)s Ereignisse.",
            name=report.name,
            rows=report.rows,
            opened=report.opened,
            events=report.events,
        )
    )
    for problem in report.problems:
        click.echo(problem, err=True)
    if report.problems:
        sys.exit(1)
    click.echo(_("Diese Sicherung lässt sich zurückspielen."))


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--keys", "keys_folder", type=_FOLDER, required=True, help="Ordner mit den Schlüsseln der Sicherung")
@click.option("--from", "name", help="Name der Sicherung; ohne: die jüngste")
def restore(folder: Path, keys_folder: Path, name: str | None) -> None:
    """Eine Sicherung in eine leere Installation zurückspielen."""
    done = backup.restore(Settings.from_env(), folder, keys_folder, name, _open)
    click.echo(_("Zurückgespielt: Stand %(name)s.", name=done.name))
    if done.erased:
        click.echo(_("Seither gelöschte Akten wieder gelöscht: %(number)s.", number=done.erased))
    click.echo(_("Prüfen Sie jetzt: caseapp check, caseapp keys check, caseapp audit verify"))


def _open(settings: Settings) -> Services:
    return factory.open_services(settings, immediate_jobs=True, restoring=True)
