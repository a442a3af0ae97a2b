"""Goals in the contact form: topics of their areas, steps of the client to be ticked, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from caseapp.counselling.queries import list_contacts
from caseapp.goals import queries
from caseapp.goals.service import NewStep
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.goals import stored_goal
from tests.factories.world import World

Browse = Callable[[str], Browser]
GOOD = {"kind": "BUE", "on_day": "heute", "minutes": "30", "interpreter": "KEI"}


def test_steps_of_the_client_are_ticked_with_a_contact_and_taken_back_with_it(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    goal_id = stored_goal(world, client_id, area="ARB", steps=(NewStep("client", "Lebenslauf mitbringen"),))
    stored_goal(world, client_id, area="UNA", steps=())
    address, maier = f"/klienten/{client_id}/kontakt", browse("maier")
    page = maier.get(address).text
    assert "Lebenslauf mitbringen" in page
    # Topics of the goals come first, the one under "mehr" too (recognition of qualifications).
    places = [page.index(f'value="{code}"', page.index("data-topics")) for code in ("ARB", "ANE", "EXI", "AUF")]
    assert places == sorted(places)

    def view() -> queries.GoalView:
        with world.unit("maier"):
            return queries.load_view(queries.get_goal(goal_id))

    step = view().steps[0]
    assert maier.submit(address, {**GOOD, "steps": [str(step.id)]}).status_code == 302
    assert (view().steps[0].state, view().state) == ("done", "LAU")
    assert "Lebenslauf mitbringen" not in maier.get(address).text
    with world.unit("maier"):
        (contact,) = list_contacts(client_id)
        assert contact.detail.done_steps == (step.id,)
    maier.post(f"/kontakte/{contact.id}/zurueck", {"csrf_token": maier.token()})
    assert view().steps[0].state == "open"
    with world.unit("maier"):
        (contact,) = list_contacts(client_id) or [contact]
    foreign = {**GOOD, "steps": [str(uuid4()), str(step.id)]}
    assert browse("maier").submit(address, foreign).status_code == 302
    assert view().steps[0].state == "done"


def test_goals_cost_the_form_no_statement_and_saving_four(
    world: World, browse: Browse, count_statements: Callable[[], Any]
) -> None:
    client_id, maier = stored_file(world), browse("maier")
    maier.token()
    address = f"/klienten/{client_id}/kontakt"
    with count_statements() as without:
        maier.get(address)
    goals = [stored_goal(world, client_id) for _ in range(3)]
    with count_statements() as with_goals:
        page = maier.get(address)
    assert int(without) == int(with_goals) <= 8
    with world.unit("maier"):
        steps = [str(view.steps[0].id) for view in queries.list_goals(client_id)]
    assert len(steps) == len(goals)
    numbers = []
    for ticked in ([], steps):
        fields = {**hidden_fields(page), **GOOD, "form_id": str(uuid4()), "steps": ticked}
        with count_statements() as saving:
            assert maier.post(address, fields).status_code == 302
        numbers.append(int(saving))
    assert numbers[0] <= 14
    assert numbers[1] <= numbers[0] + 4, numbers
