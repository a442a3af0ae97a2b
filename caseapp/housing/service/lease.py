"""The lease: one click writes histories, goal, contact and tasks, and lets the dwelling; or nothing at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.clients import queries as clients
from caseapp.clients import service as client_service
from caseapp.clients.models import Client, FactBox, FactKind, StayFact
from caseapp.counselling import queries as contacts
from caseapp.counselling import service as counselling
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact
from caseapp.db import new_id
from caseapp.errors import RuleError
from caseapp.goals import queries as goals
from caseapp.goals import service as goal_service
from caseapp.goals.service import Review
from caseapp.housing import queries
from caseapp.housing.models import HousingApplication, LeaseTrace
from caseapp.housing.queries import Check
from caseapp.housing.rules import states
from caseapp.housing.rules.states import State
from caseapp.housing.service.applications import move, require_version
from caseapp.i18n import gettext as _
from caseapp.network import queries as network
from caseapp.network import service as directory
from caseapp.network.models import Dwelling
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.tasks import service as tasks
from caseapp.tasks.service import NewTask

UNDO = dt.timedelta(minutes=10)
_OWN_HOME, _BY_LEASE = "PRI", "MIV"
_REACHED = "ERR"
_WITH_OTHERS = "DRI"
_HOUSING_TOPIC = "WOH"


@dataclass(frozen=True, slots=True)
class NewLease:
    """The lease as the form says it. `moving`: who of the household moves along, without the client.

    `without_assurance`: entered although a point that belongs before the signature is open.
    """

    from_on: dt.date
    moving: frozenset[UUID] = frozenset()
    without_assurance: bool = False


def enter_lease(
    actor: Actor, client: Client, application: HousingApplication, lease: NewLease, *, version: str
) -> LeaseTrace:
    """Write the lease: stays of all who move, goal reached, contact, tasks for the open points, dwelling let.

    Raises ConflictError; RuleError where the dwelling is let to somebody else meanwhile, on `from_on`, on
    `without_assurance` while a point before the signature is open, and on `moving` for somebody whose file the actor
    does not edit. The caller's unit is rolled back then: nothing is written.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_version(application, version)
    states.check_step(application.state, State.LET)
    states.check_lease_day(lease.from_on, clock.today())
    checks = queries.list_checks(application.id)
    _require_assurance(checks, lease)
    movers = [client, *_movers(actor, client, lease.moving)]
    dwelling = network.get_dwelling(application.dwelling_id)
    before = dwelling.state
    directory.let_dwelling(actor, dwelling, carrier_id=client.organisation_id)
    facts = tuple((each.id, _stay(actor, each, dwelling, lease.from_on)) for each in movers)
    contact_id = _contact(actor, client, dwelling, lease.from_on, checks)
    trace = LeaseTrace(
        facts=facts,
        goal_id=application.goal_id,
        review_id=_reached(actor, client, application.goal_id, contact_id),
        contact_id=contact_id,
        dwelling_state=before,
        state=application.state,
    )
    application.text = msgspec.structs.replace(application.text, lease=trace)
    application.lease_from_on = lease.from_on
    move(application, State.LET)
    audit.record("housing:lease", client_id=client.id, detail=audit.Detail(count=len(movers)))
    return trace


