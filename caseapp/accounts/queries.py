"""Reading accounts, memberships and sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp import clock
from caseapp.accounts import rules
from caseapp.accounts.models import Membership, SignInCounter, User, WebSession
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.keystore import KeyStore
from caseapp.places.models import Organisation
from caseapp.security.actor import Actor, Duty, Role
from caseapp.security.vault import keyed_digest


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as lists and choices show them."""

    user_id: UUID
    name: str


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


def get_user(user_id: UUID) -> User:
    """The account. Raises NotFoundError."""
    found = session().get(User, user_id)
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


def find_session(token: str) -> FoundSession | None:
    """The session of this token, in one statement."""
    rows = session().execute(
        select(WebSession, User, Membership, Organisation)
        .join(User, User.id == WebSession.user_id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(WebSession.token_hash == token_hash(token))
        .order_by(Membership.id)
    )
    found = rows.all()
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


def list_organisation_memberships(
    organisation_id: UUID,
) -> Sequence[tuple[Membership, User]]:
    """Memberships of a carrier with their people, ended ones too."""
    rows = session().execute(
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.id)
    )
    return rows.all()


def get_membership(membership_id: UUID) -> Membership:
    """The membership. Raises NotFoundError."""
    found = session().get(Membership, membership_id)
    if found is None:
        raise NotFoundError
    return found


def list_workers(organisation_id: UUID, team_id: UUID | None = None) -> list[Person]:
    """People with an active duty as caseworker in the carrier (and team), by name."""
    people = {
        user.id: Person(user.id, user.profile.name)
        for membership, user in list_organisation_memberships(organisation_id)
        if membership.role == Role.CASEWORKER
        and user.active
        and (team_id is None or membership.team_id in {None, team_id})
        and is_active(membership)
    }
    return sorted(people.values(), key=lambda person: person.name.casefold())


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """The names of these people, disabled accounts too."""
    if not user_ids:
        return {}
    users = session().scalars(select(User).where(User.id.in_(user_ids)).order_by(User.id))
    return {user.id: user.profile.name for user in users}


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


def actor_of(
    user: User,
    memberships: Sequence[Membership],
    *,
    granted: frozenset[UUID] = frozenset(),
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
        granted=granted,
        carriers=tuple(filter(None, names)),
        must_change_password=user.must_change_password,
    )
