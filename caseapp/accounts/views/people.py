"""People of the carrier: accounts and what the administration does with them. No page here knows a client."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.accounts import queries, rules, service
from caseapp.accounts.forms import PersonForm
from caseapp.accounts.models import UserProfile
from caseapp.accounts.queries import Colleague
from caseapp.accounts.views.area import area
from caseapp.accounts.views.choices import role_choices, scopes_of
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

VIEWS = ("alle", "wartet", "ohne", "gesperrt")


@area.page("/verwaltung/personen", permission=Permission.USERS_MANAGE)
def people() -> ResponseReturnValue:
    """Everybody with an account in the carrier."""
    organisation_id = context.organisation_id(Permission.USERS_MANAGE)
    colleagues = queries.list_colleagues(organisation_id)
    view = request.args.get("ansicht", "alle")
    return render_template(
        "accounts/people.html",
        people=[person for person in colleagues if _in_view(person, view)],
        counts={each: sum(_in_view(person, each) for person in colleagues) for each in VIEWS},
        view=view if view in VIEWS else "alle",
        scopes=scopes_of([organisation_id]),
        roles=rules.ROLE_LABELS,
        carriers=context.carriers(Permission.USERS_MANAGE),
        organisation_id=organisation_id,
    )


@area.page("/verwaltung/personen/neu", permission=Permission.USERS_MANAGE, methods=("GET", "POST"))
def new_person() -> ResponseReturnValue:
    """A new account with its first duty; the first password is shown once, with the answer."""
    scopes = scopes_of(policy.organisations(context.actor(), Permission.USERS_MANAGE))
    form = PersonForm(choices={"role": role_choices(), "scope": scopes.choices()})
    user_id = form.form_id.data
    if form.validate_on_submit() and user_id is not None:
        if queries.find_user(user_id) is not None:
            return redirect(url_for("accounts.person", user_id=user_id))
        profile = UserProfile(login=form.login.data or "", name=form.name.data or "", email=form.email.data or "")
        try:
            user, password = service.open_account(context.actor(), profile, scopes.request(form), user_id=user_id)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return render_template("accounts/first_password.html", user=user, password=password, new=True)
    return render_template("accounts/person_new.html", form=form), form.status


@area.page("/verwaltung/personen/<uuid:user_id>", permission=Permission.USERS_MANAGE)
def person(user_id: UUID) -> ResponseReturnValue:
    """One account with its duties."""
    found = _get_person(user_id)
    people_named = {duty.membership.requested_by for duty in found.duties} | {
        duty.membership.confirmed_by for duty in found.duties
    }
    return render_template(
        "accounts/person.html",
        person=found,
        own=user_id == context.actor().user_id,
        scopes=scopes_of(dict.fromkeys(duty.membership.organisation_id for duty in found.duties)),
        roles=rules.ROLE_LABELS,
        names=queries.names_of({each for each in people_named if each is not None}),
    )


@area.page("/verwaltung/personen/<uuid:user_id>/sperren", permission=Permission.USERS_MANAGE, methods=("POST",))
def disable(user_id: UUID) -> ResponseReturnValue:
    """Lock the account; its sessions end with their next request."""
    return _set_active(user_id, active=False)


@area.page("/verwaltung/personen/<uuid:user_id>/entsperren", permission=Permission.USERS_MANAGE, methods=("POST",))
def enable(user_id: UUID) -> ResponseReturnValue:
    """Unlock the account."""
    return _set_active(user_id, active=True)


@area.page("/verwaltung/personen/<uuid:user_id>/kennwort", permission=Permission.USERS_MANAGE, methods=("POST",))
def new_password(user_id: UUID) -> ResponseReturnValue:
    """Replace a lost password; the new one is shown once, with the answer."""
    found = _get_person(user_id)
    try:
        password = service.reset_password(context.actor(), found.user)
    except RuleError as refusal:
        tell(str(refusal), "danger")
        return redirect(url_for("accounts.person", user_id=user_id))
    return render_template("accounts/first_password.html", user=found.user, password=password, new=False)


def _set_active(user_id: UUID, *, active: bool) -> ResponseReturnValue:
    found = _get_person(user_id)
    try:
        service.set_active(context.actor(), found.user, active=active)
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        text = _("Konto entsperrt.") if active else _("Konto gesperrt. Wer damit angemeldet war, ist abgemeldet.")
        back = url_for("accounts.disable" if active else "accounts.enable", user_id=user_id)
        tell(text, undo=back)
    return redirect(url_for("accounts.person", user_id=user_id))


def _get_person(user_id: UUID) -> Colleague:
    return queries.get_colleague(user_id, policy.organisations(context.actor(), Permission.USERS_MANAGE))


def _in_view(person: Colleague, view: str) -> bool:
    states = {duty.state for duty in person.duties}
    match view:
        case "wartet":
            return rules.DutyState.WAITING in states
        case "ohne":
            return not person.present
        case "gesperrt":
            return not person.user.active
        case _:
            return True
