"""A small installation: two carriers, three teams, one person for each role."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import ClassVar
from uuid import UUID

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from caseapp.accounts import queries as account_queries
from caseapp.accounts import service as accounts
from caseapp.accounts.models import UserProfile
from caseapp.cli.setup import prepare
from caseapp.db import scope
from caseapp.factory import Services, create_app, open_services
from caseapp.places import queries as place_queries
from caseapp.places import service as places
from caseapp.places.models import CarrierProfile
from caseapp.security.actor import Actor, Role
from caseapp.settings import Settings
from tests.factories.postgres import Pair

PASSWORD = "ganz geheime Testwörter 17"

# login: name, carrier, team, roles, mark "fachliche Leitung"
PEOPLE: dict[str, tuple[str, str, str | None, tuple[Role, ...], bool]] = {
    "maier": ("Eva Maier", "Musterhausen", "Nord", (Role.CASEWORKER,), False),
    "oez": ("Deniz Öz", "Musterhausen", "Nord", (Role.CASEWORKER,), False),
    "sued": ("Sonja Süd", "Musterhausen", "Süd", (Role.CASEWORKER,), False),
    "leitung": ("Lena Leitung", "Musterhausen", "Nord", (Role.LEAD,), True),
    "lead2": ("Ludwig Zweitlein", "Musterhausen", "Nord", (Role.LEAD,), False),
    "admin": ("Armin Verwalter", "Musterhausen", None, (Role.ADMIN,), False),
    "admin2": ("Anna Zweitadmin", "Musterhausen", None, (Role.ADMIN,), False),
    "dsb": ("Dora Schutz", "Musterhausen", None, (Role.DPO,), False),
    "koord": ("Kai Kreis", "Musterhausen", None, (Role.COORDINATOR,), False),
    "foerder": ("Frieda Förder", "Musterhausen", None, (Role.FUNDER,), False),
    "fremd": ("Felix Fremd", "Fremdstadt", "West", (Role.CASEWORKER,), False),
    "fremdleitung": ("Frauke Fern", "Fremdstadt", "West", (Role.LEAD,), True),
}
TEAMS = {"Musterhausen": ("Nord", "Süd"), "Fremdstadt": ("West",)}


@dataclass
class World:
    """An opened installation. Names of carriers, teams and logins lead to their ids."""

    services: Services
    organisations: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """The actor that this person is now."""
        return self.services.load_actor(self.users[login])

    @contextmanager
    def unit(self, login: str | None, *, write: bool = False) -> Iterator[Session]:
        """A unit of work as this person; None: nobody."""
        with self.services.database.unit(self.actor(login) if login else None, write=write) as unit:
            yield unit

    @contextmanager
    def unscoped(self, *, write: bool = False) -> Iterator[Session]:
        """A unit of work that sees everything: for arranging and for looking at what was stored."""
        with self.services.database.unit(None, write=write) as unit, scope.everything(unit):
            yield unit

    @cached_property
    def app(self) -> Flask:
        """Its web application, one for everybody who works on it."""
        Flask.url_rule_class = _CompiledRule
        app = create_app(services=self.services)
        app.jinja_env.bytecode_cache = _COMPILED
        return app

    @property
    def on_postgres(self) -> bool:
        """Whether its databases are PostgreSQL."""
        return self.services.database.engine.dialect.name == "postgresql"

    def close(self) -> None:
        self.services.close()


def settings_in(folder: Path, databases: Pair | None = None) -> Settings:
    """Settings of an installation below `folder`; its databases are SQLite files there unless they are given."""
    environment = databases.environment if databases else {}
    return Settings.from_env(
        {"CASEAPP_DATA": str(folder / "data"), "CASEAPP_KEYS": str(folder / "keys"), **environment}
    )


def build_template(folder: Path, databases: Pair | None = None) -> None:
    """Set an installation up in `folder` and add its people."""
    settings = settings_in(folder, databases)
    prepare(settings, demo=False)
    services = open_services(settings, immediate_jobs=True)
    with services.database.unit(None, write=True):
        for name, teams in TEAMS.items():
            organisation = places.add_organisation(CarrierProfile(name=name))
            for team in teams:
                places.add_team(organisation, team)
        for login, (name, carrier, team, roles, professional) in PEOPLE.items():
            _add_person(login, name, carrier, team, roles, professional=professional)
    services.close()


def _add_person(
    login: str, name: str, carrier: str, team: str | None, roles: tuple[Role, ...], *, professional: bool
) -> None:
    organisation = place_queries.find_organisation_by_name(carrier)
    assert organisation is not None
    found = place_queries.find_team_by_name(organisation.id, team) if team else None
    user, _password = accounts.add_user(UserProfile(login=login, name=name), PASSWORD)
    user.must_change_password = False
    for role in roles:
        accounts.grant_at_setup(
            user,
            accounts.DutyRequest(
                organisation_id=organisation.id,
                role=role,
                team_id=found.id if found else None,
                professional_lead=professional,
            ),
        )


def open_world(template: Path, folder: Path, databases: Pair | None = None) -> World:
    """A copy of the template, opened."""
    shutil.copytree(template, folder)
    world = World(open_services(settings_in(folder, databases), immediate_jobs=True))
    with world.services.database.unit(None, write=False):
        for organisation in place_queries.list_organisations():
            world.organisations[organisation.profile.name] = organisation.id
            for team in place_queries.list_teams(organisation.id):
                world.teams[team.profile.name] = team.id
        for login in PEOPLE:
            user = account_queries.find_user_by_login(login)
            assert user is not None
            world.users[login] = user.id
    return world


class _CompiledTemplates(BytecodeCache):
    """Each template is compiled once a run, not once a world: that was half of a page's first answer.

    A checksum of its source belongs to the key, so that another text is another template.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._held[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledTemplates()


class _CompiledRule(Rule):
    """A route whose function that writes addresses is compiled once a run: all worlds have the same routes."""

    _held: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, *self._trace, str(self.defaults), append_unknown)
        if key not in self._held:
            self._held[key] = super()._compile_builder(append_unknown)
        return self._held[key]


def app_of(world: World) -> Flask:
    """The web application of this installation."""
    return world.app
