"""Assigning files: from the queue, from one worker to another, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import Caseload, Client
from caseapp.tasks.models import Task
from caseapp.tasks.service import add_task
from tests.factories.browser import Browser
from tests.factories.files import head, stored_family, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
_UNDO = re.compile(r'action="(/team/zuteilung/zurueck/[^"]+)"')


def waiting(world: World, number: int = 1) -> list[UUID]:
    """Files of team Nord without a worker."""
    return [stored_file(world, "leitung", worker_id=None, head=head(f"Wartend{place}")) for place in range(number)]


def workers(world: World, ids: Iterable[UUID]) -> list[UUID | None]:
    """The workers of these files; file and caseload row must agree."""
    with world.unscoped() as unit:
        rows = unit.execute(
            select(Client.id, Client.worker_id, Caseload.worker_id)
            .join(Caseload, Caseload.client_id == Client.id)
            .where(Client.id.in_(list(ids)))
        ).all()
    assert all(row[1] == row[2] for row in rows)
    by_id = {row[0]: row[1] for row in rows}
    return [by_id[client_id] for client_id in ids]


def assign(browser: Browser, ids: Iterable[UUID], worker: UUID, path: str = "/team/zuteilung") -> int:
    return browser.post(path, {"client": [str(each) for each in ids], "worker": str(worker)}).status_code


def test_the_queue_shows_who_waits_and_the_load_of_the_team(browse: Browse, world: World) -> None:
    waiting(world, 2)
    stored_file(world, "maier")
    page = browse("leitung").get("/team/zuteilung").text
    assert "2 Akten warten" in page
    assert "Wartend0" in page
    assert "Eva Maier – 1 offener Fall" in page
    assert "Deniz Öz – 0 offene Fälle" in page
    assert "Sonja Süd" not in page, "not of this team"


def test_several_files_are_assigned_at_once_and_taken_back(browse: Browse, world: World) -> None:
    lead, ids = browse("leitung"), waiting(world, 3)
    assert assign(lead, ids[:2], world.users["maier"]) == 302
    assert workers(world, ids) == [world.users["maier"], world.users["maier"], None]
    page = lead.get("/team/zuteilung").text
    assert "2 Akten zugewiesen" in page
    undo = _UNDO.search(page)
    assert undo is not None
    assert lead.post(undo[1]).status_code == 302
    assert workers(world, ids) == [None, None, None]


def test_taking_back_leaves_what_was_changed_since(browse: Browse, world: World) -> None:
    lead, ids = browse("leitung"), waiting(world, 2)
    assign(lead, ids, world.users["maier"])
    undo = _UNDO.search(lead.get("/team/zuteilung").text)
    assert undo is not None
    lead.post(f"/klienten/{ids[0]}/zuweisen", {"worker": str(world.users["oez"])})
    lead.post(undo[1])
    assert workers(world, ids) == [world.users["oez"], None]


def test_the_way_back_belongs_to_whoever_assigned(browse: Browse, world: World) -> None:
    lead, ids = browse("leitung"), waiting(world)
    assign(lead, ids, world.users["maier"])
    undo = _UNDO.search(lead.get("/team/zuteilung").text)
    assert undo is not None
    browse("lead2").post(undo[1])
    lead.post("/team/zuteilung/zurueck/erfunden")
    assert workers(world, ids) == [world.users["maier"]]


def test_a_lead_without_the_mark_assigns_too(browse: Browse, world: World) -> None:
    ids = waiting(world)
    assert assign(browse("lead2"), ids, world.users["oez"]) == 302
    assert workers(world, ids) == [world.users["oez"]]


@pytest.mark.parametrize("login", ["maier", "admin", "dsb", "koord", "foerder"])
def test_nobody_else_assigns(browse: Browse, world: World, login: str) -> None:
    ids = waiting(world)
    browser = browse(login)
    assert assign(browser, ids, world.users["maier"]) == 403
    assert browser.post(f"/klienten/{ids[0]}/zuweisen", {"worker": str(world.users["maier"])}).status_code == 403
    assert workers(world, ids) == [None]


def test_files_of_others_cannot_be_assigned(browse: Browse, world: World) -> None:
    foreign, other_team = stored_file(world, "fremd"), stored_file(world, "sued")
    lead = browse("leitung")
    for client_id in (foreign, other_team, uuid4()):
        assert assign(lead, [client_id], world.users["maier"]) == 422
        assert lead.post(f"/klienten/{client_id}/zuweisen", {"worker": str(world.users["maier"])}).status_code == 404
    assert workers(world, [foreign, other_team]) == [world.users["fremd"], world.users["sued"]]


@pytest.mark.parametrize("login", ["sued", "admin", "leitung", "fremd"])
def test_only_who_counsels_in_the_team_gets_files(browse: Browse, world: World, login: str) -> None:
    ids = waiting(world)
    assert assign(browse("leitung"), ids, world.users[login]) == 422
    assert workers(world, ids) == [None]


def test_without_a_choice_nothing_happens(browse: Browse, world: World) -> None:
    waiting(world)
    lead = browse("leitung")
    answer = lead.post("/team/zuteilung", {"worker": str(world.users["maier"])})
    assert answer.status_code == 422
    assert "mindestens eine Akte" in answer.text
    assert assign(lead, [], world.users["maier"]) == 422


def test_a_worker_s_cases_go_to_a_colleague_with_their_open_tasks(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    with world.unit("maier", write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        add_task(world.actor("maier"), client, "Antrag stellen", None)
    lead = browse("leitung")
    assert assign(lead, [client_id], world.users["oez"], f"/team/{world.users['maier']}") == 302
    with world.unscoped() as unit:
        [task] = unit.scalars(select(Task)).all()
    assert task.worker_id == world.users["oez"]
    assert browse("maier").get(f"/klienten/{client_id}/stand").status_code in {403, 404}
    assert browse("oez").get(f"/klienten/{client_id}/stand").status_code == 200


def test_a_household_goes_together_if_wished(browse: Browse, world: World) -> None:
    ids = stored_family(world, "maier", members=3)
    lead = browse("leitung")
    path = f"/klienten/{ids[0]}/zuweisen"
    assert "Auch die anderen Akten des Haushalts" in lead.get(path).text
    lead.submit(path, {"worker": str(world.users["oez"]), "household": "y"})
    assert set(workers(world, ids)) == {world.users["oez"]}
    lead.submit(path, {"worker": str(world.users["maier"])})
    assert workers(world, ids) == [world.users["maier"], world.users["oez"], world.users["oez"]]


def test_a_closed_file_is_not_assigned(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    data = {"reason": "ZIE", "on": f"{clock.today():%d.%m.%Y}"}
    assert browse("maier").post(f"/klienten/{client_id}/abschliessen", data).status_code == 302
    answer = browse("leitung").post(f"/klienten/{client_id}/zuweisen", {"worker": str(world.users["oez"])})
    assert answer.status_code == 403
    assert workers(world, [client_id]) == [world.users["maier"]]
