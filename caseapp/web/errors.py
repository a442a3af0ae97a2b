"""Refusals become answers, in one place."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from caseapp import audit
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.web import context, signin, uploads

_log = structlog.get_logger(__name__)
_PAGES = {403, 404, 409, 413, 422, 429, 500}


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(NotFoundError, lambda _error: _page(404))
    app.register_error_handler(ForbiddenError, _forbidden)
    app.register_error_handler(ConflictError, lambda error: _page(409, str(error)))
    app.register_error_handler(RuleError, lambda error: _page(422, str(error)))
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, message: str = "") -> ResponseReturnValue:
    template = f"errors/{status if status in _PAGES else 500}.html"
    return render_template(template, message=message), status


def _forbidden(error: ForbiddenError) -> ResponseReturnValue:
    audit.record_apart(
        context.database(), context.find_actor(), "refused", detail=audit.Detail(note=request.endpoint or "")
    )
    return _page(403, str(error))


def _clash(error: IntegrityError) -> ResponseReturnValue:
    """An id that is taken by something out of this person's sight, or two saves at the same moment."""
    _log.warning("refused_by_database", endpoint=request.endpoint, exc_info=error)
    return _page(409)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    # The token dies with the session: for the person it is the same event, and the typed text must survive it.
    return signin.ask() if context.find_actor() is None else signin.give_back()


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    if status in {400, 405}:
        status = 422 if status == 400 else 404
    if status == 413:
        uploads.read_away()
    return _page(status)


def _unexpected(error: Exception) -> ResponseReturnValue:
    # The route only: addresses hold no personal data, but messages of errors might.
    _log.error("unexpected_error", endpoint=request.endpoint, kind=type(error).__name__, exc_info=error)
    return _page(500)
