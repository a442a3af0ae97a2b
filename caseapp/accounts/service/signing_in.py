"""Signing in and out. A sign-in opens its own short transactions: no lock is held while a password is hashed."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from caseapp import audit, clock
from caseapp.accounts import queries, rules
from caseapp.accounts.models import SignInCounter, User, WebSession
from caseapp.db import Database, hold, session
from caseapp.errors import CaseappError
from caseapp.i18n import gettext as _
from caseapp.security.actor import Actor
from caseapp.security.passwords import hash_password, needs_rehash, verify_password

_TOKEN_BYTES = 32
_TOUCH_AFTER = dt.timedelta(minutes=1)


class SignInRefusedError(CaseappError):
    """The sign-in is refused; `wait`: for too many attempts. The message names no reason beyond that."""

    def __init__(self, message: str, *, wait: bool = False) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: its token goes into the cookie and nowhere else."""

    token: str
    user_id: UUID
    must_change_password: bool


def sign_in(
    database: Database,
    login: str,
    password: str,
    address: str,
    *,
    replaces: str | None = None,
) -> SignedIn:
    """Check name and password and open a session; the session in `replaces` ends. Raises SignInRefusedError."""
    with database.unit(None, write=False):
        subjects = _subjects(login, address)
        if any(_is_throttled(digest, limit) for digest, limit in subjects):
            raise SignInRefusedError(
                _("Zu viele Versuche. Warten Sie 15 Minuten, oder lassen Sie sich ein neues Kennwort geben."),
                wait=True,
            )
        user = queries.find_user_by_login(login)
        stored = user.password_hash if user is not None and user.active else None
    fits = verify_password(stored, password[: rules.MAXIMUM_PASSWORD_LENGTH + 1])
    if user is None or not fits:
        with database.unit(None, write=True):
            for digest, _limit in sorted(subjects):  # always in the same order: two attempts never wait for each other
                _count_failure(digest)
            audit.record("sign_in:refused")
        raise SignInRefusedError(_("Anmeldename oder Kennwort stimmt nicht. Prüfen Sie die Schreibweise."))
    fresh_hash = hash_password(password) if needs_rehash(user.password_hash) else None
    with database.unit(None, write=True):
        return _open_session(user, subjects[0][0], fresh_hash, replaces)


def sign_out(token: str) -> None:
    """End the session of this token."""
    session().execute(
        update(WebSession)
        .where(
            WebSession.token_hash == queries.token_hash(token),
            WebSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )
    audit.record("sign_out")


def end_sessions(user_id: UUID, *, but: str = "") -> None:
    """End all web sessions of a person; the one with the token `but` goes on."""
    session().execute(
        update(WebSession)
        .where(
            WebSession.user_id == user_id,
            WebSession.ended_at.is_(None),
            WebSession.token_hash != queries.token_hash(but),
        )
        .values(ended_at=clock.now())
    )


def end_other_sessions(actor: Actor, token: str) -> None:
    """End one's own sessions on other devices; the one with this token goes on."""
    end_sessions(actor.user_id, but=token)
    audit.record("sign_out:others")


def touch(database: Database, web_session: WebSession) -> None:
    """Push the idle clock forward, at most once a minute, in a transaction of its own."""
    now = clock.now()
    if now - web_session.seen_at >= _TOUCH_AFTER:
        with database.unit(None, write=True) as unit:
            unit.execute(update(WebSession).where(WebSession.id == web_session.id).values(seen_at=now))


def _open_session(user: User, account_digest: bytes, fresh_hash: str | None, replaces: str | None) -> SignedIn:
    current = session()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock.now()
    if replaces:
        sign_out(replaces)
    current.add(
        WebSession(
            token_hash=queries.token_hash(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
        )
    )
    if counter := queries.find_counter(account_digest):
        current.delete(counter)
    if fresh_hash:
        current.execute(update(User).where(User.id == user.id).values(password_hash=fresh_hash))
    audit.record("sign_in", detail=audit.Detail(note=user.id.hex))
    return SignedIn(token=token, user_id=user.id, must_change_password=user.must_change_password)


def _subjects(login: str, address: str) -> list[tuple[bytes, int]]:
    return [
        (
            queries.counter_digest("account|" + login.strip().casefold()),
            rules.FAILURES_PER_ACCOUNT,
        ),
        (queries.counter_digest("address|" + address), rules.FAILURES_PER_ADDRESS),
    ]


def _is_throttled(digest: bytes, limit: int) -> bool:
    counter = queries.find_counter(digest)
    return counter is not None and rules.throttled(counter.failures, counter.window_start, limit=limit, now=clock.now())


def _count_failure(digest: bytes) -> None:
    hold(session(), f"sign_in:{digest.hex()}")  # many attempts at once: none goes uncounted
    now = clock.now()
    counter = queries.find_counter(digest)
    if counter is None:
        session().add(SignInCounter(subject_digest=digest, failures=1, window_start=now))
    elif now >= counter.window_start + rules.THROTTLE_WINDOW:
        counter.failures, counter.window_start = 1, now
    else:
        counter.failures += 1
