"""`caseapp demo`: invented people in a database that is marked for them, and nowhere else."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

import click

from caseapp import clock, schema
from caseapp.accounts.service.people import make_password
from caseapp.cli.setup import prepare
from caseapp.demo import service as demo
from caseapp.demo.rules.plan import Scope
from caseapp.errors import ConfigurationError
from caseapp.factory import Services, open_services
from caseapp.i18n import gettext as _
from caseapp.security.passwords import hash_password
from caseapp.settings import Settings

_READY_CLIENTS = 420
_READY_SEED = 1
_READY_REPORTS = 2
_STALE = dt.timedelta(days=14)  # then "heute" on the pages is long ago


@click.command("demo")
@click.option("--clients", type=click.IntRange(1, 5_000_000), help="Anzahl der Akten")
@click.option("--seed", type=int, default=_READY_SEED, show_default=True, help="Gleiche Zahl, gleiche Menschen")
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default=Scope.DISTRICT.value)
@click.option(
    "--reports",
    type=click.IntRange(0, 12),
    default=0,
    help="So viele Quartale und die ganzen Jahre darin als Berichte freigeben",
)
@click.option("--ready", is_flag=True, help="Kleine Demo laden, wenn noch keine da ist, und die Anmeldungen zeigen")
def demo_command(clients: int | None, seed: int, scope: str, reports: int, *, ready: bool) -> None:
    """Erfundene Personen in eine Demo-Datenbank laden."""
    if not ready and clients is None:
        raise click.UsageError(_("Geben Sie mit --clients an, wie viele Akten die Demo haben soll."))
    settings = Settings.from_env()
    opened = _open(settings)
    try:
        with opened.database.unit(None, write=False):
            demo.require_demo()
            empty = demo.is_empty()
        if empty or not ready:
            order = demo.Order(clients or _READY_CLIENTS, seed, Scope(scope), clock.today())
            _fill(opened, order)
        if empty and ready:
            demo.agree_goals(opened.database, opened.load_actor, seed, clock.today())
            demo.sign_papers(opened.database, opened.load_actor, opened.queue.run_now, clock.today())
        _release(opened, reports or (_READY_REPORTS if empty and ready else 0))
        _show(opened)
    finally:
        opened.close()


def _open(settings: Settings) -> Services:
    """The services; what does not exist yet is set up as a demo first. Any other installation stays untouched."""
    if (settings.keys_dir / "root.key").exists():
        opened = open_services(settings)
        try:
            if schema.present_version(opened.database.engine) is not None:
                with opened.database.unit(None, write=False):
                    demo.require_demo()
        finally:
            opened.close()
    prepare(settings, demo=True)
    return open_services(settings, immediate_jobs=True)


def _fill(opened: Services, order: demo.Order) -> None:
    password = demo_password(opened.settings)
    started = time.monotonic()
    loaded = demo.load(opened.database, order, hash_password(password), _progress)
    if sys.stderr.isatty():
        click.echo(err=True)
    click.echo(
        _(
            "Demo geladen: %(clients)s Akten, %(contacts)s Kontakte, %(carriers)s Träger, %(workers)s Beratende "
            "in %(seconds)s Sekunden.",
            clients=loaded.clients,
            contacts=loaded.contacts,
            carriers=loaded.carriers,
            workers=loaded.workers,
            seconds=round(time.monotonic() - started, 1),
        )
    )


def _release(opened: Services, quarters: int) -> None:
    if quarters:
        made = demo.release_reports(
            opened.database, opened.load_actor, opened.queue.run_now, clock.today(), quarters=quarters
        )
        click.echo(_("Freigegebene Berichte: %(periods)s.", periods=", ".join(map(str, made)) or "–"))


def _progress(done: int, total: int) -> None:
    """One line that grows on a terminal; one line every tenth elsewhere would only fill a log."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} / {total:,}".replace(",", "."), nl=False, err=True)


def password_path(settings: Settings) -> Path:
    """Where the password of all demo accounts is kept, readable by the owner only."""
    return settings.data_dir / "demo-password.txt"


def demo_password(settings: Settings) -> str:
    """The password of all demo accounts, made at the first set-up."""
    path = password_path(settings)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
            target.write(make_password() + "\n")
    return path.read_text(encoding="utf-8").strip()


def _show(opened: Services) -> None:
    settings = opened.settings
    if not password_path(settings).exists():
        raise ConfigurationError(_("Die Datei %(path)s mit dem Demo-Kennwort fehlt.", path=password_path(settings)))
    address, word = f"http://127.0.0.1:{settings.port}", demo_password(settings)
    click.echo(_("Demo unter %(address)s – Kennwort für alle: %(word)s", address=address, word=word))
    with opened.database.unit(None, write=False):
        for sign_in in demo.sign_ins():
            click.echo(f"  {sign_in.login:<10}{sign_in.name}, {sign_in.role}")
        made_on = demo.made_on()
    if clock.today() - made_on > _STALE:
        text = _("Die Termine sind vom %(day)s. Neue Demo: den Ordner %(folder)s löschen und noch einmal starten.")
        click.echo(text % {"day": f"{made_on:%d.%m.%Y}", "folder": settings.data_dir})
