"""The pages of goals: by role, with bad input, sent twice, within their statements."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.goals import queries, service
from caseapp.goals.service import Review
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.goals import stored_goal
from tests.factories.world import World

Browse = Callable[[str], Browser]
TODAY = clock.today()
TALK = {"outcome": "goes_on", "on_day": f"{TODAY:%d.%m.%Y}"}


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world)


def goals(world: World, client_id: UUID) -> list[queries.GoalView]:
    with world.unit("maier"):
        return queries.list_goals(client_id)


def page_of(client_id: UUID) -> str:
    return f"/klienten/{client_id}/ziele"


def test_a_goal_needs_an_area_and_one_sentence(world: World, browse: Browse, client_id: UUID) -> None:
    maier, address = browse("maier"), f"{page_of(client_id)}/neu"
    refused = maier.submit(address, {"area": "WOH", "client_score": "3"})
    assert refused.status_code == 422
    assert "am besten in den Worten der Person" in refused.text
    assert re.search(
        r'name="client_score"[^>]*value="3"[^>]*checked|checked[^>]*name="client_score"[^>]*value="3"', refused.text
    )
    assert maier.submit(address, {"own_words": "Ich will arbeiten"}).status_code == 422
    assert maier.submit(address, {"area": "ARB", "own_words": "Ich will arbeiten", "suggestion": ""}).status_code == 302
    (goal,) = goals(world, client_id)
    assert (goal.title, goal.due_on) == ("Ich will arbeiten", TODAY + dt.timedelta(days=183))


def test_a_suggestion_fills_wording_sign_and_usual_steps(world: World, browse: Browse, client_id: UUID) -> None:
    given = {"area": "WOH", "own_words": "Eine Tür zum Zumachen", "suggestion": "WOH1", "with_steps": "y"}
    assert browse("maier").submit(f"{page_of(client_id)}/neu", given).status_code == 302
    (goal,) = goals(world, client_id)
    assert goal.text.wording == "Mietet eine eigene Wohnung mit eigenem Mietvertrag"
    assert goal.text.noticed_by == "Der Mietvertrag ist unterschrieben."
    assert [step.party for step in goal.steps] == ["client", "office"]
    page = browse("maier").get(page_of(client_id)).text
    for text in ("Eine Tür zum Zumachen", "Mietet eine eigene", "Wohnungsbau anfragen", "Daran merken wir es"):
        assert text in page
    assert "Ziel vereinbart: Wohnung" in browse("maier").get(f"/klienten/{client_id}").text


def test_one_tap_finishes_a_step_and_undo_opens_it_again(world: World, browse: Browse, client_id: UUID) -> None:
    stored_goal(world, client_id)
    maier = browse("maier")
    for step in goals(world, client_id)[0].steps:
        maier.post(f"/ziele/schritte/{step.id}/erledigt", {"csrf_token": maier.token()})
    assert {step.state for step in goals(world, client_id)[0].steps} == {"done"}
    step = goals(world, client_id)[0].steps[0]
    maier.post(f"/ziele/schritte/{step.id}/offen", {"csrf_token": maier.token()})
    assert goals(world, client_id)[0].steps[0].state == "open"


def test_a_review_on_the_page_closes_and_can_be_taken_back(world: World, browse: Browse, client_id: UUID) -> None:
    goal_id, maier = stored_goal(world, client_id), browse("maier")
    steps = goals(world, client_id)[0].steps
    given = {**TALK, "outcome": "ERR", "client_score": "4", "worker_score": "4", "done": [str(steps[0].id)]}
    assert maier.submit(f"/ziele/{goal_id}/auswerten", given).status_code == 302
    (closed,) = goals(world, client_id)
    assert (closed.state, closed.open, closed.latest("client", "end")) == ("ERR", False, 4)
    page = maier.get(page_of(client_id)).text
    assert "Ein abgeschlossenes Ziel" in page
    assert "Ziel Wohnung: erreicht" in maier.get(f"/klienten/{client_id}").text
    maier.post(f"/ziele/auswertungen/{closed.reviews[0].id}/zurueck", {"csrf_token": maier.token()})
    assert goals(world, client_id)[0].open


def test_an_adjusted_goal_leads_to_its_successor(world: World, browse: Browse, client_id: UUID) -> None:
    goal_id, maier = stored_goal(world, client_id), browse("maier")
    given = {**TALK, "outcome": "adjusted", "own_words": "Erst einmal ein Zimmer", "wording": "Mietet ein Zimmer"}
    assert maier.submit(f"/ziele/{goal_id}/auswerten", given).status_code == 302
    old, new = goals(world, client_id)
    assert old.successor_id == new.id
    page = maier.get(page_of(client_id)).text
    assert f'href="#ziel-{new.id}"' in page
    assert "Angepasst. Weiter mit:" in page
    assert maier.get(f"/ziele/{old.id}").headers["Location"].endswith(f"#ziel-{old.id}")


def test_what_somebody_else_changed_is_shown_beside_and_nothing_is_lost(
    world: World, browse: Browse, client_id: UUID
) -> None:
    goal_id, maier = stored_goal(world, client_id), browse("maier")
    change, review = f"/ziele/{goal_id}/aendern", f"/ziele/{goal_id}/auswerten"
    assert maier.submit(change, {"area": "WOH", "own_words": "Ein Haus"}).status_code == 302
    for address, given in (
        (change, {"area": "WOH", "own_words": "Ein Boot"}),
        (review, {**TALK, "step_client": "Ein Boot"}),
    ):
        answer = maier.submit(address, {**given, "version": "1"})
        assert answer.status_code == 409
        assert "Ein Haus" in answer.text
        assert "Ein Boot" in answer.text
    step = goals(world, client_id)[0].steps[0]
    assert maier.submit(f"/ziele/schritte/{step.id}", {"text": "Anders", "version": "9"}).status_code == 409
    assert maier.submit(f"/ziele/schritte/{step.id}", {"text": " "}).status_code == 422


def test_a_further_step_is_stored_once(world: World, browse: Browse, client_id: UUID) -> None:
    goal_id, maier = stored_goal(world, client_id, steps=()), browse("maier")
    given = {"party": "office", "text": "Jobcenter anrufen", "form_id": str(uuid4())}
    for _ in range(2):
        assert maier.submit(f"/ziele/{goal_id}/schritte/neu", given).status_code == 302
    assert [step.text for step in goals(world, client_id)[0].steps] == ["Jobcenter anrufen"]
    assert "Jobcenter anrufen" in maier.get("/aufgaben").text
    changed = maier.submit(f"/ziele/{goal_id}/schritte/neu", {**given, "text": "Anderes"})
    assert changed.status_code == 422


def test_a_housing_goal_shows_what_the_search_has_counted(world: World, browse: Browse, client_id: UUID) -> None:
    stored_goal(world, client_id)
    page = browse("maier").get(page_of(client_id)).text
    assert re.search(r"Besichtigungen</dt><dd>0</dd>", page)
    assert f'href="/klienten/{client_id}/wohnungen?ziel=' in page
    assert "Eigener Mietvertrag heute" in page


def test_counting_takes_one_tap(world: World, browse: Browse, client_id: UUID) -> None:
    goal_id, maier = stored_goal(world, client_id, area="ARB"), browse("maier")
    given = {"kind": "BEW", "form_id": str(uuid4())}
    for _ in range(2):
        assert maier.post(f"/ziele/{goal_id}/zaehlen", {**given, "csrf_token": maier.token()}).status_code == 302
    (event,) = goals(world, client_id)[0].events
    assert event.on_day == TODAY
    bad = maier.post(
        f"/ziele/{goal_id}/zaehlen", {"kind": "BEW", "on_day": "gestern vielleicht", "csrf_token": maier.token()}
    )
    assert bad.status_code == 422
    maier.post(f"/ziele/gezaehlt/{event.id}/zurueck", {"csrf_token": maier.token()})
    assert goals(world, client_id)[0].events == ()


def test_the_question_after_half_a_year_is_answered_in_one_tap(world: World, browse: Browse, client_id: UUID) -> None:
    begun = TODAY - dt.timedelta(days=200)
    goal_id, maier = stored_goal(world, client_id, area="ARB", opened_on=begun), browse("maier")
    with world.unit("maier", write=True):
        goal = queries.get_goal(goal_id)
        args = world.actor("maier"), get_client(client_id), goal, Review(result="ERR", on_day=begun)
        service.review_goal(*args, version=goal.version)
    assert "Gilt das noch?" in maier.get(page_of(client_id)).text
    (asked,) = goals(world, client_id)[0].followups
    address = f"/ziele/nachfragen/{asked.id}"
    assert maier.post(address, {"answer": "unknown", "csrf_token": maier.token()}).status_code == 302
    page = maier.get(page_of(client_id)).text
    assert "Gilt das noch?" not in page
    undo = re.search(rf'action="({address}/zurueck[^"]+)"', page)
    assert undo is not None
    maier.post(undo[1].replace("&amp;", "&"), {"csrf_token": maier.token()})
    assert goals(world, client_id)[0].followups[0].answer == ""


def test_who_may_read_and_who_may_assess(world: World, browse: Browse, client_id: UUID) -> None:
    goal_id = stored_goal(world, client_id)
    for login, reads, assesses in (
        ("maier", 200, 200),
        ("leitung", 200, 403),
        ("oez", 403, 404),
        ("fremd", 404, 404),
        ("dsb", 403, 403),
    ):
        browser = browse(login)
        assert browser.get(page_of(client_id)).status_code == reads, login
        assert browser.get(f"/ziele/{goal_id}/auswerten").status_code == assesses, login
    page = browse("leitung").get(page_of(client_id)).text
    assert "Auswerten" not in page
    assert "Neues Ziel" not in page


def test_page_and_review_take_the_same_statements_however_many(
    world: World, browse: Browse, client_id: UUID, count_statements: Callable[[], Any]
) -> None:
    maier = browse("maier")
    maier.token()
    numbers = []
    for _ in range(2):
        goal_id = stored_goal(world, client_id)
        with count_statements() as page:
            assert maier.get(page_of(client_id)).status_code == 200
        given = {**TALK, "client_score": "2", "step_client": "weiter"}
        answer = maier.get(f"/ziele/{goal_id}/auswerten")
        fields = {**hidden_fields(answer), **given}
        with count_statements() as saving:
            assert maier.post(f"/ziele/{goal_id}/auswerten", fields).status_code == 302
        numbers.append((int(page), int(saving)))
    assert numbers[0] == numbers[1]
    assert numbers[0][0] <= 11, numbers
    assert numbers[0][1] <= 17, numbers
