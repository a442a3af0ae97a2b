"""Duties: entered by one person, effective when a second one has confirmed them, ended by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.accounts import queries, rules
from caseapp.accounts.models import Membership, User
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places import queries as place_queries
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.permissions import Permission

_IN_TEAMS = frozenset({Role.CASEWORKER, Role.LEAD})


@dataclass(frozen=True, slots=True)
class DutyRequest:
    """A duty that somebody asks for. `team_id` None: the whole carrier."""

    organisation_id: UUID
    role: Role
    team_id: UUID | None = None
    professional_lead: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


def grant_at_setup(user: User, request: DutyRequest) -> Membership:
    """A duty given by the operator on the machine itself: the only one that needs no second person."""
    _check_request(user, request)
    membership = _new_membership(user, request, requested_by=None)
    membership.confirmed_at = clock.now()
    _keep(membership, "membership:setup")
    return membership


def grant_by_operator(user: User, request: DutyRequest) -> Membership:
    """A duty for an account that exists, entered at the console: the operator stands for the administration.

    It waits for a lead of the carrier to confirm it on the page. It holds at once, and is recorded as at the set-up,
    only where no lead but this person is there to confirm. Raises RuleError.
    """
    if not user.active:
        raise RuleError(_("Dieses Konto ist gesperrt."))
    _check_request(user, request)
    _check_held(user, request)
    membership = _new_membership(user, request, requested_by=None)
    leads = {person.user_id for person in queries.list_leads(request.organisation_id)} - {user.id}
    if not leads:
        membership.confirmed_at = clock.now()
    _keep(membership, "membership:request" if leads else "membership:setup")
    return membership


def request_duty(
    actor: Actor, colleague: queries.Colleague, request: DutyRequest, *, duty_id: UUID | None = None
) -> Membership:
    """Enter a duty for somebody of the carrier; it gives no rights until a second person confirms it.

    `duty_id` that this person holds already: that duty, as if just entered (a double click).
    """
    policy.require_in(actor, Permission.MEMBERSHIP_REQUEST, request.organisation_id)
    if not any(duty.membership.organisation_id == request.organisation_id for duty in colleague.duties):
        raise RuleError(_("Diese Person gehört nicht zu Ihrem Träger."))
    entered = next((duty.membership for duty in colleague.duties if duty.membership.id == duty_id), None)
    return entered or enter_duty(actor, colleague.user, request, duty_id=duty_id)


def enter_duty(actor: Actor, user: User, request: DutyRequest, *, duty_id: UUID | None = None) -> Membership:
    """Enter a duty, never for oneself. The services of this slice call it after their own permission."""
    if user.id == actor.user_id:
        raise RuleError(_("Für sich selbst können Sie keine Rolle eintragen. Bitten Sie eine andere Person."))
    _check_request(user, request)
    membership = _new_membership(user, request, requested_by=actor.user_id)
    membership.id = duty_id or membership.id
    _keep(membership, "membership:request")
    return membership


def confirm_duty(actor: Actor, membership: Membership) -> None:
    """Make a requested duty effective: another person than the one who entered it and the one who gets it."""
    policy.require_in(actor, Permission.MEMBERSHIP_CONFIRM, membership.organisation_id)
    if membership.confirmed_at is not None:
        return
    if queries.is_over(membership):
        raise RuleError(_("Diese Rolle ist inzwischen zurückgezogen oder abgelaufen."))
    if actor.user_id in {membership.requested_by, membership.user_id}:
        raise RuleError(_("Eine Rolle bestätigt immer eine zweite Person."))
    if not may_confirm(actor, membership):
        raise RuleError(
            _("Eine Rolle geben Teamleitung und Administration gemeinsam. Hier fehlt noch die andere Seite.")
        )
    _check_clash(membership.user_id, membership.organisation_id, Role(membership.role))
    membership.confirmed_by, membership.confirmed_at = actor.user_id, clock.now()
    session().flush()
    _record("membership:confirm", membership)


def may_confirm(actor: Actor, membership: Membership) -> bool:
    """Whether this actor is the second person that the duty waits for."""
    organisation_id, requester = membership.organisation_id, membership.requested_by
    if actor.user_id in {requester, membership.user_id}:
        return False
    # Nobody by name: the operator has entered it at the console, in the place of the administration.
    theirs = queries.roles_in(requester, organisation_id) if requester else frozenset({Role.ADMIN})
    mine = {duty.role for duty in actor.duties if duty.organisation_id == organisation_id}
    return rules.pair_suffices(theirs, mine)


def decline_duty(actor: Actor, membership: Membership) -> None:
    """Take a waiting duty off the list: refused by the second person, or withdrawn by the first."""
    policy.require_in(actor, Permission.MEMBERSHIP_CONFIRM, membership.organisation_id)
    if membership.confirmed_at is not None:
        raise RuleError(_("Diese Rolle ist schon bestätigt. Beenden kann sie die Administration."))
    _end(membership, "membership:decline")


def end_duty(actor: Actor, membership: Membership) -> None:
    """End a duty with yesterday, at once. Taking rights away needs one person only; never oneself."""
    policy.require_in(actor, Permission.USERS_MANAGE, membership.organisation_id)
    if membership.user_id == actor.user_id:
        raise RuleError(_("Ihre eigene Rolle können Sie nicht beenden. Bitten Sie eine andere Administration."))
    if not queries.is_over(membership):
        _end(membership, "membership:end")


def resume_duty(actor: Actor, membership: Membership, valid_to: dt.date | None) -> None:
    """Undo `end_duty`: the duty has its former end again, as two people had decided it."""
    policy.require_in(actor, Permission.USERS_MANAGE, membership.organisation_id)
    if membership.user_id == actor.user_id or membership.valid_to != _yesterday():
        raise RuleError(_("Das lässt sich nicht mehr rückgängig machen: Die Rolle wurde inzwischen geändert."))
    _check_clash(membership.user_id, membership.organisation_id, Role(membership.role))
    membership.valid_to = valid_to
    session().flush()
    _record("membership:resume", membership)


def _check_request(user: User, request: DutyRequest) -> None:
    if request.role not in rules.GRANTABLE:
        raise RuleError(_("Diese Rolle können Sie nicht vergeben."), field="role")
    if request.team_id is not None:
        if place_queries.get_team(request.team_id).organisation_id != request.organisation_id:
            raise RuleError(_("Dieses Team gehört zu einem anderen Träger."), field="scope")
        if request.role not in _IN_TEAMS:
            raise RuleError(_("Diese Rolle gilt immer für den ganzen Träger."), field="scope")
    if request.professional_lead and request.role is not Role.LEAD:
        raise RuleError(_("Die fachliche Leitung gehört zur Rolle „Teamleitung“."), field="professional_lead")
    _check_clash(user.id, request.organisation_id, request.role)


def _check_held(user: User, request: DutyRequest) -> None:
    for held in queries.list_memberships(user.id):
        same_place = (held.organisation_id, held.team_id) == (request.organisation_id, request.team_id)
        if same_place and held.role == request.role and not queries.is_over(held):
            raise RuleError(_("Diese Rolle ist für diese Person schon eingetragen."), field="role")


def _check_clash(user_id: UUID, organisation_id: UUID, wanted: Role) -> None:
    other = rules.clashing_role(wanted, sorted(queries.roles_in(user_id, organisation_id)))
    if other is not None:
        raise RuleError(
            _(
                "„%(wanted)s“ und „%(other)s“ darf nicht dieselbe Person haben. Beenden Sie zuerst die andere Rolle.",
                wanted=rules.ROLE_LABELS[wanted],
                other=rules.ROLE_LABELS[other],
            ),
            field="role",
        )


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


def _end(membership: Membership, action: str) -> None:
    membership.valid_to = _yesterday()
    session().flush()
    _record(action, membership)


def _yesterday() -> dt.date:
    return clock.today() - dt.timedelta(days=1)


def _keep(membership: Membership, action: str) -> None:
    session().add(membership)
    session().flush()
    _record(action, membership)


def _record(action: str, membership: Membership) -> None:
    audit.record(
        action,
        organisation_id=membership.organisation_id,
        detail=audit.Detail(note=membership.role, reason=membership.user_id.hex),
    )
