"""The pages of an erasure by role: who asks, who decides, who only sees that it happened."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.errors import ForbiddenError, RuleError
from caseapp.privacy import service
from caseapp.privacy.models import Erasure, ErasureStep
from caseapp.security import policy
from caseapp.security.permissions import Permission
from tests.architecture.test_roles import changed_file
from tests.factories.browser import Browser, bare
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.making import decided, erased, requested, rows_of


def number_of(world: World, client_id: UUID) -> str:
    with world.unscoped() as unit:
        return unit.get_one(Client, client_id).file_number


def ask(world: World, client_id: UUID, login: str = "maier", of: str = "haupt") -> int:
    answer = Browser(world, login).submit(
        f"/klienten/{client_id}/loeschen", {"reason": "Widerruf vom Mai", "head": str(world.users[of])}
    )
    return answer.status_code


def decide(world: World, client_id: UUID, login: str, number: str) -> tuple[int, str]:
    browser = Browser(world, login)
    page = browser.get(f"/klienten/{client_id}/loeschen")
    seen = re.search(r'name="request" value="([^"]+)"', page.text)
    data = {"request": seen[1] if seen else "", "file_number": number}
    answer = browser.post(f"/klienten/{client_id}/loeschen/entscheiden", data)
    return answer.status_code, answer.location or answer.text


def test_a_worker_asks_the_head_decides_and_the_file_is_gone(house: World) -> None:
    client_id = stored_file(house, "maier")
    number = number_of(house, client_id)
    assert ask(house, client_id) == 302
    assert "Rahimi" in Browser(house, "haupt").get("/datenschutz/loeschungen").text
    page = Browser(house, "haupt").get(f"/klienten/{client_id}/loeschen").text
    assert "Widerruf vom Mai" in page
    assert "Eva Maier" in page
    assert "Löschliste" in page
    status, location = decide(house, client_id, "haupt", number)
    assert status == 302
    assert rows_of(house, client_id) == {}
    shown = Browser(house, "haupt").get(location)
    assert "Die Akte ist gelöscht" in shown.text
    assert Browser(house, "maier").get(f"/klienten/{client_id}").status_code == 404
    assert Browser(house, "maier").get(f"/klienten/{client_id}/loeschen").status_code == 404


def test_who_alone_can_decide_is_chosen_already(house: World) -> None:
    path = f"/klienten/{stored_file(house, 'maier')}/loeschen"
    assert "<option selected" not in Browser(house, "maier").get(path).text  # two heads: a choice
    assert len(re.findall(r'<option selected value="[^"]+">', Browser(house, "haupt").get(path).text)) == 1


def test_what_would_go_is_counted_before_the_decision(house: World) -> None:
    client_id = stored_file(house, "maier")
    text = Browser(house, "maier").get(f"/klienten/{client_id}/loeschen").text
    assert re.search(r"Akte mit Stammdaten</dt><dd>1</dd>", text)
    assert "Was bleibt" in text


def test_the_requester_never_decides_even_as_head(house: World) -> None:
    client_id = stored_file(house, "maier")
    assert ask(house, client_id, "haupt", of="haupt2") == 302
    page = Browser(house, "haupt").get(f"/klienten/{client_id}/loeschen").text
    assert "Endgültig löschen" not in page
    status, _text = decide(house, client_id, "haupt", number_of(house, client_id))
    assert status == 422
    assert rows_of(house, client_id)["client"] == 1


@pytest.mark.parametrize("login", ["maier", "oez", "leitung", "lead2", "dsb", "admin", "koord", "foerder"])
def test_nobody_but_the_head_of_the_carrier_decides(house: World, login: str) -> None:
    client_id = stored_file(house, "maier")
    request_id = requested(house, client_id)
    answer = Browser(house, login).post(
        f"/klienten/{client_id}/loeschen/entscheiden",
        {"request": str(request_id), "file_number": number_of(house, client_id)},
    )
    assert answer.status_code == 403
    assert rows_of(house, client_id)["client"] == 1


def test_only_a_lead_without_a_team_is_a_head(house: World) -> None:
    client_id = stored_file(house, "sued")
    with house.unscoped() as unit:
        client = unit.get_one(Client, client_id)
        allowed = {
            login for login in house.users if policy.allows(house.actor(login), Permission.ERASURE_EXECUTE, client)
        }
    assert allowed == {"haupt", "haupt2"}


def test_another_number_erases_nothing_and_says_so(house: World) -> None:
    client_id = stored_file(house, "maier")
    requested(house, client_id)
    status, text = decide(house, client_id, "haupt", "2026-9999")
    assert status == 422
    assert "nicht das Aktenzeichen" in text
    assert rows_of(house, client_id)["client"] == 1


def test_a_protected_file_is_found_by_the_asked_head_only(house: World) -> None:
    client_id = changed_file(house, "maier", {"protected": True})
    address = f"/klienten/{client_id}/loeschen"
    assert Browser(house, "haupt").get(address).status_code == 404
    requested(house, client_id)
    assert Browser(house, "haupt").get(address).status_code == 200
    assert Browser(house, "haupt2").get(address).status_code == 404
    assert Browser(house, "haupt").get(f"/klienten/{client_id}/angaben").status_code in {403, 404}
    assert Browser(house, "leitung").get(address).status_code == 404
    status, _location = decide(house, client_id, "haupt", number_of(house, client_id))
    assert status == 302
    assert rows_of(house, client_id) == {}


def test_a_closed_file_can_be_erased(house: World) -> None:
    client_id = changed_file(house, "maier", {"closed_on": clock.today()})
    assert ask(house, client_id) == 302
    assert decide(house, client_id, "haupt2", number_of(house, client_id))[0] == 302
    assert rows_of(house, client_id) == {}


def test_a_foreign_file_answers_as_a_missing_one(house: World) -> None:
    foreign, browser = stored_file(house, "fremd"), Browser(house, "haupt")
    missing = "00000000-0000-4000-8000-000000000000"
    for path in ("loeschen",):
        assert bare(browser.get(f"/klienten/{foreign}/{path}")) == bare(browser.get(f"/klienten/{missing}/{path}"))
    for path in ("loeschen/entscheiden", "loeschen/ablehnen", "loeschen/zurueck"):
        there, not_there = (bare(browser.post(f"/klienten/{each}/{path}")) for each in (foreign, missing))
        assert there == not_there
        assert there[0] in {404, 422}, path


def test_a_request_is_withdrawn_by_its_author_and_declined_by_the_head(house: World) -> None:
    client_id = stored_file(house, "maier")
    first = requested(house, client_id)
    assert Browser(house, "maier").post(f"/klienten/{client_id}/loeschen/zurueck").status_code == 302
    assert decide(house, client_id, "haupt", number_of(house, client_id))[0] == 422
    second = requested(house, client_id)
    assert first != second
    answer = Browser(house, "haupt").post(f"/klienten/{client_id}/loeschen/ablehnen", {"request": str(second)})
    assert answer.status_code == 302
    with house.unscoped() as unit:
        actions = set(unit.scalars(select(AuditEvent.action).where(AuditEvent.client_id == client_id)))
        assert {"erasure:request", "erasure:withdraw", "erasure:decline"} <= actions
    assert rows_of(house, client_id)["client"] == 1


def test_pressed_twice_there_is_one_request_and_one_erasure(house: World) -> None:
    client_id = stored_file(house, "maier")
    browser, address = Browser(house, "maier"), f"/klienten/{client_id}/loeschen"
    form_id = re.search(r'name="form_id"[^>]*value="([^"]+)"', browser.get(address).text)
    assert form_id is not None
    data = {"form_id": form_id[1], "reason": "Widerruf", "head": str(house.users["haupt"])}
    assert [browser.post(address, data).status_code for _twice in range(2)] == [302, 302]
    request = re.search(r'name="request" value="([^"]+)"', Browser(house, "haupt").get(address).text)
    assert request is not None
    number = number_of(house, client_id)
    head = Browser(house, "haupt")
    sent = {"request": request[1], "file_number": number}
    statuses = [head.post(f"{address}/entscheiden", sent).status_code for _twice in range(2)]
    assert statuses == [302, 404]
    with house.unscoped() as unit:
        assert len(unit.scalars(select(Erasure).order_by(Erasure.id)).all()) == 1


def test_data_protection_sees_the_register_and_the_protocol_and_has_no_vote(house: World) -> None:
    client_id = stored_file(house, "maier")
    waiting = stored_file(house, "maier")
    requested(house, waiting)
    erasure_id = erased(house, client_id)
    browser = Browser(house, "dsb")
    register = browser.get("/datenschutz/loeschungen")
    assert register.status_code == 200
    assert "Rahimi" not in register.text
    page = browser.get(f"/datenschutz/loeschungen/{erasure_id}")
    assert "Löschprotokoll" in page.text
    assert "Jetzt fortsetzen" not in page.text
    pdf = browser.get(f"/datenschutz/loeschungen/{erasure_id}/protokoll")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert "Löschprotokoll" in PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()
    assert browser.get(f"/klienten/{waiting}/loeschen").status_code == 403
    assert browser.post(f"/datenschutz/loeschungen/{erasure_id}/fortsetzen").status_code == 403


@pytest.mark.parametrize(("login", "status"), [("leitung", 200), ("lead2", 200), ("maier", 403), ("admin", 403)])
def test_leads_see_the_register_and_nobody_else(house: World, login: str, status: int) -> None:
    erasure_id = erased(house, stored_file(house, "maier"))
    for path in ("", f"/{erasure_id}", f"/{erasure_id}/protokoll", f"/{erasure_id}/stand"):
        assert Browser(house, login).get(f"/datenschutz/loeschungen{path}").status_code == status, path


def test_an_erasure_of_another_carrier_answers_as_a_missing_one(house: World) -> None:
    erasure_id, browser = erased(house, stored_file(house, "maier")), Browser(house, "fremdleitung")
    for path in ("", "/protokoll", "/stand"):
        foreign = browser.get(f"/datenschutz/loeschungen/{erasure_id}{path}")
        missing = browser.get(f"/datenschutz/loeschungen/00000000-0000-4000-8000-000000000000{path}")
        assert bare(foreign) == bare(missing)
        assert foreign.status_code == 404


def test_an_interrupted_erasure_can_be_continued_by_the_head(house: World) -> None:
    client_id = stored_file(house, "maier")
    erasure_id = decided(house, client_id)
    page = Browser(house, "haupt").get(f"/datenschutz/loeschungen/{erasure_id}")
    assert page.status_code == 200
    assert Browser(house, "haupt").post(f"/datenschutz/loeschungen/{erasure_id}/fortsetzen").status_code == 302
    with house.unscoped() as unit:
        assert unit.get_one(Erasure, erasure_id).step == ErasureStep.DONE
    assert rows_of(house, client_id) == {}


def test_a_head_who_may_not_open_files_sees_who_it_is_and_the_numbers(house: World) -> None:
    client_id = stored_file(house, "maier")
    requested(house, client_id)
    text = Browser(house, "haupt").get(f"/klienten/{client_id}/loeschen").text
    assert "Rahimi" in text
    assert "Akte mit Stammdaten" in text


def test_the_services_ask_for_themselves(house: World) -> None:
    client_id = stored_file(house, "maier")
    with house.unit("oez", write=True) as unit:
        client = unit.get_one(Client, client_id)
        with pytest.raises(ForbiddenError):
            service.request_erasure(
                house.actor("oez"), client, head_id=house.users["haupt"], reason="x", request_id=None
            )
    with house.unit("maier", write=True) as unit:
        client = unit.get_one(Client, client_id)
        with pytest.raises(RuleError):
            service.request_erasure(
                house.actor("maier"), client, head_id=house.users["leitung"], reason="x", request_id=None
            )


def test_the_register_takes_as_many_statements_for_two_erasures_as_for_one(house, count_statements) -> None:  # type: ignore[no-untyped-def]
    browser, counts = Browser(house, "haupt"), []
    for _again in range(2):
        erased(house, stored_file(house, "maier"))
        requested(house, stored_file(house, "maier"))
        browser.get("/datenschutz/loeschungen")
        with count_statements() as count:
            browser.get("/datenschutz/loeschungen")
        counts.append(int(count))
    assert counts[0] == counts[1]
