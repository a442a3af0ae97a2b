"""Carriers, teams and accounts of the demo. All accounts share one password, hashed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sqlalchemy import select

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.accounts.models import Membership, User, UserProfile
from caseapp.db import session
from caseapp.demo.rules.plan import CarrierPlan, WorkerPlan
from caseapp.demo.rules.vocabulary import NameSet
from caseapp.i18n import lazy_gettext as _
from caseapp.places import service as places
from caseapp.places.models import CarrierProfile, Organisation, Team
from caseapp.security.actor import Role

_LOGIN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LAWS = {"FRT": "DSGVO", "LKR": "DSGVO", "GEM": "DSGVO", "SKR": "DSGVO"}


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the first carrier that is worth a visit."""

    login: str
    name: str
    role: str


# The first carrier's people. Their pages are what `make run` is for.
SIGN_INS = (
    SignIn("maier", "Eva Maier", _("Integrationsmanagement")),
    SignIn("oez", "Deniz Öz", _("Integrationsmanagement, dasselbe Team")),
    SignIn("leitung", "Lena Vogt", _("Teamleitung mit fachlicher Leitung")),
    SignIn("leitung2", "Markus Seitz", _("Teamleitung ohne fachliche Leitung")),
    SignIn("traeger", "Renate Kolb", _("Leitung des Trägers, entscheidet über Löschungen")),
    SignIn("admin", "Ulrike Haag", _("Administration")),
    SignIn("admin2", "Stefan Ott", _("Administration, zweite Person")),
    SignIn("dsb", "Katrin Petri", _("Datenschutz")),
    SignIn("koord", "Birgit Lang", _("Koordination im Kreis, baut Berichte")),
    SignIn("koord2", "Timo Frey", _("Koordination im Kreis, prüft Berichte und gibt sie frei")),
    SignIn("foerder", "Astrid Noll", _("Förderstelle, liest freigegebene Berichte")),
)


def sign_ins() -> list[SignIn]:
    """Those of `SIGN_INS` that this demo has: a very small one has a team of one."""
    return [sign_in for sign_in in SIGN_INS if accounts.find_user_by_login(sign_in.login) is not None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A caseworker's place: everything that the files of this person need."""

    organisation_id: UUID
    team_id: UUID
    worker_id: UUID
    worker_name: str
    plan: WorkerPlan
    leads_team: bool  # the first of the team; holds the samples of rare cases


class Staff:
    """Enters carriers, teams and people one after the other."""

    def __init__(self, names: NameSet, password_hash: str, seed: int, today: dt.date) -> None:
        self._names, self._hash, self._today = names, password_hash, today
        self._rng = Random(f"{seed}|staff")
        self._logins: set[str] = {sign_in.login for sign_in in SIGN_INS}
        self._fixed = list(SIGN_INS)

    def enter(self, plan: CarrierPlan, *, first: bool) -> tuple[Organisation, list[Desk]]:
        """A carrier with its teams and people; one Desk for each caseworker."""
        organisation = places.add_organisation(_profile(plan))
        desks: list[Desk] = []
        for team_plan in plan.teams:
            team = places.add_team(organisation, team_plan.name)
            workers = [self._person(organisation, team, Role.CASEWORKER) for _worker in team_plan.workers]
            desks += [
                Desk(organisation.id, team.id, worker.id, worker.profile.name, worker_plan, leads_team=not place)
                for place, (worker, worker_plan) in enumerate(zip(workers, team_plan.workers, strict=True))
            ]
            self._lead(organisation, team, first=first and team_plan is plan.teams[0])
        self._person(organisation, None, Role.DPO)
        admin = self._person(organisation, None, Role.ADMIN)
        if first:
            self._person(organisation, None, Role.ADMIN)
            self._person(organisation, None, Role.LEAD)
            self._fixed.clear()
            self._waiting(organisation, admin)
        session().flush()
        return organisation, desks

    def _lead(self, organisation: Organisation, team: Team, *, first: bool) -> None:
        self._person(organisation, team, Role.LEAD, professional=True)
        if first:
            self._person(organisation, team, Role.LEAD)

    def _waiting(self, organisation: Organisation, admin: User) -> None:
        """A new colleague whose duty still needs the second person."""
        new = self._person(organisation, None, Role.CASEWORKER)
        duty = session().scalars(select(Membership).where(Membership.user_id == new.id)).one()
        duty.requested_by, duty.confirmed_at, duty.valid_from = admin.id, None, self._today

    def _person(self, organisation: Organisation, team: Team | None, role: Role, *, professional: bool = False) -> User:
        login, name = self._identity(_fixed_logins(role, professional=professional, whole=team is None))
        now = clock.now()
        user = User(
            login_digest=accounts.login_digest(login),
            password_hash=self._hash,
            must_change_password=False,
            created_at=now,
            profile=UserProfile(login=login, name=name, email=f"{login}@example.org"),
        )
        session().add(user)
        session().flush()
        session().add(
            Membership(
                user_id=user.id,
                organisation_id=organisation.id,
                team_id=team.id if team else None,
                role=role.value,
                professional_lead=professional,
                valid_from=self._today - dt.timedelta(days=1_500),
                requested_at=now,
                confirmed_at=now,
            )
        )
        return user

    def _identity(self, fitting: tuple[str, ...]) -> tuple[str, str]:
        """Login and name: one of the fixed ones where it fits, else drawn."""
        for sign_in in self._fixed:
            if sign_in.login in fitting:
                self._fixed.remove(sign_in)
                return sign_in.login, sign_in.name
        given = self._rng.choice((*self._names.women, *self._names.women, *self._names.men)).latin
        family = self._rng.choice(self._names.families).latin
        return next(login for login in _logins(family) if self._free(login)), f"{given} {family}"

    def _free(self, login: str) -> bool:
        if login in self._logins:
            return False
        self._logins.add(login)
        return True


def _fixed_logins(role: Role, *, professional: bool, whole: bool) -> tuple[str, ...]:
    if role is Role.LEAD and whole:
        return ("traeger",)
    if role is Role.LEAD:
        return ("leitung",) if professional else ("leitung2",)
    return {Role.CASEWORKER: ("maier", "oez"), Role.ADMIN: ("admin", "admin2"), Role.DPO: ("dsb",)}[role]


def _logins(family: str) -> Iterator[str]:
    bare = family.casefold().translate(_LOGIN_LETTERS)
    yield bare
    number = 2
    while True:
        yield f"{bare}{number}"
        number += 1


def _profile(plan: CarrierPlan) -> CarrierProfile:
    return CarrierProfile(
        name=plan.name,
        kind=plan.kind,
        ags=plan.ags,
        controller=plan.name,
        data_protection_officer="datenschutz@example.org",
        supervisory_authority="Landesbeauftragter für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
        law=_LAWS[plan.kind],
        legal_basis="Art. 6 Abs. 1 Buchst. e DSGVO, § 18 Abs. 2 FlüAG, § 4 LDSG",
        notice_version="1",
    )
