"""Recognising people by their session cookie: what `web` asks for, implemented with this slice's tables."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Request, Response

from caseapp import clock
from caseapp.accounts import queries
from caseapp.accounts.models import WebSession
from caseapp.accounts.rules import Clocks
from caseapp.accounts.service import touch
from caseapp.db import Database
from caseapp.security.actor import Actor, Openings
from caseapp.settings import Settings

COOKIE = "caseapp_session"


class SessionIdentity:
    """Sessions as rows of their own: dead at sign-out, after the time-outs, and as soon as the account is disabled."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clocks: Clocks,
        openings: Callable[[UUID], Openings],
    ) -> None:
        self._database, self._settings, self._clocks, self._openings = (
            database,
            settings,
            clocks,
            openings,
        )

    def alive(self, web_session: WebSession) -> bool:
        """Whether the session would still be recognised."""
        return web_session.ended_at is None and self._clocks.alive(
            created_at=web_session.created_at, seen_at=web_session.seen_at, now=clock.now()
        )

    def actor(self, request: Request) -> Actor | None:
        """The signed-in person, or None."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with self._database.unit(None, write=False):
            found = queries.find_session(token)
            if found is None:
                return None
            if not found.user.active or not self.alive(found.web_session):
                return None
            actor = queries.actor_of(
                found.user,
                found.memberships,
                openings=self._openings(found.user.id),
                carriers=found.carriers,
            )
        touch(self._database, found.web_session)
        return actor

    def last_user(self, request: Request) -> UUID | None:
        """Whose session the cookie belonged to, ended or not."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with self._database.unit(None, write=False):
            found = queries.find_session(token)
            return found.user.id if found else None

    def remember(self, response: Response, token: str) -> None:
        """Give the browser its token, for this browser session only."""
        response.set_cookie(
            COOKIE,
            token,
            httponly=True,
            samesite="Lax",
            secure=self._settings.secure_cookies,
            path="/",
        )

    def clear(self, response: Response) -> None:
        """Take the token back."""
        response.delete_cookie(
            COOKIE,
            httponly=True,
            samesite="Lax",
            secure=self._settings.secure_cookies,
            path="/",
        )
