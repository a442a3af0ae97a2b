"""What would leave the house, word for word, and what is missing for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec

from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Client
from caseapp.consents import queries as consents
from caseapp.consents import rules as releases
from caseapp.consents.rules import Gap, ValidRelease
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.network.models import Partner
from caseapp.referrals.models import DisclosedContent, Referral, ReferralText, ToldField
from caseapp.referrals.queries.referrals import VOLUNTEER
from caseapp.referrals.queries.sources import FileSources
from caseapp.referrals.rules import telling
from caseapp.referrals.rules.states import Way

LETTER = "BRF"


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what leaves. `gaps`: what no release covers; empty where none is needed.

    `unknown`: data that were chosen and of which the file says nothing. `unaddressed`: a letter has nowhere to go.
    `digest` is a mark of these very words.
    """

    content: DisclosedContent
    gaps: list[Gap]
    unknown: list[str]
    unaddressed: bool
    digest: str


def preview(client: Client, referral: Referral, on: dt.date) -> Preview:
    """What this referral would tell on that day, read from the file now."""
    text = referral.text
    partner = network.find_partner(text.partner_id) if text.partner_id else None
    content = content_of(client, text, on, partner=partner, volunteer=referral.kind == VOLUNTEER)
    told = {each.code for each in content.fields}
    gaps: list[Gap] = []
    if referral.way == Way.SENT:
        gaps, resting = covered(client.id, text, referral.channel, on, partner)
        content = msgspec.structs.replace(content, release_ids=resting)
    return Preview(
        content,
        gaps,
        unknown=[field_label(code, on) for code in text.fields if code not in told],
        unaddressed=referral.way in {Way.SENT, Way.BY_LAW} and referral.channel == LETTER and not content.address,
        digest=_digest(content, referral.channel),
    )


def content_of(
    client: Client, text: ReferralText, on: dt.date, *, partner: Partner | None, volunteer: bool = False
) -> DisclosedContent:
    """The words that leave: only the data that were chosen, as the file has them now or as they were typed."""
    sources = FileSources(client, on)
    told = telling.compose(text.fields, dict(text.typed), sources.for_volunteers() if volunteer else sources.all())
    label = _volunteer_label if volunteer else told_label
    fields = [ToldField(code=each.code, label=label(each.code, on), text=each.text) for each in told if each.text]
    if volunteer and text.meeting_point:
        fields.append(ToldField(code=telling.CONCERN, label=_("Treffpunkt"), text=text.meeting_point))
    return DisclosedContent(
        partner_id=partner.id if partner else text.partner_id,
        recipient=partner.profile.name if partner else text.recipient,
        address=address_of(partner),
        person=text.person,
        purpose=text.purpose,
        fields=tuple(fields),
        legal_basis=text.legal_basis,
    )


def covered(
    client_id: UUID,
    text: ReferralText,
    channel: str,
    on: dt.date,
    partner: Partner | None,
    *,
    without: Collection[UUID] = (),
) -> tuple[list[Gap], tuple[UUID, ...]]:
    """What no valid release covers, and the releases on which telling rests. `without`: these no longer count.

    The ids of merged partners mean the same recipient. Three statements.
    """
    if partner is None:
        return [Gap(releases.Missing.RECIPIENT)], ()
    same = network.same_as(partner.id)
    valid = [
        _towards(each, partner.id) if each.partner_id in same else each
        for each in consents.list_valid_releases(client_id, on)
        if each.id not in without
    ]
    asked: dict[str, Any] = {
        "partner_id": partner.id,
        "purpose": text.purpose,
        "fields": text.fields,
        "way": channel,
        "on": on,
    }
    gaps, resting = releases.uncovered(valid, **asked), releases.covering(valid, **asked)
    return gaps, tuple(sorted(resting, key=lambda each: each.bytes))


def address_of(partner: Partner | None) -> tuple[str, ...]:
    """The lines of the partner's address; empty where a letter would not arrive."""
    if partner is None or not partner.profile.has_address:
        return ()
    profile = partner.profile
    town = " ".join(part for part in (profile.postcode, profile.place) if part)
    return tuple(part for part in (profile.name, profile.department, profile.street, town) if part)


def field_label(code: str, on: dt.date | None = None) -> str:
    """How a datum is called on pages and papers."""
    return catalogue.label("release_fields", code, on)


def told_label(code: str, on: dt.date | None = None) -> str:
    """The same on a letter, which speaks about the client: the list speaks in the client's own voice."""
    own_voice = {"TER": _("Beratung"), telling.CONCERN: _("Anliegen")}
    return own_voice.get(code) or field_label(code, on)


def _volunteer_label(code: str, _on: dt.date) -> str:
    """What a volunteer learns has narrower names than what the release calls it."""
    return {"NAM": _("Vorname"), "SPR": _("Sprache"), telling.CONCERN: _("Aufgabe")}[code]


def _towards(release: ValidRelease, partner_id: UUID) -> ValidRelease:
    return replace(release, partner_id=partner_id)


def _digest(content: DisclosedContent, channel: str) -> str:
    """A mark of everything that leaves, and to whom."""
    fields = [part for each in content.fields for part in (each.code, each.label, each.text)]
    return telling.digest(
        [channel, content.recipient, *content.address, content.person, content.purpose, content.legal_basis, *fields]
    )
