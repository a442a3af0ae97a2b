"""Closing and reopening a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest

from caseapp import clock
from caseapp.clients.models import Caseload, Client
from caseapp.tasks.service import add_task
from tests.factories.browser import Browser
from tests.factories.files import head, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]


def today() -> str:
    return f"{clock.today():%d.%m.%Y}"


def close(browser: Browser, client_id: UUID, **changed: str) -> int:
    data = {"reason": "ZIE", "on": today(), **changed}
    return browser.post(f"/klienten/{client_id}/abschliessen", data).status_code


def state(world: World, client_id: UUID) -> tuple[bool, str | None, bool]:
    """Whether the file is closed, why, and whether its caseload row is open."""
    with world.unscoped() as unit:
        client = unit.get(Client, client_id)
        row = unit.query(Caseload).filter(Caseload.client_id == client_id).one()
        assert client is not None
        return client.closed, client.closing_reason, row.open


@pytest.mark.parametrize("login", ["maier", "leitung", "lead2"])
def test_the_worker_and_the_lead_close_and_reopen(browse: Browse, world: World, login: str) -> None:
    client_id = stored_file(world, "maier")
    browser = browse(login)
    assert browser.get(f"/klienten/{client_id}/abschliessen").status_code == 200
    assert close(browser, client_id) == 302
    assert state(world, client_id) == (True, "ZIE", False)
    assert browser.post(f"/klienten/{client_id}/wieder-oeffnen").status_code == 302
    assert state(world, client_id) == (False, None, True)


@pytest.mark.parametrize("login", ["oez", "admin", "dsb", "sued", "fremd"])
def test_nobody_else_closes(browse: Browse, world: World, login: str) -> None:
    client_id = stored_file(world, "maier")
    browser = browse(login)
    assert close(browser, client_id) in {403, 404}
    assert browser.post(f"/klienten/{client_id}/wieder-oeffnen").status_code in {403, 404}
    assert state(world, client_id)[0] is False


def test_a_closed_file_leaves_the_lists_and_is_read_only(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier", head=head("Verschwunden"))
    maier = browse("maier")
    assert "Verschwunden" in maier.get("/klienten").text
    close(maier, client_id)
    assert "Verschwunden" not in maier.get("/klienten").text
    assert "Verschwunden" not in browse("leitung").get(f"/team/{world.users['maier']}").text
    assert "Verschwunden" not in browse("oez").get("/klienten?ansicht=team").text
    assert maier.get(f"/klienten/{client_id}/stand").status_code == 200
    assert maier.get(f"/klienten/{client_id}/bearbeiten").status_code == 403
    assert maier.get(f"/klienten/{client_id}/kontakt").status_code == 403


def test_the_tasks_of_a_closed_file_leave_the_list_until_it_is_open_again(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    with world.unit("maier", write=True) as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        add_task(world.actor("maier"), client, "Antrag stellen", clock.today())
    maier = browse("maier")
    close(maier, client_id)
    assert "Antrag stellen" not in maier.get("/aufgaben").text
    maier.post(f"/klienten/{client_id}/wieder-oeffnen")
    assert "Antrag stellen" in maier.get("/aufgaben").text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"on": "01.01.2100"}, "nicht in der Zukunft"),
        ({"on": "01.01.2001"}, "liegt vor der Aufnahme"),
        ({"on": "31.02.2026"}, "31.02"),
        ({"on": ""}, "Geben Sie den Tag ein"),
        ({"reason": ""}, "Wählen Sie einen Grund"),
        ({"reason": "XXX"}, "gültige Auswahl"),
    ],
)
def test_what_cannot_be_is_refused(browse: Browse, world: World, changed: dict[str, str], message: str) -> None:
    client_id = stored_file(world, "maier")
    answer = browse("maier").post(f"/klienten/{client_id}/abschliessen", {"reason": "ZIE", "on": today(), **changed})
    assert answer.status_code == 422
    assert message in answer.text
    assert state(world, client_id)[0] is False


def test_closing_twice_is_refused_and_keeps_the_first_reason(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    maier = browse("maier")
    close(maier, client_id)
    assert close(maier, client_id, reason="KON") == 422
    assert state(world, client_id)[1] == "ZIE"


def test_a_file_is_closed_with_effect_from_an_earlier_day(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier", opened_on=clock.today() - dt.timedelta(days=40))
    assert close(browse("maier"), client_id, on=f"{clock.today() - dt.timedelta(days=9):%d.%m.%Y}") == 302
    with world.unscoped() as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        assert client.closed_on == clock.today() - dt.timedelta(days=9)
