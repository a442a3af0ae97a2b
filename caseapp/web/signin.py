"""What happens when a page needs a person and nobody is signed in, without losing a word that was typed.

The posted fields travel, sealed for the person whose session ended, through the sign-in form and back into their form.
They are shown again, never executed.
"""

from __future__ import annotations

import base64
from uuid import UUID

import msgspec
from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.keystore import KeyStore
from caseapp.security.vault import Place, UnreadableError
from caseapp.web import context

_BLOCK = 256
_LONGEST_PATH = 2_000
_NOT_CARRIED = frozenset({"csrf_token", "password", "_restored"})


class Carried(msgspec.Struct, frozen=True):
    """A posted form on its way through the sign-in: where it was going and what it held."""

    path: str
    fields: list[tuple[str, str]]


def ask() -> ResponseReturnValue:
    """The sign-in page. A GET comes back to its page afterwards; a POST gets its fields back into the form."""
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=_address()))
    user_id = context.identity().last_user(request)
    carried = pack(Carried(_address(), posted_fields()), user_id) if user_id else ""
    if request.headers.get("Accept", "").startswith("application/json"):
        return {"error": "signed-out"}, 401
    form = current_app.extensions["caseapp_sign_in_form"](formdata=None, carried=carried, next=_address())
    return make_response(render_template("accounts/sign_in.html", form=form, expired=True), 401)


def give_back() -> ResponseReturnValue:
    """The posted fields again, with a fresh token: for a form from before a new sign-in. Nothing is executed."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return {"error": "token"}, 403
    return render_template("accounts/carried.html", carried=Carried(_address(), posted_fields()))


def posted_fields() -> list[tuple[str, str]]:
    """Name and value of every posted field, files and secrets left out."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED]


def pack(carried: Carried, user_id: UUID) -> str:
    """The form sealed for this one person; a text for a hidden field."""
    keystore: KeyStore = current_app.extensions["caseapp_keystore"]
    sealed = keystore.keyring.installation.seal(msgspec.msgpack.encode(carried), _place(user_id), block=_BLOCK)
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def unpack(text: str, user_id: UUID) -> Carried | None:
    """The form, if it was sealed for exactly this person; None otherwise."""
    keystore: KeyStore = current_app.extensions["caseapp_keystore"]
    try:
        raw = keystore.keyring.installation.open(
            base64.urlsafe_b64decode(text.encode("ascii", "ignore")), _place(user_id)
        )
        return msgspec.msgpack.decode(raw, type=Carried)
    except (UnreadableError, ValueError, msgspec.MsgspecError):
        return None


def safe_path(path: str) -> str:
    """`path` if it leads into this application, else the start page."""
    # Browsers drop line breaks and tabs and read a backslash as a slash: "/<tab>/elsewhere" leads out.
    harmless = path.isprintable() and "\\" not in path and len(path) <= _LONGEST_PATH
    return path if harmless and path.startswith("/") and not path.startswith("//") else "/"


def _address() -> str:
    """Where this request was going, with its query: it says which draft, household or carrier a form is about."""
    return safe_path(request.full_path.rstrip("?"))


def _place(user_id: UUID) -> Place:
    return Place("carried", "fields", user_id, 0)
