"""The administration's pages about accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from caseapp.accounts import queries, service
from caseapp.accounts.models import Membership, User
from caseapp.security.actor import Role
from tests.factories.browser import Browser, bare
from tests.factories.world import PASSWORD, World

Browse = Callable[[str], Browser]
_SECRET = re.compile(r'class="app-secret">([^<]+)<')


def new_account(browse: Browse, world: World, **changed: str) -> tuple[Browser, str, str]:
    """The administrator's browser, the answer and the first password of a new account "neu"."""
    admin = browse("admin")
    data = {"name": "Nele Neu", "login": "neu", "role": "caseworker", "scope": str(world.teams["Nord"]), **changed}
    answer = admin.submit("/verwaltung/personen/neu", data)
    found = _SECRET.search(answer.text)
    return admin, answer.text, found[1] if found else ""


def user_id_of(world: World, login: str) -> UUID:
    with world.unscoped():
        user = queries.find_user_by_login(login)
        assert user is not None
        return user.id


@pytest.mark.parametrize("login", ["maier", "leitung", "dsb", "koord", "foerder", "fremd"])
def test_nobody_but_the_administration_sees_the_accounts(browse: Browse, login: str) -> None:
    assert browse(login).get("/verwaltung/personen").status_code == 403


def test_the_list_shows_the_own_carrier_only(browse: Browse) -> None:
    page = browse("admin").get("/verwaltung/personen").text
    assert "Eva Maier" in page
    assert "Felix Fremd" not in page


def test_a_person_of_another_carrier_answers_as_a_missing_one(browse: Browse, world: World) -> None:
    admin = browse("admin")
    foreign = admin.get(f"/verwaltung/personen/{world.users['fremd']}")
    missing = admin.get(f"/verwaltung/personen/{uuid4()}")
    assert bare(foreign) == bare(missing)
    assert foreign.status_code == 404


def test_the_first_password_is_shown_once_and_must_be_changed_before_anything_else(
    browse: Browse, world: World
) -> None:
    admin, shown, password = new_account(browse, world)
    assert password
    assert "Dieses Kennwort sehen Sie nur jetzt" in shown
    again = admin.get(f"/verwaltung/personen/{user_id_of(world, 'neu')}")
    assert password not in again.text

    fresh = browse("")
    signed_in = fresh.post("/anmelden", {"login": "neu", "password": password})
    assert signed_in.headers["Location"] == "/konto/kennwort"
    assert fresh.get("/konto").headers["Location"] == "/konto/kennwort"
    assert fresh.get("/klienten").headers["Location"] == "/konto/kennwort"
    new = "vier andere Wörter hier 5"
    changed = fresh.post("/konto/kennwort", {"old": password, "new": new, "repeat": new})
    assert changed.status_code == 302
    assert fresh.get("/konto").status_code == 200


def test_the_answer_with_a_password_is_kept_nowhere(browse: Browse, world: World) -> None:
    answer = browse("admin").submit(
        "/verwaltung/personen/neu",
        {"name": "Nele Neu", "login": "neu", "role": "caseworker", "scope": str(world.teams["Nord"])},
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_account_has_no_rights_before_the_duty_is_confirmed(browse: Browse, world: World) -> None:
    new_account(browse, world)
    with world.unscoped(write=True) as unit:
        user = unit.get(User, user_id_of(world, "neu"))
        assert user is not None
        user.must_change_password = False
    world.users["neu"] = user_id_of(world, "neu")
    fresh = browse("neu")
    assert fresh.get("/klienten").status_code == 403
    assert "noch keine bestätigte Rolle" in fresh.get("/konto").text
    assert fresh.post("/abmelden").status_code == 302


def test_a_double_click_makes_one_account(browse: Browse, world: World) -> None:
    admin = browse("admin")
    data = {
        "form_id": str(uuid4()),
        "name": "Nele Neu",
        "login": "neu",
        "role": "caseworker",
        "scope": str(world.teams["Nord"]),
    }
    assert admin.post("/verwaltung/personen/neu", data).status_code == 200
    second = admin.post("/verwaltung/personen/neu", data)
    assert second.headers["Location"] == f"/verwaltung/personen/{data['form_id']}"
    with world.unscoped() as unit:
        assert unit.query(Membership).filter(Membership.user_id == UUID(data["form_id"])).count() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"login": "Maier"}, "Diesen Anmeldenamen gibt es schon"),
        ({"name": ""}, "Geben Sie Vor- und Nachnamen ein"),
        ({"role": "guest"}, "gültige Auswahl"),
        ({"email": "keine-adresse"}, "wie name@beispiel.de"),
        ({"role": "dpo"}, "gilt immer für den ganzen Träger"),
        ({"professional_lead": "y"}, "gehört zur Rolle „Teamleitung“"),
        ({"valid_from": "31.02.2027"}, "31.02"),
        ({"valid_from": "01.03.2027", "valid_to": "01.02.2027"}, "Ende liegt vor dem Beginn"),
    ],
)
def test_what_cannot_be_is_refused_with_the_input_kept(
    browse: Browse, world: World, changed: dict[str, str], message: str
) -> None:
    data = {"name": "Nele Neu", "login": "neu", "role": "caseworker", "scope": str(world.teams["Nord"]), **changed}
    answer = browse("admin").submit("/verwaltung/personen/neu", data)
    assert answer.status_code == 422
    assert re.search(message, answer.text)
    assert data["login"] in answer.text


