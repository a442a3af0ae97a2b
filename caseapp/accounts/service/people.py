"""Changing accounts. Duties and signing in are in the modules beside this one."""

from __future__ import annotations

import secrets
from uuid import UUID

from caseapp import audit, clock
from caseapp.accounts import queries, rules
from caseapp.accounts.models import User, UserProfile
from caseapp.accounts.service.duties import DutyRequest, enter_duty
from caseapp.accounts.service.signing_in import end_sessions
from caseapp.db import session
from caseapp.errors import ForbiddenError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.passwords import hash_password, verify_password
from caseapp.security.permissions import Permission

_WORDS = (
    "ahorn birke distel eibe erle fichte ginster hasel holunder iris kiefer klee lärche linde malve minze mohn nelke"
)
_PASSWORD_WORDS = (
    *_WORDS.split(),
    *["olive", "pappel", "raps", "rose", "salbei", "tanne", "ulme", "veilchen", "weide", "wicke", "zeder", "zimt"],
)


def add_user(profile: UserProfile, password: str | None = None, *, user_id: UUID | None = None) -> tuple[User, str]:
    """A new account and its first password, which must be changed at the first sign-in. Raises RuleError.

    Without `password` one is made. The caller shows it once; it is stored nowhere.
    """
    if not profile.login.strip() or not profile.name.strip():
        raise RuleError(_("Geben Sie einen Anmeldenamen und einen Namen ein."), field="login")
    for field, text in (("login", profile.login), ("name", profile.name)):
        if problem := rules.name_problem(text):
            raise RuleError(problem, field=field)
    if queries.find_user_by_login(profile.login) is not None:
        raise RuleError(_("Diesen Anmeldenamen gibt es schon."), field="login")
    first = password or make_password()
    if problem := rules.password_problem(first, login=profile.login, name=profile.name):
        raise RuleError(problem, field="password")
    user = User(
        id=user_id,
        login_digest=queries.login_digest(profile.login),
        password_hash=hash_password(first),
        created_at=clock.now(),
        profile=profile,
    )
    session().add(user)
    session().flush()
    audit.record("user:add", detail=audit.Detail(note=user.id.hex))
    return user, first


def open_account(actor: Actor, profile: UserProfile, duty: DutyRequest, *, user_id: UUID) -> tuple[User, str]:
    """A new account with its first duty, by an administrator; the duty waits for a second person. Like `add_user`."""
    policy.require_in(actor, Permission.USERS_MANAGE, duty.organisation_id)
    user, password = add_user(profile, user_id=user_id)
    enter_duty(actor, user, duty)
    return user, password


def set_active(actor: Actor, user: User, *, active: bool) -> None:
    """Disable or enable an account; disabling ends its sessions at once."""
    organisation_id = _require_own_person(actor, user)
    if user.id == actor.user_id:
        raise RuleError(_("Ihr eigenes Konto können Sie nicht sperren."))
    user.active = active
    if not active:
        end_sessions(user.id)
    session().flush()
    _record("user:enable" if active else "user:disable", user, organisation_id)


def reset_password(actor: Actor, user: User) -> str:
    """A new first password for somebody who lost theirs; returned once. Ends their sessions."""
    organisation_id = _require_own_person(actor, user)
    if user.id == actor.user_id:
        raise RuleError(_("Ihr eigenes Kennwort ändern Sie unter „Mein Konto“."))
    password = make_password()
    user.password_hash, user.must_change_password = hash_password(password), True
    end_sessions(user.id)
    session().flush()
    _record("user:reset_password", user, organisation_id)
    return password


def change_password(actor: Actor, user: User, *, old: str, new: str, token: str = "") -> None:
    """Change one's own password; all sessions but the one of `token` end. Raises RuleError with the field at fault."""
    if user.id != actor.user_id or not verify_password(user.password_hash, old):
        raise RuleError(_("Das bisherige Kennwort stimmt nicht."), field="old")
    if problem := rules.password_problem(new, login=user.profile.login, name=user.profile.name):
        raise RuleError(problem, field="new")
    if new == old:
        raise RuleError(_("Wählen Sie ein anderes Kennwort als das bisherige."), field="new")
    user.password_hash, user.must_change_password = hash_password(new), False
    end_sessions(user.id, but=token)
    session().flush()
    audit.record("user:change_password")


def make_password() -> str:
    """Four words and a number: easy to read out, about 30 bits more than throttling lets anybody guess."""
    words = [secrets.choice(_PASSWORD_WORDS) for _count in range(4)]
    return "-".join(words) + f"-{secrets.randbelow(9000) + 1000}"


def _require_own_person(actor: Actor, user: User) -> UUID:
    """A carrier where both belong. Raises ForbiddenError, or RuleError for somebody with a duty elsewhere too.

    Whoever may set a password may sign in with it: an administrator must not get behind another carrier's wall.
    """
    mine = set(policy.organisations(actor, Permission.USERS_MANAGE))
    duties = queries.list_memberships(user.id)
    common = [duty.organisation_id for duty in duties if duty.organisation_id in mine]
    if not common:
        raise ForbiddenError(_("Diese Person gehört nicht zu Ihrem Träger."))
    if any(duty.organisation_id not in mine and not queries.is_over(duty) for duty in duties):
        raise RuleError(_("Diese Person arbeitet auch für einen anderen Träger. Wenden Sie sich an den Betrieb."))
    return common[0]


def _record(action: str, user: User, organisation_id: UUID) -> None:
    audit.record(action, organisation_id=organisation_id, detail=audit.Detail(note=user.id.hex))
