"""Whatever people do, the lines are what a recount says that opens every record."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from caseapp.clients.models import Client
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.tallies import keys
from caseapp.tallies.models import Tally
from caseapp.tallies.service import rebuild
from tests.factories.world import World
from tests.tallies.doing import ACTIONS, Doing, chance, everybody

STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 2**32)), min_size=8, max_size=25)
REFUSED = (ConflictError, ForbiddenError, NotFoundError, RuleError)
done: Counter[str] = Counter()


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lines_are_what_a_recount_says(house: World, steps: list[tuple[str, int]]) -> None:
    lists = Doing(house, chance(0)).lists
    for name, number in [("open_file", 0), *steps]:
        try:
            Doing(house, chance(number), lists).act(name)
        except REFUSED:
            done[f"{name} refused"] += 1
        else:
            done[name] += 1
    found = rebuild(house.services.database, check=True)
    assert (found.differences, found.unreadable, found.lost) == (0, 0, 0), found


def test_every_action_does_something_and_leaves_true_lines(house: World) -> None:
    """The property above would hold of actions that are always refused."""
    numbers = chance(7)
    wanted = set(ACTIONS) - {"protect", "undo_import", "erase"}  # protection does not count; the second has no list
    told: set[str] = set()
    for _round in range(40):
        for name in [name for name in sorted(wanted) if name not in told or name.startswith(("open", "agree", "look"))]:
            if _changed(house, name, numbers.random()):
                told.add(name)
        if told == wanted:
            break
    assert told == wanted, wanted - told
    assert _changed(house, "erase", 0)
    found = rebuild(house.services.database, check=True)
    assert (found.differences, found.unreadable) == (0, 0), found
    with house.unscoped() as unit:
        people = {keys.person_number(client_id) for client_id in everybody(house)}
        assert set(unit.scalars(select(Tally.person).where(Tally.person.is_not(None)))) == people
        assert len(unit.scalars(select(Client.id)).all()) == len(people)


def _changed(world: World, name: str, number: float) -> bool:
    """Whether the action changed a line."""
    before = _boxes(world)
    try:
        Doing(world, chance(number)).act(name)
    except REFUSED:
        return False
    return before != _boxes(world)


def _boxes(world: World) -> dict[UUID, bytes]:
    with world.unscoped() as unit:
        return {row.id: row.box_blob for row in unit.execute(select(Tally.id, Tally.box_blob))}
