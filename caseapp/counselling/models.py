"""Tables of counselling."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed
from caseapp.tallies.lines import ActivityLine, AdviceLine, AnyLine, ContactLine, PresenceLine


class ContactDetail(Record, frozen=True, kw_only=True):
    """What was talked about. `topics[0]` is the main one."""

    note: str = ""
    topics: tuple[str, ...] = ()  # codes of the list topics
    language: str = ""
    interpreter: str = ""  # code of the list interpreter_kinds
    others_present: str = ""  # people who are no clients
    address: str = ""  # of a home visit
    slip_left: bool = False  # "nicht angetroffen": a slip was left
    third_party: str = ""  # with whom, for work without the client
    third_party_kind: str = ""  # code of the list third_party_kinds
    child_interpreted: bool = False  # should not happen; asked where relatives interpret
    participants: tuple[UUID, ...] = ()  # clients of the household who took part; their files hold a link
    done_tasks: tuple[UUID, ...] = ()  # tasks that the form ticked off: what undoing opens again
    done_steps: tuple[UUID, ...] = ()  # the client's own steps that the form ticked off
    confirmed: tuple[tuple[UUID, dt.date | None], ...] = ()  # facts confirmed with it, and their days before
    started_at: str = ""  # HH:MM, where known
    leftovers: tuple[tuple[str, str], ...] = ()  # cells of an imported sheet without a field


class Contact(ClientBound, Base):
    """A contact with, or work for, one client. Other participants are links; they see date and kind only."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_day", "client_id", "on_day"),
        Index("ix_contact_worker", "worker_id", "on_day"),
    )

    worker_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("user_account.id"))
    on_day: Mapped[dt.date]
    kind: Mapped[str]  # code of the list contact_kinds
    minutes: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="valid")  # valid | cancelled | undone (taken back within ten minutes)
    import_id: Mapped[UUID | None] = mapped_column(Id, index=True)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    detail_blob: Mapped[bytes] = mapped_column("detail")
    detail_rev: Mapped[int]

    detail = Sealed(ContactDetail, blob="detail_blob", revision="detail_rev", block=LONG)
    tallied: ClassVar = ("worker_id", "on_day", "kind", "minutes", "state", "import_id", "created_at", "detail")

    def tally(self) -> AnyLine | None:
        """The contact as the figures know it, while it is valid."""
        if self.state != "valid":
            return None
        return ContactLine(
            on_day=self.on_day,
            kind=self.kind,
            topics=self.detail.topics,
            minutes=self.minutes,
            worker_id=self.worker_id,
            recorded_at=self.created_at,
            imported=self.import_id is not None,
        )


class ContactParticipant(ClientBound, Base):
    """Another client who took part: date and kind, in that client's own file. Exists while the contact is valid."""

    __tablename__ = "contact_participant"

    contact_id: Mapped[UUID] = mapped_column(Id, ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    on_day: Mapped[dt.date]
    kind: Mapped[str]
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)  # when it was said that the client took part
    tallied: ClassVar = ("on_day", "kind", "recorded_at")

    def tally(self) -> AnyLine:
        """That the client took part."""
        return PresenceLine(on_day=self.on_day, kind=self.kind, recorded_at=self.recorded_at)


class ChangeReason(Record, frozen=True, kw_only=True):
    """The reason in the worker's words, and what the contact said before."""

    text: str = ""
    before: ContactDetail | None = None
    on_day: dt.date | None = None
    kind: str = ""
    minutes: int | None = None
    cancelled: bool = False


class ContactChange(ClientBound, Base):
    """A change of a contact, or its cancelling: the history that a correction leaves behind.

    The id is that of the form that made the change: sent twice, it is stored once.
    """

    __tablename__ = "contact_change"

    contact_id: Mapped[UUID] = mapped_column(Id, ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[UUID] = mapped_column(Id)
    reason_blob: Mapped[bytes] = mapped_column("reason")
    reason_rev: Mapped[int]

    reason = Sealed(ChangeReason, blob="reason_blob", revision="reason_rev", block=LONG)


class AdviceDetail(Record, frozen=True, kw_only=True):
    """Short advice without a file: no name, ever."""

    topic: str = ""
    age_band: str = ""
    language: str = ""


class ShortAdvice(OrganisationBound, Base):
    """Kurzberatung ohne Akte."""

    __tablename__ = "short_advice"
    __table_args__ = (Index("ix_short_advice_worker", "worker_id", "on_day"),)

    worker_id: Mapped[UUID] = mapped_column(Id)
    on_day: Mapped[dt.date]
    kind: Mapped[str]
    minutes: Mapped[int | None]
    ags: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    detail_blob: Mapped[bytes] = mapped_column("detail")
    detail_rev: Mapped[int]

    detail = Sealed(AdviceDetail, blob="detail_blob", revision="detail_rev", block=SHORT)
    tallied: ClassVar = ("worker_id", "on_day", "kind", "minutes", "ags", "created_at", "detail")

    def tally(self) -> AnyLine:
        """The advice as the figures know it: nobody's line."""
        detail = self.detail
        return AdviceLine(
            on_day=self.on_day,
            kind=self.kind,
            minutes=self.minutes,
            topic=detail.topic,
            age_band=detail.age_band,
            ags=self.ags or "",
            worker_id=self.worker_id,
            recorded_at=self.created_at,
        )


class ActivityDetail(Record, frozen=True, kw_only=True):
    """An activity without a case: network, volunteers, training."""

    kind: str = ""  # code of the list activity_kinds
    text: str = ""


class Activity(OrganisationBound, Base):
    """Tätigkeit ohne Fallbezug."""

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_worker", "worker_id", "on_day"),)

    worker_id: Mapped[UUID] = mapped_column(Id)
    on_day: Mapped[dt.date]
    minutes: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    detail_blob: Mapped[bytes] = mapped_column("detail")
    detail_rev: Mapped[int]

    detail = Sealed(ActivityDetail, blob="detail_blob", revision="detail_rev", block=SHORT)
    tallied: ClassVar = ("worker_id", "on_day", "minutes", "detail")

    def tally(self) -> AnyLine:
        """The activity as the figures know it: nobody's line."""
        return ActivityLine(on_day=self.on_day, kind=self.detail.kind, minutes=self.minutes, worker_id=self.worker_id)
