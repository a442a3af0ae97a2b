"""The board and a worker's page: facts and due dates, by name, for those who lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp import clock
from caseapp.accounts.models import User
from caseapp.accounts.queries import list_memberships
from caseapp.accounts.service import DutyRequest, grant_at_setup
from caseapp.clients.models import Client
from caseapp.clients.service import caseload
from caseapp.security.actor import Role
from caseapp.teamwork import queries
from caseapp.teamwork.rules import View, stands_in, tally
from tests.factories.browser import Browser, bare
from tests.factories.files import head, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
DAY = dt.date(2026, 11, 22)
days = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2028, 1, 1))


@dataclass(frozen=True)
class Kept:
    opened_on: dt.date
    last_contact_on: dt.date | None = None
    next_step_on: dt.date | None = None
    title_ends_on: dt.date | None = None
    review_on: dt.date | None = None
    release_ends_on: dt.date | None = None
    answer_due_on: dt.date | None = None
    confirmed_on: dt.date | None = None


def late_case(world: World, login: str, name: str) -> UUID:
    """A case that stands in every view: nothing was done for a year."""
    today = clock.today()
    client_id = stored_file(world, login, head=head(name, "Amal"), opened_on=today - dt.timedelta(days=400))
    with world.unscoped(write=True):
        caseload.set_next_step(client_id, today - dt.timedelta(days=1), 1)
        caseload.set_title_end(client_id, today + dt.timedelta(days=30))
    return client_id


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_the_board_is_for_leads_and_caseworkers(browse: Browse, world: World, login: str) -> None:
    browser = browse(login)
    assert browser.get("/team").status_code == 403
    assert browser.get(f"/team/{world.users['maier']}").status_code == 403
    assert browser.get("/team/zuteilung").status_code == 403


def test_a_caseworker_sees_the_own_row_and_nobody_else_s(browse: Browse, world: World) -> None:
    late_case(world, "maier", "Rahimi")
    late_case(world, "oez", "Haddad")
    stored_file(world, "leitung", worker_id=None)
    browser = browse("maier")
    page = browser.get("/team").text
    assert f'href="/team/{world.users["maier"]}"' in page
    assert "Ihre eigenen Fälle" in page
    for hidden in ("Deniz Öz", "Team Nord", "wartet auf Zuteilung", "Rollen bestätigen", "/team/zuteilung"):
        assert hidden not in page
    assert browser.get("/team/zuteilung").status_code == 403


def test_a_caseworker_s_own_row_counts_what_the_views_behind_it_list(browse: Browse, world: World) -> None:
    late_case(world, "maier", "Rahimi")
    protected = stored_file(world, "maier")
    late_case(world, "oez", "Haddad")
    browser = browse("maier")
    browser.post(f"/klienten/{protected}/schuetzen")
    with world.unscoped(write=True):
        caseload.set_review(protected, clock.today() - dt.timedelta(days=1))
    with world.unit("maier"):
        line = queries.own_line(world.actor("maier"))
    assert line is not None
    assert line.tally.counts == dict.fromkeys(View, 1) | {View.ALL: 2}
    for view, number in line.tally.counts.items():
        page = browser.get(f"/team/{world.users['maier']}?ansicht={view}").text
        assert page.count("<tr>") - 1 == number, view
        assert "Haddad" not in page
        assert 'name="client"' not in page, "nothing to assign"


def test_a_colleague_s_page_answers_a_caseworker_as_a_missing_one(browse: Browse, world: World) -> None:
    late_case(world, "oez", "Haddad")
    browser = browse("maier")
    missing = browser.get(f"/team/{uuid4()}")
    assert missing.status_code == 404
    for login in ("oez", "leitung", "sued", "fremd"):
        assert bare(browser.get(f"/team/{world.users[login]}")) == bare(missing), login


def test_a_caseworker_cannot_assign_on_the_own_page(browse: Browse, world: World) -> None:
    client_id = late_case(world, "maier", "Rahimi")
    posted = {"client": str(client_id), "worker": str(world.users["oez"])}
    assert browse("maier").post(f"/team/{world.users['maier']}", posted).status_code == 422
    with world.unscoped() as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        assert client.worker_id == world.users["maier"]


def test_the_navigation_leads_a_caseworker_to_the_board_and_an_administrator_not(browse: Browse) -> None:
    assert 'href="/team"' in browse("maier").get("/heute").text
    assert 'href="/team"' not in browse("admin").get("/konto").text


def test_a_lead_who_counsels_elsewhere_has_the_own_row_beside_the_team(browse: Browse, world: World) -> None:
    late_case(world, "oez", "Haddad")
    with world.unscoped(write=True) as unit:
        lead = unit.get(User, world.users["leitung"])
        assert lead is not None
        place = {"organisation_id": world.organisations["Musterhausen"], "team_id": world.teams["Süd"]}
        grant_at_setup(lead, DutyRequest(role=Role.CASEWORKER, **place))
    page = browse("leitung").get("/team").text
    assert "Deniz Öz" in page
    assert "Ihre eigenen Fälle" in page
    assert "Sonja Süd" not in page


def test_the_board_shows_the_people_of_the_own_team_by_name(browse: Browse, world: World) -> None:
    for _case in range(3):
        late_case(world, "oez", "Haddad")
    late_case(world, "maier", "Rahimi")
    late_case(world, "sued", "Tesfay")
    page = browse("leitung").get("/team").text
    assert page.index("Deniz Öz") < page.index("Eva Maier"), "by name, not by load"
    assert "Sonja Süd" not in page
    assert "4 offene Fälle" in page
    assert "Ein Vergleich von Personen ist ausgeschaltet" in page
    assert "Rahimi" not in page, "no names of clients"


def test_a_lead_without_the_mark_sees_facts_but_opens_no_file(browse: Browse, world: World) -> None:
    client_id = late_case(world, "maier", "Rahimi")
    path = f"/team/{world.users['maier']}"
    marked, plain = browse("leitung").get(path).text, browse("lead2").get(path).text
    for page in (marked, plain):
        assert "Rahimi, Amal" in page
        assert "überfällig" in page
    assert f'href="/klienten/{client_id}"' in marked
    assert f'href="/klienten/{client_id}"' not in plain


def test_the_numbers_of_the_board_are_the_lengths_of_the_views_behind_them(browse: Browse, world: World) -> None:
    late_case(world, "maier", "Rahimi")
    planned = stored_file(world, "maier")
    with world.unscoped(write=True):
        caseload.set_review(planned, clock.today() - dt.timedelta(days=1))
    with world.unit("leitung"):
        teams = queries.list_led_teams(world.actor("leitung"))
        [board] = queries.list_boards(teams)
        line = next(each for each in board.workers if each.person.user_id == world.users["maier"])
    assert line.tally.counts == dict.fromkeys(View, 1) | {View.ALL: 2}
    lead = browse("leitung")
    for view, number in line.tally.counts.items():
        page = lead.get(f"/team/{world.users['maier']}?ansicht={view}").text
        assert page.count('name="client"') == number, view


def test_protected_and_closed_files_are_not_counted(world: World) -> None:
    for change in ({"protected": True}, {"closed_on": DAY}):
        client_id = late_case(world, "maier", "Rahimi")
        with world.unscoped(write=True) as unit:
            client = unit.get(Client, client_id)
            assert client is not None
            for name, value in change.items():
                setattr(client, name, value)
            caseload.move(client)
    with world.unit("leitung"):
        [board] = queries.list_boards(queries.list_led_teams(world.actor("leitung")))
    assert all(line.tally.counts[View.ALL] == 0 for line in board.workers)


def test_cases_of_somebody_who_left_the_team_stay_visible(browse: Browse, world: World) -> None:
    late_case(world, "maier", "Rahimi")
    admin = browse("admin")
    with world.unscoped():
        [membership] = list_memberships(world.users["maier"])
    admin.post(f"/verwaltung/rollen/{membership.id}/beenden")
    lead = browse("leitung")
    assert "ohne Rolle in diesem Team" in lead.get("/team").text
    assert "Rahimi" in lead.get(f"/team/{world.users['maier']}").text


def test_a_person_of_another_team_answers_as_a_missing_one(browse: Browse, world: World) -> None:
    lead = browse("leitung")
    missing = lead.get(f"/team/{uuid4()}")
    assert missing.status_code == 404
    for login in ("sued", "fremd", "admin"):
        assert bare(lead.get(f"/team/{world.users[login]}")) == bare(missing), login


def test_the_pages_need_no_more_statements_for_more_cases(
    browse: Browse, world: World, count_statements: Callable[[], object]
) -> None:
    lead = browse("leitung")
    paths = ["/team", f"/team/{world.users['maier']}", "/team/zuteilung"]

    def counts() -> list[int]:
        numbers = []
        for path in paths:
            with count_statements() as count:  # type: ignore[attr-defined]
                assert lead.get(path).status_code == 200
            numbers.append(int(count))
        return numbers

    late_case(world, "maier", "Rahimi")
    stored_file(world, "leitung", worker_id=None)
    lead.get("/team")
    before = counts()
    for _case in range(4):
        late_case(world, "maier", "Rahimi")
        stored_file(world, "leitung", worker_id=None)
    assert counts() == before


@given(st.lists(st.builds(Kept, days, *[st.none() | days] * 7)))
def test_a_tally_counts_what_stands_in_the_views(cases: list[Kept]) -> None:
    counted = tally(cases, DAY)
    assert counted.counts == {view: len([case for case in cases if stands_in(case, view, DAY)]) for view in View}
    assert counted.counts[View.LONG_NO_CONTACT] <= counted.counts[View.NO_CONTACT] <= counted.counts[View.ALL]


@pytest.mark.parametrize(
    ("kept", "view", "expected"),
    [
        (Kept(DAY, next_step_on=DAY), View.OVERDUE, False),
        (Kept(DAY, next_step_on=DAY - dt.timedelta(1)), View.OVERDUE, True),
        (Kept(DAY - dt.timedelta(400), DAY - dt.timedelta(30)), View.NO_CONTACT, False),
        (Kept(DAY - dt.timedelta(400), DAY - dt.timedelta(31)), View.NO_CONTACT, True),
        (Kept(DAY - dt.timedelta(400), DAY - dt.timedelta(60)), View.LONG_NO_CONTACT, False),
        (Kept(DAY - dt.timedelta(400), DAY - dt.timedelta(61)), View.LONG_NO_CONTACT, True),
        (Kept(DAY - dt.timedelta(61)), View.LONG_NO_CONTACT, True),
        (Kept(DAY, title_ends_on=DAY + dt.timedelta(90)), View.TITLE_ENDS, True),
        (Kept(DAY, title_ends_on=DAY + dt.timedelta(91)), View.TITLE_ENDS, False),
        (Kept(DAY - dt.timedelta(400), confirmed_on=DAY - dt.timedelta(180)), View.UNCONFIRMED, False),
        (Kept(DAY - dt.timedelta(400), confirmed_on=DAY - dt.timedelta(181)), View.UNCONFIRMED, True),
        (Kept(DAY - dt.timedelta(181)), View.UNCONFIRMED, True),
        (Kept(DAY), View.UNCONFIRMED, False),
        (Kept(DAY, review_on=DAY), View.REVIEW, False),
        (Kept(DAY, review_on=DAY - dt.timedelta(1)), View.REVIEW, True),
        (Kept(DAY - dt.timedelta(90)), View.NO_PLAN, False),
        (Kept(DAY - dt.timedelta(91)), View.NO_PLAN, True),
        (Kept(DAY - dt.timedelta(91), review_on=DAY), View.NO_PLAN, False),
    ],
)
def test_the_edges_of_the_views(kept: Kept, view: View, expected: bool) -> None:
    assert stands_in(kept, view, DAY) is expected
