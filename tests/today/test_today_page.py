"""The start page: its groups, what they lead to, what it costs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients.models import Caseload, Client
from caseapp.clients.queries import get_client
from caseapp.clients.service import open_files_bulk
from caseapp.db import new_id
from caseapp.drafts.models import ClientDraft
from caseapp.drafts.service import Written, save_draft
from caseapp.security.permissions import Permission
from caseapp.tasks.service import add_task
from caseapp.today.queries import gather_day
from caseapp.today.views import MOST_LINES
from tests.factories.browser import Browser
from tests.factories.files import head, new_file, stored_file
from tests.factories.world import World

TODAY = clock.today()
Browse = Callable[[str], Browser]


def task(world: World, client_id: UUID, title: str, days: int | None, login: str = "maier") -> UUID:
    due_on = None if days is None else TODAY + dt.timedelta(days=days)
    with world.unit(login, write=True):
        return add_task(world.actor(login), get_client(client_id), title, due_on).id


def begin_contact(world: World, client_id: UUID, login: str = "maier") -> UUID:
    with world.unit(login, write=True):
        written = Written(
            form="contact", draft_id=new_id(), fields=(("note", "Mitten im Satz"),), base_rev=None, about=""
        )
        draft = save_draft(
            world.actor(login), written, permission=Permission.CONTACT_WRITE, client=get_client(client_id)
        )
        return draft.id


def test_steps_stand_in_the_group_of_their_day(world: World) -> None:
    client_id = stored_file(world)
    for title, days in (
        ("Vorbei", -1),
        ("Heute", 0),
        ("Morgen", 1),
        ("Sonntag", 6),
        ("Später", 7),
        ("Irgendwann", None),
    ):
        task(world, client_id, title, days)
    with world.unit("maier"):
        day = gather_day(world.actor("maier"), TODAY)
    groups = {name: [line.title for line in getattr(day, name)] for name in ("overdue", "due_today", "week", "later")}
    assert groups == {"overdue": ["Vorbei"], "due_today": ["Heute"], "week": ["Morgen", "Sonntag"], "later": ["Später"]}


def test_ending_titles_and_silence_are_listed_the_most_urgent_first(world: World) -> None:
    ids = [stored_file(world, head=head(name)) for name in ("A", "B", "C")]
    kept = [(-100, 30), (-40, -2), (-3, 500)]
    with world.unscoped(write=True) as unit:
        for client_id, (last, ends) in zip(ids, kept, strict=True):
            values = {
                "last_contact_on": TODAY + dt.timedelta(days=last),
                "title_ends_on": TODAY + dt.timedelta(days=ends),
            }
            unit.execute(update(Caseload).where(Caseload.client_id == client_id).values(**values))
    with world.unit("maier"):
        day = gather_day(world.actor("maier"), TODAY)
    assert [listed.head.family_name for listed in day.ending if listed.head] == ["B", "A"]
    assert [listed.head.family_name for listed in day.silent if listed.head] == ["A", "B"]


def test_plans_papers_and_answers_that_are_due_lead_to_their_own_pages(world: World, browse: Browse) -> None:
    ids = [stored_file(world, head=head(name)) for name in ("A", "B")]
    with world.unscoped(write=True) as unit:
        for client_id, days in zip(ids, (-2, 10), strict=True):
            due = TODAY + dt.timedelta(days=days)
            values = {"review_on": due, "release_ends_on": due, "answer_due_on": due}
            unit.execute(update(Caseload).where(Caseload.client_id == client_id).values(**values))
    with world.unit("maier"):
        day = gather_day(world.actor("maier"), TODAY)
    names = {
        group: [each.head.family_name for each in getattr(day, group)] for group in ("reviews", "papers", "unanswered")
    }
    assert names == {"reviews": ["A", "B"], "papers": ["A", "B"], "unanswered": ["A"]}
    page = browse("maier").get("/heute").text
    assert "seit 2 Tagen" in page
    assert "in 10 Tagen" in page
    for part in ("vereinbarung", "freigaben", "vermittlung"):
        assert re.search(rf'href="/klienten/{ids[0]}/{part}', page), part


def test_a_group_shows_eight_lines_and_the_way_to_the_rest(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    for number in range(MOST_LINES):
        task(world, client_id, f"Schritt {number}", -1)
    assert "Alle anzeigen" not in browser.get("/heute").text
    task(world, client_id, "Noch einer", -1)
    page = browser.get("/heute").text
    assert page.count("Erledigt: Schritt") + page.count("Erledigt: Noch einer") == MOST_LINES
    assert "Alle anzeigen" in page


def test_a_step_is_finished_in_place(world: World, browse: Browse) -> None:
    task_id = task(world, stored_file(world), "Kita anrufen", -1)
    browser = browse("maier")
    done = browser.post(f"/aufgaben/{task_id}/erledigt", {"next": "/heute"})
    assert done.status_code == 302
    assert done.headers["Location"].endswith("/heute")
    after = browser.get("/heute").text
    assert "Erledigt: Kita anrufen" not in after


def test_a_begun_text_leads_back_into_its_form(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    draft_id = begin_contact(world, client_id)
    page = browse("maier").get("/heute").text
    assert "Weiterschreiben" in page
    assert f"/klienten/{client_id}/kontakt?entwurf={draft_id}" in page
    assert "Mitten im Satz" not in page
    assert "Weiterschreiben" not in browse("oez").get("/heute").text


def test_an_unreadable_draft_or_head_breaks_nothing(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    draft_id = begin_contact(world, client_id)
    task(world, client_id, "Anruf", -1)
    with world.unscoped(write=True) as unit:
        unit.execute(update(Client).where(Client.id == client_id).values(head_blob=b"broken"))
        unit.execute(update(ClientDraft).where(ClientDraft.id == draft_id).values(text_blob=b"broken"))
    page = browse("maier").get("/heute")
    assert page.status_code == 200
    assert "nicht lesbar" in page.text


def test_colleagues_cases_and_steps_do_not_show_up(world: World, browse: Browse) -> None:
    foreign = stored_file(world, "oez", head=head("Fremdfall"), opened_on=TODAY - dt.timedelta(days=90))
    task(world, foreign, "Geheimer Schritt", -1, "oez")
    page = browse("maier").get("/heute").text
    assert "Fremdfall" not in page
    assert "Geheimer Schritt" not in page


def test_the_first_day_says_how_to_begin(browse: Browse) -> None:
    page = browse("maier").get("/heute").text
    assert "Willkommen" in page
    assert "Neue Aufnahme" in page


def test_a_quiet_day_says_so(world: World, browse: Browse) -> None:
    stored_file(world)
    assert "Alles im Blick" in browse("maier").get("/heute").text


def test_the_page_takes_ten_statements_whatever_the_rows(
    world: World, browse: Browse, count_statements: Callable[[], Any]
) -> None:
    browser, counted = browse("maier"), []
    for number in (5, 5, 400):
        with world.unit("maier", write=True):
            opened = open_files_bulk(world.actor("maier"), [new_file(world, "maier") for _ in range(number)])
        for client in opened[:10]:
            task(world, client.id, "Anruf", -2)
        begin_contact(world, opened[0].id)
        browser.get("/heute")
        with count_statements() as count:
            assert browser.get("/heute").status_code == 200
        counted.append(int(count))
    assert len(set(counted)) == 1, counted
    assert counted[0] <= 10


def test_the_page_is_one_read_event(world: World, browse: Browse) -> None:
    task(world, stored_file(world), "Anruf", -1)
    browse("maier").get("/heute")
    with world.unscoped() as unit:
        assert len(unit.scalars(select(AuditEvent).where(AuditEvent.action == "today:read")).all()) == 1


@pytest.mark.parametrize(
    ("login", "target"),
    [("maier", "/heute"), ("leitung", "/team"), ("admin", "/verwaltung/personen"), ("dsb", "/konto")],
)
def test_each_role_begins_where_it_works(browse: Browse, login: str, target: str) -> None:
    answer = browse(login).get("/")
    assert answer.status_code == 302
    assert target in answer.headers["Location"]
