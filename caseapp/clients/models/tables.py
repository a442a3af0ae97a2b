"""The tables of the client file."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.clients.models.facts import FactBox
from caseapp.clients.models.lines import FactDays, fact_line
from caseapp.clients.models.records import ClientBody, ClientHead
from caseapp.db import Base, ClientBound, ClientListed, Id, OrganisationBound, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed
from caseapp.tallies.keys import mark
from caseapp.tallies.lines import AnyLine, HouseholdLine, PersonLine


class Client(ClientListed, Base):
    """A client file. Whoever is counselled has one, children too. `worker_id` None: waiting in the team's queue.

    `head_rev` and `body_rev` change only when that record is sealed anew: they are the optimistic lock of the forms.
    """

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("organisation_id", "file_number"),
        Index("ix_client_worker", "worker_id", "closed_on"),
        Index("ix_client_team", "team_id", "closed_on"),
    )

    team_id: Mapped[UUID] = mapped_column(Id, ForeignKey("team.id"))
    worker_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("user_account.id"))
    ags: Mapped[str | None]  # municipality of the file
    file_number: Mapped[str]  # plain and without meaning: year and counter
    protected: Mapped[bool] = mapped_column(default=False)
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]
    closing_reason: Mapped[str | None]  # code: why, kept plain for the figures of the carrier
    import_id: Mapped[UUID | None] = mapped_column(Id, index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    head_blob: Mapped[bytes] = mapped_column("head")
    head_rev: Mapped[int]
    body_blob: Mapped[bytes] = mapped_column("body", deferred=True)
    body_rev: Mapped[int]

    head = Sealed(ClientHead, blob="head_blob", revision="head_rev", block=SHORT)
    body = Sealed(ClientBody, blob="body_blob", revision="body_rev", block=LONG)
    tallied: ClassVar = ("ags", "team_id", "worker_id", "opened_on", "closed_on", "closing_reason", "head", "body")

    def tally(self) -> AnyLine:
        """The person as the figures know it. A protected file counts like any other."""
        head, body = self.head, self.body
        return PersonLine(
            sex=head.sex,
            born_on=head.birth.day,
            nationality=next(iter(body.nationalities), ""),
            language=head.language,
            literacy=body.literacy,
            ags=self.ags or "",
            team_id=self.team_id,
            worker_id=self.worker_id,
            opened_on=self.opened_on,
            closed_on=self.closed_on,
            closing_reason=self.closing_reason or "",
            entered_on=body.entered_on,
            au_since=body.au_since,
        )

    @property
    def client_id(self) -> UUID:
        """The id, under the name that the policy asks for."""
        return self.id

    @property
    def closed(self) -> bool:
        """Whether the file is closed: read-only until it is reopened."""
        return self.closed_on is not None


class Caseload(ClientListed, Base):
    """One row a client with what lists sort and count by; kept in the transaction of the change, rebuilt by a command.

    Not part of any optimistic lock.
    """

    __tablename__ = "caseload"
    __table_args__ = (Index("ix_caseload_worker", "worker_id", "client_id"), Index("ix_caseload_team", "team_id"))

    client_id: Mapped[UUID] = mapped_column(Id, ForeignKey("client.id", ondelete="CASCADE"), unique=True)
    team_id: Mapped[UUID] = mapped_column(Id)
    worker_id: Mapped[UUID | None] = mapped_column(Id)
    ags: Mapped[str | None]
    open: Mapped[bool] = mapped_column(default=True)
    last_contact_on: Mapped[dt.date | None]
    next_step_on: Mapped[dt.date | None]
    open_tasks: Mapped[int] = mapped_column(default=0)
    title_ends_on: Mapped[dt.date | None]
    clock_ends_on: Mapped[dt.date | None]  # three years of counselling, four with a reason (VwV 06.06.2023)
    confirmed_on: Mapped[dt.date | None]  # oldest "Stand unverändert" among the open facts
    open_goals: Mapped[int] = mapped_column(default=0, server_default="0")
    review_on: Mapped[dt.date | None]  # next review talk of the agreement in force
    release_ends_on: Mapped[dt.date | None]  # earliest end among valid releases, consents and powers of attorney
    answer_due_on: Mapped[dt.date | None]  # earliest day on which somebody should have answered a referral


class HistoryEntry(ClientBound, Base):
    """A dated fact. Open rows (`until_on` None or ahead) are the present; `confirmed_on` is "Stand unverändert".

    For titles `until_on` is the end of validity and lies in the future as a rule.
    """

    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_kind", "client_id", "kind", "from_on"),)

    kind: Mapped[str]
    from_on: Mapped[dt.date | None]
    until_on: Mapped[dt.date | None]
    confirmed_on: Mapped[dt.date | None]
    superseded: Mapped[bool] = mapped_column(default=False)  # a later row took its place
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # entered by mistake: visible, out of figures
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    box_blob: Mapped[bytes] = mapped_column("box")
    box_rev: Mapped[int]

    box = Sealed(FactBox, blob="box_blob", revision="box_rev", block=SHORT)
    tallied: ClassVar = ("from_on", "until_on", "confirmed_on", "superseded", "cancelled_at", "box")

    def tally(self) -> AnyLine | None:
        """The fact as the figures know it; one entered by mistake does not count."""
        if self.cancelled_at is not None:
            return None
        days = FactDays(
            from_on=self.from_on,
            until_on=self.until_on,
            confirmed_on=self.confirmed_on,
            superseded=self.superseded,
        )
        return fact_line(self.box.fact, days, ends_on=self.box.until_on)


class Household(OrganisationBound, Base):
    """A family or other group living together. Its members are dated links."""

    __tablename__ = "household"

    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class MemberRole(Record, frozen=True, kw_only=True):
    """How the person belongs: code of the list household_relations, as seen from the anchor."""

    relation: str = ""


class HouseholdMember(ClientListed, Base):
    """A person's time in a household."""

    __tablename__ = "household_member"

    household_id: Mapped[UUID] = mapped_column(Id, ForeignKey("household.id"), index=True)
    client_id: Mapped[UUID] = mapped_column(Id, ForeignKey("client.id", ondelete="CASCADE"), index=True)
    anchor: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[dt.date | None]
    until_on: Mapped[dt.date | None]
    role_blob: Mapped[bytes] = mapped_column("role")
    role_rev: Mapped[int]

    role = Sealed(MemberRole, blob="role_blob", revision="role_rev", block=SHORT)
    tallied: ClassVar = ("household_id", "anchor", "from_on", "until_on")

    def tally(self) -> AnyLine:
        """The time in the household, which the figures know by a mark."""
        return HouseholdLine(
            household=mark(self.household_id), anchor=self.anchor, from_on=self.from_on, until_on=self.until_on
        )


class GrantReason(Record, frozen=True, kw_only=True):
    """Why a single case was opened to somebody, in the words of whoever did it."""

    text: str = ""


class ClientGrant(ClientListed, Base):
    """A right on one single case for one person and a time: cover, co-work, protection, notes for a lead.

    A grant of kind `note` opens the notes for 24 hours and nothing else; it makes nobody a worker of the case. One of
    kind `lift` is the request to end the protection: `granted_by` asks, `user_id` is to agree. `erase` asks the same
    way for the erasure of the file.
    """

    __tablename__ = "client_grant"
    __table_args__ = (Index("ix_client_grant_user", "user_id", "until_at"),)

    client_id: Mapped[UUID] = mapped_column(Id, ForeignKey("client.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(Id, ForeignKey("user_account.id"))
    kind: Mapped[str]  # cover | co_work | protection | note | lift | erase
    from_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    granted_by: Mapped[UUID | None] = mapped_column(Id)
    reason_blob: Mapped[bytes] = mapped_column("reason")
    reason_rev: Mapped[int]

    reason = Sealed(GrantReason, blob="reason_blob", revision="reason_rev", block=SHORT)