def take_back_lease(actor: Actor, client: Client, application: HousingApplication, *, version: str) -> None:
    """Undo `enter_lease` within ten minutes: histories, goal, tasks and the dwelling are as they were before.

    The contact is cancelled and stays visible. Raises ConflictError, RuleError later or when something it rests on was
    changed since: then nothing is taken back.
    """
    policy.require(actor, Permission.CLIENT_EDIT, client)
    require_version(application, version)
    trace = application.text.lease
    if trace is None or application.state != State.LET or clock.now() - application.changed_at > UNDO:
        raise RuleError(_("Das lässt sich nach 10 Minuten nicht mehr rückgängig machen."))
    dwelling = network.get_dwelling(application.dwelling_id)
    directory.reopen_dwelling(actor, dwelling, trace.dwelling_state, carrier_id=client.organisation_id)
    for client_id, entry_id in trace.facts:
        of = clients.get_client(client_id)
        client_service.cancel_fact(actor, of, clients.get_fact(of.id, entry_id))
    if trace.goal_id and trace.review_id:
        goal, review = goals.get_goal(trace.goal_id), goals.find_review(trace.review_id)
        if review is not None:
            goal_service.take_back_review(actor, client, goal, review)
    contact = contacts.find_contact(trace.contact_id) if trace.contact_id else None
    if contact is not None:
        tasks.take_back_steps(actor, client, contact_id=contact.id, done=())
        reason = _("Mietvertrag zurückgenommen")
        counselling.cancel_contact(actor, client, contact, reason=reason, change_id=new_id())
    application.text = msgspec.structs.replace(application.text, lease=None)
    application.lease_from_on = None
    move(application, State(trace.state))
    audit.record("housing:lease_back", client_id=client.id)


def _require_assurance(checks: Sequence[Check], lease: NewLease) -> None:
    done = {check.code for check in checks if check.done_on}
    missing = states.missing_before([check.code for check in checks if check.before_signing], done)
    if missing and not lease.without_assurance:
        labels = ", ".join(f"„{check.label}“" for check in checks if check.code in missing)
        raise RuleError(
            _(
                "Vor der Unterschrift ist noch offen: %(points)s. Ohne Zusicherung zahlt das Amt Kaution und Umzug "
                "nicht und übernimmt vielleicht nur einen Teil der Miete. Ist der Vertrag schon unterschrieben? "
                "Dann setzen Sie den Haken.",
                points=labels,
            ),
            field="without_assurance",
        )


def _movers(actor: Actor, client: Client, moving: Collection[UUID]) -> list[Client]:
    living = {each.client.id: each.client for each in queries.list_living(client, clock.today())}
    if set(moving) - living.keys():
        raise RuleError(_("Wählen Sie Menschen aus diesem Haushalt aus."), field="moving")
    chosen = [each for each in living.values() if each.id in moving and each.id != client.id]
    if any(not policy.allows(actor, Permission.CLIENT_EDIT, each) for each in chosen):
        raise RuleError(
            _("Nicht alle gewählten Akten dürfen Sie ändern. Bitten Sie die zuständige Person, den Umzug einzutragen."),
            field="moving",
        )
    return chosen


def _stay(actor: Actor, client: Client, dwelling: Dwelling, from_on: dt.date) -> UUID:
    text = dwelling.text
    stay = StayFact(
        form=_OWN_HOME,
        legal_title=_BY_LEASE,
        street=text.street,
        postcode=text.postcode,
        place=text.place,
        ags=dwelling.ags or "",
    )
    return client_service.add_fact(actor, client, FactKind.STAY, FactBox(fact=stay), from_on).id


def _contact(actor: Actor, client: Client, dwelling: Dwelling, from_on: dt.date, checks: Sequence[Check]) -> UUID:
    today = clock.today()
    landlord = network.names_of([dwelling.landlord_id] if dwelling.landlord_id else [])
    new = NewContact(
        on_day=today,
        kind=_WITH_OTHERS,
        minutes=None,
        detail=ContactDetail(
            note=_("Mietvertrag ab %(day)s: %(address)s", day=f"{from_on:%d.%m.%Y}", address=dwelling.text.address),
            topics=(_HOUSING_TOPIC,),
            third_party=next(iter(landlord.values()), ""),
        ),
        tasks=tuple(NewTask(each.task, today + dt.timedelta(days=each.days)) for each in checks if not each.done_on),
    )
    return counselling.save_contact(actor, client, new).id


def _reached(actor: Actor, client: Client, goal_id: UUID | None, contact_id: UUID) -> UUID | None:
    """The open goal is reached; a closed or lost one stays as it is."""
    goal = goals.find_goal(goal_id) if goal_id else None
    if goal is None or not goal.open:
        return None
    review = goal_service.review_goal(
        actor, client, goal, Review(result=_REACHED), version=goal.version, contact_id=contact_id
    )
    return review.id
