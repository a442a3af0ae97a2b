"""`caseapp report confirm`, `build`, `check`, `release`, `key`: a report at the console, with the same rules."""

from __future__ import annotations

from uuid import UUID

import click

from caseapp import audit
from caseapp.cli.runtime import actor_for, services
from caseapp.db import scope
from caseapp.errors import RuleError
from caseapp.factory import Services
from caseapp.i18n import gettext as _
from caseapp.jobs import JobState, get_job, started
from caseapp.places import queries as places
from caseapp.reporting import queries, service
from caseapp.reporting.models import Report, ReportFacts, ReportState
from caseapp.reporting.rules.labels import period_label, scope_name
from caseapp.reporting.rules.package import Package
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period

_PERIOD = click.option("--period", required=True, metavar="ZEITRAUM", help="Zum Beispiel 2026-Q3 oder 2026")
_AS = click.option("--as", "login", metavar="ANMELDENAME", help="Für wen der Befehl läuft")


@click.command("confirm")
@_PERIOD
@_AS
def confirm_entries(period: str, login: str | None) -> None:
    """Bestätigen, dass die Einträge des eigenen Trägers vollständig sind."""
    asked = _period(period)
    with services() as opened:
        actor = actor_for(opened, login)
        with opened.database.unit(actor, write=True):
            carriers = policy.organisations(actor, Permission.REPORT_CONFIRM)
            if not carriers:
                raise RuleError(_("Das bestätigt die Leitung des Trägers."))
            for organisation_id in carriers:
                service.confirm(actor, organisation_id, asked)
                name = places.get_organisation(organisation_id).profile.name
                click.echo(_("%(carrier)s: %(period)s ist bestätigt.", carrier=name, period=period_label(asked)))


@click.command("build")
@_PERIOD
@_AS
def build_report(period: str, login: str | None) -> None:
    """Den Entwurf eines Zeitraums bauen. Ein älterer Entwurf wird verworfen."""
    asked = _period(period)
    with services() as opened:
        actor = actor_for(opened, login)
        with opened.database.unit(actor, write=True) as unit:
            job = service.order_build(actor, asked)
            job_id = job.id
            started(unit)
        _run(opened, actor, job_id)
        with opened.database.unit(actor, write=False):
            click.echo(_("Entwurf %(number)s ist gebaut.", number=_report(asked).number))


@click.command("check")
@_PERIOD
@_AS
@click.option("--confirm", is_flag=True, help="Als geprüft bestätigen, mit den vorgeschlagenen Sätzen")
@click.option("--back", "reason", metavar="GRUND", help="An den Bau zurückgeben")
def check_report(period: str, login: str | None, *, confirm: bool, reason: str | None) -> None:
    """Zeigen, was die zweite Person sieht; mit --confirm oder --back entscheiden."""
    if confirm and reason:
        raise click.UsageError(_("Entweder --confirm oder --back."))
    asked = _period(period)
    with services() as opened:
        actor = actor_for(opened, login)
        with opened.database.unit(actor, write=True):
            report = _draft(actor, asked)
            package, facts = queries.package_of(report), report.facts
            audit.record("report:look", detail=audit.Detail(note=report.number))
            if confirm:
                service.check(actor, report, report.version, package.sentences)
            elif reason:
                service.give_back(actor, report, report.version, reason)
    _show(package, facts)
    if confirm:
        click.echo(_("Geprüft."))
    elif reason:
        click.echo(_("Zurückgegeben; der Entwurf ist verworfen."))


@click.command("release")
@_PERIOD
@_AS
def release_report(period: str, login: str | None) -> None:
    """Den geprüften Entwurf freigeben und seine Dateien erstellen. Es gibt keinen Weg zurück."""
    asked = _period(period)
    with services() as opened:
        actor = actor_for(opened, login)
        with opened.database.unit(actor, write=True) as unit:
            report = _report(asked)
            job = service.release(actor, report, report.version)
            job_id, number, digest = job.id if job else None, report.number, report.digest
            started(unit)
        if job_id is None:
            raise RuleError(_("Bericht %(number)s ist schon freigegeben.", number=number))
        click.echo(_("Freigegeben: %(number)s, Prüfsumme %(digest)s", number=number, digest=digest))
        _run(opened, actor, job_id)


@click.command("key")
def report_key() -> None:
    """Den öffentlichen Schlüssel zeigen, mit dem Berichte dieser Installation geprüft werden."""
    with services() as opened, opened.database.unit(None, write=False):
        click.echo(service.public_key())


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError:
        raise RuleError(_("Das ist kein Zeitraum. Schreiben Sie 2026-Q3 oder 2026.")) from None


def _report(period: Period) -> Report:
    found = queries.find_report(queries.scope_here(), str(period))
    if found is None:
        raise RuleError(_("Zu %(period)s gibt es keinen Entwurf.", period=period_label(period)))
    return found


def _draft(actor: Actor, period: Period) -> Report:
    service.require(actor, Permission.REPORT_CHECK)
    report = _report(period)
    if report.state not in (ReportState.DRAFT.value, ReportState.CHECKED.value):
        raise RuleError(_("Hier gibt es keinen Entwurf, der geprüft werden kann."))
    return report


def _run(opened: Services, actor: Actor, job_id: UUID) -> None:
    """Do the job in this process. Raises RuleError with its message where it failed."""
    opened.queue.run_now(job_id, actor.user_id)
    with opened.database.unit(None, write=False) as unit, scope.everything(unit):
        job = get_job(job_id)
        if job.state == JobState.FAILED:
            raise RuleError(job.message)


def _show(package: Package, facts: ReportFacts) -> None:
    found, titles = service.sum_up(facts), {each.code: each.title_de for each in package.indicators}
    where = scope_name(package.scope, places.gazetteer())
    click.echo(f"{where}, {period_label(Period.parse(package.period))}")
    click.echo(_("Zellen: %(count)s, größte Abweichung: %(most)s", count=found.cells, most=found.largest_error))
    click.echo(
        _(
            "Weiter abweichend: %(deviating)s, ohne Wert: %(withheld)s, gekippt: %(share)s %% der unveränderten",
            deviating=found.deviating,
            withheld=found.withheld,
            share=found.flip_share,
        )
    )
    click.echo(_("Zusammen gezeigte Gemeinden: %(share)s %%", share=round(100 * facts.merged_share, 1)))
    click.echo(_("Personen ohne Gemeinde im Gebiet: %(count)s", count=facts.unknown_places))
    for each in facts.populations:
        useful = _("zu wenige Zellen ab 50")
        if each.useful.cells:
            useful = _(
                "ab 50: Median %(median)s %%, 95 %%: %(most)s %%",
                median=each.useful.median_relative,
                most=each.useful.p95_relative,
            )
        click.echo(f"  {each.indicator:<5}{titles.get(each.indicator, '')}: ± {each.largest_error}, {useful}")
    for change in facts.changes:
        click.echo(f"  {change.indicator:<5}{change.area}: {change.before} -> {change.now}")
    for sentence in package.sentences:
        click.echo(f"  „{sentence}“")
