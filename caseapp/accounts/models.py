"""People, memberships, web sessions, counters against guessing."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, Id, InstallationBound, UtcDateTime
from caseapp.sealed import SHORT, Record, Sealed


class UserProfile(Record, frozen=True, kw_only=True):
    """A person who works with the system. `login` is kept here to show it; it is looked up by its digest."""

    login: str
    name: str
    email: str = ""


class User(InstallationBound, Base):
    """An account. Disabled ones stay, because the log names them; their sessions die with the next request."""

    __tablename__ = "user_account"

    login_digest: Mapped[bytes] = mapped_column(unique=True)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    profile_blob: Mapped[bytes] = mapped_column("profile")
    profile_rev: Mapped[int]

    profile = Sealed(UserProfile, blob="profile_blob", revision="profile_rev", block=SHORT)


class Membership(InstallationBound, Base):
    """A duty of a person in an organisation. It gives no right before a second person has confirmed it."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_user", "user_id", "organisation_id"),)

    user_id: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"))
    organisation_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organisation.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("team.id"))
    role: Mapped[str]
    professional_lead: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    requested_by: Mapped[UUID | None] = mapped_column(Id)
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[UUID | None] = mapped_column(Id)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class WebSession(InstallationBound, Base):
    """A signed-in browser. Only the hash of its 256-bit token is kept."""

    __tablename__ = "web_session"

    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class SignInCounter(InstallationBound, Base):
    """Failed sign-ins of one account name or one address, both as keyed digests, since `window_start`."""

    __tablename__ = "sign_in_counter"

    subject_digest: Mapped[bytes] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_start: Mapped[dt.datetime] = mapped_column(UtcDateTime)
