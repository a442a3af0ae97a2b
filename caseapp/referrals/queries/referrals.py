"""Reading referrals and their steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select

from caseapp.clients.queries.milestones import MilestoneSelect
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.network import queries as network
from caseapp.referrals.models import Disclosure, Referral, ReferralStep
from caseapp.referrals.rules.states import AWAITING, RUNNING, State
from caseapp.sealed import key_of

TASK_ORIGIN = "referral"
REFERRAL, VOLUNTEER = "referral", "volunteer"


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral with the present name of its recipient and its steps, the latest first, those taken back left out."""

    referral: Referral
    recipient: str
    steps: tuple[ReferralStep, ...] = field(default=())

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.referral.state)

    @property
    def running(self) -> bool:
        """Whether something is still to come."""
        return self.state in RUNNING

    def is_late(self, today: dt.date) -> bool:
        """Whether an answer should have come before today."""
        return self.referral.answer_due_on is not None and self.referral.answer_due_on < today


def get_referral(referral_id: UUID) -> Referral:
    """The referral. Raises NotFoundError for a missing and for a foreign one alike."""
    found = session().get(Referral, referral_id)
    if found is None:
        raise NotFoundError
    return found


def find_of_task(task_id: UUID) -> Referral | None:
    """The referral after whose answer this task asks, or None."""
    return session().scalars(select(Referral).where(Referral.task_id == task_id)).one_or_none()


def list_referrals(client_id: UUID) -> list[ReferralView]:
    """All referrals of the client: running ones first, the next answer due on top, then the latest. Four statements."""
    rows = (
        session()
        .scalars(
            select(Referral)
            .where(Referral.client_id == client_id)
            .order_by(Referral.answer_due_on.is_(None), Referral.answer_due_on, Referral.created_at.desc(), Referral.id)
        )
        .all()
    )
    views = view_all(client_id, rows)
    return [*(view for view in views if view.running), *_latest(view for view in views if not view.running)]


def view_all(client_id: UUID, referrals: Sequence[Referral]) -> list[ReferralView]:
    """These referrals of one client with names and steps, in their order. Two statements and those for names."""
    if not referrals:
        return []
    key_of(session(), client_id)
    steps = _steps(each.id for each in referrals)
    names = network.names_of({each.text.partner_id for each in referrals if each.text.partner_id})
    return [
        ReferralView(each, recipient_name(each.text.partner_id, each.text.recipient, names), steps.get(each.id, ()))
        for each in referrals
    ]


def view(referral: Referral) -> ReferralView:
    """One referral with its recipient and steps."""
    return view_all(referral.client_id, [referral])[0]


def recipient_name(partner_id: UUID | None, typed: str, names: Mapping[UUID, str]) -> str:
    """The partner's present name, else what was typed."""
    return (names.get(partner_id, "") if partner_id else "") or typed


def last_step(referral_id: UUID) -> ReferralStep | None:
    """The latest step that was not taken back."""
    return (
        session()
        .scalars(
            select(ReferralStep)
            .where(ReferralStep.referral_id == referral_id, ReferralStep.undone.is_(False))
            .order_by(ReferralStep.at.desc(), ReferralStep.id)
            .limit(1)
        )
        .first()
    )


def list_resting_on(client_id: UUID, release_ids: Collection[UUID]) -> list[Referral]:
    """The client's running referrals that were prepared or told on one of these releases."""
    rows = session().scalars(
        select(Referral)
        .where(Referral.client_id == client_id, Referral.state.in_([state.value for state in RUNNING]))
        .order_by(Referral.created_at, Referral.id)
    )
    wanted = frozenset(release_ids)
    return [referral for referral in rows if wanted & frozenset(referral.text.release_ids)]


def answer_due(client_id: UUID) -> ScalarSelect[dt.date | None]:
    """The earliest day on which an answer is due to a referral of the client, to be counted inside an update."""
    return (
        select(func.min(Referral.answer_due_on))
        .where(Referral.client_id == client_id, Referral.state.in_([state.value for state in AWAITING]))
        .scalar_subquery()
    )


def answers_due() -> Mapping[UUID, tuple[dt.date | None]]:
    """`answer_due` of all clients with referrals that wait: for rebuilding the caseload."""
    rows = session().execute(
        select(Referral.client_id, func.min(Referral.answer_due_on))
        .where(Referral.state.in_([state.value for state in AWAITING]))
        .group_by(Referral.client_id)
        .order_by(Referral.client_id)
    )
    return {client_id: (due_on,) for client_id, due_on in rows}


def select_steps(client_id: UUID) -> MilestoneSelect:
    """What the timeline shows: when a referral was sent, answered or withdrawn (day, moment, referral, state)."""
    columns = (ReferralStep.on_day, ReferralStep.at, ReferralStep.referral_id, ReferralStep.state)
    return select(*columns).where(
        ReferralStep.client_id == client_id, ReferralStep.undone.is_(False), ReferralStep.state != State.DONE.value
    )


def list_disclosures(client_id: UUID) -> Sequence[Disclosure]:
    """Everything that was told about the client, the latest first; what was stopped before it left is not among it."""
    rows = (
        session()
        .scalars(
            select(Disclosure)
            .where(Disclosure.client_id == client_id, Disclosure.stopped.is_(False))
            .order_by(Disclosure.told_on.desc(), Disclosure.told_at.desc(), Disclosure.id)
        )
        .all()
    )
    if rows:
        key_of(session(), client_id)
    return rows


def get_disclosure(disclosure_id: UUID) -> Disclosure:
    """One entry of what was told. Raises NotFoundError."""
    found = session().get(Disclosure, disclosure_id)
    if found is None:
        raise NotFoundError
    return found


def find_disclosure(referral_id: UUID) -> Disclosure | None:
    """What this referral told last and what was not stopped, or None."""
    return (
        session()
        .scalars(
            select(Disclosure)
            .where(Disclosure.referral_id == referral_id, Disclosure.stopped.is_(False))
            .order_by(Disclosure.told_at.desc(), Disclosure.id)
            .limit(1)
        )
        .first()
    )


def _steps(referral_ids: Iterable[UUID]) -> dict[UUID, tuple[ReferralStep, ...]]:
    rows = session().scalars(
        select(ReferralStep)
        .where(ReferralStep.referral_id.in_(tuple(referral_ids)), ReferralStep.undone.is_(False))
        .order_by(ReferralStep.at.desc(), ReferralStep.id)
    )
    found: dict[UUID, tuple[ReferralStep, ...]] = {}
    for step in rows:
        found[step.referral_id] = (*found.get(step.referral_id, ()), step)
    return found


def _latest(views: Iterable[ReferralView]) -> list[ReferralView]:
    return sorted(views, key=lambda view: view.steps[0].at if view.steps else view.referral.created_at, reverse=True)
