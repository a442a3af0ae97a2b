"""Who sees what of the log: the client functions, data protection pseudonyms, the administrator no client at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from caseapp import clock
from caseapp.accounts.models import WebSession
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.privacy.models import Complaint
from caseapp.privacy.queries import access, codes
from caseapp.privacy.rules.access import fold
from caseapp.privacy.rules.breach import as_csv, safe
from tests.architecture.test_roles import changed_file
from tests.factories.browser import Browser, bare
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.making import erased

NAMES = ("Eva Maier", "Deniz Öz", "Lena Leitung", "Hanna Haupt", "Rahimi", "Zahra")


def code_of(world: World, login: str) -> str:
    with world.unit("dsb"):
        return codes.person_code(world.users[login])


def file_code_of(world: World, client_id: UUID) -> str:
    with world.unit("dsb"):
        return codes.file_code(client_id)


def read(world: World, client_id: UUID, login: str = "maier") -> None:
    assert Browser(world, login).get(f"/klienten/{client_id}").status_code == 200


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


def test_a_name_is_opened_for_a_numbered_complaint_only_and_that_is_kept(world: World) -> None:
    browser, code = Browser(world, "dsb"), code_of(world, "maier")
    for missing in ("number", "reason", "code"):
        data = {"number": "2026/17", "reason": "Beschwerde von Frau X", "code": code, missing: ""}
        assert browser.submit("/datenschutz/beschwerden", data).status_code == 422
    assert "Eva Maier" not in browser.get("/datenschutz/beschwerden").text
    data = {"number": "2026/17", "reason": "Beschwerde über einen Zugriff", "code": code}
    assert browser.submit("/datenschutz/beschwerden", data).status_code == 302
    page = browser.get("/datenschutz/beschwerden").text
    for said in ("Eva Maier", "2026/17", "Beschwerde über einen Zugriff", code):
        assert said in page
    text = browser.get("/datenschutz/zugriffe").text
    assert "Eva Maier" not in text[text.index("<main") :]
    with world.unscoped() as unit:
        assert len(unit.scalars(select(Complaint).order_by(Complaint.id)).all()) == 1
        actions = unit.scalars(select(AuditEvent.action).order_by(AuditEvent.at)).all()
        assert actions.count("complaint:open_name") == 1


def test_a_complaint_sent_twice_is_kept_once_and_no_foreign_name_is_opened(world: World) -> None:
    browser = Browser(world, "dsb")
    page = browser.get("/datenschutz/beschwerden")
    form_id = re.search(r'name="form_id"[^>]*value="([^"]+)"', page.text)
    assert form_id is not None
    data = {"form_id": form_id[1], "number": "1", "reason": "Grund", "code": code_of(world, "maier")}
    assert [browser.post("/datenschutz/beschwerden", data).status_code for _twice in range(2)] == [302, 302]
    with world.unscoped() as unit:
        assert len(unit.scalars(select(Complaint).order_by(Complaint.id)).all()) == 1
    foreign = {"number": "2", "reason": "Grund", "code": code_of(world, "fremd")}
    assert browser.submit("/datenschutz/beschwerden", foreign).status_code == 422


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


def affected(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_a_breach_leads_from_an_account_to_the_files(world: World) -> None:
    first, second, third = (stored_file(world, login) for login in ("maier", "maier", "oez"))
    read(world, third, "oez")
    browser = Browser(world, "dsb")
    answer = browser.post("/datenschutz/panne", {"person": code_of(world, "maier")})
    assert answer.status_code == 200
    for client_id, there in ((first, True), (second, True), (third, False)):
        assert (file_code_of(world, client_id) in answer.text) is there
    main = answer.text[answer.text.index("<main") :]
    for name in NAMES:
        assert name not in main
    table = affected(browser.post("/datenschutz/panne", {"person": code_of(world, "maier"), "csv": "1"}))
    assert table[0][0] == "Kennung der Akte"
    assert {row[0] for row in table[1:]} == {file_code_of(world, first), file_code_of(world, second)}


def test_a_breach_leads_from_a_web_session_and_from_a_time_span_to_the_files(world: World) -> None:
    client_id = stored_file(world, "maier")
    code = code_of(world, "maier")
    with world.unscoped(write=True) as unit:
        ended = WebSession(
            token_hash=b"x" * 32,
            user_id=world.users["maier"],
            created_at=clock.now() - dt.timedelta(days=3),
            seen_at=clock.now() - dt.timedelta(days=3),
            ended_at=clock.now() - dt.timedelta(days=2),
        )
        unit.add(ended)
        unit.flush()
        session_id = str(ended.id)
    browser = Browser(world, "dsb")
    read(world, client_id)
    before = affected(browser.post("/datenschutz/panne", {"person": code, "session": session_id, "csv": "1"}))
    assert len(before) == 1
    today = clock.today().strftime("%d.%m.%Y")
    now = affected(browser.post("/datenschutz/panne", {"from_on": today, "csv": "1"}))
    assert [row[0] for row in now[1:]] == [file_code_of(world, client_id)]
    past = browser.post("/datenschutz/panne", {"from_on": "01.01.2024", "to_on": "02.01.2024", "csv": "1"})
    assert len(affected(past)) == 1
    assert browser.post("/datenschutz/panne", {}).status_code == 422
    assert browser.post("/datenschutz/panne", {"from_on": "02.02.2026", "to_on": "01.02.2026"}).status_code == 422


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_table_is_calculated(cell: str) -> None:
    assert safe(cell).startswith("'")
    assert as_csv(["a"], [[cell]]).startswith(b"\xef\xbb\xbfa\r\n")


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
