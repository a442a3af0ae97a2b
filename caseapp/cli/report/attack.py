"""`caseapp report attack`: what a stranger computes out of published reports, with the files and nothing else."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.attack import methods, synthetic
from caseapp.reporting.disclosure.attack.bounds import Bound
from caseapp.reporting.disclosure.attack.releases import Examined, changed, disagreements, examine, successive
from caseapp.reporting.disclosure.attack.verdict import Effort, Findings, attack
from caseapp.reporting.disclosure.errors import DisclosureError
from caseapp.reporting.disclosure.frozen import thaw
from caseapp.reporting.disclosure.published import Published
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.package import PackageError, thaw_package

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SAMPLE = 60  # small cells of each population
_SHOWN = 3  # the narrowest of them
_SYNTHETIC = {"clients": 3_500, "districts": 12, "municipalities": 90, "quarters": 8}
_SYNTHETIC_EFFORT = Effort(cells=40, rounds=6, targets=100)


@click.command("attack")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--full", is_flag=True, help="Alle kleinen Zahlen statt einer Stichprobe; das kann Stunden dauern")
@click.option("--totals", type=_FILE, default=None, help="CSV mit ags,total: Personenzahlen, die anderswo stehen")
@click.option("--seed", type=int, default=1, show_default=True, help="Anfang der Stichprobe")
@click.option("--synthetic", is_flag=True, help="Statt Dateien ein erfundenes Land über acht Quartale angreifen")
def attack_reports(files: Sequence[Path], totals: Path | None, seed: int, *, full: bool, synthetic: bool) -> None:
    """Veröffentlichte Berichte angreifen: ob sich Menschen herausrechnen lassen. Endet mit 1, wenn es gelingt."""
    if synthetic == bool(files):
        raise RuleError(_("Nennen Sie die Dateien der Berichte (JSON), oder --synthetic ohne Dateien."))
    if synthetic:
        refuted = _attack_invented(seed)
    else:
        releases = [each for path in files for each in _read(path)]
        refuted = _attack_files(releases, _totals(totals) if totals else {}, None if full else _SAMPLE, seed)
    if refuted:
        click.echo(_("Ergebnis: Der Angriff gelingt. Diese Zahlen dürfen nicht hinaus."))
        sys.exit(1)
    click.echo(_("Ergebnis: Der Angriff gelingt nicht."))


def _attack_files(releases: Sequence[Published], totals: dict[str, int], cells: int | None, seed: int) -> bool:
    """Examine each population of each release, then all of them together; whether a claim does not hold."""
    refuted = False
    for published in releases:
        geography = published.lattice.geography
        area = geography.districts[0] if len(geography.districts) == 1 else geography.state
        label = f"{area} {published.period} {published.lattice.catalogue.name}"
        with click.progressbar(length=cells or published.lattice.cells, label=label, file=sys.stderr) as bar:
            found = examine(published, totals=totals, cells=cells, seed=seed, progress=lambda: bar.update(1))
        refuted |= found.refuted
        for line in _examined(label, found):
            click.echo(line)
    for before, now in successive(releases):
        click.echo(
            _(
                "%(name)s: %(share)s %% der Zahlen sind %(now)s andere als %(before)s.",
                name=now.lattice.catalogue.name,
                share=_percent(changed(before, now)),
                now=now.period,
                before=before.period,
            )
        )
    twice = disagreements(releases)
    click.echo(
        _("Zellen, die in zwei Berichten eines Zeitraums verschiedene Zahlen haben: %(count)s", count=len(twice))
    )
    for period, grid, area in twice[:_SHOWN]:
        click.echo(f"  {period} {area} {grid}")
    return refuted or bool(twice)


def _examined(label: str, found: Examined) -> Iterator[str]:
    cells = found.published.lattice.cells
    yield _("%(label)s: %(cells)s Zellen in verbundenen Tabellen", label=label, cells=cells)
    if found.contradiction:
        yield _("  Die Zahlen widersprechen sich: Hinter ihnen kann keine Zählung stehen.")
    yield _("  Summen, die nicht aufgehen: %(broken)s von %(sums)s", broken=found.broken_sums, sums=found.sums)
    yield _(
        "  kleine Zahlen: %(tried)s von %(small)s angegriffen, genau bekannt %(exact)s, enger als 4: %(narrow)s",
        tried=len(found.bounds),
        small=found.small,
        exact=found.exact,
        narrow=found.narrow,
    )
    if found.posterior:
        yield _(
            "  Wer sonst nichts weiß, rät eine davon bestenfalls zu %(share)s %% richtig.",
            share=_percent(found.posterior),
        )
    for bound in found.bounds[:_SHOWN]:
        yield "  " + _named(found.published, bound)


def _named(published: Published, bound: Bound) -> str:
    grid, place = bound.cell
    axes = (published.lattice.geography.areas(grid.level), *published.lattice.catalogue.axes(grid))
    rest, codes = place, []
    for axis in reversed(axes):
        rest, index = divmod(rest, len(axis))
        codes.append(axis[index])
    name = " ".join(reversed(codes))
    return _("%(name)s: %(lowest)s bis %(highest)s", name=name, lowest=bound.lowest, highest=bound.highest)


def _attack_invented(seed: int) -> bool:
    """The control must be broken, the engine must hold, in quarters and in years; whether one of them is not so."""
    state = synthetic.invent(**_SYNTHETIC, seed=seed)
    ways = (
        (_("nur 1 und 2 unterdrückt"), methods.suppression(seed), True),
        (_("dieses Programm"), methods.engine(seed), False),
    )
    failed = False
    for catalogue, name in ((synthetic.QUARTERLY, _("Quartale")), (synthetic.YEARLY, _("Jahre"))):
        for way, method, breakable in ways:
            with click.progressbar(length=1, label=f"{name}, {way}", file=sys.stderr) as bar:
                found = attack(method, state, catalogue, seed=seed, effort=_SYNTHETIC_EFFORT)
                bar.update(1)
            broken = bool(found.refuted())
            verdict = _("gebrochen") if broken else _("hält")
            click.echo(f"{name}, {way}: {verdict}")
            for line in _found(found):
                click.echo(f"  {line}")
            failed |= broken is not breakable
    return failed


def _found(found: Findings) -> Iterator[str]:
    joiner, members = found.joiner, found.members
    yield _(
        "kleine Zahlen genau bekannt: %(exact)s %%, enger als 4: %(narrow)s %% (von %(cells)s)",
        exact=_percent(found.exact),
        narrow=_percent(found.narrow),
        cells=len(found.bounds),
    )
    yield _(
        "Thema einer Person, die kommt oder geht: %(success)s %% richtig, ohne Berichte %(prior)s %% "
        "(%(trials)s Versuche, sicherste Vermutung %(surest)s %%)",
        success=_percent(joiner.success),
        prior=_percent(joiner.prior),
        trials=joiner.trials,
        surest=_percent(joiner.surest),
    )
    yield _(
        "kleine Zahlen aus acht Berichten: %(all)s %% richtig, aus einem %(one)s %%",
        all=_percent(found.averages.from_all),
        one=_percent(found.averages.from_one),
    )
    yield _(
        "ob jemand gezählt ist, wenn man alle anderen kennt: %(success)s %% richtig", success=_percent(members.success)
    )
    yield _("unveränderte Zellen mit anderer Zahl: %(share)s %%", share=_percent(found.flip_share))
    yield _(
        "Summen, die nicht aufgehen: %(sums)s; Zellen mit zwei Zahlen: %(twice)s",
        sums=found.broken_sums,
        twice=found.disagreements,
    )


def _read(path: Path) -> list[Published]:
    """The populations of a file: a signed report, a package, or one frozen release. RuleError if it is none."""
    content = path.read_bytes()
    try:
        return [each.published for each in signed.read(content).package.figures]
    except PackageError:
        pass
    try:
        return [each.published for each in thaw_package(content).figures]
    except PackageError:
        pass
    try:
        return [thaw(content)]
    except DisclosureError:
        raise RuleError(_("%(name)s ist kein Bericht dieses Programms.", name=path.name)) from None


def _totals(path: Path) -> dict[str, int]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["ags"].strip(): int(row["total"]) for row in csv.DictReader(file)}
    except (KeyError, ValueError, AttributeError, TypeError):
        raise RuleError(_("%(name)s braucht die Spalten ags und total mit ganzen Zahlen.", name=path.name)) from None


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".replace(".", ",")
