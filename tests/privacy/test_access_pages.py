"""Who has seen a file, told to its client in functions, not in names."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.privacy.queries import access
from caseapp.privacy.rules.access import fold
from tests.architecture.test_roles import changed_file
from tests.factories.browser import Browser, bare
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.accesses import code_of, read


def test_the_client_is_told_day_purpose_and_function_and_no_name_of_a_colleague(world: World) -> None:
    client_id = stored_file(world, "maier")
    read(world, client_id)
    read(world, client_id)
    read(world, client_id, "leitung")
    page = Browser(world, "maier").get(f"/klienten/{client_id}/zugriffe")
    main = page.text[page.text.index("<main") :]
    assert "Akte gelesen" in main
    assert "Integrationsmanagement" in main
    assert "Teamleitung" in main
    assert clock.today().strftime("%d.%m.%Y") in main
    for name in ("Lena", "Eva Maier", "Deniz"):
        assert name not in main
    assert re.search(r"Akte gelesen</td><td[^>]*>2<", main)


@pytest.mark.parametrize(
    ("login", "status"),
    [("maier", 200), ("leitung", 200), ("lead2", 200), ("oez", 403), ("sued", 404), ("dsb", 403), ("admin", 403)],
)
def test_a_clients_accesses_are_shown_by_the_own_worker_and_the_teams_lead(
    world: World, login: str, status: int
) -> None:
    client_id = stored_file(world, "maier")
    assert Browser(world, login).get(f"/klienten/{client_id}/zugriffe").status_code == status


def test_a_foreign_and_a_protected_file_answer_as_missing(world: World) -> None:
    foreign = stored_file(world, "fremd")
    hidden = changed_file(world, "oez", {"protected": True})
    for login in ("maier", "leitung"):
        browser = Browser(world, login)
        missing = bare(browser.get("/klienten/00000000-0000-4000-8000-000000000000/zugriffe"))
        for client_id in (foreign, hidden):
            assert bare(browser.get(f"/klienten/{client_id}/zugriffe")) == missing
            assert browser.post(f"/klienten/{client_id}/zugriffe/papier").status_code == 404


def test_the_paper_says_the_same_and_is_held_by_whoever_may_read_the_file(world: World) -> None:
    client_id = stored_file(world, "maier")
    read(world, client_id, "leitung")
    browser = Browser(world, "maier")
    assert browser.post(f"/klienten/{client_id}/zugriffe/papier").status_code == 302
    page = browser.get(f"/klienten/{client_id}/zugriffe")
    link = re.search(rf"/klienten/{client_id}/zugriffe/papier/[0-9a-f-]+", page.text)
    assert link is not None
    answer = browser.get(link[0])
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.data)).pages)
    for said in ("Rahimi, Zahra", "Teamleitung", "Akte gelesen", "Wer hat meine Akte gesehen?"):
        assert said in text
    assert "Lena" not in text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Browser(world, "leitung").get(link[0]).status_code == 200
    assert Browser(world, "lead2").get(link[0]).status_code == 403
    assert Browser(world, "lead2").post(f"/klienten/{client_id}/zugriffe/papier").status_code == 403
    other = stored_file(world, "maier")
    assert browser.get(link[0].replace(str(client_id), str(other))).status_code == 404


def test_accesses_are_folded_by_month_day_function_and_purpose() -> None:
    day, other = dt.date(2026, 11, 3), dt.date(2026, 10, 30)
    months = fold([(day, "A", "x"), (other, "A", "x"), (day, "A", "x"), (day, "B", "x")])
    assert [month.first for month in months] == [dt.date(2026, 11, 1), dt.date(2026, 10, 1)]
    assert [(line.function, line.times) for line in months[0].lines] == [("A", 2), ("B", 1)]
    assert months[0].times == 3


def test_every_look_into_the_log_is_an_event_itself(world: World) -> None:
    client_id = stored_file(world, "maier")
    Browser(world, "maier").get(f"/klienten/{client_id}/zugriffe")
    for page in ("zugriffe", "system", "beschwerden"):
        Browser(world, "dsb").get(f"/datenschutz/{page}")
    Browser(world, "dsb").post("/datenschutz/panne", {"person": code_of(world, "maier")})
    with world.unscoped() as unit:
        actions = set(unit.scalars(select(AuditEvent.action).order_by(AuditEvent.at)))
    assert {"access:read", "access:register", "audit:system", "complaint:list", "breach:search"} <= actions


@pytest.mark.parametrize("page", ["/klienten/{client}/zugriffe", "/datenschutz/zugriffe", "/datenschutz/system"])
def test_more_events_take_no_more_statements(world: World, count_statements: Callable[[], Any], page: str) -> None:
    client_id = stored_file(world, "maier")
    browser = Browser(world, "maier" if "client" in page else "dsb")
    counts = []
    for _again in range(2):
        for login in ("maier", "leitung"):
            read(world, client_id, login)
        with world.unit("maier", write=True) as unit:
            contact = NewContact(on_day=clock.today(), kind="TEL", minutes=5, detail=ContactDetail())
            save_contact(world.actor("maier"), unit.get_one(Client, client_id), contact)
        browser.get(page.format(client=client_id))
        with count_statements() as count:
            assert browser.get(page.format(client=client_id)).status_code == 200
        counts.append(int(count))
    assert counts[0] == counts[1]


def test_a_function_is_that_of_the_day(world: World) -> None:
    with world.unit("dsb"):
        duties = access.functions_of([world.users["maier"]], [world.organisations["Musterhausen"]])
    held = duties[world.users["maier"]]
    assert access.function_on(held, clock.today()) == "caseworker"
    assert access.function_on(held, dt.date(2000, 1, 1)) is None
