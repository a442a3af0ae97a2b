"""The first gate: pages that cannot be registered without saying who may see them.

`Area.page` also opens the unit of work: a request that writes is committed once, if the answer is no error.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

from flask import Blueprint, Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.errors import ForbiddenError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context, signin

View = Callable[..., ResponseReturnValue]
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Area(Blueprint):
    """A blueprint whose pages declare their permission; `permission=None` says aloud that a page is public."""

    def page(
        self, rule: str, *, permission: Permission | None, methods: tuple[str, ...] = ("GET",)
    ) -> Callable[[View], View]:
        """Register a view at `rule`. The view runs inside a unit of work with the actor's row scope."""

        def register(view: View) -> View:
            @functools.wraps(view)
            def guarded(**values: Any) -> ResponseReturnValue:
                return _run(view, permission, values)

            guarded.permission = permission  # type: ignore[attr-defined]
            self.add_url_rule(rule, view.__name__, guarded, methods=list(methods))
            return view

        return register

    def route(self, rule: str, **options: Any) -> NoReturn:
        """Refused: it would register a page without a permission."""
        raise TypeError("use Area.page(rule, permission=...)")


def _run(view: View, permission: Permission | None, values: dict[str, Any]) -> ResponseReturnValue:
    actor = context.find_actor()
    if permission is not None:
        if actor is None:
            return signin.ask()
        if not policy.may(actor, permission):
            raise ForbiddenError(_("Für diese Seite haben Sie keine Berechtigung."))
    database = context.database()
    writes = request.method in _WRITING
    with database.unit(actor, write=writes) as unit:
        response = make_response(view(**values))
        if writes and response.status_code >= 400:
            unit.rollback()
    audit.write_pending(database, unit)
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
