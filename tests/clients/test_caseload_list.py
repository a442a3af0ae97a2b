"""The caseload page: views, order, filters, whom it shows, what it costs."""

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
from caseapp.clients.models import Caseload, Client, ClientHead
from caseapp.clients.queries.caseload import PAGE_ROWS, Wish, list_caseload
from caseapp.clients.rules import caseload as rules
from caseapp.clients.rules.caseload import Order, View
from caseapp.clients.rules.collation import sort_key
from caseapp.clients.service import NewFile, open_files_bulk
from tests.factories.browser import Browser
from tests.factories.files import head, new_file, stored_file
from tests.factories.world import World

TODAY = clock.today()
Browse = Callable[[str], Browser]


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def keep(world: World, client_id: UUID, **values: Any) -> None:
    """Give the caseload row of a client these days."""
    with world.unscoped(write=True) as unit:
        unit.execute(update(Caseload).where(Caseload.client_id == client_id).values(**values))


def named(world: World, name: str, login: str = "maier", **kept: Any) -> UUID:
    client_id = stored_file(world, login, head=head(name))
    if kept:
        keep(world, client_id, **kept)
    return client_id


def names(world: World, login: str, **wish: Any) -> list[str]:
    with world.unit(login):
        page = list_caseload(world.actor(login), Wish(**wish))
    return [listed.head.family_name if listed.head else "" for listed in page.cases]


def many(world: World, number: int, login: str = "maier") -> list[UUID]:
    files: list[NewFile] = [new_file(world, login, head=head(f"Name{place:04}")) for place in range(number)]
    with world.unit(login, write=True):
        return [client.id for client in open_files_bulk(world.actor(login), files)]


def test_each_view_holds_its_cases_and_counts_them(world: World) -> None:
    named(world, "Ruhig", last_contact_on=TODAY, next_step_on=day(40), title_ends_on=day(400))
    named(world, "Spät", last_contact_on=TODAY, next_step_on=day(-1))
    named(world, "Bald", last_contact_on=TODAY, next_step_on=day(6))
    named(world, "Still", last_contact_on=day(-31))
    named(world, "Grenze", last_contact_on=day(-30))
    named(world, "Endet", last_contact_on=TODAY, title_ends_on=day(90))
    named(world, "Vorbei", last_contact_on=TODAY, title_ends_on=day(-3))
    named(world, "Gespräch", last_contact_on=TODAY, review_on=day(14), release_ends_on=day(31))
    named(world, "Papier", last_contact_on=TODAY, release_ends_on=day(30), review_on=day(15))
    named(world, "Antwort", last_contact_on=TODAY, answer_due_on=TODAY)
    named(world, "Wartet", last_contact_on=TODAY, answer_due_on=day(1))
    expected = {
        View.OVERDUE: ["Spät"],
        View.WEEK: ["Bald"],
        View.NO_CONTACT: ["Still"],
        View.TITLE_ENDS: ["Endet", "Vorbei"],
        View.REVIEW: ["Gespräch"],
        View.PAPERS_END: ["Papier"],
        View.ANSWER: ["Antwort"],
    }
    for view, found in expected.items():
        assert names(world, "maier", view=view) == found
    with world.unit("maier"):
        counts = list_caseload(world.actor("maier"), Wish()).counts
    assert counts == {View.MINE: 11, **{view: len(found) for view, found in expected.items()}}


def test_views_of_plans_and_papers_are_offered_where_there_is_any(world: World, browse: Browse) -> None:
    browser = browse("maier")
    assert "ansicht=antwort-fehlt" not in browser.get("/klienten").text
    named(world, "Antwort", answer_due_on=TODAY)
    page = browser.get("/klienten").text
    assert "ansicht=antwort-fehlt" in page
    assert "ansicht=gespraech-faellig" not in page


