"""A lead opens notes case by case, with a reason, for a day; the worker sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients import queries
from caseapp.clients.models import ClientGrant
from tests.factories.browser import Browser
from tests.factories.files import stored_file
from tests.factories.samples import samples_of
from tests.factories.world import World

Browse = Callable[[str], Browser]


def open_notes(browser: Browser, client_id: UUID, **changed: str) -> int:
    data = {"reason": "FAC", "text": "Fallbesprechung am Montag", **changed}
    return browser.post(f"/klienten/{client_id}/notizen", data).status_code


def has_access(world: World, login: str, client_id: UUID) -> bool:
    return client_id in world.actor(login).notes


def test_notes_open_for_this_case_and_this_lead_only(browse: Browse, world: World) -> None:
    first, second = stored_file(world, "maier"), stored_file(world, "maier")
    assert not has_access(world, "leitung", first)
    assert open_notes(browse("leitung"), first) == 302
    assert has_access(world, "leitung", first)
    assert not has_access(world, "leitung", second)
    assert not has_access(world, "lead2", first)


def test_the_words_of_a_note_are_seen_only_while_access_lasts(browse: Browse, world: World) -> None:
    client_id = UUID(samples_of(world, "maier")["client_id"])
    lead = browse("leitung")
    page = f"/klienten/{client_id}"
    assert "Notiz zum Bescheid" not in lead.get(page).text
    open_notes(lead, client_id)
    assert "Notiz zum Bescheid" in lead.get(page).text
    assert "Notiz zum Bescheid" not in browse("lead2").get(page).text


def test_access_ends_after_a_day(browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = stored_file(world, "maier")
    open_notes(browse("leitung"), client_id)
    start = clock.now()
    for hours, expected in ((23, True), (25, False)):
        monkeypatch.setattr("caseapp.clock.now", lambda hours=hours: start + dt.timedelta(hours=hours))
        assert has_access(world, "leitung", client_id) is expected, hours


def test_access_to_notes_makes_nobody_a_worker_of_the_case(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    open_notes(browse("leitung"), client_id)
    assert client_id not in world.actor("leitung").granted
    assert browse("leitung").get(f"/klienten/{client_id}/bearbeiten").status_code == 403


def test_the_worker_sees_who_opened_the_notes_and_why(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    open_notes(browse("leitung"), client_id)
    page = browse("maier").get(f"/klienten/{client_id}").text
    assert "Leitung (Lena Leitung)" in page
    assert "Fallbesprechung am Montag" in page
    with world.unit("maier"):
        since = clock.now() - dt.timedelta(days=7)
        [seen] = queries.list_note_accesses_for_worker(world.users["maier"], since)
    assert seen.client_id == client_id
    with world.unit("oez"):
        assert not queries.list_note_accesses_for_worker(world.users["oez"], since)


def test_the_worker_s_day_says_so_for_a_week(browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = stored_file(world, "maier")
    open_notes(browse("leitung"), client_id)
    page = browse("maier").get("/heute").text
    assert "Notizen von der Leitung geöffnet" in page
    assert "Fallbesprechung am Montag" in page
    assert "Notizen von der Leitung" not in browse("oez").get("/heute").text
    later = clock.now() + dt.timedelta(days=8)
    monkeypatch.setattr("caseapp.clock.now", lambda: later)
    answer = browse("maier").get("/heute")
    assert answer.status_code == 200
    assert "Notizen von der Leitung" not in answer.text


def test_access_is_recorded_with_its_reason(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    open_notes(browse("leitung"), client_id)
    with world.unscoped() as unit:
        [event] = unit.query(AuditEvent).filter(AuditEvent.action == "client:open_notes").all()
    assert (event.actor_id, event.client_id) == (world.users["leitung"], client_id)


@pytest.mark.parametrize("login", ["lead2", "oez", "admin", "dsb", "sued", "fremdleitung"])
def test_nobody_else_opens_notes(browse: Browse, world: World, login: str) -> None:
    client_id = stored_file(world, "maier")
    assert open_notes(browse(login), client_id) in {403, 404}
    with world.unscoped() as unit:
        assert unit.query(ClientGrant).count() == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"reason": ""}, "Wählen Sie einen Grund"), ({"text": " "}, "in einem Satz"), ({"text": "x" * 501}, "zu lang")],
)
def test_a_reason_is_needed(browse: Browse, world: World, changed: dict[str, str], message: str) -> None:
    client_id = stored_file(world, "maier")
    data = {"reason": "FAC", "text": "Fallbesprechung", **changed}
    answer = browse("leitung").post(f"/klienten/{client_id}/notizen", data)
    assert answer.status_code == 422
    assert message in answer.text
    assert not has_access(world, "leitung", client_id)


def test_asking_twice_changes_nothing(browse: Browse, world: World) -> None:
    client_id = stored_file(world, "maier")
    lead = browse("leitung")
    for _time in range(2):
        assert open_notes(lead, client_id) == 302
    with world.unscoped() as unit:
        assert unit.query(ClientGrant).count() == 1
