"""Agreements for tests, made through the services."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from caseapp import clock
from caseapp.agreements import queries, service
from caseapp.agreements.documents import PRINTERS
from caseapp.agreements.models import Agreement, Signature
from caseapp.agreements.service import AGREEMENT_PAPER, Signing, Talk
from caseapp.agreements.service.composing import Said
from caseapp.agreements.service.talks import base_of
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.goals.service import NewGoal, NewStep
from caseapp.papers.service import print_paper
from caseapp.security.actor import Actor

HOUSING = NewGoal(
    area="WOH",
    own_words="Ich möchte eine eigene Wohnung für meine Kinder",
    wording="Eigener Mietvertrag",
    noticed_by="Der Schlüssel ist da",
    steps=(NewStep("client", "Wohnberechtigungsschein beantragen"), NewStep("office", "Vermieter anrufen")),
    scores={"client": 1, "worker": 1},
)
CONFIRMED = Signature(way="confirmed", name="Zustimmung erklärt")


def talk(
    client: Client, *, new_goals: tuple[NewGoal, ...] = (HOUSING,), said: Said | None = None, **more: object
) -> Talk:
    """A talk on the newest version, due again in three months."""
    return Talk(
        base=base_of(queries.newest(client.id)),
        said=said or Said(),
        review_on=clock.today() + dt.timedelta(days=90),
        new_goals=new_goals,
        **more,  # type: ignore[arg-type]
    )


def drafted(actor: Actor, client: Client, **more: object) -> Agreement:
    """A version whose paper is ordered."""
    made = service.conclude(actor, client, talk(client, **more), agreement_id=uuid4())  # type: ignore[arg-type]
    session().flush()
    return made


def presented(actor: Actor, client: Client, **more: object) -> Agreement:
    """A version whose paper is printed."""
    made = drafted(actor, client, **more)
    print_of(actor, made)
    return made


def print_of(actor: Actor, agreement: Agreement) -> None:
    """What the job process does."""
    assert agreement.paper_id
    print_paper(actor, agreement.paper_id, {AGREEMENT_PAPER: PRINTERS[AGREEMENT_PAPER]})


def signing(**changed: object) -> Signing:
    """Both said yes, today."""
    values: dict[str, object] = {"client": CONFIRMED, "worker": CONFIRMED, "signed_on": clock.today()}
    return Signing(**{**values, **changed})  # type: ignore[arg-type]


def signed(actor: Actor, client: Client, **more: object) -> Agreement:
    """A version in force."""
    made = presented(actor, client, **more)
    service.sign(actor, client, made, signing(), digest=made.digest)
    return made


def client_of(unit: object, client_id: UUID) -> Client:
    """The file in this unit."""
    found = unit.get(Client, client_id)  # type: ignore[attr-defined]
    assert found is not None
    return found
