"""Short advice without a file and activities without a case."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select

from caseapp.counselling.models import Activity, ShortAdvice
from caseapp.db import session
from tests.factories.browser import Browser, hidden_fields
from tests.factories.world import World

Browse = Callable[[str], Browser]
ADVICE = {"kind": "BUE", "topic": "WOH", "minutes": "10", "age_band": "A27", "on_day": "heute"}


def advice_of(world: World) -> list[ShortAdvice]:
    with world.unscoped():
        found = list(session().scalars(select(ShortAdvice)))
        assert all(each.detail for each in found)
        return found


def test_short_advice_is_stored_without_a_name_and_the_page_is_ready_for_the_next(world: World, browse: Browse) -> None:
    maier = browse("maier")
    answer = maier.submit("/kurzberatung", ADVICE)
    assert answer.location == "/kurzberatung"
    assert [(each.kind, each.minutes, each.detail.topic, each.detail.age_band) for each in advice_of(world)] == [
        ("BUE", 10, "WOH", "A27")
    ]
    assert "Kurzberatung gespeichert." in maier.get("/kurzberatung").text


def test_a_double_click_stores_one_advice_and_undo_takes_it_back(world: World, browse: Browse) -> None:
    maier = browse("maier")
    fields = {**hidden_fields(maier.get("/kurzberatung")), **ADVICE}
    for _ in range(2):
        assert maier.post("/kurzberatung", fields).status_code == 302
    found = advice_of(world)
    assert len(found) == 1
    assert browse("oez").post(f"/kurzberatung/{found[0].id}/zurueck").status_code == 404
    maier.post(f"/kurzberatung/{found[0].id}/zurueck")
    assert advice_of(world) == []


def test_a_changed_advice_from_an_old_form_is_kept_and_stored_with_the_next_click(world: World, browse: Browse) -> None:
    maier = browse("maier")
    fields = {**hidden_fields(maier.get("/kurzberatung")), **ADVICE}
    maier.post("/kurzberatung", fields)
    again = maier.post("/kurzberatung", {**fields, "minutes_other": "25"})
    assert again.status_code == 422
    assert "schon ein Eintrag gespeichert" in again.text
    assert 'value="25"' in again.text
    assert [each.minutes for each in advice_of(world)] == [10]
    assert maier.post("/kurzberatung", {**fields, **hidden_fields(again), "minutes_other": "25"}).status_code == 302
    assert sorted(each.minutes or 0 for each in advice_of(world)) == [10, 25]


def test_a_changed_activity_from_an_old_form_is_kept_and_stored_with_the_next_click(
    world: World, browse: Browse
) -> None:
    maier = browse("maier")
    typed = {"kind": "NET", "minutes": "90", "text": "Runder Tisch", "on_day": "gestern"}
    fields = {**hidden_fields(maier.get("/taetigkeit")), **typed, "draft_rev": "3"}
    for _ in range(2):
        assert maier.post("/taetigkeit", fields).status_code == 302
    other = {**fields, "text": "Runder Tisch, zweiter Teil"}
    again = maier.post("/taetigkeit", other)
    assert again.status_code == 422
    assert "Runder Tisch, zweiter Teil" in again.text
    assert hidden_fields(again)["draft_rev"] == ""
    assert maier.post("/taetigkeit", {**other, **hidden_fields(again)}).status_code == 302
    with world.unscoped():
        texts = {each.detail.text for each in session().scalars(select(Activity))}
    assert texts == {"Runder Tisch", "Runder Tisch, zweiter Teil"}


@pytest.mark.parametrize(
    "wrong", [{"topic": ""}, {"topic": "XX"}, {"kind": "FAL"}, {"on_day": "morgen"}, {"minutes_other": "x"}]
)
def test_bad_advice_is_refused(world: World, browse: Browse, wrong: dict[str, str]) -> None:
    assert browse("maier").submit("/kurzberatung", {**ADVICE, **wrong}).status_code == 422
    assert advice_of(world) == []


def test_an_activity_is_stored_and_undone(world: World, browse: Browse) -> None:
    maier = browse("maier")
    maier.submit("/taetigkeit", {"kind": "NET", "minutes": "90", "text": "Runder Tisch", "on_day": "gestern"})
    with world.unscoped():
        found = session().scalars(select(Activity)).one()
        assert (found.minutes, found.detail.kind, found.detail.text) == (90, "NET", "Runder Tisch")
    assert "90 min" in maier.get("/taetigkeit").text
    maier.post(f"/taetigkeit/{found.id}/zurueck")
    with world.unscoped():
        assert session().scalars(select(Activity)).all() == []


def test_the_draft_of_an_activity_is_offered_again(world: World, browse: Browse) -> None:
    maier = browse("maier")
    page = maier.get("/taetigkeit")
    organisation = world.organisations["Musterhausen"]
    form_id = hidden_fields(page)["form_id"]
    answer = maier.client.put(
        f"/entwuerfe/{form_id}?form=activity&organisation={organisation}",
        data={**hidden_fields(page), "text": "Halb geschrieben"},
        headers={"X-CSRFToken": maier.token()},
    )
    assert answer.status_code == 200
    assert form_id in maier.get("/taetigkeit").text
    assert "Halb geschrieben" in maier.get(f"/taetigkeit?entwurf={form_id}").text
    foreign = maier.client.put(
        f"/entwuerfe/{uuid4()}?form=activity&organisation={world.organisations['Fremdstadt']}",
        data={"text": "x"},
        headers={"X-CSRFToken": maier.token()},
    )
    assert foreign.status_code == 403


@pytest.mark.parametrize(("login", "status"), [("maier", 200), ("leitung", 200), ("admin", 403), ("dsb", 403)])
def test_who_counsels_may_record_it(world: World, browse: Browse, login: str, status: int) -> None:
    for page in ("/kurzberatung", "/taetigkeit"):
        assert browse(login).get(page).status_code == status
