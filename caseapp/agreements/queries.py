"""Reading agreements, other plans, and what happened since the last version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import undefer

from caseapp.agreements.models import Agreement, AgreementText, Decision, OtherPlan, PlanText
from caseapp.agreements.rules import AgreementState, Terms, read_terms
from caseapp.clients.queries.milestones import MilestoneSelect
from caseapp.counselling.models import Contact
from caseapp.counselling.queries import VALID
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.papers.models import Paper
from caseapp.sealed import keys_of, open_column

UNDECIDED = (AgreementState.DRAFTED.value, AgreementState.PRESENTED.value)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version as lists show it: plain columns only."""

    id: UUID
    number: int
    state: AgreementState
    language: str
    digest: str
    made_on: dt.date
    decided_on: dt.date | None
    review_on: dt.date
    paper_id: UUID | None
    signed_paper_id: UUID | None
    scan_id: UUID | None

    @property
    def undecided(self) -> bool:
        """Whether it waits for the client's answer."""
        return self.state.value in UNDECIDED


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Another plan with what it says; `text` None where it cannot be read."""

    id: UUID
    kind: str
    agreed_on: dt.date | None
    ended_on: dt.date | None
    text: PlanText | None


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A version's sealed parts beside its line; None where they cannot be read."""

    line: VersionLine
    text: AgreementText | None
    decision: Decision | None


def get_agreement(agreement_id: UUID) -> Agreement:
    """The version with its content. Raises NotFoundError for a missing and for a foreign one alike."""
    found = find_agreement(agreement_id)
    if found is None:
        raise NotFoundError
    return found


def find_agreement(agreement_id: UUID) -> Agreement | None:
    """The version with its content, or None."""
    opened = [undefer(Agreement.text_blob), undefer(Agreement.decision_blob)]
    return session().get(Agreement, agreement_id, options=opened)


def terms_of(agreement: Agreement) -> Terms:
    """What the version says."""
    return read_terms(agreement.text.canonical)


def standing(agreement: Agreement) -> AgreementState:
    """Where the version stands."""
    return AgreementState(agreement.state)


def list_versions(client_id: UUID) -> list[VersionLine]:
    """All versions, the newest first; one statement."""
    rows = session().execute(
        select(*_LINE).where(Agreement.client_id == client_id).order_by(Agreement.number.desc(), Agreement.id)
    )
    return [_line(row) for row in rows]


def newest(client_id: UUID) -> Agreement | None:
    """The latest version whatever its state, with its content."""
    return _one(select(Agreement).where(Agreement.client_id == client_id).order_by(Agreement.number.desc()))


def in_force(client_id: UUID) -> Agreement | None:
    """The signed version that counts now, with its content."""
    return _one(
        select(Agreement)
        .where(Agreement.client_id == client_id, Agreement.state == AgreementState.SIGNED.value)
        .order_by(Agreement.number.desc())
    )


def last_agreed(client_id: UUID) -> Agreement | None:
    """The version that the next one is compared with: the one in force, else the last that was ever signed."""
    return _one(
        select(Agreement)
        .where(Agreement.client_id == client_id, Agreement.decision_made == "signed")
        .order_by((Agreement.state == AgreementState.SIGNED.value).desc(), Agreement.number.desc())
    )


def get_version(client_id: UUID, number: int) -> Agreement:
    """The client's version with this number. Raises NotFoundError."""
    found = _one(select(Agreement).where(Agreement.client_id == client_id, Agreement.number == number))
    if found is None:
        raise NotFoundError
    return found


def list_undecided(client_id: UUID) -> Sequence[Agreement]:
    """Versions that wait for an answer: at most one, unless something went wrong."""
    wanted = select(Agreement).where(Agreement.client_id == client_id, Agreement.state.in_(UNDECIDED))
    return session().scalars(wanted.order_by(Agreement.number, Agreement.id)).all()


def list_contents(client_id: UUID) -> list[StoredContent]:
    """All versions with their sealed parts, the oldest first; one statement and one for the key."""
    rows = (
        session()
        .execute(
            select(*_LINE, Agreement.text_rev, Agreement.text_blob, Agreement.decision_rev, Agreement.decision_blob)
            .where(Agreement.client_id == client_id)
            .order_by(Agreement.number, Agreement.id)
        )
        .all()
    )
    keys = keys_of(session(), (client_id,)) if rows else {}
    own = [(row.id, client_id) for row in rows]
    texts = open_column(
        Agreement.text, "agreement", [(*i, r.text_rev, r.text_blob) for i, r in zip(own, rows, strict=True)], keys
    )
    decisions = open_column(
        Agreement.decision,
        "agreement",
        [(*i, r.decision_rev, r.decision_blob) for i, r in zip(own, rows, strict=True)],
        keys,
    )
    return [
        StoredContent(_line(row), text.record, decision.record)
        for row, text, decision in zip(rows, texts, decisions, strict=True)
    ]


