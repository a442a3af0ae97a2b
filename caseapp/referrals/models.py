"""Tables of referrals, of what was disclosed by them, of requests from outside, and of wishes for volunteers.

To whom somebody was referred, and why, says much: partner and purpose stand in the sealed records, not beside them.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, ClientListed, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed
from caseapp.tallies.keys import mark
from caseapp.tallies.lines import AnyLine, ReferralLine, ReferralStepLine


class ReferralText(Record, frozen=True, kw_only=True):
    """To whom, what for, with which words. `fields` are codes of release_fields, read from the file when it leaves."""

    partner_id: UUID | None = None
    recipient: str = ""  # as typed, where the directory has nobody
    person: str = ""  # contact person at the recipient
    purpose: str = ""  # code of release_purposes
    fields: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()  # code and words of what the file does not hold; leaves word for word
    meeting_point: str = ""  # for volunteers
    note: str = ""  # stays here
    legal_basis: str = ""  # code of legal_bases, where the law says so
    release_ids: tuple[UUID, ...] = ()  # on which telling it rests


class Referral(ClientBound, Base):
    """A referral in one of four ways. `kind` tells one to an office from one to a volunteer."""

    __tablename__ = "referral"
    __table_args__ = (Index("ix_referral_running", "client_id", "state", "answer_due_on"),)

    kind: Mapped[str] = mapped_column(default="referral")  # referral | volunteer
    way: Mapped[str]  # code of referral_ways
    channel: Mapped[str] = mapped_column(default="")  # code of release_ways: how it is told; "" where nothing is
    state: Mapped[str] = mapped_column(default="proposed")  # rules.states.State
    wish_id: Mapped[UUID | None] = mapped_column(Id)  # the wish for a volunteer that it answers
    legal_id: Mapped[UUID | None] = mapped_column(Id)  # the two persons' request on which it rests
    answer_due_on: Mapped[dt.date | None]
    task_id: Mapped[UUID | None] = mapped_column(Id)  # asks after the answer
    contact_id: Mapped[UUID | None] = mapped_column(Id)  # the contact that sending it made
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(ReferralText, blob="text_blob", revision="text_rev", block=LONG)
    tallied: ClassVar = ("kind", "way", "state", "text")

    def tally(self) -> AnyLine:
        """The referral as the figures know it."""
        text = self.text
        return ReferralLine(
            referral=mark(self.id),
            kind=self.kind,
            way=self.way,
            state=self.state,
            purpose=text.purpose,
            partner_id=text.partner_id,
        )

    @property
    def version(self) -> str:
        """Another one after every change of text or state. A form carries it along, so that no change is lost."""
        return f"{self.text_rev} {self.state}"


class StepReason(Record, frozen=True, kw_only=True):
    """Why, in the worker's words."""

    text: str = ""


