"""Setting up carriers and teams: the operator's commands and the administrator's page."""

from __future__ import annotations

import datetime as dt
import unicodedata
from uuid import UUID

from caseapp import audit
from caseapp.db import new_id, session
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keystore import KeyStore
from caseapp.places import queries
from caseapp.places.models import (
    CarrierProfile,
    Installation,
    Organisation,
    Team,
    TeamProfile,
)
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_LONGEST_NAME = 200
_NO_TEXT = frozenset({"Cc", "Cs"})  # control characters and halves of characters


def add_organisation(profile: CarrierProfile) -> Organisation:
    """A new carrier with its own key. An operator's act on the machine itself, therefore without an actor."""
    _check_profile(profile)
    if queries.find_organisation_by_name(profile.name):
        raise RuleError(_("Einen Träger mit diesem Namen gibt es schon."), field="name")
    organisation = Organisation(id=new_id(), created_at=dt.datetime.now(dt.UTC), profile=profile)
    keystore: KeyStore = session().info["keystore"]
    keystore.keyring.add_organisation(organisation.id)
    session().add(organisation)
    session().flush()
    audit.record("organisation:add", organisation_id=organisation.id)
    return organisation


def add_team(organisation: Organisation, name: str, *, team_id: UUID | None = None) -> Team:
    """A new team of the carrier. An operator's act, like `add_organisation`."""
    _check_name(name)
    if queries.find_team_by_name(organisation.id, name):
        raise RuleError(_("Ein Team mit diesem Namen gibt es schon."), field="name")
    team = Team(
        id=team_id,
        organisation_id=organisation.id,
        created_at=dt.datetime.now(dt.UTC),
        profile=TeamProfile(name=name.strip()),
    )
    session().add(team)
    session().flush()
    audit.record("team:add", organisation_id=organisation.id)
    return team


def change_profile(actor: Actor, organisation: Organisation, profile: CarrierProfile, *, revision: int) -> None:
    """Replace the carrier's profile. Raises ConflictError if it was changed since `revision` was read."""
    policy.require_in(actor, Permission.ORGANISATION_EDIT, organisation.id)
    if organisation.profile_rev != revision:
        raise ConflictError(_("Jemand hat das Profil inzwischen geändert. Laden Sie die Seite neu."))
    _check_profile(profile)
    organisation.profile = profile
    session().flush()
    audit.record("organisation:change", organisation_id=organisation.id)


def open_team(actor: Actor, organisation_id: UUID, name: str, *, team_id: UUID) -> Team:
    """A new team, by the carrier's administrator. Repeated with the same id, the team that is already there."""
    policy.require_in(actor, Permission.ORGANISATION_EDIT, organisation_id)
    stored = queries.find_team(team_id)
    return stored or add_team(queries.get_organisation(organisation_id), name, team_id=team_id)


def _check_profile(profile: CarrierProfile) -> None:
    _check_name(profile.name)
    places = queries.gazetteer()
    if profile.ags and profile.ags not in places.municipalities and profile.ags not in places.districts:
        raise RuleError(_("Diesen Gemeindeschlüssel gibt es in Baden-Württemberg nicht."), field="ags")


def _check_name(name: str) -> None:
    if not name.strip():
        raise RuleError(_("Geben Sie einen Namen ein."), field="name")
    if len(name) > _LONGEST_NAME or any(unicodedata.category(sign) in _NO_TEXT for sign in name):
        raise RuleError(
            _("Der Name braucht eine Zeile mit höchstens %(most)s Zeichen.", most=_LONGEST_NAME), field="name"
        )


def mark_installation(*, demo: bool) -> Installation:
    """Say once what this database is. Raises RuleError if it is already said."""
    if queries.find_installation() is not None:
        raise RuleError(_("Diese Datenbank ist schon eingerichtet."))
    installation = Installation(created_at=dt.datetime.now(dt.UTC), demo=demo)
    session().add(installation)
    session().flush()
    return installation
