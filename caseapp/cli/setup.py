"""Setting an installation up: keys, schema, carriers, teams, people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from caseapp import audit, clock, schema
from caseapp.accounts import queries as account_queries
from caseapp.accounts import service as accounts
from caseapp.accounts.models import UserProfile
from caseapp.catalogue import queries as catalogue
from caseapp.cli.runtime import progress_line, services
from caseapp.db import everything
from caseapp.errors import RuleError
from caseapp.factory import Services, open_services
from caseapp.i18n import gettext as _
from caseapp.places import queries as place_queries
from caseapp.places import service as places
from caseapp.places.models import CarrierProfile
from caseapp.security.actor import Role
from caseapp.security.keyring import Keyring
from caseapp.security.signing import BrokenChainError
from caseapp.settings import Settings
from caseapp.tallies import queries as tallies
from caseapp.tallies.service import rebuild


def prepare(settings: Settings, *, demo: bool) -> None:
    """Make keys if there are none and bring both databases to the newest version. Repeating it changes nothing."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (settings.keys_dir / "root.key").exists():
        _refuse_lost_keys(settings)
        Keyring.create(settings.keys_dir)
    opened = open_services(settings)
    try:
        _refuse_halves(opened)
        schema.migrate_all(settings)
        with opened.database.unit(None, write=True):
            if place_queries.find_installation() is None:
                places.mark_installation(demo=demo)
        _fill_lines(opened)
        _seal_log(opened)
    finally:
        opened.close()


def _refuse_lost_keys(settings: Settings) -> None:
    """New keys beside old data would hide that the old ones are lost."""
    if (settings.data_dir / "keystore.db").exists() or schema.is_set_up(settings.keystore_url):
        raise RuleError(
            _(
                "Es gibt schon Daten, aber keinen Schlüssel in %(folder)s. Spielen Sie ihn aus der Sicherung zurück.",
                folder=settings.keys_dir,
            )
        )


def _refuse_halves(opened: Services) -> None:
    """An empty database beside one that is in use was lost: setting it up anew would hide that."""
    has_data = schema.present_version(opened.database.engine) is not None
    has_keystore = schema.present_version(opened.keystore.engine) is not None
    if has_data and not has_keystore:
        raise RuleError(
            _("Es gibt Daten, aber der Schlüsselspeicher ist leer. Spielen Sie beide aus der Sicherung zurück.")
        )
    if has_keystore and not has_data and opened.keystore.holds_keys():
        raise RuleError(_("Es gibt Schlüssel von Akten, aber keine Daten. Spielen Sie beide aus der Sicherung zurück."))


@click.command()
def init() -> None:
    """Schlüssel und Datenbanken einer neuen Installation anlegen."""
    settings = Settings.from_env()
    prepare(settings, demo=False)
    click.echo(
        _(
            "Eingerichtet: Daten in %(data)s, Schlüssel in %(keys)s.",
            data=settings.data_dir,
            keys=settings.keys_dir,
        )
    )
    click.echo(_("Sichern Sie die Schlüssel getrennt von den Daten. Weiter mit: caseapp org add NAME"))


@click.command()
def migrate() -> None:
    """Die Datenbanken auf die Version des Programms bringen."""
    opened = open_services(Settings.from_env())
    try:
        _refuse_halves(opened)
        if schema.present_version(opened.database.engine) is None:
            raise RuleError(_("Hier ist noch nichts eingerichtet. Abhilfe: caseapp init"))
        schema.migrate_all(opened.settings)
        _fill_lines(opened)
        _seal_log(opened)
    finally:
        opened.close()
    click.echo(_("Die Datenbanken sind auf dem neuesten Stand."))


def _fill_lines(opened: Services) -> None:
    """Let everything count that an older version recorded. Interrupted, it goes on with the next call."""
    with opened.database.unit(None, write=False) as unit, everything(unit):
        waiting = tallies.list_gaps()
    if waiting:
        click.echo(_("Die Zählzeilen der Berichte werden aus den Akten gebildet …"), err=True)
        rebuild(opened.database, waiting, progress=progress_line())


def _seal_log(opened: Services) -> None:
    """What an older version wrote without seals is taken over now: until then it looks like something slipped in."""
    try:
        audit.seal_pending(opened.database)
    except BrokenChainError as broken:
        click.echo(str(broken), err=True)


@click.group()
def org() -> None:
    """Träger."""


