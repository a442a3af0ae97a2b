"""Reading partners. A merged entry's id goes on meaning the partner that it was merged into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp import clock, i18n
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Code
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.network import rules
from caseapp.network.models import Partner, PartnerMerge, PartnerProfile
from caseapp.network.queries.opening import open_shared

ACTIVE, STRUCK, MERGED = "active", "struck", "merged"


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner as lists show it."""

    id: UUID
    kind: str  # code of the list partner_kinds
    profile: PartnerProfile
    confirmed_on: dt.date | None
    confirmed_by_id: UUID | None
    state: str  # active | struck


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entries that may be one partner, and why: "name", "phone", "email"."""

    first: PartnerLine
    second: PartnerLine
    reasons: tuple[str, ...]


def find_partner(partner_id: UUID) -> Partner | None:
    """The partner that this id means today, struck out or not; None for an unknown id."""
    found = session().get(Partner, partner_id)
    if found is None or found.merged_into_id is None:
        return found
    return session().get(Partner, rules.resolve(partner_id, _merged()))


def get_partner(partner_id: UUID) -> Partner:
    """The same. Raises NotFoundError."""
    found = find_partner(partner_id)
    if found is None:
        raise NotFoundError
    return found


def get_partner_entry(partner_id: UUID) -> Partner:
    """The entry itself, also one that was merged into another. Raises NotFoundError."""
    found = session().get(Partner, partner_id)
    if found is None:
        raise NotFoundError
    return found


def list_partners(*, kind: str = "", text: str = "", active: bool = True) -> list[PartnerLine]:
    """The partners of the district by name, in one statement; merged entries stand in the kept one.

    `kind`: only this one. `text`: every word begins a word of name, department, place or a contact person, in any
    spelling. `active=False` shows those that are struck out instead.
    """
    return sorted(
        (each for each in _lines(ACTIVE if active else STRUCK, kind) if _fits(each.profile, text)),
        key=lambda each: (rules.words(each.profile.name), rules.words(each.profile.department), each.id),
    )


def names_of(partner_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The present names by the ids that were asked for, old ids of merged entries too; unknown ones are left out.

    Two statements whatever the number.
    """
    asked = set(partner_ids)
    if not asked:
        return {}
    merged = _merged()
    wanted = {each: rules.resolve(each, merged) for each in asked}
    names = _names(set(wanted.values()))
    return {each: names[kept] for each, kept in wanted.items() if kept in names}


def same_as(partner_id: UUID) -> frozenset[UUID]:
    """All ids that mean the same partner as this one, it too: records of other slices keep the id they were made with.

    One statement.
    """
    return rules.same_as(partner_id, _merged())


def partner_choices(kinds: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """The active partners for a drop-down: label of the kind -> id -> name and place, in the order of the list."""
    locale = i18n.current_locale()
    labels = {code.code: code.label(locale) for code in catalogue.rows_of("partner_kinds")}
    grouped: dict[str, dict[str, str]] = {label: {} for code, label in labels.items() if not kinds or code in kinds}
    for line in list_partners():
        label = labels.get(line.kind, line.kind)
        if not kinds or line.kind in kinds:
            grouped.setdefault(label, {})[str(line.id)] = _choice(line.profile)
    return {label: partners for label, partners in grouped.items() if partners}


def kinds() -> Sequence[Code]:
    """The kinds of partners that are valid today, in the order of the list."""
    return catalogue.catalogue().choices("partner_kinds", clock.today())


def list_doubles() -> list[Proposal]:
    """Pairs of active entries that may be the same partner. One statement."""
    lines = {line.id: line for line in list_partners()}
    return [
        Proposal(lines[double.first], lines[double.second], double.reasons)
        for double in rules.find_doubles(_traits(line) for line in lines.values())
    ]


def list_merges(kept_id: UUID) -> Sequence[PartnerMerge]:
    """What was merged into this partner and not taken back, the latest first."""
    return (
        session()
        .scalars(
            select(PartnerMerge)
            .where(PartnerMerge.kept_id == kept_id, PartnerMerge.undone_at.is_(None))
            .order_by(PartnerMerge.merged_at.desc(), PartnerMerge.id)
        )
        .all()
    )


def find_merge(merged_id: UUID) -> PartnerMerge | None:
    """How this entry was merged into another one, or None."""
    return (
        session()
        .scalars(select(PartnerMerge).where(PartnerMerge.merged_id == merged_id, PartnerMerge.undone_at.is_(None)))
        .one_or_none()
    )


def _merged() -> Mapping[UUID, UUID]:
    """Merged entries and what they were merged into: few, whatever the size of the directory."""
    rows = session().execute(
        select(Partner.id, Partner.merged_into_id).where(Partner.merged_into_id.is_not(None)).order_by(Partner.id)
    )
    return {merged: kept for merged, kept in rows if kept is not None}


def _lines(state: str, kind: str) -> list[PartnerLine]:
    statement = (
        select(
            Partner.id,
            Partner.profile_rev,
            Partner.profile_blob,
            Partner.kind,
            Partner.confirmed_on,
            Partner.confirmed_by_id,
        )
        .where(Partner.state == state)
        .order_by(Partner.id)
    )
    rows = session().execute(statement.where(Partner.kind == kind) if kind else statement).all()
    profiles = open_shared(Partner.profile, "partner", [(row[0], row[1], row[2]) for row in rows])
    return [
        PartnerLine(row[0], row[3], profile, row[4], row[5], state)
        for row, profile in zip(rows, profiles, strict=True)
        if profile is not None
    ]


def _names(partner_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = (
        session()
        .execute(
            select(Partner.id, Partner.profile_rev, Partner.profile_blob)
            .where(Partner.id.in_(tuple(partner_ids)))
            .order_by(Partner.id)
        )
        .all()
    )
    profiles = open_shared(Partner.profile, "partner", [(row[0], row[1], row[2]) for row in rows])
    return {row[0]: profile.name for row, profile in zip(rows, profiles, strict=True) if profile}


def _fits(profile: PartnerProfile, text: str) -> bool:
    people = (person.name for person in profile.people)
    return rules.contains(text, profile.name, profile.department, profile.postcode, profile.place, *people)


def _choice(profile: PartnerProfile) -> str:
    name = ", ".join(part for part in (profile.name, profile.department) if part)
    return f"{name} ({profile.place})" if profile.place else name


def _traits(line: PartnerLine) -> rules.Traits:
    return rules.Traits(
        partner_id=line.id,
        kind=line.kind,
        name=line.profile.name,
        department=line.profile.department,
        place=line.profile.place,
        phone=line.profile.phone,
        email=line.profile.email,
    )
