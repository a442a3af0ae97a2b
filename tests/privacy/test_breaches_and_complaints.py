"""A name behind a pseudonym for a numbered complaint only, and the files that a breach has touched."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.accounts.models import WebSession
from caseapp.audit import AuditEvent
from caseapp.privacy.models import Complaint
from caseapp.privacy.rules.breach import as_csv, safe
from tests.factories.browser import Browser
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.accesses import NAMES, code_of, file_code_of, read


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
