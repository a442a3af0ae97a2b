"""What people do to records that count, through the services: each action picks its record by a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import undefer

from caseapp import clock
from caseapp.agreements import service as agreements
from caseapp.agreements.models import Agreement
from caseapp.clients import service as clients
from caseapp.clients.models import (
    BenefitFact,
    Client,
    ClientBody,
    Fact,
    FactBox,
    FactKind,
    HistoryEntry,
    HouseholdMember,
    LanguageFact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.service import FileChange, NewFact
from caseapp.clients.service.facts import add_fact, cancel_fact, confirm_facts, correct_fact, restore_fact
from caseapp.clients.service.households import join_household, leave_household, make_anchor, rejoin_household
from caseapp.counselling import service as counselling
from caseapp.counselling.models import Activity, ActivityDetail, AdviceDetail, Contact, ContactDetail, ShortAdvice
from caseapp.counselling.service import NewContact
from caseapp.db import session
from caseapp.goals import service as goals
from caseapp.goals.models import Followup, Goal, GoalReview, GoalStep
from caseapp.goals.service import Review
from caseapp.imports.models import Import
from caseapp.referrals.models import Referral, ReferralStep
from caseapp.referrals.rules.states import State, Way, may_follow
from caseapp.referrals.service import NewReferral, propose
from caseapp.referrals.service.steps import enter
from caseapp.security.actor import Actor
from caseapp.teamwork import service as teamwork
from tests.factories.agreements import signed
from tests.factories.files import stored_family, stored_file
from tests.factories.goals import new_goal
from tests.factories.world import World
from tests.imports.office import PEOPLE, TALKS, imported, imported_talks, undo
from tests.privacy.making import erased

FACTS: tuple[Fact, ...] = (
    TitleFact(code="AUF_25_2", work_permission="FREI"),
    StayFact(form="GU", ags="08115003", text="Zimmer 7"),
    StayFact(form="PRI", legal_title="EIG"),
    WorkFact(kind="SVP", employer="  Bäckerei   Huber"),
    WorkFact(kind="MIN"),
    BenefitFact(kind="SGB2", supplementary=True),
    LanguageFact(level="A2", evidence="ZER", certified_on=dt.date(2026, 2, 1)),
    SchoolFact(stage="GS", support="JMD"),
)


def chance(number: float) -> Random:
    """The same choices for the same number."""
    return Random(number)  # noqa: S311 - choices that come again


@dataclass
class Doing:
    """One step of somebody's day. `world` is a house with a head of the carrier."""

    world: World
    rng: Random
    lists: list[Import] = field(default_factory=list)

    def act(self, name: str) -> None:
        """Do it, in a unit of its own. A refusal (RuleError and its kind) leaves everything as it was."""
        do = ACTIONS[name]
        if do in ALONE:
            do(self)
            return
        with self.world.unit("maier", write=True) as unit:
            own = (
                select(Client)
                .options(undefer(Client.body_blob))
                .where(Client.worker_id == self.world.users["maier"])
                .where(Client.closed_on.is_not(None) if do is reopen else Client.closed_on.is_(None))
                .order_by(Client.opened_on, Client.id)
            )
            if (table := NEEDED.get(do)) is not None:
                own = own.where(Client.id.in_(select(table.client_id)))
            if found := unit.scalars(own).all():
                do(self, self.world.actor("maier"), self.rng.choice(found))

    def day(self) -> dt.date:
        """One of the last days."""
        return clock.today() - dt.timedelta(days=self.rng.randrange(400))

    def one(self, table: Any, *where: Any) -> Any:
        """Any row of the table that meets the conditions, or None."""
        rows = session().scalars(select(table).where(*where).order_by(table.id)).all()
        return self.rng.choice(rows) if rows else None


def open_file(do: Doing) -> None:
    body = ClientBody(nationalities=("AF", "IR"), literacy="LAT", au_since=do.day())
    fact = NewFact(fact=do.rng.choice(FACTS), from_on=do.day())
    stored_file(do.world, body=body, opened_on=do.day(), facts=(fact,))


def open_family(do: Doing) -> None:
    stored_family(do.world, members=do.rng.randint(2, 3))


def import_people(do: Doing) -> None:
    do.lists.append(imported(do.world, PEOPLE))


def import_talks(do: Doing) -> None:
    do.lists.append(imported_talks(do.world, TALKS))


def undo_import(do: Doing) -> None:
    if do.lists:
        undo(do.world, do.lists.pop())