def paper_digests(client_id: UUID) -> dict[UUID, str]:
    """By version: the digest of the PDF that was shown at signing, as it was noted then."""
    rows = session().execute(
        select(Agreement.id, Agreement.paper_digest)
        .where(Agreement.client_id == client_id, Agreement.paper_digest.is_not(None))
        .order_by(Agreement.id)
    )
    return {agreement_id: digest for agreement_id, digest in rows if digest}


def list_paper_contents(paper_ids: Collection[UUID]) -> dict[UUID, bytes | None]:
    """The PDFs of these papers by id, None where one cannot be read; one statement and one for keys."""
    if not paper_ids:
        return {}
    rows = (
        session()
        .execute(
            select(Paper.id, Paper.client_id, Paper.content_rev, Paper.content_blob)
            .where(Paper.id.in_(tuple(paper_ids)))
            .order_by(Paper.id)
        )
        .all()
    )
    keys = keys_of(session(), {row.client_id for row in rows})
    contents = open_column(Paper.content, "paper", [(row[0], row[1], row[2], row[3]) for row in rows], keys)
    return {row.id: each.record.pdf if each.record else None for row, each in zip(rows, contents, strict=True)}


def review_days() -> Mapping[UUID, tuple[dt.date]]:
    """The next talk by client, of the versions in force: for rebuilding the caseload."""
    rows = session().execute(
        select(Agreement.client_id, Agreement.review_on)
        .where(Agreement.state == AgreementState.SIGNED.value)
        .order_by(Agreement.client_id, Agreement.number)
    )
    return {client_id: (review_on,) for client_id, review_on in rows}


def count_contacts(client_id: UUID, since: dt.date) -> int:
    """How many valid contacts of this client there were after that day."""
    wanted = select(func.count(Contact.id)).where(
        Contact.client_id == client_id, Contact.state == VALID, Contact.on_day > since
    )
    return session().execute(wanted).scalar_one()


def list_plans(client_id: UUID) -> list[PlanLine]:
    """The client's plans of other offices, running ones first, then the newest; without those entered by mistake."""
    rows = (
        session()
        .execute(
            select(
                OtherPlan.id,
                OtherPlan.text_rev,
                OtherPlan.text_blob,
                OtherPlan.kind,
                OtherPlan.agreed_on,
                OtherPlan.ended_on,
            )
            .where(OtherPlan.client_id == client_id, OtherPlan.cancelled_at.is_(None))
            .order_by(OtherPlan.ended_on.is_not(None), OtherPlan.agreed_on.desc(), OtherPlan.created_at, OtherPlan.id)
        )
        .all()
    )
    keys = keys_of(session(), (client_id,)) if rows else {}
    texts = open_column(OtherPlan.text, "other_plan", [(r.id, client_id, r.text_rev, r.text_blob) for r in rows], keys)
    return [
        PlanLine(row.id, row.kind, row.agreed_on, row.ended_on, text.record)
        for row, text in zip(rows, texts, strict=True)
    ]


def get_plan(plan_id: UUID) -> OtherPlan:
    """The plan. Raises NotFoundError, also for one entered by mistake."""
    found = find_plan(plan_id)
    if found is None or found.cancelled_at is not None:
        raise NotFoundError
    return found


def find_plan(plan_id: UUID) -> OtherPlan | None:
    """The plan, one entered by mistake too, or None."""
    return session().get(OtherPlan, plan_id)


def select_presented(client_id: UUID) -> MilestoneSelect:
    """Milestones of the timeline: versions that were presented. The code is their number."""
    return select(Agreement.made_on, Agreement.presented_at, Agreement.id, _number()).where(
        Agreement.client_id == client_id, Agreement.presented_at.is_not(None)
    )


def select_decided(client_id: UUID) -> MilestoneSelect:
    """Milestones of the timeline: versions that were signed or declined. The code is "signed 2"."""
    code = Agreement.decision_made + " " + _number()
    return select(Agreement.decided_on, Agreement.decided_at, Agreement.id, code).where(
        Agreement.client_id == client_id, Agreement.decision_made.is_not(None)
    )


_LINE = (
    Agreement.id,
    Agreement.number,
    Agreement.state,
    Agreement.language,
    Agreement.digest,
    Agreement.made_on,
    Agreement.decided_on,
    Agreement.review_on,
    Agreement.paper_id,
    Agreement.signed_paper_id,
    Agreement.scan_id,
)


def _number() -> ColumnElement[str]:
    return cast(Agreement.number, String)


def _line(row: Any) -> VersionLine:
    return VersionLine(
        id=row.id,
        number=row.number,
        state=AgreementState(row.state),
        language=row.language,
        digest=row.digest,
        made_on=row.made_on,
        decided_on=row.decided_on,
        review_on=row.review_on,
        paper_id=row.paper_id,
        signed_paper_id=row.signed_paper_id,
        scan_id=row.scan_id,
    )


def _one(statement: Select[Agreement]) -> Agreement | None:
    opened = statement.options(undefer(Agreement.text_blob), undefer(Agreement.decision_blob))
    return session().scalars(opened.limit(1)).one_or_none()
