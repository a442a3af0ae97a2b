"""What commands share: opened services, and the person on whose behalf a command runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select

from caseapp import schema
from caseapp.accounts import queries as account_queries
from caseapp.accounts.models import Membership, User
from caseapp.db import session
from caseapp.errors import ConfigurationError, RuleError
from caseapp.factory import Services, open_services
from caseapp.i18n import gettext as _
from caseapp.places import queries as place_queries
from caseapp.security.actor import Actor, Role
from caseapp.settings import Settings


@contextmanager
def services(*, immediate_jobs: bool = True) -> Iterator[Services]:
    """The services of the configured installation. Raises ConfigurationError before anything is written."""
    opened = open_services(Settings.from_env(), immediate_jobs=immediate_jobs)
    try:
        require_migrated(opened)
        yield opened
    finally:
        opened.close()


def progress_line() -> Callable[[int, int], None]:
    """What a long command tells its progress to: a line that grows on a terminal, a line every tenth elsewhere."""
    told = -1

    def tell(done: int, total: int) -> None:
        nonlocal told
        tenth = 10 * done // max(total, 1)
        if sys.stderr.isatty():
            click.echo(f"\r{done} / {total}", nl=done == total, err=True)
        elif tenth != told:
            told = tenth
            click.echo(f"{done} / {total}", err=True)

    return tell


def require_migrated(opened: Services) -> None:
    """Refuse to work on a database of another version than the code's."""
    for engine, which in (
        (opened.database.engine, "data"),
        (opened.keystore.engine, "keystore"),
    ):
        present = schema.present_version(engine)
        if present is None:
            raise ConfigurationError(
                _("Eine Datenbank ist leer. Neue Installation: „caseapp init“. Sonst: Sicherung holen.")
            )
        if present != schema.newest_version(which):
            raise ConfigurationError(_("Die Datenbank hat eine andere Version. Abhilfe: caseapp migrate"))


def actor_for(opened: Services, login: str | None) -> Actor:
    """The person named by `--as`. Only in a demo database it may be left out: the first demo caseworker then."""
    with opened.database.unit(None, write=False):
        user = _named(login) if login else _first_demo_caseworker()
        if not user.active:
            raise RuleError(_("Dieses Konto ist gesperrt."))
        user_id = user.id
    return opened.load_actor(user_id)


def _named(login: str) -> User:
    user = account_queries.find_user_by_login(login)
    if user is None:
        raise RuleError(_("Dieses Konto gibt es nicht. Prüfen Sie den Anmeldenamen hinter --as."))
    return user


def _first_demo_caseworker() -> User:
    installation = place_queries.find_installation()
    if installation is None or not installation.demo:
        raise RuleError(_("Sagen Sie mit --as ANMELDENAME, für wen der Befehl läuft."))
    user = (
        session()
        .scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.role == Role.CASEWORKER.value)
            .order_by(User.created_at, User.id)
            .limit(1)
        )
        .first()
    )
    if user is None:
        raise RuleError(_("In dieser Demo gibt es noch keine Integrationsmanagerin."))
    return user
