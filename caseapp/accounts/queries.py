"""Reading accounts, memberships and sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from caseapp import clock
from caseapp.accounts import rules
from caseapp.accounts.models import Membership, SignInCounter, User, WebSession
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.keystore import KeyStore
from caseapp.places.models import Organisation
from caseapp.security.actor import Actor, Duty, Openings, Role
from caseapp.security.vault import keyed_digest


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as lists and choices show them."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class DutyOfPerson:
    """A membership with the person it is for, for the pages that list and confirm duties."""

    membership: Membership
    user: User

    @property
    def state(self) -> rules.DutyState:
        """Where the duty stands today."""
        return rules.duty_state(
            confirmed=self.membership.confirmed_at is not None,
            valid_from=self.membership.valid_from,
            valid_to=self.membership.valid_to,
            today=clock.today(),
        )


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account of a carrier with its duties there, newest first."""

    user: User
    duties: tuple[DutyOfPerson, ...]

    @property
    def present(self) -> tuple[DutyOfPerson, ...]:
        """The duties that are not over."""
        return tuple(duty for duty in self.duties if duty.state is not rules.DutyState.ENDED)


def login_digest(login: str) -> bytes:
    """What a sign-in name is looked up by: never the name itself."""
    return _digest("login|" + login.strip().casefold())


def counter_digest(subject: str) -> bytes:
    """What a failure counter is kept under."""
    return _digest("counter|" + subject)


def _digest(text: str) -> bytes:
    keystore: KeyStore = session().info["keystore"]
    return keyed_digest(keystore.keyring.secret("index"), text)


def token_hash(token: str) -> bytes:
    """What a session token is looked up by. The token is random: a plain hash is enough."""
    return hashlib.sha256(token.encode("ascii", "ignore")).digest()


def find_user_by_login(login: str) -> User | None:
    """The account with this sign-in name (case ignored), or None."""
    return session().scalars(select(User).where(User.login_digest == login_digest(login))).one_or_none()


def find_user(user_id: UUID) -> User | None:
    """The account, or None."""
    return session().get(User, user_id)


def get_user(user_id: UUID) -> User:
    """The account. Raises NotFoundError."""
    found = find_user(user_id)
    if found is None:
        raise NotFoundError
    return found


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A web session, ended or not, with its person, all memberships and the carriers of these."""

    web_session: WebSession
    user: User
    memberships: list[Membership]
    carriers: dict[UUID, str]


@cache
def _session_of_token() -> Select[WebSession, User, Membership, Organisation]:
    """Made once: every page asks it first."""
    return (
        select(WebSession, User, Membership, Organisation)
        .join(User, User.id == WebSession.user_id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(WebSession.token_hash == bindparam("token_hash"))
        .order_by(Membership.id)
    )


def find_session(token: str) -> FoundSession | None:
    """The session of this token, in one statement."""
    found = session().execute(_session_of_token(), {"token_hash": token_hash(token)}).all()
    if not found:
        return None
    return FoundSession(
        web_session=found[0][0],
        user=found[0][1],
        memberships=[row[2] for row in found if row[2] is not None],
        carriers={row[3].id: row[3].profile.name for row in found if row[3] is not None},
    )


def list_memberships(user_id: UUID) -> Sequence[Membership]:
    """All memberships of a person, ended and unconfirmed ones too."""
    return session().scalars(select(Membership).where(Membership.user_id == user_id).order_by(Membership.id)).all()


def list_duties(organisation_ids: Collection[UUID]) -> list[DutyOfPerson]:
    """All memberships of these carriers with their people, ended ones too."""
    rows = session().execute(
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id.in_(organisation_ids))
        .order_by(Membership.id)
    )
    return [DutyOfPerson(membership, user) for membership, user in rows]


def list_carriers_with(role: Role) -> set[UUID]:
    """The carriers in which somebody has or had a confirmed duty of this kind."""
    wanted = select(Membership.organisation_id).where(
        Membership.role == role.value, Membership.confirmed_at.is_not(None)
    )
    return set(session().scalars(wanted.distinct().order_by(Membership.organisation_id)))


def list_colleagues(organisation_id: UUID) -> list[Colleague]:
    """The accounts of a carrier with their duties there, by name; disabled ones and those without a duty too."""
    people: dict[UUID, list[DutyOfPerson]] = {}
    for duty in list_duties([organisation_id]):
        people.setdefault(duty.user.id, []).append(duty)
    found = [Colleague(duties[0].user, _newest_first(duties)) for duties in people.values()]
    return sorted(found, key=lambda person: (person.user.profile.name.casefold(), person.user.id))


def get_colleague(user_id: UUID, organisation_ids: Collection[UUID]) -> Colleague:
    """The account with its duties in these carriers. Raises NotFoundError if it has none there."""
    rows = session().execute(
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.user_id == user_id, Membership.organisation_id.in_(organisation_ids))
        .order_by(Membership.id)
    )
    duties = [DutyOfPerson(membership, user) for membership, user in rows]
    if not duties:
        raise NotFoundError
    return Colleague(duties[0].user, _newest_first(duties))


def list_waiting_duties(organisation_ids: Collection[UUID]) -> list[DutyOfPerson]:
    """The duties in these carriers that wait for a second person, oldest request first."""
    waiting = [duty for duty in list_duties(organisation_ids) if duty.state is rules.DutyState.WAITING]
    return sorted(waiting, key=lambda duty: (duty.membership.requested_at, duty.membership.id))


def roles_in(user_id: UUID, organisation_id: UUID) -> frozenset[Role]:
    """The roles that the person has in the carrier today."""
    return frozenset(
        Role(membership.role)
        for membership in list_memberships(user_id)
        if membership.organisation_id == organisation_id and is_active(membership)
    )


def list_open_sessions(user_id: UUID) -> Sequence[WebSession]:
    """The person's web sessions that were not ended, last used first; some may have timed out."""
    return (
        session()
        .scalars(
            select(WebSession)
            .where(WebSession.user_id == user_id, WebSession.ended_at.is_(None))
            .order_by(WebSession.seen_at.desc(), WebSession.id)
        )
        .all()
    )