def erase(do: Doing) -> None:
    with do.world.unit("maier"):
        found = do.one(Client, Client.worker_id == do.world.users["maier"])
    if found is not None:
        erased(do.world, found.id)


def edit(do: Doing, actor: Actor, client: Client) -> None:
    change = FileChange(
        head=msgspec.structs.replace(client.head, sex=do.rng.choice(("M", "W", ""))),
        body=msgspec.structs.replace(client.body, literacy=do.rng.choice(("", "LAT"))),
        ags=do.rng.choice(("08115003", None)),
        head_rev=client.head_rev,
        body_rev=client.body_rev,
    )
    clients.edit_file(actor, client, change)


def assign(do: Doing, _actor: Actor, client: Client) -> None:
    client.worker_id = do.rng.choice([do.world.users["maier"], do.world.users["oez"]])


def close(do: Doing, actor: Actor, client: Client) -> None:
    teamwork.close_file(actor, client, reason=do.rng.choice(("ZIE", "WEG")), on=clock.today())


def reopen(_do: Doing, actor: Actor, client: Client) -> None:
    teamwork.reopen_file(actor, client)


def add(do: Doing, actor: Actor, client: Client) -> None:
    fact = do.rng.choice(FACTS)
    add_fact(actor, client, FactKind(fact.__struct_config__.tag), FactBox(fact=fact), do.day())


def correct(do: Doing, actor: Actor, client: Client) -> None:
    entry = do.one(HistoryEntry, HistoryEntry.client_id == client.id)
    if entry is not None:
        correct_fact(actor, client, entry, entry.box, do.day(), None, revision=entry.box_rev)


def cancel(do: Doing, actor: Actor, client: Client) -> None:
    entry = do.one(HistoryEntry, HistoryEntry.client_id == client.id)
    if entry is not None:
        (restore_fact if entry.cancelled_at else cancel_fact)(actor, client, entry)


def confirm(do: Doing, actor: Actor, client: Client) -> None:
    confirm_facts(actor, client, list(FactKind), do.day())


def join(do: Doing, actor: Actor, client: Client) -> None:
    other = do.one(Client, Client.worker_id == actor.user_id, Client.id != client.id)
    left = do.one(HouseholdMember, HouseholdMember.client_id == client.id, HouseholdMember.until_on.is_not(None))
    if left is not None and do.rng.random() < 0.5:
        rejoin_household(actor, client, left)
    elif other is not None:
        join_household(actor, client, other, "PAR", from_on=do.day())


def leave(do: Doing, actor: Actor, client: Client) -> None:
    (leave_household if do.rng.random() < 0.5 else make_anchor)(actor, client)


def talk(do: Doing, actor: Actor, client: Client) -> None:
    others = session().scalars(
        select(HouseholdMember.client_id)
        .where(
            HouseholdMember.household_id.in_(
                select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
            ),
            HouseholdMember.client_id != client.id,
            HouseholdMember.until_on.is_(None),
        )
        .order_by(HouseholdMember.client_id)
    )
    steps = session().scalars(
        select(GoalStep.id).where(GoalStep.client_id == client.id, GoalStep.state == "open").order_by(GoalStep.id)
    )
    detail = ContactDetail(topics=tuple(do.rng.sample(("WOH", "ARB", "EXI"), 2)), participants=tuple(others))
    new = NewContact(
        on_day=do.day(),
        kind=do.rng.choice(("BUE", "TEL", "NVE", "DRI")),
        minutes=do.rng.choice((None, 15, 45)),
        detail=detail,
        steps=frozenset(steps),
        confirmed=frozenset(FactKind),
    )
    counselling.save_contact(actor, client, new)


def change_talk(do: Doing, actor: Actor, client: Client) -> None:
    found: Contact | None = do.one(Contact, Contact.client_id == client.id)
    if found is None:
        return
    match do.rng.randrange(4):
        case 0:
            counselling.undo_contact(actor, client, found)
        case 1:
            counselling.cancel_contact(actor, client, found, reason="falsch", change_id=uuid4())
        case 2:
            counselling.restore_contact(actor, client, found)
        case _:
            new = NewContact(on_day=do.day(), kind="HAU", minutes=60, detail=ContactDetail(topics=("GES",)))
            rev = found.detail_rev
            counselling.change_contact(actor, client, found, new, base_rev=rev, reason="später", change_id=uuid4())


