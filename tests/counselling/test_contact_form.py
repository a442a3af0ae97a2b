"""The contact form: sent once and twice, with bad input, within its budget of statements."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.tasks import queries as tasks
from caseapp.tasks.service import add_task
from tests.counselling.pages import GOOD, Browse, contacts_of, form_of, save
from tests.factories.browser import bare, hidden_fields
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World


def test_the_usual_contact_is_saved_and_leads_to_the_file(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    answer = browse("maier").submit(
        form_of(client_id), {**GOOD, "topics": ["WOH", "ARB"], "main_topic": "ARB", "note": "Bescheid gelesen."}
    )
    assert answer.location == f"/klienten/{client_id}"
    found = contacts_of(world, client_id)[0]
    assert (found.kind, found.minutes, found.on_day) == ("BUE", 30, clock.today())
    assert found.detail.topics == ("ARB", "WOH")


def test_the_page_says_saved_and_offers_to_take_it_back(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    maier.submit(form_of(client_id), {**GOOD, "note": "Steht gleich wieder da."})
    page = maier.get(f"/klienten/{client_id}").text
    contact_id = contacts_of(world, client_id)[0].id
    assert "Kontakt gespeichert." in page
    again = maier.post(f"/kontakte/{contact_id}/zurueck")
    assert again.status_code == 302
    assert "Steht gleich wieder da." in maier.get(again.location).text
    assert contacts_of(world, client_id) == []


def test_a_double_click_stores_once(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    fields = {**hidden_fields(maier.get(form_of(client_id))), **GOOD, "note": "einmal", "tasks-0-title": "Anruf"}
    first, second = (maier.post(form_of(client_id), fields) for _ in range(2))
    assert first.location == second.location
    assert len(contacts_of(world, client_id)) == 1
    with world.unit("maier"):
        assert len(tasks.list_for_client(client_id)) == 1


def test_an_old_form_with_new_text_loses_nothing_and_overwrites_nothing(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    fields = {**hidden_fields(maier.get(form_of(client_id))), **GOOD}
    maier.post(form_of(client_id), {**fields, "note": "der erste"})
    answer = maier.post(form_of(client_id), {**fields, "note": "der zweite"})
    assert answer.status_code == 422
    assert "der zweite" in answer.text
    again = {**fields, **hidden_fields(answer), "note": "der zweite"}
    assert maier.post(form_of(client_id), again).status_code == 302
    assert {found.detail.note for found in contacts_of(world, client_id)} == {"der erste", "der zweite"}


def test_defaults_come_from_this_client_and_this_kind_not_from_the_last_form(world: World, browse: Browse) -> None:
    client_id, other, maier = stored_file(world), stored_file(world), browse("maier")
    maier.submit(
        form_of(client_id), {**GOOD, "minutes": "", "minutes_other": "50", "language": "ti", "note": "nur hier"}
    )
    page = maier.get(form_of(other)).text
    assert "nur hier" not in page
    assert re.search(r'value="prs"[^>]*selected|selected[^>]*value="prs"', page)
    same = maier.get(form_of(client_id)).text
    assert "50 min" in same
    assert "nur hier" not in same


def test_lines_with_at_become_tasks_without_any_script(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browse("maier").submit(form_of(client_id), {**GOOD, "note": "Hallo\n@ Mietbescheinigung bis morgen\n@ Anruf"})
    with world.unit("maier"):
        found = tasks.list_for_client(client_id)
    assert [task.due_on for task in found] == [clock.today() + dt.timedelta(days=days) for days in (1, 7)]


def test_steps_are_ticked_off(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        task_id = add_task(world.actor("maier"), get_client(client_id), "Anruf", None).id
    maier = browse("maier")
    assert "Anruf" in maier.get(form_of(client_id)).text
    maier.submit(form_of(client_id), {**GOOD, "done": str(task_id)})
    with world.unit("maier"):
        assert tasks.get_task(task_id).state == "done"


def test_members_of_the_household_can_be_ticked(world: World, browse: Browse) -> None:
    mother, father, child = stored_family(world)
    maier = browse("maier")
    assert "Hamid" in maier.get(form_of(mother)).text
    maier.submit(form_of(mother), {**GOOD, "kind": "HAU", "participants": [str(father), str(child)]})
    assert "Als weitere Person dabei" in maier.get(f"/klienten/{father}").text


def test_not_met_takes_two_taps(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    assert f"/klienten/{client_id}/nicht-angetroffen" in maier.get(form_of(client_id)).text
    answer = maier.submit(f"/klienten/{client_id}/nicht-angetroffen", {"slip": "1"})
    assert answer.status_code == 302
    found = contacts_of(world, client_id)
    assert [(each.kind, each.detail.slip_left) for each in found] == [("NVE", True)]


def test_a_child_that_interprets_is_recorded_and_warned_about(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    maier.submit(form_of(client_id), {**GOOD, "interpreter": "ANG", "child_interpreted": "y"})
    assert "Ein Kind hat gedolmetscht" in maier.get(f"/klienten/{client_id}").text
    assert contacts_of(world, client_id)[0].detail.child_interpreted


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"kind": "'; DROP TABLE contact"},
        {"on_day": "31.02.2026"},
        {"on_day": "1.1.2090"},
        {"on_day": ""},
        {"minutes_other": "ewig"},
        {"minutes": "-5", "minutes_other": "99:99"},
        {"started_at": "25:99"},
        {"participants": "keine-id"},
        {"participants": str(uuid4())},
        {"done": "keine-id"},
        {"topics": ["WOH", "<script>"]},
        {"note": "x" * 100_001},
        {"tasks-0-title": "y" * 500},
    ],
)
def test_bad_input_answers_422_with_everything_kept(world: World, browse: Browse, wrong: dict[str, Any]) -> None:
    client_id, maier = stored_file(world), browse("maier")
    answer = maier.submit(
        form_of(client_id), {**GOOD, "note": "Bleibt hier stehen.", "others_present": "Nachbarin", **wrong}
    )
    assert answer.status_code == 422, answer.status_code
    assert "Nachbarin" in answer.text
    assert "note" in wrong or "Bleibt hier stehen." in answer.text
    assert contacts_of(world, client_id) == []


def test_ten_megabytes_are_refused_with_a_sentence_and_kept_in_the_page(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    answer = maier.submit(form_of(client_id), {**GOOD, "note": "Langer Text. " + "x" * 10_000_000})
    assert answer.status_code == 422
    assert "zu lang: höchstens 100000 Zeichen" in answer.text
    assert "Langer Text." in answer.text


def test_a_form_without_its_id_is_stored_all_the_same(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    answer = maier.post(form_of(client_id), {**GOOD, "form_id": "kaputt", "note": "Text"})
    assert answer.status_code == 422
    assert "Text" in answer.text


@pytest.mark.parametrize(
    ("login", "status"),
    [("maier", 200), ("oez", 403), ("sued", 404), ("leitung", 403), ("lead2", 403), ("fremd", 404), ("admin", 403)],
)
def test_the_form_opens_for_the_own_case_only(world: World, browse: Browse, login: str, status: int) -> None:
    client_id = stored_file(world)
    assert browse(login).get(form_of(client_id)).status_code == status
    assert browse(login).post(form_of(client_id), {**GOOD, "form_id": str(uuid4())}).status_code in {status, 302}
    assert len(contacts_of(world, client_id)) == (1 if login == "maier" else 0)


def test_a_closed_file_takes_no_contact(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unscoped(write=True):
        get_client(client_id).closed_on = clock.today()
    assert browse("maier").get(form_of(client_id)).status_code == 403


def test_the_form_and_saving_stay_within_their_statements(world: World, browse: Browse, count_statements: Any) -> None:
    small, large = stored_family(world, members=2), stored_family(world, members=6)
    for _ in range(10):
        save(world, large[0], note="x")
        with world.unit("maier", write=True):
            add_task(world.actor("maier"), get_client(large[0]), "Anruf", clock.today())
    maier = browse("maier")
    maier.token()
    counts: dict[str, list[int]] = {"form": [], "save": [], "full": []}
    for family in (small, large):
        with count_statements() as form:
            page = maier.get(form_of(family[0]))
        fields = {**hidden_fields(page), **GOOD, "topics": "WOH", "note": "x"}
        with count_statements() as saving:
            assert maier.post(form_of(family[0]), fields).status_code == 302
        with world.unit("maier"):
            ticked = [str(task.id) for task in tasks.list_for_client(family[0])]
        more = {"form_id": str(uuid4()), "participants": [str(each) for each in family[1:]], "done": ticked}
        with count_statements() as full:
            assert maier.post(form_of(family[0]), {**fields, **more}).status_code == 302
        for name, count in (("form", form), ("save", saving), ("full", full)):
            counts[name].append(int(count))
    assert max(counts["form"]) <= 8, counts
    assert max(counts["save"]) <= 14, counts
    assert max(counts["full"]) <= 15, counts  # ten tasks and five participants; one for the lines of all of them
    assert counts["form"][0] == counts["form"][1]
    assert counts["save"][0] == counts["save"][1]


def test_nothing_of_a_client_stands_in_the_session_cookie(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    answer = maier.submit(form_of(client_id), {**GOOD, "note": "Geheimnis"})
    assert "Geheimnis" not in str(answer.headers)


def test_a_text_for_a_file_that_was_handed_over_is_given_back(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    fields = {**hidden_fields(maier.get(form_of(client_id))), **GOOD, "note": "Eine halbe Seite Text."}
    with world.unscoped(write=True):
        get_client(client_id).worker_id = world.users["oez"]
    answer = maier.post(form_of(client_id), fields)
    assert answer.status_code == 403
    assert "Eine halbe Seite Text." in answer.text
    del fields["csrf_token"]
    stranger = browse("fremd")
    foreign = stranger.post(form_of(client_id), fields)
    assert foreign.status_code == 404
    assert bare(foreign) == bare(stranger.post(form_of(uuid4()), fields))
    assert contacts_of(world, client_id) == []
