"""Keeping what is being typed: the script posts here while the page is open; without it, a button does."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.db import new_id
from caseapp.drafts import service
from caseapp.drafts.forms import REGISTRY, DraftForm
from caseapp.drafts.models import Draft
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.security.policy import ClientRecord
from caseapp.web import context, signin
from caseapp.web.area import Area
from caseapp.web.messages import tell

area = Area("drafts", __name__)


# The permission that counts is that of the form itself; the service asks for it.
@area.page("/entwuerfe/<uuid:draft_id>", permission=Permission.OWN_ACCOUNT, methods=("GET", "POST", "PUT"))
def save(draft_id: UUID) -> ResponseReturnValue:
    """Keep the posted fields. Answers JSON to the script (PUT), and leads back to the form after the button (POST).

    Query: `form`, and `client` or `organisation`, and `about` for a change of a record. 410 when the record is saved.
    """
    form = _form()
    saved = form.saved_at(draft_id)
    if saved is not None:
        return redirect(saved) if request.method == "POST" else ({"state": "saved", "href": saved}, 410)
    if request.method == "GET":
        return {"state": "open"}
    return _kept(form, draft_id) if request.method == "PUT" else _kept_by_button(form, draft_id)


@area.page("/entwuerfe/<uuid:draft_id>/verwerfen", permission=Permission.OWN_ACCOUNT, methods=("POST",))
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Put a draft away; the message offers to bring it back."""
    service.discard_draft(context.actor(), draft_id)
    here = signin.safe_path(request.form.get("next", "/"))
    tell(_("Entwurf verworfen."), undo=url_for("drafts.undo", draft_id=draft_id))
    return redirect(here)


@area.page("/entwuerfe/<uuid:draft_id>/zurueck", permission=Permission.OWN_ACCOUNT, methods=("POST",))
def undo(draft_id: UUID) -> ResponseReturnValue:
    """Bring a discarded draft back and open its form with it."""
    draft = service.bring_back(context.actor(), draft_id)
    tell(_("Der Entwurf ist wieder da."))
    return redirect(_forms()[draft.form].resume(draft))


def _kept(form: DraftForm, draft_id: UUID) -> ResponseReturnValue:
    base_rev = _revision(request.headers.get("If-Match", "").strip('" '))
    if base_rev is None and not form.worth_keeping(tuple(request.form.items(multi=True))) and _client(form):
        return "", 204
    try:
        draft = _save(form, draft_id, base_rev)
    except ConflictError as conflict:
        return {"state": "conflict", "message": str(conflict)}, 409
    except RuleError as refusal:
        return {"state": "refused", "message": str(refusal)}, 413
    return {"version": draft.text_rev, "saved_at": f"{clock.local(draft.saved_at):%H:%M}"}


def _kept_by_button(form: DraftForm, draft_id: UUID) -> ResponseReturnValue:
    version = request.form.get("draft_rev", "")
    try:
        draft = _save(form, draft_id, _revision(version))
        tell(_("Entwurf gespeichert. Sie können hier weiterschreiben."))
    except ConflictError:
        # Two windows wrote on the same draft: the later one becomes a draft of its own, nothing is overwritten.
        draft = _save(form, new_id(), None)
        tell(_("In einem anderen Fenster steht ein neuerer Entwurf. Ihr Text ist ein eigener Entwurf."), "warning")
    return redirect(form.resume(draft))


def _revision(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None  # longer ones are no revisions


def _save(form: DraftForm, draft_id: UUID, base_rev: int | None) -> Draft:
    written = service.Written(
        form=form.name,
        draft_id=draft_id,
        fields=tuple(request.form.items(multi=True)),
        base_rev=base_rev,
        about=request.args.get("about", "")[:36],
    )
    return service.save_draft(
        context.actor(),
        written,
        permission=form.permission,
        client=_client(form),
        organisation_id=None if form.find_client else _argument("organisation"),
    )


def _client(form: DraftForm) -> ClientRecord | None:
    """The client file that the address names, None for forms without one. Raises NotFoundError."""
    return form.find_client(_argument("client")) if form.find_client else None


def _forms() -> dict[str, DraftForm]:
    return cast("dict[str, DraftForm]", current_app.extensions[REGISTRY])


def _form() -> DraftForm:
    try:
        return _forms()[request.args.get("form", "")]
    except KeyError:
        raise NotFoundError from None


def _argument(name: str) -> UUID:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        raise NotFoundError from None