def _newest_first(duties: list[DutyOfPerson]) -> tuple[DutyOfPerson, ...]:
    return tuple(sorted(duties, key=lambda duty: (duty.membership.valid_from, duty.membership.id), reverse=True))


def get_duty(membership_id: UUID, organisation_ids: Collection[UUID]) -> Membership:
    """The membership, if it belongs to one of these carriers. Raises NotFoundError."""
    found = session().get(Membership, membership_id)
    if found is None or found.organisation_id not in organisation_ids:
        raise NotFoundError
    return found


def list_workers(organisation_id: UUID, team_id: UUID | None = None) -> list[Person]:
    """People with an active duty as caseworker in the carrier (and team), by name."""
    return _people(Role.CASEWORKER, organisation_id, team_id)


def list_leads(organisation_id: UUID, team_id: UUID | None = None) -> list[Person]:
    """People with an active duty as lead of the carrier (and team), by name."""
    return _people(Role.LEAD, organisation_id, team_id)


def _people(role: Role, organisation_id: UUID, team_id: UUID | None) -> list[Person]:
    people = {
        duty.user.id: Person(duty.user.id, duty.user.profile.name)
        for duty in list_duties([organisation_id])
        if duty.membership.role == role
        and duty.user.active
        and (team_id is None or duty.membership.team_id in {None, team_id})
        and is_active(duty.membership)
    }
    return sorted(people.values(), key=lambda person: person.name.casefold())


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """The names of these people, disabled accounts too; each is read once in a unit of work."""
    known: dict[UUID, str] = session().info.setdefault("names", {})
    missing = user_ids - known.keys()
    if missing:
        users = session().scalars(select(User).where(User.id.in_(missing)).order_by(User.id))
        known.update({user.id: user.profile.name for user in users})
    return {user_id: known[user_id] for user_id in user_ids & known.keys()}


def find_counter(digest: bytes) -> SignInCounter | None:
    """The failure counter kept under this digest, or None."""
    return session().scalars(select(SignInCounter).where(SignInCounter.subject_digest == digest)).one_or_none()


def is_active(membership: Membership) -> bool:
    """Whether the membership gives rights today."""
    return rules.duty_active(
        confirmed=membership.confirmed_at is not None,
        valid_from=membership.valid_from,
        valid_to=membership.valid_to,
        today=clock.today(),
    )


def is_over(membership: Membership) -> bool:
    """Whether the membership has ended, was declined or withdrawn."""
    return membership.valid_to is not None and membership.valid_to < clock.today()


def actor_of(
    user: User,
    memberships: Sequence[Membership],
    *,
    openings: Openings = Openings(),  # noqa: B008  it is frozen
    carriers: Mapping[UUID, str] | None = None,
) -> Actor:
    """The actor that this account is today."""
    active = [membership for membership in memberships if is_active(membership)]
    duties = tuple(
        Duty(
            organisation_id=membership.organisation_id,
            role=Role(membership.role),
            team_id=membership.team_id,
            professional_lead=membership.professional_lead,
        )
        for membership in active
    )
    names = dict.fromkeys((carriers or {}).get(duty.organisation_id, "") for duty in duties)
    return Actor(
        user_id=user.id,
        name=user.profile.name,
        duties=duties,
        granted=openings.granted,
        asked=openings.asked,
        notes=openings.notes,
        carriers=tuple(filter(None, names)),
        must_change_password=user.must_change_password,
    )