class ReferralStep(ClientBound, Base):
    """One change of a referral's state: who, when, why. One that was taken back stays, marked."""

    __tablename__ = "referral_step"
    __table_args__ = (Index("ix_referral_step_day", "client_id", "on_day"),)

    referral_id: Mapped[UUID] = mapped_column(Id, ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    before: Mapped[str]
    state: Mapped[str]
    on_day: Mapped[dt.date]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[UUID] = mapped_column(Id)
    undone: Mapped[bool] = mapped_column(default=False)
    reason_blob: Mapped[bytes] = mapped_column("reason")
    reason_rev: Mapped[int]

    reason = Sealed(StepReason, blob="reason_blob", revision="reason_rev", block=SHORT)
    tallied: ClassVar = ("referral_id", "state", "on_day", "undone")

    def tally(self) -> AnyLine | None:
        """The change, unless it was taken back."""
        if self.undone:
            return None
        return ReferralStepLine(referral=mark(self.referral_id), state=self.state, on_day=self.on_day)


class ToldField(Record, frozen=True, kw_only=True):
    """One piece of information as it left: its code, its name then, its text."""

    code: str
    label: str
    text: str


class DisclosedContent(Record, frozen=True, kw_only=True):
    """What left the house, word for word, to whom and on what ground. It never changes."""

    partner_id: UUID | None = None
    recipient: str = ""
    address: tuple[str, ...] = ()
    person: str = ""
    purpose: str = ""
    fields: tuple[ToldField, ...] = ()
    release_ids: tuple[UUID, ...] = ()
    legal_basis: str = ""


class Disclosure(ClientBound, Base):
    """What was told about the client. It stays listed after the referral has ended.

    `stopped`: taken back before anything had left, so nothing was told.
    """

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_day", "client_id", "told_on"),)

    referral_id: Mapped[UUID] = mapped_column(Id, ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    way: Mapped[str]
    channel: Mapped[str] = mapped_column(default="")
    told_on: Mapped[dt.date]
    told_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[UUID] = mapped_column(Id)
    stopped: Mapped[bool] = mapped_column(default=False)
    paper_id: Mapped[UUID | None] = mapped_column(Id)
    content_blob: Mapped[bytes] = mapped_column("content")
    content_rev: Mapped[int]

    content = Sealed(DisclosedContent, blob="content_blob", revision="content_rev", block=LONG)


class LegalText(Record, frozen=True, kw_only=True):
    """What is to be told by law and why: the second person decides on these words, without opening the file."""

    partner_id: UUID | None = None
    recipient: str = ""
    person: str = ""
    fields: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    reason: str = ""


class LegalRequest(ClientListed, Base):
    """A disclosure by law: one person asks, another one agrees. Urgent ones are agreed to afterwards, until `due_on`.

    Seen by whoever may find the file, because the second person need not be allowed to read it; only the two of them
    open it. `entry_id` is its number in the register of data protection.
    """

    __tablename__ = "legal_request"
    __table_args__ = (Index("ix_legal_request_asked", "asked_id", "state"),)

    client_id: Mapped[UUID] = mapped_column(Id, ForeignKey("client.id", ondelete="CASCADE"), index=True)
    basis: Mapped[str]  # code of legal_bases
    channel: Mapped[str] = mapped_column(default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]  # rules.legal.LegalState
    asked_by: Mapped[UUID] = mapped_column(Id)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    asked_id: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"))
    decided_by: Mapped[UUID | None] = mapped_column(Id)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[dt.date | None]  # an urgent one is to be agreed to until then
    entry_id: Mapped[UUID] = mapped_column(Id)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(LegalText, blob="text_blob", revision="text_rev", block=LONG)


class LegalEntry(OrganisationBound, Base):
    """A line of the register of disclosures by law: day, ground and state, and nothing of the client."""

    __tablename__ = "legal_entry"

    on_day: Mapped[dt.date]
    basis: Mapped[str]
    urgent: Mapped[bool]
    state: Mapped[str]
    due_on: Mapped[dt.date | None]


class OutsideText(Record, frozen=True, kw_only=True):
    """Who asked for what, and what was answered."""

    office: str = ""
    person: str = ""
    reference: str = ""
    street: str = ""
    place: str = ""
    asked: str = ""
    answer: str = ""


class OutsideRequest(ClientBound, Base):
    """A request about the client by an authority, the police or a court."""

    __tablename__ = "outside_request"

    asker: Mapped[str]  # code of partner_kinds
    received_on: Mapped[dt.date]
    answer: Mapped[str] = mapped_column(default="")  # "" | refused | by_law | client
    answered_on: Mapped[dt.date | None]
    answered_by: Mapped[UUID | None] = mapped_column(Id)
    legal_id: Mapped[UUID | None] = mapped_column(Id)
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(OutsideText, blob="text_blob", revision="text_rev", block=LONG)

    @property
    def version(self) -> str:
        """Another one after every change."""
        return f"{self.text_rev} {self.answer}".strip()


class WishText(Record, frozen=True, kw_only=True):
    """What a volunteer is wanted for."""

    task: str
    meeting_point: str = ""
    languages: tuple[str, ...] = ()  # codes of languages
    skills: tuple[str, ...] = ()  # codes of volunteer_skills
    ags: str = ""
    times: str = ""
    with_children: bool = False


class VolunteerWish(ClientBound, Base):
    """The client's wish for a volunteer."""

    __tablename__ = "volunteer_wish"

    state: Mapped[str] = mapped_column(default="open")  # open | found | closed
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    wish_blob: Mapped[bytes] = mapped_column("wish")
    wish_rev: Mapped[int]

    wish = Sealed(WishText, blob="wish_blob", revision="wish_rev", block=LONG)

    @property
    def version(self) -> str:
        """Another one after every change."""
        return f"{self.wish_rev} {self.state}"
