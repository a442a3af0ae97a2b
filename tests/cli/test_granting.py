"""`caseapp user grant`: a further duty for an account that exists, with a second person wherever there is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from caseapp.accounts import queries, service
from caseapp.accounts.models import Membership
from caseapp.audit import AuditEvent
from caseapp.errors import RuleError
from caseapp.places import queries as places
from caseapp.security.actor import Role
from tests.factories.browser import Browser
from tests.factories.world import World

Browse = Callable[[str], Browser]
Run = Callable[..., tuple[int, str]]  # the fixture of conftest.py


def roles(world: World, login: str) -> set[Role]:
    return {duty.role for duty in world.actor(login).duties}


def waiting(world: World, login: str) -> list[Membership]:
    with world.unscoped():
        return [each for each in queries.list_memberships(world.users[login]) if each.confirmed_at is None]


def test_a_granted_duty_waits_for_a_lead_who_is_somebody_else(run: Run, browse: Browse, world: World) -> None:
    status, said = run("user", "grant", "--login", "koord", "--org", "Musterhausen", "--role", "funder")
    assert status == 0, said
    assert "sobald eine Teamleitung" in said
    assert Role.FUNDER not in roles(world, "koord")
    [duty] = waiting(world, "koord")
    assert "dem Betrieb" in browse("leitung").get("/team/bestaetigen").text
    for login in ("admin", "koord", "fremdleitung"):
        browse(login).post(f"/team/bestaetigen/{duty.id}")
        assert Role.FUNDER not in roles(world, "koord"), login
    browse("leitung").post(f"/team/bestaetigen/{duty.id}")
    assert Role.FUNDER in roles(world, "koord")


def test_a_lead_never_confirms_the_own_duty(run: Run, browse: Browse, world: World) -> None:
    run("user", "grant", "--login", "lead2", "--org", "Musterhausen", "--team", "Süd", "--role", "caseworker")
    [duty] = waiting(world, "lead2")
    browse("lead2").post(f"/team/bestaetigen/{duty.id}")
    assert Role.CASEWORKER not in roles(world, "lead2")
    browse("leitung").post(f"/team/bestaetigen/{duty.id}")
    assert Role.CASEWORKER in roles(world, "lead2")


def test_a_carrier_without_another_lead_needs_no_second_person(run: Run, world: World) -> None:
    run("org", "add", "Neustadt")
    order = ("user", "grant", "--login", "maier", "--org", "Neustadt", "--role", "lead", "--professional-lead")
    status, said = run(*order, "--role", "caseworker")
    assert status == 0, said
    assert "gilt sofort" in said
    with world.unscoped():
        found = places.find_organisation_by_name("Neustadt")
    assert found is not None
    duties = {duty.role: duty for duty in world.actor("maier").duties if duty.organisation_id == found.id}
    assert set(duties) == {Role.LEAD, Role.CASEWORKER}
    assert duties[Role.LEAD].professional_lead


def test_granting_is_recorded(run: Run, world: World) -> None:
    run("user", "grant", "--login", "koord", "--org", "Musterhausen", "--role", "funder")
    run("org", "add", "Neustadt")
    run("user", "grant", "--login", "koord", "--org", "Neustadt", "--role", "lead")
    with world.unscoped() as unit:
        events = unit.query(AuditEvent).order_by(AuditEvent.at).all()
    assert [event.action for event in events if event.action.startswith("membership:")][-2:] == [
        "membership:request",
        "membership:setup",
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"--login": "niemand"}, "Dieses Konto gibt es nicht"),
        ({"--login": ""}, "Dieses Konto gibt es nicht"),
        ({"--org": "Nirgends"}, "Diesen Träger gibt es nicht"),
        ({"--team": "West"}, "Dieses Team gibt es nicht"),
        ({"--role": "admin", "--team": ""}, "darf nicht dieselbe Person haben"),
        ({"--role": "guest"}, "Diese Rolle können Sie nicht vergeben"),
        ({"--role": "king"}, "Möglich sind: caseworker"),
        ({"--role": "funder"}, "immer für den ganzen Träger"),
        ({"--team": "Nord"}, "schon eingetragen"),
    ],
)
def test_what_cannot_be_granted_is_refused_and_nothing_is_stored(
    run: Run, world: World, changed: dict[str, str], message: str
) -> None:
    order = {"--login": "maier", "--org": "Musterhausen", "--team": "Süd", "--role": "caseworker"} | changed
    status, said = run("user", "grant", *(word for pair in order.items() for word in pair))
    assert status != 0
    assert message in said
    assert len(world.actor("maier").duties) == 1
    assert waiting(world, "maier") == []


def test_of_several_roles_all_are_entered_or_none(run: Run, world: World) -> None:
    order = ("--login", "maier", "--org", "Musterhausen", "--team", "Süd", "--role", "caseworker", "--role", "funder")
    assert run("user", "grant", *order)[0] == 1
    assert waiting(world, "maier") == []


def test_a_disabled_account_is_granted_nothing(run: Run, browse: Browse, world: World) -> None:
    with world.unit("admin", write=True):
        service.set_active(world.actor("admin"), queries.get_user(world.users["koord"]), active=False)
    status, said = run("user", "grant", "--login", "koord", "--org", "Musterhausen", "--role", "funder")
    assert status == 1
    assert "gesperrt" in said


def test_a_duty_without_a_requester_is_confirmed_by_a_lead_only(world: World, run: Run) -> None:
    run("user", "grant", "--login", "koord", "--org", "Musterhausen", "--role", "funder")
    [duty] = waiting(world, "koord")
    with world.unit("admin2", write=True), pytest.raises(RuleError, match="andere Seite"):
        service.confirm_duty(world.actor("admin2"), duty)
