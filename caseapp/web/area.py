"""The first gate: pages that cannot be registered without saying who may see them.

`Area.page` also opens the unit of work: a request that writes is committed once, if the answer is no error.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, jobs
from caseapp.errors import ForbiddenError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin
from caseapp.web.forms import RESTORED

View = Callable[..., ResponseReturnValue]
# All that a person may reach while somebody else still knows the password.
_BEFORE_OWN_PASSWORD = frozenset({"accounts.password", "accounts.sign_out"})
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Uploads:
    """How much a page takes, in bytes: the largest single file, and a whole request."""

    largest: int
    together: int


class Area(Blueprint):
    """A blueprint whose pages declare their permission; `permission=None` says aloud that a page is public."""

    def page(
        self,
        rule: str,
        *,
        permission: Permission | None,
        methods: tuple[str, ...] = ("GET",),
        own_units: bool = False,
        only_reads: bool = False,
        uploads: Uploads | None = None,
    ) -> Callable[[View], View]:
        """Register a view at `rule`. The view runs inside a unit of work with the actor's row scope.

        `own_units` is for pages that open their own short ones (signing in: no lock while a password is hashed).
        `only_reads`: also a POST takes no write lock (a search is posted to keep its words out of addresses).
        `uploads`: the page takes large files, which are sealed on the disk while they arrive (`web.uploads`).
        """

        def register(view: View) -> View:
            @functools.wraps(view)
            def guarded(**values: Any) -> ResponseReturnValue:
                refused = _open_door(permission)
                if refused is not None:
                    return refused
                if RESTORED in request.form and "GET" not in methods:
                    # Typed text from before a sign-in is shown again in its form; a bare button is not pressed again.
                    return redirect("/")
                writes = request.method in _WRITING and not only_reads
                return view(**values) if own_units else _run(view, values, writes=writes)

            guarded.permission = permission  # type: ignore[attr-defined]
            guarded.uploads = uploads  # type: ignore[attr-defined]
            self.add_url_rule(rule, view.__name__, guarded, methods=list(methods))
            return view

        return register

    def route(self, rule: str, **options: Any) -> NoReturn:
        """Refused: it would register a page without a permission."""
        raise TypeError("use Area.page(rule, permission=...)")


def _open_door(permission: Permission | None) -> ResponseReturnValue | None:
    """What to answer instead of the page, or None. Raises ForbiddenError."""
    if permission is None:
        return None
    actor = context.find_actor()
    if actor is None:
        return signin.ask()
    if actor.must_change_password and request.endpoint not in _BEFORE_OWN_PASSWORD:
        return redirect(url_for("accounts.password"))
    if not policy.may(actor, permission):
        raise ForbiddenError(_("Für diese Seite haben Sie keine Berechtigung."))
    return None


def _run(view: View, values: dict[str, Any], *, writes: bool) -> ResponseReturnValue:
    database = context.database()
    with database.unit(context.find_actor(), write=writes) as unit:
        response = make_response(view(**values))
        if writes and response.status_code >= 400:
            unit.rollback()
    audit.write_pending(database, unit)
    if response.status_code < 400:
        context.hand_over(jobs.started(unit))
    return response


def install(app: Flask) -> None:
    """Recognise the person before each request, and refuse endpoints that declare no permission."""

    @app.before_request
    def recognise() -> None:
        if request.endpoint is None or request.endpoint == "static":
            g.actor = None
            return
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, "permission"):
            raise ForbiddenError(_("Diese Seite ist nicht freigegeben."))
        g.actor = context.identity().actor(request)

    @app.after_request
    def never_keep_personal_pages(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response
