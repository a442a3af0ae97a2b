"""Two people give a duty: a lead and an administrator, never for themselves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from caseapp.accounts import queries, rules
from caseapp.accounts.models import Membership
from caseapp.security.actor import Role
from tests.factories.browser import Browser, bare
from tests.factories.world import World

Browse = Callable[[str], Browser]
DAY = dt.date(2026, 11, 22)


def enter(browse: Browse, world: World, login: str = "oez", by: str = "admin", **changed: str) -> UUID:
    """A waiting duty that the administrator has entered: lead of team Nord with the mark."""
    data = {"role": "lead", "scope": str(world.teams["Nord"]), "professional_lead": "y", **changed}
    path = f"/verwaltung/personen/{world.users[login]}/rolle"
    assert browse(by).submit(path, data).status_code == 302
    return newest(world, login).id


def newest(world: World, login: str) -> Membership:
    """The membership of this person that was entered last."""
    with world.unscoped():
        return max(queries.list_memberships(world.users[login]), key=lambda each: each.requested_at)


def leads(world: World, login: str) -> bool:
    return bool(world.actor(login).duties_as(Role.LEAD))


def test_a_duty_of_the_administrator_is_effective_when_a_lead_confirms_it(browse: Browse, world: World) -> None:
    membership = enter(browse, world)
    assert not leads(world, "oez")
    lead = browse("leitung")
    page = lead.get("/team/bestaetigen").text
    assert "Deniz Öz" in page
    assert "Armin Verwalter" in page
    assert lead.post(f"/team/bestaetigen/{membership}").status_code == 302
    assert leads(world, "oez")
    assert "Bestätigt" in lead.get("/team/bestaetigen").text


def test_a_duty_of_a_lead_is_effective_when_the_administration_confirms_it(browse: Browse, world: World) -> None:
    lead = browse("leitung")
    data = {"person": str(world.users["oez"]), "role": "lead", "scope": str(world.teams["Nord"])}
    assert lead.submit("/team/rolle", data).headers["Location"] == "/team/bestaetigen"
    membership = newest(world, "oez").id
    browse("lead2").post(f"/team/bestaetigen/{membership}")
    assert not leads(world, "oez"), "two leads are not enough"
    browse("admin").post(f"/team/bestaetigen/{membership}")
    assert leads(world, "oez")


@pytest.mark.parametrize("login", ["admin", "admin2"])
def test_the_administration_alone_gives_no_duty(browse: Browse, world: World, login: str) -> None:
    membership = enter(browse, world)
    browse(login).post(f"/team/bestaetigen/{membership}")
    assert not leads(world, "oez")


def test_nobody_confirms_a_duty_for_oneself(browse: Browse, world: World) -> None:
    membership = enter(browse, world, "lead2")
    lead2 = browse("lead2")
    lead2.post(f"/team/bestaetigen/{membership}")
    assert not world.actor("lead2").duties_as(Role.LEAD)[0].professional_lead
    assert "immer eine zweite Person" in lead2.get("/team/bestaetigen").text


def test_nobody_enters_a_duty_for_oneself(browse: Browse, world: World) -> None:
    data = {"role": "coordinator", "scope": str(world.organisations["Musterhausen"])}
    answer = browse("admin").submit(f"/verwaltung/personen/{world.users['admin']}/rolle", data)
    assert answer.status_code == 422
    assert "Für sich selbst" in answer.text
    own = {"person": str(world.users["leitung"]), "role": "lead", "scope": str(world.teams["Süd"])}
    assert browse("leitung").submit("/team/rolle", own).status_code == 422


@pytest.mark.parametrize("login", ["maier", "dsb", "koord", "foerder"])
def test_others_neither_ask_nor_confirm(browse: Browse, world: World, login: str) -> None:
    membership = enter(browse, world)
    browser = browse(login)
    assert browser.get("/team/bestaetigen").status_code == 403
    assert browser.get("/team/rolle").status_code == 403
    assert browser.post(f"/team/bestaetigen/{membership}").status_code == 403
    assert not leads(world, "oez")


def test_a_lead_of_another_carrier_gets_the_answer_for_a_missing_duty(browse: Browse, world: World) -> None:
    membership = enter(browse, world)
    stranger = browse("fremdleitung")
    foreign, missing = stranger.post(f"/team/bestaetigen/{membership}"), stranger.post(f"/team/bestaetigen/{uuid4()}")
    assert bare(foreign) == bare(missing)
    assert foreign.status_code == 404


def test_a_request_of_somebody_who_lost_the_role_is_confirmed_by_nobody(browse: Browse, world: World) -> None:
    membership = enter(browse, world)
    admin_duty = newest(world, "admin").id
    browse("admin2").post(f"/verwaltung/rollen/{admin_duty}/beenden")
    browse("leitung").post(f"/team/bestaetigen/{membership}")
    assert not leads(world, "oez")


def test_a_declined_duty_is_gone_and_cannot_be_confirmed_later(browse: Browse, world: World) -> None:
    membership = enter(browse, world)
    lead = browse("leitung")
    lead.post(f"/team/bestaetigen/{membership}/ablehnen")
    assert "Deniz Öz" not in lead.get("/team/bestaetigen").text
    lead.post(f"/team/bestaetigen/{membership}")
    assert not leads(world, "oez")


def test_ending_a_duty_works_at_once_and_can_be_taken_back(browse: Browse, world: World) -> None:
    maier, admin = browse("maier"), browse("admin")
    membership = newest(world, "maier").id
    assert maier.get("/team/bestaetigen").status_code == 403
    assert maier.get("/konto").status_code == 200
    admin.post(f"/verwaltung/rollen/{membership}/beenden")
    assert not world.actor("maier").duties
    page = admin.get(f"/verwaltung/personen/{world.users['maier']}").text
    undo = re.search(r'action="([^"]+/fortsetzen/[^"]+)"', page)
    assert undo is not None
    admin.post(undo[1])
    assert world.actor("maier").duties


def test_the_way_back_is_good_for_its_person_only_and_for_ten_minutes(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = browse("admin")
    membership = newest(world, "maier").id
    admin.post(f"/verwaltung/rollen/{membership}/beenden")
    undo = re.search(
        r'action="([^"]+/fortsetzen/[^"]+)"', admin.get(f"/verwaltung/personen/{world.users['maier']}").text
    )
    assert undo is not None
    browse("admin2").post(undo[1])
    assert not world.actor("maier").duties
    monkeypatch.setattr("caseapp.web.undo._SECONDS", -1)
    admin.post(undo[1])
    assert not world.actor("maier").duties


def test_the_own_duty_is_not_ended(browse: Browse, world: World) -> None:
    membership = newest(world, "admin").id
    browse("admin").post(f"/verwaltung/rollen/{membership}/beenden")
    assert world.actor("admin").duties


@pytest.mark.parametrize(
    ("login", "role", "other"),
    [
        ("maier", "admin", "Integrationsmanagement"),
        ("leitung", "dpo", "Teamleitung"),
        ("admin2", "lead", "Administration"),
        ("dsb", "admin", "Datenschutz"),
    ],
)
def test_running_accounts_and_working_with_files_stay_apart(
    browse: Browse, world: World, login: str, role: str, other: str
) -> None:
    scope = world.teams["Nord"] if role == "lead" else world.organisations["Musterhausen"]
    answer = browse("admin").submit(
        f"/verwaltung/personen/{world.users[login]}/rolle", {"role": role, "scope": str(scope)}
    )
    assert answer.status_code == 422
    assert f"„{other}“ darf nicht dieselbe Person" in answer.text


@pytest.mark.parametrize(
    ("confirmed", "start", "end", "state"),
    [
        (True, DAY, None, rules.DutyState.ACTIVE),
        (True, DAY, DAY, rules.DutyState.ACTIVE),
        (True, DAY + dt.timedelta(1), None, rules.DutyState.UPCOMING),
        (True, DAY - dt.timedelta(9), DAY - dt.timedelta(1), rules.DutyState.ENDED),
        (False, DAY, None, rules.DutyState.WAITING),
        (False, DAY, DAY - dt.timedelta(1), rules.DutyState.ENDED),
    ],
)
def test_where_a_duty_stands(confirmed: bool, start: dt.date, end: dt.date | None, state: rules.DutyState) -> None:
    assert rules.duty_state(confirmed=confirmed, valid_from=start, valid_to=end, today=DAY) is state


@pytest.mark.parametrize(
    ("requester", "confirmer", "enough"),
    [
        ({Role.ADMIN}, {Role.LEAD}, True),
        ({Role.LEAD}, {Role.ADMIN}, True),
        ({Role.ADMIN}, {Role.ADMIN}, False),
        ({Role.LEAD}, {Role.LEAD}, False),
        ({Role.CASEWORKER}, {Role.ADMIN, Role.LEAD}, False),
        (set(), {Role.LEAD}, False),
    ],
)
def test_a_lead_and_an_administrator_make_the_pair(requester: set[Role], confirmer: set[Role], enough: bool) -> None:
    assert rules.pair_suffices(requester, confirmer) is enough
