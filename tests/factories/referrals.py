"""Referrals for the walks over all routes: one record of every kind that an address can name."""

from __future__ import annotations

from uuid import UUID

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.db import new_id, session
from caseapp.referrals.models import LegalEntry, LegalRequest, LegalText, OutsideText, WishText
from caseapp.referrals.rules.legal import LegalState
from caseapp.referrals.rules.states import Way
from caseapp.referrals.service import NewReferral, add_outside, add_wish, propose
from caseapp.security.actor import Actor


def referral_records(actor: Actor, client: Client, second_id: UUID) -> dict[str, UUID]:
    """A prepared letter, a request by law, one from outside and a wish, inside the running unit of work."""
    wanted = NewReferral(
        way=Way.CARRIED, recipient="Verein am See", purpose="TEI", fields=("NAM",), text="Möchte Fußball spielen"
    )
    text = OutsideText(office="Polizeirevier", asked="Wo wohnt die Person?")
    return {
        "referral_id": propose(actor, client, wanted).id,
        "legal_id": _legal(actor, client, second_id).id,
        "outside_id": add_outside(actor, client, asker="POL", received_on=clock.today(), text=text).id,
        "wish_id": add_wish(actor, client, WishText(task="Beim Elternabend übersetzen", languages=("prs",))).id,
    }


def _legal(actor: Actor, client: Client, second_id: UUID) -> LegalRequest:
    """Asked of anybody: not every team of the world has a lead."""
    entry = LegalEntry(
        id=new_id(),
        organisation_id=client.organisation_id,
        on_day=clock.today(),
        basis="KKG4",
        urgent=False,
        state=LegalState.ASKED.value,
    )
    asked = LegalRequest(
        client_id=client.id,
        organisation_id=client.organisation_id,
        basis="KKG4",
        channel="TEL",
        urgent=False,
        state=LegalState.ASKED.value,
        asked_by=actor.user_id,
        asked_at=clock.now(),
        asked_id=second_id,
        entry_id=entry.id,
        text=LegalText(recipient="Jugendamt", fields=("NAM",), reason="Gewichtige Anhaltspunkte"),
    )
    session().add_all([entry, asked])
    session().flush()
    return asked
