"""What the named caseworkers of a small demo have agreed, signed and sent: entered through the services."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from sqlalchemy import func, select

from caseapp import clock
from caseapp.agreements.models import Agreement
from caseapp.agreements.service import AGREEMENT_PAPER
from caseapp.clients.service.rebuild import rebuild
from caseapp.consents.models import Declaration
from caseapp.db import scope
from caseapp.demo import service as demo
from caseapp.factory import CASELOAD_COUNTERS, Services
from caseapp.goals.models import Goal, GoalStep, Score
from caseapp.housing.models import HousingApplication
from caseapp.jobs import get_job
from caseapp.papers.service import Order, print_paper
from caseapp.referrals.models import Referral
from caseapp.referrals.rules.states import State
from tests.demo.conftest import MakeDemo
from tests.factories.agreements import quick_print

HOUR = dt.timedelta(hours=1)


def quickly(services: Services) -> object:
    """Prints at once, without the second that a real PDF takes."""

    def paper(_order: Order) -> bytes:
        return b"%PDF-1.7 erfunden"

    printers = defaultdict(lambda: paper, {AGREEMENT_PAPER: quick_print})

    def run(job_id: UUID, user_id: UUID) -> None:
        actor = services.load_actor(user_id)
        with services.database.unit(actor, write=True):
            print_paper(actor, get_job(job_id).target_id, printers)

    return run


def test_the_named_caseworkers_have_goals_and_papers_in_every_state(make_demo: MakeDemo) -> None:
    services, today = make_demo(clients=420), clock.today()
    with services.database.unit(None, write=False) as unit, scope.everything(unit):
        bulk, followed = (unit.scalars(select(func.count(each))).one() for each in (Goal.id, Goal.successor_id))
    goals = demo.agree_goals(services.database, services.load_actor, 1, today)
    demo.sign_papers(services.database, services.load_actor, quickly(services), today)  # type: ignore[arg-type]
    with services.database.unit(None, write=False) as unit, scope.everything(unit):
        recent = select(func.count(func.distinct(Goal.client_id))).where(Goal.created_at >= clock.now() - HOUR)
        assert unit.scalars(recent).one() == 2 * 15
        assert set(unit.scalars(select(Goal.state))) == {"OFF", "LAU", "ERR", "TEI", "NER", "NVF", "ENT"}
        # Some were adjusted: each of them has brought one more.
        adjusted = unit.scalars(select(func.count(Goal.successor_id))).one() - followed
        assert adjusted > 0
        assert unit.scalars(select(func.count(Goal.id))).one() - bulk == goals + adjusted
        assert unit.scalars(select(func.count(Score.id))).one() > 2 * goals
        assert set(unit.scalars(select(GoalStep.party))) == {"client", "office"}
        assert set(unit.scalars(select(Agreement.state))) == {"signed", "presented", "declined", "superseded"}
        assert set(unit.scalars(select(Declaration.state))) >= {"valid", "prepared", "withdrawn"}
        assert set(unit.scalars(select(Referral.state))) == {state.value for state in State}
        assert unit.scalars(select(func.count(HousingApplication.id))).one() > 1
        assert unit.scalars(select(func.max(Goal.opened_on))).one() <= today
    with services.database.unit(None, write=True):
        assert rebuild(CASELOAD_COUNTERS).mended == 0
