"""Signing in, signing out, one's own password."""

from __future__ import annotations

from flask import (
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from caseapp.accounts import queries, service
from caseapp.accounts.forms import PasswordForm, SignInForm
from caseapp.accounts.queries import token_hash
from caseapp.accounts.rules import ROLE_LABELS
from caseapp.accounts.service import SignInRefusedError
from caseapp.accounts.views.area import area
from caseapp.accounts.views.identity import COOKIE, SessionIdentity
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.messages import tell


@area.page("/anmelden", permission=None, methods=("GET", "POST"), own_units=True)
def sign_in() -> ResponseReturnValue:
    """Sign in, then go where the person wanted to go, or give back the form that was typed before the time-out."""
    form = SignInForm(next=signin.safe_path(request.args.get("next", "/")))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form, expired=False), form.status
    try:
        signed_in = service.sign_in(
            context.database(),
            form.login.data or "",
            form.password.data or "",
            request.remote_addr or "",
            replaces=request.cookies.get(COOKIE),
        )
    except SignInRefusedError as refusal:
        form.refuse(str(refusal))
        return render_template("accounts/sign_in.html", form=form, expired=False), 429 if refusal.wait else 422
    carried = signin.unpack(form.carried.data or "", signed_in.user_id)
    if carried is not None:
        response = make_response(render_template("accounts/carried.html", carried=carried))
    elif signed_in.must_change_password:
        response = _redirect(url_for("accounts.password"))
    else:
        response = _redirect(signin.safe_path(form.next.data or "/"))
    _identity().remember(response, signed_in.token)
    return response


@area.page("/abmelden", permission=Permission.OWN_ACCOUNT, methods=("POST",))
def sign_out() -> ResponseReturnValue:
    """End the session; the browser forgets what it kept of the pages."""
    service.sign_out(request.cookies.get(COOKIE, ""))
    response = _redirect(url_for("accounts.sign_in"))
    _identity().clear(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    tell(_("Sie sind abgemeldet."))
    return response


@area.page("/konto", permission=Permission.OWN_ACCOUNT)
def profile() -> ResponseReturnValue:
    """One's own account and duties."""
    actor = context.actor()
    own = token_hash(request.cookies.get(COOKIE, ""))
    sessions = [each for each in queries.list_open_sessions(actor.user_id) if _identity().alive(each)]
    return render_template(
        "accounts/profile.html",
        user=queries.get_user(actor.user_id),
        duties=[(ROLE_LABELS[duty.role], duty.professional_lead) for duty in actor.duties],
        sessions=[(each, each.token_hash == own) for each in sessions],
    )


@area.page("/konto/abmelden", permission=Permission.OWN_ACCOUNT, methods=("POST",))
def sign_out_others() -> ResponseReturnValue:
    """End one's own sessions on other devices."""
    service.end_other_sessions(context.actor(), request.cookies.get(COOKIE, ""))
    tell(_("Alle anderen Geräte sind abgemeldet."))
    return redirect(url_for("accounts.profile"))


@area.page("/konto/kennwort", permission=Permission.OWN_ACCOUNT, methods=("GET", "POST"))
def password() -> ResponseReturnValue:
    """Change one's own password."""
    form = PasswordForm()
    user = queries.get_user(context.actor().user_id)
    if form.validate_on_submit():
        if form.new.data != form.repeat.data:
            form.refuse(_("Die beiden neuen Kennwörter sind verschieden."), field="repeat")
        else:
            try:
                service.change_password(
                    context.actor(),
                    user,
                    old=form.old.data or "",
                    new=form.new.data or "",
                    token=request.cookies.get(COOKIE, ""),
                )
            except RuleError as refusal:
                form.refuse(refusal)
            else:
                tell(_("Ihr Kennwort ist geändert. Andere Geräte sind abgemeldet."))
                return redirect("/")
    return render_template("accounts/password.html", form=form, first=user.must_change_password), form.status


def _identity() -> SessionIdentity:
    found = context.identity()
    if not isinstance(found, SessionIdentity):
        raise TypeError("the accounts pages need their own sessions")
    return found


def _redirect(target: str) -> Response:
    return make_response(redirect(target))
