"""Changing accounts and memberships. Signing in is in the module beside this one."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp import audit, clock
from caseapp.accounts import queries, rules
from caseapp.accounts.models import Membership, User, UserProfile
from caseapp.accounts.service.signing_in import end_sessions
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.passwords import hash_password, verify_password
from caseapp.security.permissions import Permission

_WORDS = (
    "ahorn birke distel eibe erle fichte ginster hasel holunder iris kiefer klee lärche linde malve minze mohn nelke"
)
_PASSWORD_WORDS = (
    *_WORDS.split(),
    *["olive", "pappel", "raps", "rose", "salbei", "tanne", "ulme", "veilchen", "weide", "wicke", "zeder", "zimt"],
)


@dataclass(frozen=True, slots=True)
class DutyRequest:
    """A duty that somebody asks for. `team_id` None: the whole carrier."""

    organisation_id: UUID
    role: Role
    team_id: UUID | None = None
    professional_lead: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


def add_user(profile: UserProfile, password: str | None = None) -> tuple[User, str]:
    """A new account and its first password, which must be changed at the first sign-in. Raises RuleError.

    Without `password` one is made. The caller shows it once; it is stored nowhere.
    """
    if not profile.login.strip() or not profile.name.strip():
        raise RuleError(_("Geben Sie einen Anmeldenamen und einen Namen ein."), field="login")
    if queries.find_user_by_login(profile.login) is not None:
        raise RuleError(_("Diesen Anmeldenamen gibt es schon."), field="login")
    first = password or make_password()
    if problem := rules.password_problem(first, login=profile.login, name=profile.name):
        raise RuleError(problem, field="password")
    user = User(
        login_digest=queries.login_digest(profile.login),
        password_hash=hash_password(first),
        created_at=clock.now(),
        profile=profile,
    )
    session().add(user)
    session().flush()
    audit.record("user:add", detail=audit.Detail(note=user.id.hex))
    return user, first


def open_account(actor: Actor, organisation_id: UUID, profile: UserProfile) -> tuple[User, str]:
    """A new account, by an administrator. Like `add_user`."""
    policy.require_in(actor, Permission.USERS_MANAGE, organisation_id)
    return add_user(profile)


def grant_at_setup(user: User, request: DutyRequest) -> Membership:
    """A duty given by the operator on the machine itself: the only one that needs no second person."""
    membership = _new_membership(user, request, requested_by=None)
    membership.confirmed_at = clock.now()
    session().add(membership)
    session().flush()
    audit.record(
        "membership:setup",
        organisation_id=request.organisation_id,
        detail=audit.Detail(note=request.role),
    )
    return membership


def request_duty(actor: Actor, user: User, request: DutyRequest) -> Membership:
    """Enter a duty; it gives no rights until somebody else confirms it. Never for oneself."""
    policy.require_in(actor, Permission.USERS_MANAGE, request.organisation_id)
    if user.id == actor.user_id:
        raise RuleError(_("Für sich selbst können Sie keine Aufgabe eintragen. Bitten Sie eine andere Person."))
    membership = _new_membership(user, request, requested_by=actor.user_id)
    session().add(membership)
    session().flush()
    audit.record(
        "membership:request",
        organisation_id=request.organisation_id,
        detail=audit.Detail(note=request.role),
    )
    return membership


def confirm_duty(actor: Actor, membership: Membership) -> None:
    """Make a requested duty effective: another person than the one who entered it and the one who gets it."""
    policy.require_in(actor, Permission.MEMBERSHIP_CONFIRM, membership.organisation_id)
    if actor.user_id in {membership.requested_by, membership.user_id}:
        raise RuleError(_("Eine Aufgabe bestätigt immer eine zweite Person."))
    if membership.confirmed_at is None:
        membership.confirmed_by, membership.confirmed_at = actor.user_id, clock.now()
        session().flush()
        audit.record(
            "membership:confirm",
            organisation_id=membership.organisation_id,
            detail=audit.Detail(note=membership.role),
        )


def end_duty(actor: Actor, membership: Membership) -> None:
    """End a duty with yesterday, at once. Taking rights away needs one person only."""
    policy.require_in(actor, Permission.USERS_MANAGE, membership.organisation_id)
    membership.valid_to = clock.today() - dt.timedelta(days=1)
    session().flush()
    audit.record(
        "membership:end",
        organisation_id=membership.organisation_id,
        detail=audit.Detail(note=membership.role),
    )


def set_active(actor: Actor, organisation_id: UUID, user: User, *, active: bool) -> None:
    """Disable or enable an account of the carrier; disabling ends its sessions at once."""
    policy.require_in(actor, Permission.USERS_MANAGE, organisation_id)
    if user.id == actor.user_id:
        raise RuleError(_("Ihr eigenes Konto können Sie nicht sperren."))
    _require_member(user, organisation_id)
    user.active = active
    if not active:
        end_sessions(user.id)
    session().flush()
    audit.record("user:enable" if active else "user:disable", organisation_id=organisation_id)


def reset_password(actor: Actor, organisation_id: UUID, user: User) -> str:
    """A new first password for somebody who lost theirs; returned once. Ends their sessions."""
    policy.require_in(actor, Permission.USERS_MANAGE, organisation_id)
    if user.id == actor.user_id:
        raise RuleError(_("Ihr eigenes Kennwort ändern Sie unter „Mein Konto“."))
    _require_member(user, organisation_id)
    password = make_password()
    user.password_hash, user.must_change_password = hash_password(password), True
    end_sessions(user.id)
    session().flush()
    audit.record("user:reset_password", organisation_id=organisation_id)
    return password


def change_password(actor: Actor, user: User, *, old: str, new: str) -> None:
    """Change one's own password. Raises RuleError with the field at fault."""
    if user.id != actor.user_id or not verify_password(user.password_hash, old):
        raise RuleError(_("Das bisherige Kennwort stimmt nicht."), field="old")
    if problem := rules.password_problem(new, login=user.profile.login, name=user.profile.name):
        raise RuleError(problem, field="new")
    if new == old:
        raise RuleError(_("Wählen Sie ein anderes Kennwort als das bisherige."), field="new")
    user.password_hash, user.must_change_password = hash_password(new), False
    session().flush()
    audit.record("user:change_password")


def make_password() -> str:
    """Four words and a number: easy to read out, about 30 bits more than throttling lets anybody guess."""
    words = [secrets.choice(_PASSWORD_WORDS) for _count in range(4)]
    return "-".join(words) + f"-{secrets.randbelow(9000) + 1000}"


def _require_member(user: User, organisation_id: UUID) -> None:
    belongs = session().scalar(
        select(Membership.id)
        .where(Membership.user_id == user.id, Membership.organisation_id == organisation_id)
        .limit(1)
    )
    if belongs is None:
        raise RuleError(_("Diese Person gehört nicht zu Ihrem Träger."))


def _new_membership(user: User, request: DutyRequest, *, requested_by: UUID | None) -> Membership:
    start = request.valid_from or clock.today()
    if request.valid_to and request.valid_to < start:
        raise RuleError(_("Das Ende liegt vor dem Beginn."), field="valid_to")
    return Membership(
        user_id=user.id,
        organisation_id=request.organisation_id,
        team_id=request.team_id,
        role=request.role.value,
        professional_lead=request.professional_lead,
        valid_from=start,
        valid_to=request.valid_to,
        requested_by=requested_by,
        requested_at=clock.now(),
    )
