"""Workers are compared only under a recorded works agreement, by name, with enough cases, and everybody sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.errors import ForbiddenError, RuleError
from caseapp.figures import queries, service
from caseapp.figures.models import WorkerComparison, WorksAgreement
from caseapp.figures.rules import agreements as rules
from caseapp.figures.service import NewAgreement
from caseapp.tallies.periods import Period
from tests.factories.browser import Browser
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
TODAY = clock.today()
NOW = str(Period.of(TODAY))
GERMAN = f"{TODAY:%d.%m.%Y}"
FORM = {"title": "Dienstvereinbarung Fallzahlen", "agreed_on": GERMAN, "valid_from": GERMAN, "figures": "CASES"}


def recorded(world: World, *figures: str, valid_to: dt.date | None = None, since: int = 10) -> UUID:
    """The id of an agreement that the carrier's head has recorded."""
    day = TODAY - dt.timedelta(days=since)
    new = NewAgreement(
        title="DV Zahlen", agreed_on=day, valid_from=day, valid_to=valid_to, figures=figures or ("CASES",)
    )
    with world.unit("haupt", write=True):
        return service.record_agreement(world.actor("haupt"), world.organisations["Musterhausen"], new).id


@pytest.fixture
def few(house: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Maier has three cases, Öz one; a comparison shows numbers from two cases on."""
    monkeypatch.setattr(rules, "FEWEST_CASES", 2)
    for login, number in (("maier", 3), ("oez", 1)):
        for _each in range(number):
            stored_file(house, login)
    return house


def test_without_an_agreement_the_comparison_is_closed_and_says_why(browse: Browse, few: World) -> None:
    browser = browse("leitung")
    page = browser.get("/zahlen/vergleich").text
    assert "Der Vergleich ist geschlossen" in page
    assert "<select" not in page
    assert browser.post("/zahlen/vergleich", {"figure": "CASES", "period": NOW}).status_code == 403
    assert browse("maier").get("/zahlen/vergleich").status_code == 403
    assert "Es ist keine Dienstvereinbarung eingetragen" in browse("maier").get("/zahlen/auswertung").text


def test_only_the_carrier_s_head_records_and_everybody_reads_it(browse: Browse, few: World) -> None:
    for login in ("maier", "leitung", "admin", "fremdleitung"):
        assert browse(login).post("/zahlen/vereinbarung", FORM).status_code == 403, login
    browser = browse("haupt")
    assert browser.submit("/zahlen/vereinbarung", FORM).status_code == 302
    for login in ("maier", "sued", "leitung"):
        page = browse(login).get("/zahlen/auswertung").text
        for said in ("Dienstvereinbarung Fallzahlen", "Offene Fälle am Ende des Zeitraums", "Hanna Haupt", "gilt"):
            assert said in page, (login, said)
    assert "Dienstvereinbarung Fallzahlen" not in browse("fremd").get("/zahlen/auswertung").text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": ""}, "Tragen Sie ein, wie die Vereinbarung heißt."),
        ({"agreed_on": "1.1.2199"}, "Der Tag liegt in der Zukunft"),
        ({"valid_from": "1.1.2020"}, "nicht gelten, bevor sie geschlossen ist"),
        ({"valid_to": "1.1.2020"}, "Das Ende liegt vor dem Beginn"),
        ({"figures": "RANKING"}, "Wählen Sie aus, welche Zahlen die Vereinbarung erlaubt."),
        ({"valid_from": "gestern"}, "Gilt ab"),
    ],
)
def test_what_cannot_be_an_agreement_is_refused_with_the_input_kept(
    browse: Browse, few: World, wrong: dict[str, str], message: str
) -> None:
    answer = browse("haupt").submit("/zahlen/vereinbarung", FORM | wrong)
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="Dienstvereinbarung Fallzahlen"' in answer.text or "title" in wrong
    with few.unscoped() as unit:
        assert unit.query(WorksAgreement).count() == 0


def test_a_double_click_records_once(browse: Browse, few: World) -> None:
    browser, form_id = browse("haupt"), uuid4()
    for _click in range(2):
        assert browser.post("/zahlen/vereinbarung", {**FORM, "form_id": str(form_id)}).status_code == 302
    with few.unscoped() as unit:
        assert unit.query(WorksAgreement).count() == 1


def test_a_comparison_is_by_name_without_small_numbers_and_seen_by_everybody_in_it(browse: Browse, few: World) -> None:
    recorded(few)
    browser = browse("leitung")
    answer = browser.submit("/zahlen/vergleich", {"figure": "CASES", "period": NOW})
    assert answer.status_code == 302
    page = browser.get(answer.headers["Location"]).text
    assert page.index("Deniz Öz") < page.index("Eva Maier"), "by name, not by number"
    assert "unter 2 Fällen" in page, "Öz has one case"
    assert "Sonja Süd" not in page, "another team"
    seen = browse("maier").get("/zahlen/auswertung").text
    assert "Lena Leitung" in seen
    assert 'data-l="Ihre Zahl">3<' in seen
    assert "nicht gezeigt: zu wenige Fälle" in browse("oez").get("/zahlen/auswertung").text
    assert "Lena Leitung" not in browse("sued").get("/zahlen/auswertung").text, "not compared"
    assert browse("lead2").get(answer.headers["Location"]).status_code == 404, "whoever asked, nobody else"
    assert browse("maier").get(answer.headers["Location"]).status_code == 403
    with few.unscoped() as unit:
        assert unit.query(AuditEvent).filter(AuditEvent.action == "figures:compare").count() == 1


def test_only_figures_that_the_agreement_names_can_be_compared(browse: Browse, few: World) -> None:
    recorded(few, "CASES")
    browser = browse("leitung")
    assert browser.submit("/zahlen/vergleich", {"figure": "CONTACTS", "period": NOW}).status_code == 422
    assert browser.submit("/zahlen/vergleich", {"figure": "CASES", "period": "1999"}).status_code == 422
    with few.unit("leitung", write=True):
        actor, organisation_id = few.actor("leitung"), few.organisations["Musterhausen"]
        (agreement,) = queries.valid_agreements(organisation_id, TODAY)
        counted = service.count(actor, queries.reach_of(actor, organisation_id), Period.of(TODAY))
        with pytest.raises(RuleError):
            service.compare_workers(actor, agreement, "CONTACTS", counted)
        agreement.valid_to = TODAY - dt.timedelta(days=1)
        with pytest.raises(ForbiddenError):
            service.compare_workers(actor, agreement, "CASES", counted)
    with few.unscoped() as unit:
        assert unit.query(WorkerComparison).count() == 0


def test_an_ended_agreement_closes_what_was_open_and_the_end_can_be_taken_back(browse: Browse, few: World) -> None:
    works_id = recorded(few)
    made = browse("leitung").submit("/zahlen/vergleich", {"figure": "CASES", "period": NOW}).headers["Location"]
    head = browse("haupt")
    assert browse("leitung").post(f"/zahlen/vereinbarung/{works_id}/beenden").status_code == 403
    assert head.post(f"/zahlen/vereinbarung/{works_id}/beenden").status_code == 302
    assert browse("leitung").get(made).status_code == 403
    assert "Der Vergleich ist geschlossen" in browse("leitung").get("/zahlen/vergleich").text
    page = head.get("/zahlen/vereinbarung").text
    back = page.split('action="/zahlen/vereinbarung/')[1].split('"')[0]
    assert back.endswith("/zurueck")
    assert head.post(f"/zahlen/vereinbarung/{back}").status_code == 302
    assert browse("leitung").get(made).status_code == 200
    assert head.post(f"/zahlen/vereinbarung/{back}").status_code == 422, "only once"


def test_an_agreement_holds_from_its_first_to_its_last_day(few: World) -> None:
    day = dt.timedelta(days=1)
    works_id = recorded(few, valid_to=TODAY)
    with few.unit("haupt"):
        agreement = queries.get_agreement(works_id)
        holds = {on: rules.in_force(agreement, on) for on in (agreement.valid_from - day, agreement.valid_from, TODAY)}
        assert list(holds.values()) == [False, True, True]
        assert not rules.in_force(agreement, TODAY + day)


def test_the_shipped_list_of_comparable_figures_names_cells_that_are_counted(few: World) -> None:
    assert {each.figure for each in queries.list_comparable()} <= {"bestand", "kontakte", "stunden"}
    assert not [each for each in queries.list_comparable() if not each.offered(TODAY)]


def test_a_list_with_a_code_twice_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "comparable.csv"
    line = "A,bestand,ende,Fälle,Cases,,\n"
    path.write_text("code,figure,class,de,en,valid_from,valid_to\n" + line * 2, encoding="utf-8")
    with pytest.raises(rules.ComparableError, match="Zeile 3"):
        rules.load_comparables(path)
