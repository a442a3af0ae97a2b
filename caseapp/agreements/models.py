"""Tables of agreements."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Base, ClientBound, Id, UtcDateTime
from caseapp.sealed import LONG, SHORT, Record, Sealed
from caseapp.tallies.lines import AgreementLine, AnyLine


class AgreementText(Record, frozen=True, kw_only=True):
    """The content in its canonical form (`rules.canonical`): the very text that the digest was made from."""

    canonical: str


class Signature(Record, frozen=True, kw_only=True):
    """How one person signed: a way of `documents.signing.SignatureWay`, the typed name, the picture as PNG."""

    way: str = ""
    name: str = ""
    picture: bytes = b""


class Decision(Record, frozen=True, kw_only=True):
    """What came of the version: signatures, or the client's words when it was declined, or why it was withdrawn."""

    client: Signature | None = None
    representative: Signature | None = None
    worker: Signature | None = None
    copy_received: bool = False  # "Ausfertigung erhalten"
    words: str = ""
    reason: str = ""


class Agreement(ClientBound, Base):
    """One version of the Integrationsplan with its signed part, the Integrationsvereinbarung.

    The content never changes; only the state moves forward (`rules.move`). `digest` is the SHA-256 of the canonical
    content, `goals_digest` that of the goals alone, `paper_digest` that of the PDF that was shown at signing.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("client_id", "number"),
        Index("ix_agreement_state", "state", "client_id"),
    )

    number: Mapped[int]
    state: Mapped[str]
    language: Mapped[str]  # code of the list languages, "" for German only
    phrase_version: Mapped[int]
    digest: Mapped[str]
    goals_digest: Mapped[str]
    paper_digest: Mapped[str | None]
    replaces_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agreement.id", ondelete="SET NULL"))
    made_on: Mapped[dt.date]
    presented_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decision_made: Mapped[str | None]  # signed | declined
    decided_on: Mapped[dt.date | None]
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    review_on: Mapped[dt.date]
    paper_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("paper.id", ondelete="SET NULL"))
    signed_paper_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("paper.id", ondelete="SET NULL"))
    scan_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("attachment.id", ondelete="SET NULL"))
    contact_id: Mapped[UUID | None] = mapped_column(Id)  # the talk in which it arose
    task_id: Mapped[UUID | None] = mapped_column(Id)  # the task of the next talk
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text", deferred=True)
    text_rev: Mapped[int]
    decision_blob: Mapped[bytes] = mapped_column("decision", deferred=True)
    decision_rev: Mapped[int]

    text = Sealed(AgreementText, blob="text_blob", revision="text_rev", block=LONG)
    decision = Sealed(Decision, blob="decision_blob", revision="decision_rev", block=LONG)
    tallied: ClassVar = ("number", "state", "made_on", "decision_made", "decided_on", "review_on")

    def tally(self) -> AnyLine:
        """The version as the figures know it."""
        return AgreementLine(
            number=self.number,
            state=self.state,
            made_on=self.made_on,
            decision=self.decision_made or "",
            decided_on=self.decided_on,
            review_on=self.review_on,
        )


class PlanText(Record, frozen=True, kw_only=True):
    """Another plan: whose it is, what it aims at, who leads, a remark."""

    office: str = ""
    main_goal: str = ""
    leads: str = ""
    note: str = ""


class OtherPlan(ClientBound, Base):
    """A plan of another office beside this one: recorded, never copied. It runs as long as `ended_on` is None."""

    __tablename__ = "other_plan"

    kind: Mapped[str]  # code of the list other_plan_kinds
    agreed_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # entered by mistake
    created_by: Mapped[UUID] = mapped_column(Id)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text_blob: Mapped[bytes] = mapped_column("text")
    text_rev: Mapped[int]

    text = Sealed(PlanText, blob="text_blob", revision="text_rev", block=SHORT)

    @property
    def version(self) -> str:
        """Another one after every change. A form carries it along, so that no change is lost."""
        return f"{self.text_rev} {self.agreed_on or ''} {self.ended_on or ''}".rstrip()
