"""Agreements for tests, made through the services."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.agreements import queries, service
from caseapp.agreements.models import Agreement, PlanText, Signature
from caseapp.agreements.service import AGREEMENT_PAPER, NewPlan, Signing, Talk
from caseapp.agreements.service.composing import Said
from caseapp.agreements.service.talks import base_of
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.goals.service import NewGoal, NewStep
from caseapp.papers.service import Order, print_paper
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
    """What the job process does, without the second that a real PDF takes."""
    assert agreement.paper_id
    print_paper(actor, agreement.paper_id, {AGREEMENT_PAPER: quick_print})


def quick_print(order: Order) -> bytes:
    """A paper of its own for each version."""
    agreement = queries.get_agreement(order.subject_id)
    pdf = f"%PDF-1.7 {agreement.digest}".encode()
    service.present(order.actor, order.client, agreement, pdf)
    return pdf


def signing(**changed: object) -> Signing:
    """Both said yes, today."""
    values: dict[str, object] = {"client": CONFIRMED, "worker": CONFIRMED, "signed_on": clock.today()}
    return Signing(**{**values, **changed})  # type: ignore[arg-type]


def signed(actor: Actor, client: Client, **more: object) -> Agreement:
    """A version in force."""
    made = presented(actor, client, **more)
    service.sign(actor, client, made, signing(), digest=made.digest)
    return made


def client_of(unit: Session, client_id: UUID) -> Client:
    """The file in this unit."""
    found = unit.get(Client, client_id)
    assert found is not None
    return found


def agreement_records(actor: Actor, client: Client) -> dict[str, UUID]:
    """A version that waits for its signatures, and a plan of the Jobcenter: by argument of an address."""
    plan = NewPlan(kind="KOP", agreed_on=clock.today(), text=PlanText(office="Jobcenter"))
    return {
        "agreement_id": presented(actor, client).id,
        "plan_id": service.add_plan(actor, client, plan).id,
    }
