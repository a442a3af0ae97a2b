"""Tables of the search for a flat: what the household looks for, and each flat that it applied for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import SHORT, Record, Sealed


class WishText(Record, frozen=True, kw_only=True):
    """What the household looks for; nothing of it is needed."""

    towns: tuple[str, ...] = ()  # AGS; none: anywhere
    rooms: int | None = None  # at least
    barrier_free: bool = False
    move_in_on: dt.date | None = None
    note: str = ""


class HousingWish(ClientBound, Base):
    """The wishes of one client's household; one row at most."""

    __tablename__ = "housing_wish"
    __table_args__ = (UniqueConstraint("client_id"),)

    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(WishText, blob="text_blob", revision="text_rev", block=SHORT)


class LeaseTrace(Record, frozen=True, kw_only=True):
    """What "Mietvertrag ab" wrote, so that it can be taken back."""

    facts: tuple[tuple[UUID, UUID], ...] = ()  # client and row of the history
    goal_id: UUID | None = None
    review_id: UUID | None = None
    contact_id: UUID | None = None
    dwelling_state: str = ""
    state: str = ""


class ApplicationText(Record, frozen=True, kw_only=True):
    """What was noted on an application, and what the lease wrote."""

    viewing_time: str = ""  # HH:MM
    viewing_task: UUID | None = None  # reminds of the viewing
    note: str = ""
    lease: LeaseTrace | None = None


class HousingApplication(ClientBound, Base):
    """A dwelling for which the household applies. `edition` rises with every change: the optimistic lock.

    `way`: carried (a sheet in the client's hand) or sent (asked by us, through a referral).
    """

    __tablename__ = "housing_application"
    __table_args__ = (Index("ix_housing_application_dwelling", "dwelling_id", "client_id"),)

    dwelling_id: Mapped[UUID] = mapped_column(Id, ForeignKey("dwelling.id"))
    goal_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("goal.id", ondelete="SET NULL"), index=True)
    referral_id: Mapped[UUID | None] = mapped_column(Id)
    way: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    reason: Mapped[str | None]  # code of the list housing_reasons
    viewing_on: Mapped[dt.date | None]
    lease_from_on: Mapped[dt.date | None]
    edition: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(ApplicationText, blob="text_blob", revision="text_rev", block=SHORT)

    @property
    def version(self) -> str:
        """Another one after every change. A form carries it along, so that no change is lost."""
        return str(self.edition)


class HousingCheck(ClientBound, Base):
    """A point of the checklist that is done, with its day."""

    __tablename__ = "housing_check"
    __table_args__ = (UniqueConstraint("application_id", "code"),)

    application_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("housing_application.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str]  # of the list housing_checklist
    done_on: Mapped[dt.date]
