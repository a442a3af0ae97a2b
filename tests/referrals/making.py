"""Referrals for tests: a partner, a signed release, a referral on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pypdfium2

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.consents.service import Withdrawal, withdraw
from caseapp.papers.models import Paper
from caseapp.papers.service import print_paper
from caseapp.referrals import queries, service
from caseapp.referrals.documents import PRINTERS
from caseapp.referrals.rules.states import Way
from caseapp.referrals.service import NewReferral
from tests.consents.making import release, signed
from tests.factories.network import stored_partner
from tests.factories.world import World

FIELDS = ("NAM", "SPR", "ANL")


def advice_centre(world: World, **values: Any) -> UUID:
    """A debt advice centre with an address."""
    given = {"street": "Hauptstraße 1", "postcode": "88069", "place": "Tettnang"} | values
    return stored_partner(world, "Schuldnerberatung Tettnang", "SLD", **given)


def released(world: World, client_id: UUID, partner_id: UUID, **values: Any) -> UUID:
    """The id of a valid release for this partner."""
    given = {"partner_id": partner_id, "fields": FIELDS, "purpose": "SDN", "ways": ("BRF", "TEL")} | values
    return signed(world, client_id, release("Schuldnerberatung Tettnang", **given))[0]


def new(partner_id: UUID | None, **values: Any) -> NewReferral:
    """A referral by letter, with what `released` covers."""
    given = {
        "way": Way.SENT,
        "partner_id": partner_id,
        "purpose": "SDN",
        "fields": ("NAM", "SPR"),
        "text": "Bitte um einen Termin",
    } | values
    return NewReferral(**given)


def proposed(world: World, client_id: UUID, partner_id: UUID | None, login: str = "maier", **values: Any) -> UUID:
    """The id of a prepared referral."""
    with world.unit(login, write=True):
        return service.propose(world.actor(login), get_client(client_id), new(partner_id, **values)).id


def seen(client_id: UUID, referral_id: UUID) -> str:
    """The digest of what the preview shows now."""
    return queries.preview(get_client(client_id), queries.get_referral(referral_id), clock.today()).digest


def send(world: World, referral_id: UUID, login: str = "maier", **values: Any) -> service.Sent:
    """Send what the preview shows."""
    with world.unit(login, write=True):
        referral = queries.get_referral(referral_id)
        given = {"version": referral.version, "seen": seen(referral.client_id, referral_id)} | values
        return service.send(world.actor(login), get_client(referral.client_id), referral, **given)


def sent(world: World, client_id: UUID, partner_id: UUID, login: str = "maier", **values: Any) -> UUID:
    """The id of a referral that was sent by letter, not yet printed."""
    referral_id = proposed(world, client_id, partner_id, login, **values)
    send(world, referral_id, login)
    return referral_id


def withdrawn(world: World, client_id: UUID, release_ids: list[UUID], login: str = "maier") -> int:
    """Withdraw as the page does; how much was stopped."""
    with world.unit(login, write=True):
        hooks = (service.stop_for_releases,)
        done = withdraw(world.actor(login), get_client(client_id), release_ids, Withdrawal(way="TEL"), hooks)
    return done.stopped


def printed(world: World, paper_id: UUID, login: str = "maier") -> str:
    """What the job process does after the commit; the text of the paper."""
    with world.unit(login, write=True) as unit:
        print_paper(world.actor(login), paper_id, PRINTERS)
        return text_of(unit.get_one(Paper, paper_id).content.pdf)


def text_of(pdf: bytes) -> str:
    """All words of a PDF, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    pages = (document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


def act(
    world: World, referral_id: UUID, what: Callable[..., Any], *args: Any, login: str = "maier", **named: Any
) -> Any:
    """Call a service on the referral in a unit of its own."""
    with world.unit(login, write=True):
        referral = queries.get_referral(referral_id)
        return what(world.actor(login), get_client(referral.client_id), referral, *args, **named)


def state(world: World, referral_id: UUID) -> str:
    with world.unscoped():
        return queries.get_referral(referral_id).state
