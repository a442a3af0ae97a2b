"""The page of a file, as each role sees it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients import queries
from caseapp.clients.models import (
    Client,
    FactBox,
    HistoryEntry,
    StayFact,
)
from caseapp.counselling.models import Contact, ContactDetail, ContactParticipant
from caseapp.tasks.models import Task, TaskText
from tests.clients.zahra import TODAY, Browse, address
from tests.factories.files import stored_family
from tests.factories.world import World

_RANDOM = re.compile(r'nonce="[^"]+"|content="[^"]+"|name="csrf_token" value="[^"]+"')


def test_the_worker_sees_the_whole_person_on_one_page(browse: Browse, client_id: UUID) -> None:
    page = browse("maier").get(address(client_id))
    assert page.status_code == 200
    for text in (
        "<bdi>Rahimi, Zahra</bdi>",
        "زهرا رحیمی",
        "27.03.1991",
        'href="tel:+4915123456789"',
        "Nicht abends anrufen",
        "gültig bis",
        "43502//001",
        "Stand unverändert?",
        "Geburtsdatum unklar",
    ):
        assert text in page.text, text


@pytest.mark.parametrize("login", ["oez", "lead2"])
def test_a_colleague_and_a_lead_without_the_mark_see_head_and_worker_only(
    browse: Browse, client_id: UUID, login: str
) -> None:
    page = browse(login).get(address(client_id))
    assert page.status_code == 200
    assert "Rahimi, Zahra" in page.text
    assert "Eva Maier" in page.text
    for text in ("Nicht abends", "Schützenstraße", "Jobcenter Musterhausen", "SGB II", "+4915123456789"):
        assert text not in page.text, text
    for rest in ("/stand", "/angaben", "/haushalt"):
        assert browse(login).get(address(client_id, rest)).status_code == 403


def test_a_lead_with_the_mark_reads_facts_and_changes_nothing(browse: Browse, client_id: UUID) -> None:
    lead = browse("leitung")
    page = lead.get(address(client_id))
    assert "Schützenstraße" in page.text
    assert "Stand unverändert?" not in page.text
    assert "/bearbeiten" not in page.text
    for rest in ("/bearbeiten", "/stellen", "/vertretung", "/information", "/stand/neu/stay"):
        assert lead.get(address(client_id, rest)).status_code == 403, rest
    for rest in ("/stand/bestaetigen", "/name/geprueft", "/haushalt/auszug"):
        assert lead.post(address(client_id, rest), {"kind": "all"}).status_code == 403, rest


@pytest.mark.parametrize("login", ["fremd", "sued", "fremdleitung"])
def test_a_foreign_file_answers_exactly_as_a_missing_one(browse: Browse, client_id: UUID, login: str) -> None:
    browser = browse(login)
    for rest in ("", "/stand", "/angaben", "/haushalt"):
        foreign, missing = browser.get(address(client_id, rest)), browser.get(address(uuid4(), rest))
        assert foreign.status_code == missing.status_code == 404, rest
        assert _RANDOM.sub("", foreign.text) == _RANDOM.sub("", missing.text)


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_people_without_cases_are_refused_at_the_door(browse: Browse, client_id: UUID, login: str) -> None:
    for path in (address(client_id), address(client_id, "/stand"), "/klienten/neu"):
        assert browse(login).get(path).status_code == 403


def test_opening_a_file_is_one_read_event_of_this_client(world: World, browse: Browse, client_id: UUID) -> None:
    browse("maier").get(address(client_id))
    browse("oez").get(address(client_id))
    with world.unscoped() as unit:
        events = unit.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.client_id == client_id, AuditEvent.action.in_(["client:read", "client:find"]))
            .order_by(AuditEvent.at)
        ).all()
    assert events == ["client:read", "client:find"]


@pytest.mark.parametrize("login", ["maier", "leitung", "admin", "dsb"])
def test_the_name_of_the_program_leads_everybody_to_their_start(browse: Browse, login: str) -> None:
    browser = browse(login)
    brand = re.search(r'class="app-brand" href="([^"]+)"', browser.get("/konto").text)
    assert brand
    assert browser.get(browser.get(brand[1]).headers["Location"]).status_code == 200


@pytest.mark.parametrize("login", ["maier", "leitung"])
def test_the_page_costs_the_same_statements_however_much_there_is(
    world: World, browse: Browse, count_statements: Callable[[], Any], login: str
) -> None:
    little, much = stored_family(world, members=2), stored_family(world, members=6)
    _live(world, little[0], times=1)
    _live(world, much[0], times=14)
    browser = browse(login)
    browser.get("/klienten")
    counts = []
    for client_id in (little[0], much[0]):
        with count_statements() as count:
            assert browser.get(address(client_id)).status_code == 200
        counts.append(int(count))
    assert counts[0] == counts[1] <= 14, counts


def _live(world: World, client_id: UUID, *, times: int) -> None:
    """Stays, contacts by two people, contacts of others, tasks."""
    with world.unit("maier", write=True) as unit:
        own = {"client_id": client_id, "organisation_id": queries.get_client(client_id).organisation_id}
        made = {"created_by": world.users["maier"], "created_at": clock.now()}
        for year in range(2025 - times, 2025):
            begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
            stay = FactBox(fact=StayFact(form="GU"))
            unit.add(HistoryEntry(**own, kind="stay", from_on=begin, until_on=end, created_at=clock.now(), box=stay))
            for worker in ("maier", "oez"):
                detail = ContactDetail(note="Notiz", topics=("WOH",))
                contact = Contact(**own, **made, worker_id=world.users[worker], on_day=begin, kind="BUE", detail=detail)
                unit.add(contact)
                unit.flush()
                part = {"on_day": begin, "kind": "BUE", "recorded_at": made["created_at"]}
                unit.add(ContactParticipant(**own, **part, contact_id=contact.id))
            text = TaskText(title="Anlage KDU")
            unit.add(Task(**own, **made, worker_id=world.users["maier"], due_on=begin, text=text))


def test_a_protected_file_disappears_for_the_team(world: World, browse: Browse, client_id: UUID) -> None:
    assert browse("maier").post(address(client_id, "/schuetzen")).status_code == 302
    assert "Geschützte Akte" in browse("maier").get(address(client_id)).text
    for login in ("oez", "leitung"):
        assert browse(login).get(address(client_id)).status_code == 404


def test_nothing_of_a_person_stands_in_addresses(browse: Browse, client_id: UUID) -> None:
    page = browse("maier").get(address(client_id))
    links = [part.split('"')[0] for part in page.text.split('href="')[1:]]
    assert not [link for link in links if "Rahimi" in link or "Zahra" in link]


def test_closed_files_are_read_only(world: World, browse: Browse, client_id: UUID) -> None:
    with world.unscoped(write=True) as unit:
        unit.get_one(Client, client_id).closed_on = TODAY
    page = browse("maier").get(address(client_id))
    assert "Geschlossen seit" in page.text
    assert "/bearbeiten" not in page.text
    assert browse("maier").get(address(client_id, "/bearbeiten")).status_code == 403


def test_reading_writes_no_domain_data(world: World, browse: Browse, client_id: UUID) -> None:
    def revisions() -> tuple[int, int, int]:
        with world.unscoped() as unit:
            client = unit.get_one(Client, client_id)
            return client.head_rev, client.body_rev, unit.scalars(select(func.count(HistoryEntry.id))).one()

    before = revisions()
    for rest in ("", "/stand", "/angaben", "/haushalt", "/bearbeiten"):
        browse("maier").get(address(client_id, rest))
    assert revisions() == before
