"""Own figures on their pages: who sees which, and what stands behind a number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.clients.queries import get_client
from caseapp.clients.service import protect
from caseapp.figures import queries, service
from caseapp.figures.rules import cells as rules
from caseapp.figures.rules.choices import choices
from caseapp.figures.service.erasing import TRACES
from caseapp.figures.views import parts
from caseapp.privacy.service.traces import subject_of
from caseapp.tallies.periods import Period
from tests.factories.browser import Browser
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.figures.conftest import contact

Browse = Callable[[str], Browser]
NOW = str(Period.of(clock.today()))


def shown_number(page: str, label: str) -> str:
    """The big number above a label."""
    found = re.search(rf"<strong>([^<]*)</strong> {label}", page)
    assert found is not None, label
    return found[1]


def test_a_worker_sees_the_own_cases_with_the_stock_identity_and_hours(
    browse: Browse, caseload: dict[str, UUID]
) -> None:
    page = browse("maier").get("/zahlen").text
    assert "Ihre eigenen und vertretenen Fälle" in page
    assert "Nicht zur Veröffentlichung." in page
    assert "0 am Anfang + 3 Zugänge − 0 Abgänge = 3 am Ende" in page
    assert shown_number(page, "Kontakte") == "3"
    assert shown_number(page, "Stunden in Kontakten") == "2"
    assert shown_number(page, "Kurzberatungen ohne Akte") == "1"
    assert shown_number(page, "Beratene Personen") == "2"
    assert browse("maier").get(f"/zahlen?zeitraum={Period(clock.today().year).before}").status_code == 200
    assert shown_number(browse("oez").get("/zahlen").text, "Kontakte") == "0"


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("kontakte/alle", ["Aslan, Amal", "Bakir, Bilal"]),
        ("kontakte/HAU", ["Aslan, Amal"]),
        ("stunden/alle", ["Aslan, Amal", "Bakir, Bilal"]),
        ("bestand/ende", ["Aslan, Amal", "Bakir, Bilal", "Dogan, Kind"]),
        ("bestand/abgang", []),
        ("I1/alle", ["Aslan, Amal", "Bakir, Bilal"]),
        ("I15/school-missing", ["Dogan, Kind"]),
    ],
)
def test_each_number_opens_its_cases_by_name(
    browse: Browse, caseload: dict[str, UUID], address: str, names: list[str]
) -> None:
    page = browse("maier").get(f"/zahlen/{address}?zeitraum={NOW}")
    assert page.status_code == 200
    assert re.findall(r'app-table__name"><a[^>]*><bdi>([^<]*)', page.text) == names
    assert "Celik" not in page.text


def test_a_list_is_one_read_event_with_number_and_digest_and_no_name(
    world: World, browse: Browse, caseload: dict[str, UUID]
) -> None:
    browse("maier").get(f"/zahlen/kontakte/alle?zeitraum={NOW}")
    with world.unscoped() as unit:
        events = [each for each in unit.query(AuditEvent) if each.action == "figures:list"]
        assert [(each.actor_id, each.client_id) for each in events] == [(world.users["maier"], None)]


def test_a_missing_field_leads_to_its_form_and_an_unknown_outcome_to_its_confirmation(
    browse: Browse, caseload: dict[str, UUID]
) -> None:
    browser, child = browse("maier"), caseload["Kind"]
    quality = browser.get("/zahlen/datenlage").text
    assert "/zahlen/I15/school-missing" in quality
    listed = browser.get("/zahlen/I15/school-missing").text
    assert "noch nie erfasst" in listed
    assert f'href="/klienten/{child}/stand/neu/school"' in listed
    assert (
        browser.submit(f"/klienten/{child}/stand/neu/school", {"code": "REG", "from_on": "1.9.2025"}).status_code == 302
    )
    assert "school-missing" not in re.sub(r">0<", "", browser.get("/zahlen/datenlage").text)
    assert (
        f'href="/klienten/{caseload["Amal"]}/bearbeiten#nationality"'
        in browser.get("/zahlen/I15/nationality-missing").text
    )


def test_a_lead_sees_the_team_and_names_only_where_a_name_tells_nothing_new(
    browse: Browse, caseload: dict[str, UUID]
) -> None:
    """With the mark "fachliche Leitung" lists open files; without it they name, as the team's do, and tell no facts."""
    page = browse("leitung").get("/zahlen").text
    assert "Fälle des Teams Nord" in page
    assert "= 4 am Ende" in page
    with_mark, without = browse("leitung"), browse("lead2")
    known = "/zahlen/bestand/ende"
    assert f'href="/klienten/{caseload["Amal"]}"' in with_mark.get(known).text
    assert "Celik, Celil" in without.get(known).text
    assert "/klienten/" not in without.get(known).text.split("<main")[1]
    fact = "/zahlen/I15/school-missing"
    assert "Dogan" in with_mark.get(fact).text
    assert "Dogan" not in without.get(fact).text
    assert "1 Fall wird gezählt, aber nicht genannt" in without.get(fact).text
    # How much work there was is told by case and not by worker: that would be a comparison.
    assert "Zuständig" in with_mark.get(known).text
    work = with_mark.get("/zahlen/kontakte/alle").text
    assert "Amal" in work
    assert "Zuständig" not in work


