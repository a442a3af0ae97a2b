"""`caseapp report export`, `verify`, `sum`: the files of a report, their proof, reports of several Kreise as one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from caseapp import audit
from caseapp.cli.runtime import actor_for, services
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting import queries
from caseapp.reporting.documents import FORMS, printed
from caseapp.reporting.documents.pdf import paper
from caseapp.reporting.models import Report
from caseapp.reporting.queries import proofs
from caseapp.reporting.rules import bundle, file_list, signed
from caseapp.reporting.rules.naming import LIST, file_name, stem
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.unpacking import unpack
from caseapp.reporting.rules.verification import (
    KINDS,
    MOST_FINDINGS,
    Beside,
    Kind,
    Pages,
    Verdict,
    compare_tables,
    judged,
    verify,
)
from caseapp.reporting.service.collecting import read_all, total, typed_keys
from caseapp.reporting.service.exporting import export, sign_list

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Ordner")
_LARGEST_FOLDER = 2_000


@click.command("export")
@click.option("--release", "number", default=None, help="Nummer des Berichts, zum Beispiel 08117-2026-Q3")
@click.option("--period", default=None, help="Statt der Nummer der Zeitraum, zum Beispiel 2026-Q3")
@click.option(
    "--format", "kind", required=True, type=click.Choice([*(kind.value for kind in Kind), LIST]), help="Form der Datei"
)
@_OUT
@click.option("--as", "login", default=None, help="Anmeldename, für den der Befehl läuft")
def export_report(number: str | None, period: str | None, kind: str, out: Path, login: str | None) -> None:
    """Einen freigegebenen Bericht als Datei ablegen; CSV ausgepackt in einen eigenen Ordner."""
    with services() as opened:
        actor = actor_for(opened, login)
        with opened.database.unit(actor, write=False) as unit:
            release = _wanted(number, period)
            content = sign_list(actor, release) if kind == LIST else export(actor, release, kind, FORMS[kind])
            name = release.number
        audit.write_pending(opened.database, unit)
    for path in _written(out, name, kind, content):
        click.echo(str(path))


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--package",
    "packages",
    type=_FILE,
    multiple=True,
    help="Der signierte Bericht (JSON) daneben; für PDF auch frühere.",
)
@click.option("--list", "listed", type=_FILE, help="Die signierte Liste der Dateien (export --format list).")
@click.option("--key", default="", help="Öffentlicher Schlüssel (64 Zeichen), der unterschrieben haben muss.")
def verify_files(files: tuple[Path, ...], packages: tuple[Path, ...], listed: Path | None, key: str) -> None:
    """Prüfen, ob Dateien eines Berichts echt und unverändert sind. Ohne Datenbank und Schlüssel."""
    beside = Beside(
        packages=[_genuine_package(path, key) for path in packages],
        files=file_list.read(listed.read_bytes()) if listed else None,
        key=key,
    )
    beside = replace(beside, pages=Pages(printed.text_of, partial(_printed, beside.packages)))
    wrong = 0
    for path in files:
        try:
            verdict = _checked(path, beside)
        except RuleError as refusal:
            click.echo(f"{path}: {refusal}", err=True)
            wrong += 1
            continue
        _tell(path, verdict)
        wrong += not verdict.genuine
    if wrong:
        sys.exit(1)


@click.command("sum")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option(
    "--key", "keys", multiple=True, help="AGS=SCHLÜSSEL eines Kreises, dessen Schlüssel Sie verglichen haben."
)
@_OUT
def sum_reports(files: tuple[Path, ...], keys: tuple[str, ...], out: Path) -> None:
    """Signierte Berichte mehrerer Kreise zu einem des Landes summieren, mit dem Fehler jeder Zahl."""
    sources = read_all([(path.name, path.read_bytes()) for path in files])
    summed = total(sources, typed_keys("\n".join(keys)))
    number = summed.released.package.number
    for kind in (Kind.PACKAGE, Kind.TABLES, Kind.WORKBOOK):
        for path in _written(out, number, kind, FORMS[kind](summed.released)):
            click.echo(str(path))
    for remark in summed.released.package.remarks:
        click.echo(remark)
    for error in summed.errors:
        click.echo(
            _(
                "%(name)s: Gesamtzahl des Landes typisch ± %(typical)s, höchstens ± %(most)s; "
                "einzelne bis ± %(further)s.",
                name=error.name,
                typical=f"{error.typical:.1f}".replace(".", ","),
                most=error.at_most,
                further=error.furthest,
            )
        )


def _wanted(number: str | None, period: str | None) -> Report:
    """The one release that is meant. RuleError with what there is, otherwise."""
    if (number is None) == (period is None):
        raise RuleError(_("Nennen Sie mit --release die Nummer oder mit --period den Zeitraum des Berichts."))
    if number is not None:
        found = proofs.find_release_by_number(number)
        matching = [found] if found else []
    else:
        matching = [each for each in queries.list_releases() if each.period == period]
    if len(matching) != 1:
        there = ", ".join(each.number for each in queries.list_releases()[:12]) or _("keine")
        raise RuleError(_("Diesen freigegebenen Bericht gibt es nicht. Freigegeben sind: %(there)s.", there=there))
    return matching[0]


def _written(out: Path, number: str, kind: str, content: bytes) -> list[Path]:
    """Write the file; the archive of CSV files unpacked into a folder of its own."""
    if kind != Kind.TABLES:
        files = {file_name(number, kind): content}
    else:
        files = {f"{stem(number)}/{name}": inner for name, inner in unpack(content).items()}
    paths = []
    for name, inner in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(inner)
        paths.append(path)
    return paths


def _genuine_package(path: Path, key: str) -> Released:
    verdict = judged(Verdict(Kind.PACKAGE, signed.read(path.read_bytes())), Beside(key=key))
    if not verdict.genuine or verdict.released is None:
        raise RuleError(
            _("%(path)s ist selbst nicht echt: %(problem)s", path=path.name, problem=" ".join(verdict.problems))
        )
    return verdict.released


def _checked(path: Path, beside: Beside) -> Verdict:
    if path.is_dir():
        return judged(compare_tables(_folder(path)), beside)
    if path.stat().st_size > signed.LARGEST:
        raise RuleError(_("Die Datei ist zu groß für einen Bericht."))
    return verify(path.read_bytes(), beside=beside, name=str(path))


def _printed(packages: Sequence[Released], released: Released) -> bytes:
    """The PDF of a release, which compares it with the earlier ones of its scope."""
    others = {each.digest: each.package for each in packages if each.digest != released.digest}
    return paper(released, {key: each for key, each in others.items() if each.scope == released.package.scope})


def _folder(path: Path) -> dict[str, bytes]:
    """The files of an unpacked CSV form by name."""
    if not (path / bundle.MANIFEST).is_file():
        raise RuleError(_("Der Ordner enthält keine Tabellen eines Berichts: %(name)s fehlt.", name=bundle.MANIFEST))
    inner = sorted(each for each in path.rglob("*") if each.is_file())
    if len(inner) > _LARGEST_FOLDER or sum(each.stat().st_size for each in inner) > 5 * signed.LARGEST:
        raise RuleError(_("Der Ordner enthält mehr, als ein Bericht hat."))
    return {each.relative_to(path).as_posix(): each.read_bytes() for each in inner}


def _tell(path: Path, verdict: Verdict) -> None:
    number = verdict.number or _("ohne Nummer")
    kind = KINDS[verdict.kind]
    if verdict.genuine and verdict.confirmed:
        click.echo(_("%(path)s: echt. %(kind)s, Bericht %(number)s.", path=path, kind=kind, number=number))
    elif verdict.genuine:
        said = _(
            "%(path)s: unverändert, Herkunft nicht geprüft. %(kind)s, Bericht %(number)s.",
            path=path,
            kind=kind,
            number=number,
        )
        click.echo(said)
    else:
        click.echo(
            _("%(path)s: NICHT echt. %(kind)s, Bericht %(number)s.", path=path, kind=kind, number=number), err=True
        )
    for problem in verdict.problems[:MOST_FINDINGS]:
        click.echo(f"  {problem}", err=True)
    if len(verdict.problems) > MOST_FINDINGS:
        click.echo(_("  … und %(count)s weitere Befunde.", count=len(verdict.problems) - MOST_FINDINGS), err=True)
    for remark in verdict.remarks:
        click.echo(_("  Hinweis: %(text)s", text=remark))
