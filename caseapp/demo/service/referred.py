"""Referrals of a member as rows: what was told, each step, and the task that asks after an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from caseapp.catalogue import queries as catalogue
from caseapp.demo.rules.days import DAY
from caseapp.demo.rules.referrals import PastReferral
from caseapp.demo.service.cases import Book, Member, draw_id, moment
from caseapp.i18n import gettext as _
from caseapp.network.models import Partner
from caseapp.referrals.models import (
    DisclosedContent,
    Disclosure,
    Referral,
    ReferralStep,
    ReferralText,
    StepReason,
    ToldField,
)
from caseapp.referrals.queries import TASK_ORIGIN
from caseapp.referrals.rules import telling
from caseapp.referrals.rules.states import State, Way

_NAME = "NAM"
_AFTERNOON = 14 * 60


class Told(NamedTuple):
    """A partner as letters name it."""

    id: UUID
    name: str
    address: tuple[str, ...]
    answer_days: int


Partners = Mapping[str, Told]


def told(partner: Partner) -> Told:
    """What letters need of a partner of the directory."""
    profile = partner.profile
    code = catalogue.catalogue().find("partner_kinds", partner.kind)
    address = tuple(filter(None, (profile.street, f"{profile.postcode} {profile.place}".strip())))
    return Told(partner.id, profile.name, address, int(code.extra["answer_days"]) if code else 14)


def add_referral(book: Book, member: Member, referral: PastReferral, partners: Partners) -> None:
    """One referral with its steps; one that waits for an answer in an open file is asked after."""
    partner, row_id = partners[referral.partner_kind], draw_id(member.case.rng)
    sent = referral.steps[0].on
    fields = (_NAME, telling.CONCERN) if referral.concern else ()
    text = ReferralText(
        partner_id=partner.id,
        purpose=referral.purpose,
        fields=fields,
        typed=((telling.CONCERN, referral.concern),) if referral.concern else (),
    )
    task_id = due_on = None
    if referral.state == State.SENT and member.case.frame.closed_on is None:
        due_on = sent + partner.answer_days * DAY
        title = _("Antwort von %(name)s: nachfragen", name=partner.name)
        task_id = book.add_task(member, title, due_on, sent, origin=TASK_ORIGIN)
        member.caseload["answer_due_on"] = min(due_on, member.caseload["answer_due_on"] or due_on)
    book.rows[Referral].append(
        {
            "id": row_id,
            **member.bound,
            "kind": "referral",
            "way": referral.way,
            "channel": "",
            "state": referral.state,
            "wish_id": None,
            "legal_id": None,
            "answer_due_on": due_on,
            "task_id": task_id,
            "contact_id": None,
            "created_by": member.worker_id,
            "created_at": moment(sent, _AFTERNOON),
            **book.seal(Referral.text, "referral", member.client_id, row_id, text),
        }
    )
    _steps(book, member, referral, row_id)
    if referral.way != Way.HINT:
        _disclosed(book, member, referral, row_id, partner, sent)


def _steps(book: Book, member: Member, referral: PastReferral, referral_id: UUID) -> None:
    for place, step in enumerate(referral.steps):
        row_id = draw_id(member.case.rng)
        book.rows[ReferralStep].append(
            {
                "id": row_id,
                **member.bound,
                "referral_id": referral_id,
                "before": step.before,
                "state": step.state,
                "on_day": step.on,
                "at": moment(step.on, _AFTERNOON + 5 * place),
                "by": member.worker_id,
                "undone": False,
                **book.seal(ReferralStep.reason, "referral_step", member.client_id, row_id, StepReason()),
            }
        )


def _disclosed(
    book: Book, member: Member, referral: PastReferral, referral_id: UUID, partner: Told, on: dt.date
) -> None:
    row_id = draw_id(member.case.rng)
    said = ((_NAME, member.head.spoken_name), (telling.CONCERN, referral.concern))
    content = DisclosedContent(
        partner_id=partner.id,
        recipient=partner.name,
        address=partner.address,
        purpose=referral.purpose,
        fields=tuple(ToldField(code=c, label=catalogue.label("release_fields", c), text=text) for c, text in said),
    )
    book.rows[Disclosure].append(
        {
            "id": row_id,
            **member.bound,
            "referral_id": referral_id,
            "way": referral.way,
            "channel": "",
            "told_on": on,
            "told_at": moment(on, _AFTERNOON),
            "by": member.worker_id,
            "stopped": False,
            "paper_id": None,
            **book.seal(Disclosure.content, "disclosure", member.client_id, row_id, content),
        }
    )