def test_a_protected_file_of_others_is_in_no_figure(world: World, browse: Browse, caseload: dict[str, UUID]) -> None:
    with world.unit("maier", write=True):
        protect(world.actor("maier"), get_client(caseload["Amal"]))
    assert "= 3 am Ende" in browse("leitung").get("/zahlen").text
    assert "Aslan" not in browse("leitung").get("/zahlen/bestand/ende").text
    assert "= 3 am Ende" in browse("maier").get("/zahlen").text


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_people_without_cases_are_refused(browse: Browse, login: str) -> None:
    for path in ("", "/datenlage", "/bestand/ende", "/auswertung", "/vergleich", "/vereinbarung", "/berechnen"):
        assert browse(login).get(f"/zahlen{path}").status_code == 403, path


def test_unknown_periods_figures_and_classes_do_not_exist(browse: Browse, caseload: dict[str, UUID]) -> None:
    browser = browse("maier")
    for path in (
        "?zeitraum=1999",
        "?zeitraum=2026-Q9",
        "?zeitraum='",
        "/kontakte/XXX",
        "/bestand/alle",
        "/quatsch/alle",
        "/zeiten/1999-W01",
        "/I5/nope",
        "/I15/alle",
        "/I15/shoe-missing",
        "/I99/alle",
        f"/bestand/ende?traeger={UUID(int=5)}",
    ):
        assert browser.get(f"/zahlen{path}").status_code == 404, path


def test_the_number_of_a_list_is_the_number_of_its_figure(world: World, caseload: dict[str, UUID]) -> None:
    """For every cell of every period and both reaches: the parts that a list shows sum up to the number."""
    for login in ("maier", "leitung"):
        actor = world.actor(login)
        with world.unit(login):
            reach = queries.reach_of(actor, world.organisations["Musterhausen"])
            for period in choices(clock.today()).values():
                counted = service.count(actor, reach, period)
                assert bool(counted.cells.amounts) is (clock.today() in period), period
                for (figure, name), amounts in counted.cells.amounts.items():
                    cases = {counted.case_of[key].client_id: amount for key, amount in amounts.items()}
                    assert sum(cases.values()) == counted.cells.number(figure, name), (figure, name)
                    assert set(cases) <= {case.client_id for case in counted.cases}


def test_statements_do_not_grow_with_cases_and_contacts(
    world: World, browse: Browse, caseload: dict[str, UUID], count_statements: Callable[[], Any]
) -> None:
    browser, counts = browse("maier"), []
    for more in (0, 6):
        for number in range(more):
            client_id = stored_file(world, "maier", head=head(f"Neu{number}", "Person"))
            contact(world, "maier", client_id)
        browser.get("/zahlen")
        for path in ("/zahlen", "/zahlen/kontakte/alle", "/zahlen/datenlage"):
            with count_statements() as count:
                assert browser.get(path).status_code == 200
            counts.append(int(count))
    assert counts[:3] == counts[3:], counts
    assert max(counts) <= 15, counts


def test_a_large_scope_is_counted_by_a_job_and_stands_until_it_is_counted_anew(
    world: World, browse: Browse, house: World, caseload: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = browse("haupt").get("/zahlen").text
    monkeypatch.setattr(queries, "LIVE_MOST", 2)
    browser = browse("haupt")
    assert browser.get("/zahlen").headers["Location"].startswith("/zahlen/berechnen")
    waiting = browser.get(f"/zahlen/berechnen?zeitraum={NOW}").text
    assert "4 Akten gehören zu diesen Zahlen" in waiting
    assert browser.post(f"/zahlen/berechnen/start?zeitraum={NOW}").status_code == 302
    assert browser.get(f"/zahlen/berechnen/stand?zeitraum={NOW}").json == {"finished": True}
    assert browser.get(f"/zahlen/berechnen?zeitraum={NOW}").headers["Location"].startswith("/zahlen")
    stored = browser.get("/zahlen").text
    assert "Gezählt am" in stored
    for label in ("Kontakte", "Stunden in Kontakten", "Beratene Personen", "Kurzberatungen ohne Akte"):
        assert shown_number(stored, label) == shown_number(direct, label)
    assert "Aslan, Amal" in browser.get("/zahlen/kontakte/alle").text
    contact(world, "maier", caseload["Bilal"])
    assert shown_number(browser.get("/zahlen").text, "Kontakte") == "3", "it stands"
    browser.post(f"/zahlen/berechnen/start?zeitraum={NOW}")
    assert shown_number(browser.get("/zahlen").text, "Kontakte") == "4"
    with world.unscoped(write=True) as unit:
        amal = unit.get(Client, caseload["Amal"])
        assert amal is not None
        (trace,) = TRACES
        assert [trace.count(subject_of(amal)), trace.clear(subject_of(amal)), trace.clear(subject_of(amal))] == [
            1,
            1,
            0,
        ]
    assert browser.get("/zahlen").headers["Location"].startswith("/zahlen/berechnen"), "an erased person is in no count"


def test_hours_and_shares_are_written_as_people_write_them(world: World) -> None:
    with world.app.test_request_context():
        assert parts.hours_text(90) == "1,5"
        assert parts.number_text(12345) == "12.345"
        assert parts.share_text(1, 3) in {"33 %", "33\N{NO-BREAK SPACE}%"}
        assert parts.share_text(0, 0) == ""
        assert parts.period_text(Period(2026, 3)) == "3. Quartal 2026"
    assert dt.date(2026, 7, 1) in Period(2026, 3)
    assert rules.ALL == "alle"