def test_a_new_file_without_contact_is_not_yet_forgotten(world: World) -> None:
    stored_file(world, head=head("Neu"))
    stored_file(world, head=head("Alt"), opened_on=day(-40))
    assert names(world, "maier", view=View.NO_CONTACT) == ["Alt"]


def test_orders_put_the_urgent_first_and_missing_days_where_they_belong(world: World) -> None:
    named(world, "A", last_contact_on=day(-5), next_step_on=day(9), title_ends_on=None)
    named(world, "B", last_contact_on=None, next_step_on=None, title_ends_on=day(100))
    named(world, "C", last_contact_on=day(-50), next_step_on=day(-2), title_ends_on=day(5))
    assert names(world, "maier", order=Order.NAME) == ["A", "B", "C"]
    assert names(world, "maier", order=Order.NAME, descending=True) == ["C", "B", "A"]
    assert names(world, "maier", order=Order.LAST_CONTACT) == ["B", "C", "A"]
    assert names(world, "maier", order=Order.NEXT_STEP) == ["C", "A", "B"]
    assert names(world, "maier", order=Order.TITLE_END) == ["C", "B", "A"]


def test_names_stand_in_german_order() -> None:
    written = [
        "Zimmer",
        "Öztürk",
        "Ozan",
        "Ärmel",
        "Arm",
        "Straße",
        "Strasser",
        "al-Said",
        "Al Rahim",
        "Łukasz",
        "Lutz",
        "Şahin",
        "O’Brien",
        "Шевченко",
    ]
    in_order = [
        "Al Rahim",
        "al-Said",
        "Arm",
        "Ärmel",
        "Łukasz",
        "Lutz",
        "O’Brien",
        "Ozan",
        "Öztürk",
        "Şahin",
        "Straße",
        "Strasser",
        "Zimmer",
        "Шевченко",
    ]
    assert sorted(written, key=sort_key) == in_order
    assert sorted([("Öz", "Can"), ("Oz", "Zeki"), ("Oz", "Can")], key=lambda pair: sort_key(*pair)) == [
        ("Oz", "Can"),
        ("Öz", "Can"),
        ("Oz", "Zeki"),
    ]


def test_language_and_municipality_narrow_the_list(world: World) -> None:
    stored_file(world, head=head("Eins", language="ti"), ags="08115003")
    stored_file(world, head=head("Zwei", language="ar"), ags="08115003")
    stored_file(world, head=head("Drei", language="ti"), ags="08111000")
    assert names(world, "maier", language="ti") == ["Drei", "Eins"]
    assert names(world, "maier", language="ti", ags="08115003") == ["Eins"]
    assert names(world, "maier", language="fr") == []


def test_pages_hold_fifty_and_a_page_beyond_the_end_is_the_last(world: World) -> None:
    many(world, PAGE_ROWS + 3)
    with world.unit("maier"):
        pages = [list_caseload(world.actor("maier"), Wish(page=number)) for number in (1, 2, 99, -4)]
    assert [len(page.cases) for page in pages] == [PAGE_ROWS, 3, 3, PAGE_ROWS]
    assert [page.number for page in pages] == [1, 2, 2, 1]
    assert pages[0].pages == 2


def test_closed_and_protected_files_of_others_stand_in_no_list(world: World) -> None:
    named(world, "Eigen")
    named(world, "Kollegin", "oez")
    protected, closed = named(world, "Geschützt", "oez"), named(world, "Zu")
    with world.unscoped(write=True) as unit:
        unit.execute(update(Client).where(Client.id == protected).values(protected=True))
        unit.execute(update(Client).where(Client.id == closed).values(closed_on=TODAY))
    assert names(world, "maier", view=View.TEAM) == ["Eigen", "Kollegin"]
    assert names(world, "maier") == ["Eigen"]
    assert names(world, "oez") == ["Geschützt", "Kollegin"]
    assert names(world, "sued", view=View.TEAM) == []


