"""What the figures find in the demo: something for every indicator, and agreements that hold what they say."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from caseapp import clock
from caseapp.agreements.models import Agreement
from caseapp.agreements.service.verifying import verify
from caseapp.clients.models import Client
from caseapp.db import scope
from caseapp.demo.rules.referrals import partner_kinds
from caseapp.factory import Services
from caseapp.goals.models import Followup, Goal, GoalReview
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import evaluate
from caseapp.network.models import Partner
from caseapp.referrals.models import Referral, ReferralStep
from caseapp.tallies import queries as tallies
from caseapp.tallies.periods import Period
from tests.demo.test_loading import actor_id

_QUARTERS = 5


def test_every_indicator_finds_cases_and_none_of_them_always_the_same_answer(small_demo: Services) -> None:
    latest = Period.of(clock.today()).before
    found: dict[str, Counter[str]] = {}
    with small_demo.database.unit(None, write=False) as unit, scope.everything(unit):
        courses, offices = tallies.courses(), tallies.offices()
        for steps in range(_QUARTERS):
            quarter = latest.shifted(-steps)
            context = indicators.load_context(quarter, clock.now())
            for code, definition in context.definitions.items():
                answers = {each.code: each.answer for each in definition.outcomes}
                seen = evaluate(code, courses, offices, quarter, context)
                said = (answers.get(each.classes.get("outcome", ""), "counted") for each in seen)
                found.setdefault(code, Counter()).update(said)
    for code, answers in found.items():
        assert sum(answers.values()) > 0, code
        if "counted" not in answers:
            assert answers["yes"] > 0, code
            assert answers["no"] > 0, code
            # From a fifth on a report shows no rate.
            assert answers["unknown"] <= 0.2 * sum(answers.values()), code


def test_what_was_agreed_is_in_order(small_demo: Services) -> None:
    today = clock.today()
    actor = small_demo.load_actor(actor_id(small_demo, "maier"))
    with small_demo.database.unit(actor, write=True) as unit:
        agreed = dict.fromkeys(unit.scalars(select(Agreement.client_id).order_by(Agreement.client_id)))
        checked = [each for client_id in agreed for each in verify(actor, unit.get_one(Client, client_id))]
    assert len(checked) > 10
    assert all(each.unchanged for each in checked)
    with small_demo.database.unit(None, write=False) as unit, scope.everything(unit):
        goals = list(unit.scalars(select(Goal).order_by(Goal.id)))
        opened = dict(iter(unit.execute(select(Client.id, Client.opened_on).order_by(Client.id))))
        looks = dict(iter(unit.execute(select(GoalReview.goal_id, GoalReview.on_day).order_by(GoalReview.on_day))))
        answered = unit.scalars(select(Followup.answered_on).where(Followup.answer.is_not(None))).all()
        in_force = unit.scalars(select(Agreement.client_id).where(Agreement.state == "signed")).all()
    assert all(opened[goal.client_id] <= goal.opened_on <= (goal.closed_on or today) <= today for goal in goals)
    assert all(looks[goal.id] == goal.closed_on for goal in goals if goal.closed_on)
    assert all(goal.successor_id for goal in goals if goal.closed_on and goal.state in {"OFF", "LAU"})
    assert answered
    assert max(answered) <= today
    assert len(in_force) == len(set(in_force))


def test_referrals_end_in_the_state_of_their_last_step(small_demo: Services) -> None:
    with small_demo.database.unit(None, write=False) as unit, scope.everything(unit):
        states = dict(iter(unit.execute(select(Referral.id, Referral.state).order_by(Referral.id))))
        steps = unit.scalars(select(ReferralStep).order_by(ReferralStep.at, ReferralStep.id)).all()
        kinds = set(unit.scalars(select(Partner.kind)))
    last = {step.referral_id: step.state for step in steps}
    assert last == states
    assert len(set(states.values())) > 3
    assert partner_kinds() <= kinds