def test_a_team_of_another_carrier_cannot_be_chosen(browse: Browse, world: World) -> None:
    _admin, text, password = new_account(browse, world, scope=str(world.teams["West"]))
    assert not password
    assert "Bitte prüfen Sie" in text


def test_a_disabled_account_is_out_at_its_next_request(browse: Browse, world: World) -> None:
    maier, admin = browse("maier"), browse("admin")
    assert maier.get("/konto").status_code == 200
    path = f"/verwaltung/personen/{world.users['maier']}"
    assert admin.post(f"{path}/sperren").headers["Location"] == path
    assert maier.get("/konto").headers["Location"].startswith("/anmelden")
    refused = browse("").post("/anmelden", {"login": "maier", "password": PASSWORD})
    assert refused.status_code == 422
    admin.post(f"{path}/entsperren")
    assert maier.get("/konto").status_code == 302, "the old session stays dead"
    assert browse("").post("/anmelden", {"login": "maier", "password": PASSWORD}).status_code == 302


def test_a_new_password_ends_the_sessions_and_replaces_the_old_one(browse: Browse, world: World) -> None:
    maier, admin = browse("maier"), browse("admin")
    answer = admin.post(f"/verwaltung/personen/{world.users['maier']}/kennwort")
    found = _SECRET.search(answer.text)
    assert found is not None
    assert maier.get("/konto").status_code == 302
    assert browse("").post("/anmelden", {"login": "maier", "password": PASSWORD}).status_code == 422
    assert browse("").post("/anmelden", {"login": "maier", "password": found[1]}).status_code == 302


@pytest.mark.parametrize("action", ["sperren", "kennwort"])
def test_nobody_does_this_to_the_own_account(browse: Browse, world: World, action: str) -> None:
    admin = browse("admin")
    path = f"/verwaltung/personen/{world.users['admin']}"
    assert admin.post(f"{path}/{action}").headers["Location"] == path
    assert "Ihr eigenes" in admin.get(path).text
    assert browse("").post("/anmelden", {"login": "admin", "password": PASSWORD}).status_code == 302


def test_the_password_of_somebody_with_a_duty_elsewhere_cannot_be_replaced(browse: Browse, world: World) -> None:
    with world.unscoped(write=True) as unit:
        user = unit.get(User, world.users["maier"])
        assert user is not None
        service.grant_at_setup(user, service.DutyRequest(world.organisations["Fremdstadt"], Role.CASEWORKER))
    admin = browse("admin")
    path = f"/verwaltung/personen/{world.users['maier']}"
    assert admin.post(f"{path}/kennwort").headers["Location"] == path
    assert "auch für einen anderen Träger" in admin.get(path).text
    assert browse("").post("/anmelden", {"login": "maier", "password": PASSWORD}).status_code == 302


def test_the_views_of_the_list_say_who_waits_and_who_is_locked(browse: Browse, world: World) -> None:
    admin, _text, _password = new_account(browse, world)
    admin.post(f"/verwaltung/personen/{world.users['oez']}/sperren")
    waiting = admin.get("/verwaltung/personen?ansicht=wartet").text
    locked = admin.get("/verwaltung/personen?ansicht=gesperrt").text
    assert "Nele Neu" in waiting
    assert "Eva Maier" not in waiting
    assert "Deniz Öz" in locked
    assert "Eva Maier" not in locked


def test_the_pages_of_the_administration_need_no_more_statements_for_more_people(
    browse: Browse, world: World, count_statements: Callable[[], object]
) -> None:
    admin, _text, _password = new_account(browse, world)
    admin.get("/verwaltung/personen")
    with count_statements() as few:  # type: ignore[attr-defined]
        admin.get("/verwaltung/personen")
    new_account(browse, world, login="neu2")
    new_account(browse, world, login="neu3")
    with count_statements() as more:  # type: ignore[attr-defined]
        admin.get("/verwaltung/personen")
    assert int(few) == int(more)
