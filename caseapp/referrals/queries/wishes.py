"""Wishes for volunteers, and who fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.clock import local
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.network import queries as network
from caseapp.network.models import VolunteerProfile
from caseapp.network.rules import VOLUNTEER
from caseapp.referrals.models import Referral, VolunteerWish
from caseapp.referrals.queries.referrals import last_step
from caseapp.referrals.rules.matching import Match, Offered, Wanted, match_all
from caseapp.referrals.rules.states import State
from caseapp.sealed import key_of

_REFUSED = (State.DECLINED.value, State.NO_ANSWER.value)


def get_wish(wish_id: UUID) -> VolunteerWish:
    """The wish. Raises NotFoundError."""
    found = session().get(VolunteerWish, wish_id)
    if found is None:
        raise NotFoundError
    return found


def list_wishes(client_id: UUID) -> Sequence[VolunteerWish]:
    """The client's wishes for volunteers, open ones first, then the latest."""
    rows = (
        session()
        .scalars(
            select(VolunteerWish)
            .where(VolunteerWish.client_id == client_id)
            .order_by(VolunteerWish.state != "open", VolunteerWish.created_at.desc(), VolunteerWish.id)
        )
        .all()
    )
    if rows:
        key_of(session(), client_id)
    return rows


def list_matches(wish: VolunteerWish) -> list[Match]:
    """Every volunteer of the district with the reasons to ask or not; three statements and one for each refusal."""
    said = wish.wish
    wanted = Wanted(
        languages=frozenset(said.languages),
        skills=frozenset(said.skills),
        ags=said.ags,
        times=said.times,
        with_children=said.with_children,
    )
    offers = [
        _offered(line.id, line.profile.name, line.profile.volunteer or VolunteerProfile(), line.profile.languages)
        for line in network.list_partners(kind=VOLUNTEER)
    ]
    return match_all(wanted, offers, _refusals(wish))


def _refusals(wish: VolunteerWish) -> dict[UUID, dt.date]:
    """Who refused this wish or did not answer, and when."""
    rows = session().scalars(
        select(Referral)
        .where(Referral.client_id == wish.client_id, Referral.wish_id == wish.id, Referral.state.in_(_REFUSED))
        .order_by(Referral.created_at, Referral.id)
    )
    found = {}
    for referral in rows:
        partner_id, step = referral.text.partner_id, last_step(referral.id)
        partner = network.find_partner(partner_id) if partner_id else None
        if partner is not None:
            found[partner.id] = step.on_day if step else local(referral.created_at).date()
    return found


def _offered(partner_id: UUID, name: str, profile: VolunteerProfile, languages: tuple[str, ...]) -> Offered:
    return Offered(
        partner_id=partner_id,
        name=name,
        languages=frozenset((*profile.languages, *languages)),
        skills=frozenset(profile.skills),
        areas=frozenset(profile.areas),
        times=profile.times,
        secrecy_on=profile.secrecy_on,
        certificate_seen_on=profile.certificate_seen_on,
    )
