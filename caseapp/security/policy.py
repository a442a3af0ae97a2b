"""The third gate: one evaluator of the table of roles, asked by services and by templates alike."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from caseapp.errors import ForbiddenError
from caseapp.i18n import gettext as _
from caseapp.security.actor import Actor, Duty, Role
from caseapp.security.permissions import (
    GRANTS,
    NEEDS_PROFESSIONAL_LEAD,
    NEEDS_WHOLE_CARRIER,
    Permission,
    Reach,
)


class ClientRecord(Protocol):
    """What the policy must know of a client file. `worker_id` None: not yet assigned."""

    @property
    def client_id(self) -> UUID: ...
    @property
    def organisation_id(self) -> UUID: ...
    @property
    def team_id(self) -> UUID: ...
    @property
    def worker_id(self) -> UUID | None: ...
    @property
    def protected(self) -> bool: ...
    @property
    def closed(self) -> bool: ...


class OrganisationRecord(Protocol):
    """What the policy must know of a record that belongs to an organisation, not to a client."""

    @property
    def organisation_id(self) -> UUID: ...


# What nobody does in a closed file: it is read-only until it is reopened.
_REFUSED_WHEN_CLOSED = frozenset(
    {
        Permission.CLIENT_EDIT,
        Permission.CONTACT_WRITE,
        Permission.HOUSEHOLD_EDIT,
        Permission.CLIENT_ASSIGN,
        Permission.GOAL_ASSESS,
        Permission.AGREEMENT_SIGN,
        Permission.CONSENT_RECORD,
        Permission.LETTER_WRITE,
        Permission.REFERRAL_SEND,
        Permission.REFERRAL_BY_LAW,
    }
)

# What somebody does in a protected file who is asked whether the protection may end, or the file be erased: see whose
# it is, and decide.
_FOR_THE_ASKED = frozenset(
    {
        Permission.CLIENT_FIND,
        Permission.CLIENT_PROTECT,
        Permission.ERASURE_REQUEST,
        Permission.ERASURE_EXECUTE,
    }
)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether any duty of the actor carries the permission at all: the question of the door.

    The own account is open without a duty too: whoever waits for one still changes the password and signs out.
    """
    return permission is Permission.OWN_ACCOUNT or any(_reach(duty, permission) for duty in actor.duties)


def organisations(actor: Actor, permission: Permission) -> tuple[UUID, ...]:
    """The organisations in which the actor holds the permission, in the order of the duties."""
    return tuple(dict.fromkeys(duty.organisation_id for duty in actor.duties if _reach(duty, permission)))


def allows(actor: Actor, permission: Permission, record: ClientRecord) -> bool:
    """Whether the actor may do this with this client file."""
    if record.closed and permission in _REFUSED_WHEN_CLOSED:
        return False
    duties = [duty for duty in actor.duties if duty.organisation_id == record.organisation_id]
    mine = record.worker_id == actor.user_id or record.client_id in actor.granted
    if record.protected and not mine and not (record.client_id in actor.asked and permission in _FOR_THE_ASKED):
        return False
    return any(_covers(duty, permission, record, mine=mine) for duty in duties)


def allows_in(
    actor: Actor,
    permission: Permission,
    organisation_id: UUID,
    team_id: UUID | None = None,
    *,
    at_least: Reach = Reach.OWN,
) -> bool:
    """Whether the actor may do this in this organisation (and team), where no client is concerned.

    `at_least`: how far the permission must reach. With OWN it may concern the own cases only.
    """
    for duty in actor.duties:
        reach = _reach(duty, permission)
        if reach is None or reach < at_least or duty.organisation_id != organisation_id:
            continue
        if duty.team_id is None or team_id is None or duty.team_id == team_id or reach is Reach.ORGANISATION:
            return True
    return False


def require(actor: Actor, permission: Permission, record: ClientRecord) -> None:
    """First line of every service function on a client file. Raises ForbiddenError."""
    if not allows(actor, permission, record):
        raise ForbiddenError(_refusal())


def require_in(
    actor: Actor,
    permission: Permission,
    organisation_id: UUID,
    team_id: UUID | None = None,
) -> None:
    """First line of every service function that concerns no single client. Raises ForbiddenError."""
    if not allows_in(actor, permission, organisation_id, team_id):
        raise ForbiddenError(_refusal())


def _refusal() -> str:
    return _("Dafür haben Sie keine Berechtigung. Wenden Sie sich an Ihre Teamleitung.")


def _reach(duty: Duty, permission: Permission) -> Reach | None:
    if duty.role is Role.LEAD and permission in NEEDS_PROFESSIONAL_LEAD and not duty.professional_lead:
        return None
    if permission in NEEDS_WHOLE_CARRIER and duty.team_id is not None:
        return None
    return GRANTS[permission].get(duty.role)


def _covers(duty: Duty, permission: Permission, record: ClientRecord, *, mine: bool) -> bool:
    match _reach(duty, permission):
        case None:
            return False
        case Reach.OWN:
            return mine
        case Reach.TEAM:
            return mine or duty.team_id is None or duty.team_id == record.team_id
        case Reach.ORGANISATION:
            return True