@org.command("add")
@click.argument("name")
@click.option("--kind", default="", help="Code der Liste carrier_kinds")
@click.option("--ags", default="", help="Amtlicher Gemeinde- oder Kreisschlüssel")
def add_organisation(name: str, kind: str, ags: str) -> None:
    """Einen Träger anlegen, mit eigenem Schlüssel."""
    if kind and not catalogue.catalogue().is_valid("carrier_kinds", kind, clock.today()):
        raise RuleError(_("Diese Art von Träger gibt es nicht. Die Codes stehen in der Liste carrier_kinds."))
    with services() as opened, opened.database.unit(None, write=True):
        places.add_organisation(CarrierProfile(name=name.strip(), kind=kind, ags=ags))
    click.echo(_("Träger angelegt. Weiter mit: caseapp team add --org NAME TEAM"))


@click.group()
def team() -> None:
    """Teams."""


@team.command("add")
@click.argument("name")
@click.option("--org", "organisation", required=True, help="Name des Trägers")
def add_team(name: str, organisation: str) -> None:
    """Ein Team anlegen."""
    with services() as opened, opened.database.unit(None, write=True):
        found = place_queries.find_organisation_by_name(organisation)
        if found is None:
            raise RuleError(_("Diesen Träger gibt es nicht. Prüfen Sie den Namen hinter --org."))
        places.add_team(found, name)
    click.echo(
        _("Team angelegt. Weiter mit: caseapp user add --org NAME --team TEAM --role caseworker --login LOGIN NAME")
    )


@click.group()
def user() -> None:
    """Konten."""


def _duty_options(command: Callable[..., None]) -> Callable[..., None]:
    decorators = (
        click.option("--login", required=True, help="Anmeldename"),
        click.option("--org", "organisation", required=True, help="Name des Trägers"),
        click.option("--team", "team_name", default=None, help="Name des Teams; leer: der ganze Träger"),
        click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])),
        click.option("--professional-lead", is_flag=True, help="Merkmal „fachliche Leitung“"),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@user.command("add")
@click.argument("name")
@_duty_options
def add_user(name: str, login: str, **duties: Any) -> None:
    """Ein Konto mit einer oder mehreren Aufgaben anlegen; das erste Kennwort wird einmal gezeigt."""
    with services() as opened, opened.database.unit(None, write=True):
        requests = _requests(**duties)
        account, password = accounts.add_user(UserProfile(login=login.strip(), name=name.strip()))
        for request in requests:
            accounts.grant_at_setup(account, request)
    click.echo(
        _(
            "Konto angelegt. Erstes Kennwort (wird nicht noch einmal gezeigt): %(password)s",
            password=password,
        )
    )


@user.command("grant")
@_duty_options
def grant(login: str, **duties: Any) -> None:
    """Einem Konto, das es schon gibt, eine oder mehrere Aufgaben eintragen; eine Teamleitung bestätigt sie."""
    with services() as opened, opened.database.unit(None, write=True):
        account = account_queries.find_user_by_login(login)
        if account is None:
            raise RuleError(_("Dieses Konto gibt es nicht. Prüfen Sie den Anmeldenamen hinter --login."))
        granted = [accounts.grant_by_operator(account, request) for request in _requests(**duties)]
        waiting = any(membership.confirmed_at is None for membership in granted)
    if waiting:
        click.echo(_("Eingetragen. Die Rolle gilt, sobald eine Teamleitung sie unter „Rollen bestätigen“ bestätigt."))
    else:
        click.echo(_("Eingetragen. Die Rolle gilt sofort: Es gibt keine andere Teamleitung, die bestätigen könnte."))


def _requests(
    organisation: str, team_name: str | None, roles: tuple[str, ...], *, professional_lead: bool
) -> list[accounts.DutyRequest]:
    """What the command line asks for, a request a role. Raises RuleError for a carrier or team that does not exist."""
    found = place_queries.find_organisation_by_name(organisation)
    if found is None:
        raise RuleError(_("Diesen Träger gibt es nicht. Prüfen Sie den Namen hinter --org."))
    found_team = place_queries.find_team_by_name(found.id, team_name) if team_name else None
    if team_name and found_team is None:
        raise RuleError(_("Dieses Team gibt es nicht. Prüfen Sie den Namen hinter --team."))
    if professional_lead and Role.LEAD not in roles:
        raise RuleError(_("Die fachliche Leitung gehört zur Rolle „Teamleitung“."))
    return [
        accounts.DutyRequest(
            organisation_id=found.id,
            role=Role(role),
            team_id=found_team.id if found_team else None,
            professional_lead=professional_lead and role == Role.LEAD,
        )
        for role in dict.fromkeys(roles)
    ]
