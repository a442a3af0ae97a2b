"""The register of accesses and the system log: data protection sees pseudonyms, the administrator no client at all."""

from __future__ import annotations

import re
from typing import Any

import pytest

from caseapp import clock
from caseapp.privacy.queries import codes
from tests.factories.browser import Browser
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.accesses import NAMES, code_of, file_code_of, read
from tests.privacy.making import erased


def test_data_protection_sees_who_read_what_in_pseudonyms_only(world: World) -> None:
    client_id = stored_file(world, "maier")
    read(world, client_id)
    page = Browser(world, "dsb").get("/datenschutz/zugriffe").text
    main = page[page.index("<main") :]
    assert code_of(world, "maier") in main
    assert file_code_of(world, client_id) in main
    for name in (*NAMES, str(client_id), str(world.users["maier"])):
        assert name not in main


def test_pseudonyms_are_stable_and_differ_from_installation_to_installation(world: World, tmp_path: Any) -> None:
    from tests.factories.world import build_template, open_world  # noqa: PLC0415

    first = code_of(world, "maier")
    assert code_of(world, "maier") == first
    assert re.fullmatch(r"P-[A-Z2-7]{7}", first)
    (tmp_path / "second").mkdir()
    build_template(tmp_path / "second")
    other = open_world(tmp_path / "second", tmp_path / "opened")
    with other.unit("dsb"):
        assert codes.person_code(world.users["maier"]) != first
    other.close()


def test_the_register_is_narrowed_by_day_action_person_and_file(world: World) -> None:
    first, second = stored_file(world, "maier"), stored_file(world, "oez")
    read(world, first)
    read(world, second, "oez")
    browser = Browser(world, "dsb")
    maier, oez = code_of(world, "maier"), code_of(world, "oez")

    def main(query: str) -> str:
        text = browser.get(f"/datenschutz/zugriffe?{query}").text
        return text[text.index("<tbody") :] if "<tbody" in text else ""

    assert oez not in main(f"person={maier}")
    assert maier in main(f"person={maier.lower()}")
    assert file_code_of(world, second) not in main(f"akte={file_code_of(world, first)}")
    assert "Akte angelegt" not in main("vorgang=read")
    assert "Akte gelesen" in main("vorgang=read")
    assert main("person=P-AAAAAAA") == ""
    assert main("akte=unsinn") == ""
    assert main("von=01.01.2020&bis=31.12.2020") == ""
    assert "Akte gelesen" in main(f"von={clock.today():%d.%m.%Y}&bis={clock.today():%d.%m.%Y}")
    assert browser.get("/datenschutz/zugriffe?von=Unsinn&vorgang=erfunden&seite=99999999999").status_code == 200


def test_erasures_and_ends_of_protection_are_listed(house: World) -> None:
    client_id = stored_file(house, "maier")
    assert Browser(house, "maier").post(f"/klienten/{client_id}/schuetzen").status_code == 302
    gone = stored_file(house, "maier")
    erased(house, gone)
    browser = Browser(house, "dsb")
    assert file_code_of(house, client_id) in browser.get("/datenschutz/zugriffe?vorgang=protection").text
    assert file_code_of(house, gone) in browser.get("/datenschutz/zugriffe?vorgang=erasure").text


def test_another_carriers_events_are_not_shown(world: World) -> None:
    foreign = stored_file(world, "fremd")
    read(world, foreign, "fremd")
    browser = Browser(world, "dsb")
    for query in ("", f"?person={code_of(world, 'fremd')}", f"?akte={file_code_of(world, foreign)}"):
        text = browser.get(f"/datenschutz/zugriffe{query}").text
        assert file_code_of(world, foreign) not in text.replace(f'value="{file_code_of(world, foreign)}"', "")
    answer = browser.post("/datenschutz/panne", {"person": code_of(world, "fremd")})
    assert answer.status_code == 422


@pytest.mark.parametrize("login", ["maier", "oez", "leitung", "lead2", "admin", "koord", "foerder", "fremdleitung"])
@pytest.mark.parametrize("page", ["zugriffe", "beschwerden", "panne"])
def test_only_data_protection_opens_its_pages(world: World, login: str, page: str) -> None:
    assert Browser(world, login).get(f"/datenschutz/{page}").status_code == 403


def test_the_system_log_shows_accounts_and_no_client(world: World) -> None:
    client_id = stored_file(world, "maier")
    read(world, client_id)
    browser = Browser(world, "admin")
    text = browser.get("/datenschutz/system").text
    main = text[text.index("<main") :]
    for secret in (str(client_id), client_id.hex, "Rahimi", file_code_of(world, client_id), "Akte gelesen"):
        assert secret not in main


def test_the_system_log_names_who_signed_in_to_the_administrator_and_a_pseudonym_to_data_protection(
    world: World,
) -> None:
    from tests.factories.world import PASSWORD  # noqa: PLC0415

    visitor = Browser(world, "")
    assert visitor.post("/anmelden", {"login": "maier", "password": PASSWORD}).status_code in {302, 303}
    foreign = Browser(world, "")
    assert foreign.post("/anmelden", {"login": "fremd", "password": PASSWORD}).status_code in {302, 303}
    administrator = Browser(world, "admin").get("/datenschutz/system").text
    assert "Eva Maier" in administrator
    assert "Felix Fremd" not in administrator
    protection = Browser(world, "dsb").get("/datenschutz/system").text
    assert "Eva Maier" not in protection
    assert code_of(world, "maier") in protection
    assert code_of(world, "fremd") not in protection


@pytest.mark.parametrize("login", ["maier", "leitung", "koord", "foerder", "fremdleitung"])
def test_nobody_else_opens_the_system_log(world: World, login: str) -> None:
    assert Browser(world, login).get("/datenschutz/system").status_code == 403
