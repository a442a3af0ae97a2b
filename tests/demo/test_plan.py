"""Carriers, teams and loads."""

from __future__ import annotations

import pytest

from caseapp.demo.rules.plan import Scope, plan_carriers
from caseapp.places.rules import Gazetteer, load_gazetteer
from caseapp.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(PROJECT_ROOT / "config" / "places")


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("files", [1, 7, 200, 4_321, 100_000])
def test_the_loads_add_up_to_exactly_what_was_asked_for(gazetteer: Gazetteer, files: int, scope: Scope) -> None:
    plans = plan_carriers(gazetteer, files, 1, scope)
    assert sum(worker.files for plan in plans for team in plan.teams for worker in team.workers) == files


def test_a_state_has_carriers_of_different_names_in_all_districts(gazetteer: Gazetteer) -> None:
    plans = plan_carriers(gazetteer, 100_000, 1, Scope.STATE)
    assert len({plan.name for plan in plans}) == len(plans)
    assert {plan.ags[:5] for plan in plans} == set(gazetteer.districts)


def test_loads_are_those_seen_in_practice(gazetteer: Gazetteer) -> None:
    plans = plan_carriers(gazetteer, 100_000, 1, Scope.STATE)
    loads = [worker.files for plan in plans for team in plan.teams for worker in team.workers]
    # Closed files, about a fifth, are included; a small carrier has a part of a post.
    assert all(35 <= load <= 180 for load in loads)


def test_the_small_demo_has_four_carriers_and_a_team_of_two(gazetteer: Gazetteer) -> None:
    plans = plan_carriers(gazetteer, 420, 1, Scope.DISTRICT)
    assert [plan.kind for plan in plans] == ["LKR", "GEM", "GEM", "FRT"]
    assert len(plans[0].teams[0].workers) == 2
