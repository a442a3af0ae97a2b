"""Duties: entering, confirming, ending. Two people give one: a lead and an administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseapp.accounts import queries, rules, service
from caseapp.accounts.forms import DutyForm, DutyRequestForm
from caseapp.accounts.models import Membership
from caseapp.accounts.views.area import area
from caseapp.accounts.views.choices import role_choices, scopes_of
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell

_ENDED = "duty"


@area.page("/verwaltung/personen/<uuid:user_id>/rolle", permission=Permission.USERS_MANAGE, methods=("GET", "POST"))
def new_duty(user_id: UUID) -> ResponseReturnValue:
    """A further duty for somebody of the carrier."""
    allowed = policy.organisations(context.actor(), Permission.USERS_MANAGE)
    colleague = queries.get_colleague(user_id, allowed)
    scopes = scopes_of(allowed)
    form = DutyForm(choices={"role": role_choices(), "scope": scopes.choices()})
    if form.validate_on_submit():
        try:
            service.request_duty(context.actor(), colleague, scopes.request(form), duty_id=form.form_id.data)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Rolle eingetragen. Sie gilt, sobald eine Teamleitung sie bestätigt."))
            return redirect(url_for("accounts.person", user_id=user_id))
    return render_template("accounts/duty.html", form=form, person=colleague.user), form.status


@area.page("/team/rolle", permission=Permission.MEMBERSHIP_REQUEST, methods=("GET", "POST"))
def ask_for_duty() -> ResponseReturnValue:
    """A lead asks for a duty for a colleague; the administration carries it out."""
    allowed = policy.organisations(context.actor(), Permission.MEMBERSHIP_REQUEST)
    people = {str(person.user.id): person for each in allowed for person in queries.list_colleagues(each)}
    people.pop(str(context.actor().user_id), None)
    scopes = scopes_of(allowed)
    names = {user_id: person.user.profile.name for user_id, person in people.items() if person.user.active}
    form = DutyRequestForm(choices={"person": names, "role": role_choices(), "scope": scopes.choices()})
    if form.validate_on_submit():
        try:
            service.request_duty(
                context.actor(), people[form.person.data], scopes.request(form), duty_id=form.form_id.data
            )
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            tell(_("Rolle beantragt. Sie gilt, sobald die Administration sie bestätigt."))
            return redirect(url_for("accounts.confirmations"))
    return render_template("accounts/duty.html", form=form, person=None), form.status


@area.page("/team/bestaetigen", permission=Permission.MEMBERSHIP_CONFIRM)
def confirmations() -> ResponseReturnValue:
    """Duties that wait for a second person."""
    actor = context.actor()
    allowed = policy.organisations(actor, Permission.MEMBERSHIP_CONFIRM)
    waiting = queries.list_waiting_duties(allowed)
    mine = [duty for duty in waiting if service.may_confirm(actor, duty.membership)]
    return render_template(
        "accounts/confirmations.html",
        mine=mine,
        others=[duty for duty in waiting if duty not in mine],
        scopes=scopes_of(allowed),
        roles=rules.ROLE_LABELS,
        names=queries.names_of({duty.membership.requested_by for duty in waiting if duty.membership.requested_by}),
    )


@area.page("/team/bestaetigen/<uuid:membership_id>", permission=Permission.MEMBERSHIP_CONFIRM, methods=("POST",))
def confirm(membership_id: UUID) -> ResponseReturnValue:
    """Confirm a duty that somebody else has entered."""
    membership = _get_duty(membership_id, Permission.MEMBERSHIP_CONFIRM)
    _attempt(lambda: service.confirm_duty(context.actor(), membership), _("Bestätigt. Die Rolle gilt."))
    return redirect(url_for("accounts.confirmations"))


@area.page(
    "/team/bestaetigen/<uuid:membership_id>/ablehnen", permission=Permission.MEMBERSHIP_CONFIRM, methods=("POST",)
)
def decline(membership_id: UUID) -> ResponseReturnValue:
    """Refuse a duty, or withdraw one's own request."""
    membership = _get_duty(membership_id, Permission.MEMBERSHIP_CONFIRM)
    _attempt(lambda: service.decline_duty(context.actor(), membership), _("Die Rolle ist von der Liste genommen."))
    return redirect(url_for("accounts.confirmations"))


@area.page("/verwaltung/rollen/<uuid:membership_id>/beenden", permission=Permission.USERS_MANAGE, methods=("POST",))
def end_duty(membership_id: UUID) -> ResponseReturnValue:
    """End a duty at once."""
    membership = _get_duty(membership_id, Permission.USERS_MANAGE)
    before = membership.valid_to.isoformat() if membership.valid_to else ""
    token = undo.sign(_ENDED, membership.id.hex, before)
    back = url_for("accounts.resume_duty", membership_id=membership_id, token=token)
    _attempt(lambda: service.end_duty(context.actor(), membership), _("Rolle beendet."), back)
    return redirect(url_for("accounts.person", user_id=membership.user_id))


@area.page(
    "/verwaltung/rollen/<uuid:membership_id>/fortsetzen/<token>",
    permission=Permission.USERS_MANAGE,
    methods=("POST",),
)
def resume_duty(membership_id: UUID, token: str) -> ResponseReturnValue:
    """Undo the ending of a duty."""
    membership = _get_duty(membership_id, Permission.USERS_MANAGE)

    def resume() -> None:
        ended, before = undo.read(_ENDED, token)
        if ended != membership.id.hex:
            raise RuleError(_("Das lässt sich nicht mehr rückgängig machen."))
        service.resume_duty(context.actor(), membership, dt.date.fromisoformat(before) if before else None)

    _attempt(resume, _("Die Rolle gilt wieder wie vorher."))
    return redirect(url_for("accounts.person", user_id=membership.user_id))


def _get_duty(membership_id: UUID, permission: Permission) -> Membership:
    return queries.get_duty(membership_id, policy.organisations(context.actor(), permission))


def _attempt(action: Callable[[], None], done: str, back: str = "") -> None:
    """Carry out a button's action and say on the next page how it went."""
    try:
        action()
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        tell(done, undo=back)
