"""`caseapp import clients|contacts FILE`: the office's list into files, with a preview before anything is stored.

Exit status 0 when the list was read and, with --yes or a yes, imported; rows that were reported change nothing in it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from caseapp import audit
from caseapp.cli.refusals import shown
from caseapp.cli.runtime import actor_for, services
from caseapp.errors import RuleError
from caseapp.factory import Services
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.imports import service as imports
from caseapp.imports.rules.fields import CLIENTS, CONTACTS, field_label
from caseapp.imports.rules.findings import Finding, Level
from caseapp.imports.rules.headings import NUMBERING, Guess
from caseapp.imports.rules.rejected import as_csv, as_xlsx, rejected_table
from caseapp.imports.rules.tables import LIMITS, FileTooLargeError, Workbook, read_workbook
from caseapp.imports.rules.tables.limits import MEGABYTE
from caseapp.imports.rules.values.reading import mark_label
from caseapp.imports.service import Plan, Target
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_SHOWN = 20


@click.group("import")
def import_command() -> None:
    """Listen aus Tabellen übernehmen (XLSX, ODS, XLS, CSV, TSV)."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What the command line says."""

    kind: str
    file: Path
    login: str | None
    team: str | None
    dry_run: bool
    yes: bool
    errors: Path | None


def _options(command: Callable[..., None]) -> Callable[..., None]:
    path = click.Path(path_type=Path)
    decorators = (
        click.argument("file", type=path),
        click.option("--as", "login", metavar="ANMELDENAME", help="Für wen der Befehl läuft"),
        click.option("--team", metavar="NAME", help="In welches Team, wo mehrere möglich sind"),
        click.option("--dry-run", is_flag=True, help="Nur zeigen, was geschehen würde"),
        click.option("--yes", is_flag=True, help="Ohne Rückfrage importieren"),
        click.option("--errors", type=path, help="Datei für die nicht importierten Zeilen (.xlsx oder .csv)"),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@import_command.command("clients")
@_options
def import_clients(**options: Any) -> None:
    """Klientinnen und Klienten aus einer Fallliste."""
    _run(_Order(kind=CLIENTS, **options))


@import_command.command("contacts")
@_options
def import_contacts(**options: Any) -> None:
    """Kontakte aus einer Kontaktliste; die Akten müssen schon da sein."""
    _run(_Order(kind=CONTACTS, **options))


def _run(order: _Order) -> None:
    if order.dry_run and order.yes:
        raise click.UsageError(_("Entweder --dry-run oder --yes, nicht beides."))
    with services() as opened:
        actor = actor_for(opened, order.login)
        if not policy.may(actor, Permission.IMPORT_RUN):
            raise RuleError(_("Dieses Konto darf keine Listen importieren."))
        workbook = read_workbook(_content(order.file), order.file.name)
        with opened.database.unit(actor, write=False) as unit:
            target = _target(actor, order.team)
            guess = imports.guess_columns(target, workbook, order.kind)
            imports.check_whole(guess.mapping)
            imports.check_kind(guess, imports.guess_columns(target, workbook))
            sheet = workbook.sheets[guess.sheet]
            plan = imports.make_plan(actor, target, sheet, guess.mapping)
        audit.write_pending(opened.database, unit)
        _preview(plan, target, sheet.name)
        _write_errors(order.errors, plan)
        wanted = not order.dry_run and plan.counters.imported > 0
        if wanted and not order.yes:
            _ask()
        if wanted:
            plan = _store(opened, actor, target, workbook, guess, plan, order.file.name)
            _write_errors(order.errors, plan)
        _finish(plan, stored=wanted)


def _ask() -> None:
    """Go on after a yes only. Without an answer nothing is stored."""
    answer = click.prompt(_("Jetzt importieren? [j/N]"), default="n", show_default=False)
    if answer.strip().casefold() not in {"j", "ja", "y", "yes"}:
        click.echo(_("Es wurde nichts gespeichert."), err=True)
        raise click.Abort


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise RuleError(
                _("%(path)s ist ein Ordner. Geben Sie die Datei an, in der Ihre Liste steht.", path=shown(path))
            )
        if not path.is_file():
            raise RuleError(_("Die Datei %(path)s gibt es nicht.", path=shown(path)))
        if path.stat().st_size > LIMITS.file_bytes:
            raise FileTooLargeError(LIMITS.file_bytes // MEGABYTE)
        return path.read_bytes()
    except (OSError, ValueError):  # ValueError: no name of a file at all
        raise RuleError(_("Die Datei %(path)s lässt sich nicht lesen.", path=shown(path))) from None


def _target(actor: Actor, team: str | None) -> Target:
    targets = imports.list_targets(actor)
    named = [target for target in targets if team is None or target.team.casefold() == team.strip().casefold()]
    if not named:
        raise RuleError(_("In dieses Team können Sie nicht importieren. Prüfen Sie den Namen hinter --team."))
    if len(named) > 1:
        names = ", ".join(target.team for target in named)
        raise RuleError(_("Sagen Sie mit --team, in welches Team importiert wird: %(names)s.", names=names))
    return named[0]


def _store(
    opened: Services, actor: Actor, target: Target, workbook: Workbook, guess: Guess, plan: Plan, name: str
) -> Plan:
    with opened.database.unit(actor, write=True) as unit:
        owner = imports.store_upload(actor, target, workbook, guess, name)
        done = imports.run_import(actor, owner, plan)
    audit.write_pending(opened.database, unit)
    return done or plan


def _preview(plan: Plan, target: Target, sheet: str) -> None:
    click.echo(
        _("Blatt „%(sheet)s“, Team %(team)s, Träger %(carrier)s", sheet=sheet, team=target.team, carrier=target.carrier)
    )
    for column in plan.mapping.columns:
        label = _("laufende Nummer, behalten") if column.field == NUMBERING else field_label(column.field)
        click.echo(f"  {column.heading or '–'} -> {label}")
    for name, count in plan.unmatched_workers:
        click.echo(_("Zuständig „%(name)s“: niemand im Team (%(count)s Zeilen)", name=name, count=count))
    ordered = sorted(plan.findings, key=lambda finding: (finding.level, finding.number))
    for finding in [each for each in ordered if each.level is not Level.MARK][:_SHOWN]:
        click.echo(
            _("Zeile %(number)s, %(name)s: %(text)s", number=finding.number, name=finding.name, text=_text(finding))
        )
    marks = Counter(mark for finding in plan.findings for mark in finding.marks if finding.level is not Level.REPORTED)
    if marks:
        click.echo(_("Zu prüfen: ") + ", ".join(f"{mark_label(mark)} {count}" for mark, count in marks.most_common()))


def _text(finding: Finding) -> str:
    return " ".join(finding.reasons) or ", ".join(map(mark_label, finding.marks))


def _finish(plan: Plan, *, stored: bool) -> None:
    if plan.waiting:
        count = len(plan.waiting)
        click.echo(ngettext("davon wartet %(num)s auf Zuordnung", "davon warten %(num)s auf Zuordnung", count))
    if not stored:
        click.echo(_("Es wurde nichts gespeichert."))
    for line in plan.counters.closing_lines():
        click.echo(line)
    if not plan.counters.total:
        raise RuleError(_("In dieser Liste wurde keine Zeile mit Daten gefunden."))


def _write_errors(path: Path | None, plan: Plan) -> None:
    """The file of rejected rows: before anything is stored, so that a wrong path stops the import, and after it."""
    if path is None:
        return
    table = rejected_table([column.heading for column in plan.mapping.columns], plan.reported)
    content = as_csv(table) if path.suffix.casefold() in {".csv", ".txt"} else as_xlsx(table)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            target.write(content)
    except (OSError, ValueError):
        raise RuleError(_("Die Datei %(path)s lässt sich nicht schreiben.", path=shown(path))) from None
