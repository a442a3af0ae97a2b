"""The papers of this slice: the letter to a partner, the refusal of a request, the list of what was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.documents import render
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.letters import queries as letters
from caseapp.letters.models import Letter
from caseapp.letters.rules import Way as LetterWay
from caseapp.network import queries as network
from caseapp.papers.service import Order, Printer
from caseapp.places import queries as places
from caseapp.referrals import queries
from caseapp.referrals.models import DisclosedContent, Disclosure, ToldField
from caseapp.referrals.queries import LETTER, VOLUNTEER
from caseapp.referrals.rules.states import State, Way
from caseapp.referrals.service import DISCLOSURES_PAPER, LETTER_PAPER, REFUSAL_PAPER
from caseapp.security import policy
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One entry of what was told, in words. `ground` says why it was allowed."""

    on: dt.date
    recipient: str
    way: str
    channel: str
    purpose: str
    ground: str
    fields: tuple[ToldField, ...]


def referral_letter(order: Order) -> bytes:
    """The letter of a referral, with the words that were entered as told. Raises RuleError once it was stopped.

    The release is asked for once more here: the letter is made after the unit that sent it, and the client may have
    withdrawn in between.
    """
    policy.require(order.actor, Permission.REFERRAL_SEND, order.client)
    referral = queries.get_referral(order.subject_id)
    disclosure = queries.find_disclosure(referral.id)
    if disclosure is None or referral.state in {State.PROPOSED, State.WITHDRAWN} or not _covered(order, disclosure):
        raise RuleError(
            _("Das Schreiben wurde angehalten: Die Freigabe gilt nicht mehr. Es ist nichts hinausgegangen.")
        )
    content = disclosure.content
    volunteer = referral.kind == VOLUNTEER
    return render(
        "referral",
        **_letter(order, _("Mitteilung"), by=disclosure.by, made_on=disclosure.told_on),
        recipient=_address(content),
        carried=referral.way == Way.CARRIED,
        volunteer=volunteer,
        by_law=referral.way == Way.BY_LAW,
        content=content,
        # A volunteer learns task, first name, language and meeting point; the purpose says no more than the task.
        purpose="" if volunteer else catalogue.label("release_purposes", content.purpose),
        basis=_basis(content.legal_basis),
    )


def refusal(order: Order) -> bytes:
    """The answer to a request from outside. It says nothing of the client, not even that there is a file."""
    policy.require(order.actor, Permission.REFERRAL_SEND, order.client)
    request = queries.get_outside(order.subject_id)
    text = request.text
    return render(
        "refusal",
        **_letter(order, _("Ihre Anfrage"), by=order.actor.user_id, made_on=clock.today()),
        recipient=(text.office, text.person, text.street, text.place),
        reference=text.reference,
        received_on=request.received_on,
    )


def disclosures(order: Order) -> bytes:
    """Everything that was told about the client, for the client's own hand."""
    policy.require(order.actor, Permission.CLIENT_READ, order.client)
    head = order.client.head
    return render(
        "disclosures",
        carrier=_carrier(order),
        title=_("Was wurde über mich weitergegeben?"),
        name=head.full_name,
        own_script=head.own_script,
        made_on=clock.today(),
        lines=lines_of(order.client.id),
    )


def lines_of(client_id: UUID) -> list[DisclosureLine]:
    """What was told about the client in words, by referrals and by letters, the latest first."""
    told, written = queries.list_disclosures(client_id), letters.list_telling(client_id)
    partners = {each.content.partner_id for each in told} | {each.partner_id for each in written}
    names = network.names_of({each for each in partners if each})
    lines = [*(_line(each, names) for each in told), *(_letter_line(each, names) for each in written)]
    return sorted(lines, key=lambda line: line.on, reverse=True)


PRINTERS: dict[str, Printer] = {
    LETTER_PAPER: referral_letter,
    REFUSAL_PAPER: refusal,
    DISCLOSURES_PAPER: disclosures,
}


def _covered(order: Order, disclosure: Disclosure) -> bool:
    """Whether what a letter says is still released; what needs no release is."""
    if disclosure.way != Way.SENT:
        return True
    referral = queries.get_referral(order.subject_id)
    partner_id = referral.text.partner_id
    partner = network.find_partner(partner_id) if partner_id else None
    gaps, _resting = queries.covered(order.client.id, referral.text, referral.channel, clock.today(), partner)
    return not gaps


def _line(told: Disclosure, names: Mapping[UUID, str]) -> DisclosureLine:
    content = told.content
    return DisclosureLine(
        on=told.told_on,
        recipient=content.recipient or queries.recipient_name(content.partner_id, "", names),
        way=catalogue.label("referral_ways", told.way, told.told_on),
        channel=catalogue.label("release_ways", told.channel, told.told_on),
        purpose=catalogue.label("release_purposes", content.purpose, told.told_on),
        ground=_ground(told),
        fields=content.fields,
    )


def _letter_line(letter: Letter, names: Mapping[UUID, str]) -> DisclosureLine:
    content = letter.content
    way = Way.SENT if letter.way == LetterWay.POST else Way.CARRIED
    same = _("wie im Schreiben")
    return DisclosureLine(
        on=letter.on_day,
        recipient=names.get(letter.partner_id, "") if letter.partner_id else "\n".join(content.recipient[:1]),
        way=catalogue.label("referral_ways", way, letter.on_day),
        channel=catalogue.label("release_ways", LETTER, letter.on_day),
        purpose=catalogue.label("release_purposes", content.purpose, letter.on_day),
        ground=_ground_of(way),
        fields=tuple(ToldField(code=code, label=queries.field_label(code), text=same) for code in content.tells),
    )


def _ground(told: Disclosure) -> str:
    if told.way == Way.BY_LAW:
        return _("Gesetz: %(basis)s", basis=_basis(told.content.legal_basis))
    return _ground_of(Way(told.way))


def _ground_of(way: Way) -> str:
    carried = way is Way.CARRIED
    return _("Sie haben den Brief selbst mitgenommen.") if carried else _("Ihre Freigabe, die an diesem Tag galt.")


def _basis(code: str) -> str:
    found = next((each for each in catalogue.rows_of("legal_bases") if each.code == code), None)
    return f"{catalogue.label('legal_bases', code)} ({found.extra['source']})" if found else ""


def _letter(order: Order, title: str, *, by: UUID, made_on: dt.date) -> dict[str, object]:
    """What every letter of the office shows around its words."""
    profile = places.get_organisation(order.client.organisation_id).profile
    sender = [line.strip() for line in (profile.controller or profile.name).splitlines() if line.strip()]
    return {
        "carrier": profile.name,
        "sender": sender,
        "title": title,
        "made_on": made_on,
        "worker": accounts.names_of({by}).get(by, ""),
    }


def _address(content: DisclosedContent) -> tuple[str, ...]:
    """The lines in the window: the contact person stands below the name."""
    name, *rest = content.address or (content.recipient,)
    return (name, content.person, *rest)


def _carrier(order: Order) -> str:
    return places.get_organisation(order.client.organisation_id).profile.name