def test_colleagues_rows_show_head_and_worker_and_lead_nowhere(world: World, browse: Browse) -> None:
    own = named(world, "Eigen", last_contact_on=day(-3))
    foreign = named(world, "Fremdfall", "oez", last_contact_on=day(-4), next_step_on=day(-2))
    page = browse("maier").get("/klienten?ansicht=team").text
    assert "Fremdfall" in page
    assert "Deniz Öz" in page
    assert str(own) in page
    assert str(foreign) not in page
    assert day(-4).strftime("%d.%m.%Y") not in page


def test_a_lead_opens_files_only_with_the_mark(world: World, browse: Browse) -> None:
    client_id = named(world, "Eigen")
    assert str(client_id) in browse("leitung").get("/klienten").text
    without = browse("lead2").get("/klienten")
    assert "Eigen" in without.text
    assert str(client_id) not in without.text


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_roles_without_the_right_do_not_get_the_page(browse: Browse, login: str) -> None:
    assert browse(login).get("/klienten").status_code == 403


def test_an_unreadable_head_breaks_no_list(world: World, browse: Browse) -> None:
    named(world, "Heil")
    damaged = named(world, "Kaputt")
    with world.unscoped(write=True) as unit:
        blob = unit.scalars(select(Client.head_blob).where(Client.id == damaged)).one()
        unit.execute(update(Client).where(Client.id == damaged).values(head_blob=blob[:-1] + bytes((blob[-1] ^ 1,))))
    page = browse("maier").get("/klienten")
    assert page.status_code == 200
    assert "nicht lesbar" in page.text
    assert "Heil" in page.text
    assert names(world, "maier") == ["Heil", ""]


@pytest.mark.parametrize("wish", ["", "?sortierung=schritt", "?ansicht=titel-endet", "?ansicht=team"])
def test_the_page_takes_six_statements_whatever_the_rows(
    world: World, browse: Browse, count_statements: Callable[[], Any], wish: str
) -> None:
    browser, counted = browse("maier"), []
    for number in (12, 12, 400):
        many(world, number)
        browser.get(f"/klienten{wish}")
        with count_statements() as count:
            assert browser.get(f"/klienten{wish}").status_code == 200
        counted.append(int(count))
    assert len(set(counted)) == 1
    assert counted[0] <= 6


def test_a_list_page_is_one_read_event_without_names(world: World, browse: Browse) -> None:
    many(world, 3)
    browse("maier").get("/klienten?ansicht=team")
    with world.unscoped() as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.action == "caseload:list")).all()
    assert len(events) == 1
    assert events[0].client_id is None
    assert events[0].actor_id == world.users["maier"]


@pytest.mark.parametrize(
    "query",
    [
        "ansicht=gibtsnicht",
        "sortierung=%00",
        "seite=abc",
        "seite=99999999999999999999",
        "sprache=%27%3B--",
        "gemeinde=x",
    ],
)
def test_nonsense_in_the_address_shows_a_list(world: World, browse: Browse, query: str) -> None:
    named(world, "Eigen")
    assert browse("maier").get(f"/klienten?{query}").status_code == 200


def test_no_name_stands_in_an_address_of_the_page(world: World, browse: Browse) -> None:
    stored_file(world, head=ClientHead(family_name="Wunderlich", given_names="Amadea"))
    page = browse("maier").get("/klienten").text
    for address in re.findall(r'(?:href|action|value)="([^"]*)"', page):
        assert "Wunderlich" not in address
        assert "Amadea" not in address


def test_the_week_and_the_limits_count_as_the_words_say() -> None:
    class Days:
        opened_on, last_contact_on, next_step_on, title_ends_on = day(-400), None, TODAY, None
        review_on = release_ends_on = answer_due_on = None

    assert rules.is_due_this_week(Days(), TODAY)
    assert not rules.is_overdue(Days(), TODAY)
    assert rules.without_contact(Days(), TODAY)
    assert not rules.title_ends(Days(), TODAY)
