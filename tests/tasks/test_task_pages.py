"""The page of tasks and the buttons around a task."""

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.tasks import queries, service
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]


def test_a_task_is_added_done_and_taken_back(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    maier = browse("maier")
    answer = maier.submit(f"/klienten/{client_id}/aufgaben", {"title": "Mietbescheinigung anfordern", "due_in": "1"})
    assert answer.status_code == 302
    with world.unit("maier"):
        task = queries.list_for_client(client_id)[0]
        assert task.due_on == clock.today() + dt.timedelta(days=1)
    assert "Mietbescheinigung anfordern" in maier.get("/aufgaben").text
    assert "Mietbescheinigung anfordern" in maier.get(f"/klienten/{client_id}").text
    assert maier.post(f"/aufgaben/{task.id}/erledigt", {"next": "/aufgaben"}).location == "/aufgaben"
    page = maier.get("/aufgaben").text
    assert f"/aufgaben/{task.id}/offen" in page
    maier.post(f"/aufgaben/{task.id}/offen")
    with world.unit("maier"):
        assert len(queries.list_for_client(client_id)) == 1


def test_a_changed_task_from_an_old_form_is_kept_and_added_with_the_next_click(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    maier, page = browse("maier"), f"/klienten/{client_id}/aufgaben"
    first = {**hidden_fields(maier.get(page)), "title": "Anruf beim Vermieter", "due_in": "1"}
    for _ in range(2):
        assert maier.post(page, first).status_code == 302
    other = {**first, "title": "Anruf bei der Bank", "note": "wegen des Kontos"}
    again = maier.post(page, other)
    assert again.status_code == 422
    assert "schon ein Eintrag gespeichert" in again.text
    assert "Anruf bei der Bank" in again.text
    assert "wegen des Kontos" in again.text
    assert maier.post(page, {**other, **hidden_fields(again)}).status_code == 302
    with world.unit("maier"):
        titles = [task.text.title for task in queries.list_for_client(client_id)]
    assert sorted(titles) == ["Anruf bei der Bank", "Anruf beim Vermieter"]


def test_a_task_that_was_struck_out_is_not_said_to_be_added_again(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    maier, page = browse("maier"), f"/klienten/{client_id}/aufgaben"
    sent = {**hidden_fields(maier.get(page)), "title": "Anruf", "due_in": "1"}
    maier.post(page, sent)
    maier.post(f"/aufgaben/{sent['form_id']}/streichen")
    assert maier.post(page, sent).status_code == 422


def test_a_typed_day_counts_more_than_the_chip(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browse("maier").submit(f"/klienten/{client_id}/aufgaben", {"title": "Anruf", "due_in": "1", "due_on": "3.2.2027"})
    with world.unit("maier"):
        assert queries.list_for_client(client_id)[0].due_on == dt.date(2027, 2, 3)


def test_a_task_without_words_is_refused_with_the_input_kept(world: World, browse: Browse) -> None:
    answer = browse("maier").submit(f"/klienten/{stored_file(world)}/aufgaben", {"title": " ", "note": "steht noch da"})
    assert answer.status_code == 422
    assert "steht noch da" in answer.text


def test_a_deadline_offers_no_putting_off_and_refuses_it(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        due_on = clock.today() + dt.timedelta(days=4)
        task_id = service.add_task(world.actor("maier"), get_client(client_id), "Widerspruch", due_on, deadline=True).id
    maier = browse("maier")
    assert f"/aufgaben/{task_id}/verschieben" not in maier.get("/aufgaben").text
    assert maier.post(f"/aufgaben/{task_id}/verschieben", {"days": "7"}).status_code == 422
    later = maier.submit(f"/aufgaben/{task_id}", {"title": "Widerspruch", "due_on": "1.5.2030"})
    assert later.status_code == 422


def test_two_windows_do_not_overwrite_each_other_and_both_texts_are_shown(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        task_id = service.add_task(world.actor("maier"), get_client(client_id), "Anruf", clock.today()).id
    maier, path = browse("maier"), f"/aufgaben/{task_id}"
    late = hidden_fields(maier.get(path))
    assert maier.submit(path, {"title": "Anruf beim Jobcenter"}).status_code == 302
    answer = maier.post(path, {**late, "title": "Brief an die Schule"})
    assert answer.status_code == 409
    assert "Anruf beim Jobcenter" in answer.text
    assert 'value="Brief an die Schule"' in answer.text
    again = maier.post(path, {**hidden_fields(answer), "title": "Brief an die Schule"})
    assert again.status_code == 302
    with world.unit("maier"):
        assert queries.get_task(task_id).text.title == "Brief an die Schule"


@pytest.mark.parametrize("login", ["oez", "sued", "leitung", "fremd"])
def test_others_do_not_find_the_task(world: World, browse: Browse, login: str) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        task_id = service.add_task(world.actor("maier"), get_client(client_id), "Geheimes Vorhaben", None).id
    other = browse(login)
    missing = other.post(f"/aufgaben/{uuid4()}/erledigt").status_code
    found = other.post(f"/aufgaben/{task_id}/erledigt").status_code
    assert (found, missing) == ((403, 404) if login == "leitung" else (404, 404))
    assert "Geheimes Vorhaben" not in other.get("/aufgaben").text


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_people_without_cases_have_no_page_of_tasks(world: World, browse: Browse, login: str) -> None:
    assert browse(login).get("/aufgaben").status_code == 403