def office(do: Doing, actor: Actor, client: Client) -> None:
    where, day = client.organisation_id, clock.today()
    detail = AdviceDetail(topic="WOH", age_band="27")
    counselling.add_advice(actor, where, advice_id=uuid4(), on_day=day, kind="BUE", minutes=10, ags=None, detail=detail)
    counselling.add_activity(
        actor, where, activity_id=uuid4(), on_day=day, minutes=30, detail=ActivityDetail(kind="NET")
    )


def undo_office(do: Doing, actor: Actor, _client: Client) -> None:
    if (advice := do.one(ShortAdvice)) is not None:
        counselling.undo_advice(actor, advice.id)
    if (activity := do.one(Activity)) is not None:
        counselling.undo_activity(actor, activity.id)


def agree_goal(do: Doing, actor: Actor, client: Client) -> None:
    goals.add_goal(actor, client, new_goal(area=do.rng.choice(("WOH", "ARB", "SPR")), opened_on=do.day()))


def look_at_goal(do: Doing, actor: Actor, client: Client) -> None:
    goal: Goal | None = do.one(Goal, Goal.client_id == client.id)
    review = do.one(GoalReview, GoalReview.client_id == client.id)
    if goal is None:
        return
    match do.rng.randrange(4):
        case 0:
            (goals.restore_goal if goal.cancelled_at else goals.cancel_goal)(actor, client, goal)
        case 1 if review is not None:
            goals.take_back_review(actor, client, session().get_one(Goal, review.goal_id), review)
        case 2:
            adjusted = Review(adjusted=new_goal(area=goal.area))
            goals.review_goal(actor, client, goal, adjusted, version=goal.version)
        case _:
            result = Review(result=do.rng.choice(("ERR", "TEI", "NIC", "")), on_day=clock.today())
            goals.review_goal(actor, client, goal, result, version=goal.version)


def answer(do: Doing, actor: Actor, client: Client) -> None:
    asked: Followup | None = do.one(Followup, Followup.client_id == client.id)
    if asked is not None:
        goal = session().get_one(Goal, asked.goal_id)
        said = goals.answer_followup(actor, client, goal, asked, do.rng.choice(("yes", "unknown")))
        if do.rng.random() < 0.5:
            goals.take_back_answer(actor, client, asked, said)


def agree(do: Doing, actor: Actor, client: Client) -> None:
    made: Agreement | None = do.one(Agreement, Agreement.client_id == client.id, Agreement.state == "signed")
    if made is not None and do.rng.random() < 0.5:
        agreements.withdraw(actor, client, made, "Möchte nicht mehr")
    else:
        signed(actor, client)


def refer(do: Doing, actor: Actor, client: Client) -> None:
    way = do.rng.choice(list(Way))
    wanted = NewReferral(way=way, recipient="Verein am See", purpose="TEI", fields=("NAM",), text="Fußball")
    propose(actor, client, wanted)


def step_referral(do: Doing, actor: Actor, client: Client) -> None:
    step: ReferralStep | None = do.one(ReferralStep, ReferralStep.client_id == client.id)
    if step is not None and do.rng.random() < 0.3:
        step.undone = True
    found: Referral | None = do.one(Referral, Referral.client_id == client.id)
    if found is not None:
        following = [state for state in State if may_follow(State(found.state), state)]
        enter(actor, client, found, do.rng.choice(following or list(State)))


def protect(_do: Doing, actor: Actor, client: Client) -> None:
    clients.protect(actor, client)


ALONE: tuple[Callable[..., None], ...] = (open_file, open_family, import_people, import_talks, undo_import, erase)
ACTIONS: dict[str, Callable[..., None]] = {
    each.__name__: each
    for each in (
        *ALONE,
        edit,
        assign,
        close,
        reopen,
        add,
        correct,
        cancel,
        confirm,
        join,
        leave,
        talk,
        change_talk,
        office,
        undo_office,
        agree_goal,
        look_at_goal,
        answer,
        agree,
        refer,
        step_referral,
        protect,
    )
}


NEEDED: dict[Callable[..., None], Any] = {
    correct: HistoryEntry,
    cancel: HistoryEntry,
    confirm: HistoryEntry,
    change_talk: Contact,
    look_at_goal: Goal,
    answer: Followup,
    step_referral: Referral,
}


def everybody(world: World) -> list[UUID]:
    """All clients there are."""
    with world.unscoped() as unit:
        return list(unit.scalars(select(Client.id).order_by(Client.id)))
