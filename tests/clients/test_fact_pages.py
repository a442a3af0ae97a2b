"""Facts with a history: entered, confirmed, corrected and cancelled on their pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from msgspec.structs import replace

from caseapp.clients import queries
from caseapp.clients.models import Birth
from tests.clients.zahra import FACTS, TODAY, Browse, address
from tests.factories.browser import hidden_fields
from tests.factories.files import stored_file
from tests.factories.world import World


def test_only_a_second_entry_says_that_the_former_one_ends(browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    for kind, first in (("language", True), ("stay", False), ("benefit", False)):
        page = browser.get(address(client_id, f"/stand/neu/{kind}")).text
        assert ("Änderung eintragen" not in page) is first, kind
        assert ("Der bisherige Eintrag endet" in page) is (kind == "stay"), kind


def test_what_a_child_attends_is_asked_for_and_kept_as_a_history(world: World, browse: Browse, client_id: UUID) -> None:
    """Between 3 and 15 years nothing is something missing; a grown-up is not asked, and may have an entry."""
    browser, hint = browse("maier"), address(client_id, "/stand/neu/school")
    assert hint not in browser.get(address(client_id)).text, "grown up"
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        client.head = replace(client.head, birth=Birth(day=TODAY.replace(year=TODAY.year - 5)))
    assert hint in browser.get(address(client_id)).text
    assert browser.submit(hint, {"code": "", "from_on": "1.9.2025"}).status_code == 422
    assert browser.submit(hint, {"code": "KEI", "from_on": "1.9.2025"}).status_code == 302
    form = {"code": "KIT", "from_on": "1.6.2026", "school": "Kindergarten Apfelbaum", "support": "SSA"}
    assert browser.submit(hint, form).status_code == 302
    page = browser.get(address(client_id, "/stand")).text
    for said in (
        "01.09.2025 bis 31.05.2026",
        "besucht keine Einrichtung",
        "Kindergarten Apfelbaum · Schulsozialarbeit",
    ):
        assert said in page
    assert "Kita/Schule: Kita" in browser.get(address(client_id)).text, "in the timeline"
    browser.post(address(client_id, "/stand/bestaetigen"), {"kind": "school"})
    assert confirmed(world, client_id)["school"] == TODAY
    contact = browser.get(address(client_id, "/kontakt")).text
    assert 'value="school"' in contact, "a talk confirms it"


def test_one_tap_confirms_and_the_message_takes_it_back(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    browser.post(address(client_id, "/stand/bestaetigen"), {"kind": "stay"})
    page = browser.get(address(client_id))
    assert "heute bestätigt" in page.text
    assert address(client_id, "/stand/zurueck") in page.text
    assert confirmed(world, client_id) == {"stay": TODAY, "benefit": None, "title": None}
    assert browser.post(address(client_id, "/stand/zurueck")).status_code == 302
    assert confirmed(world, client_id) == {"stay": None, "benefit": None, "title": None}
    assert browser.post(address(client_id, "/stand/zurueck")).status_code == 422, "only once"


def test_everything_is_confirmed_with_one_tap(world: World, browse: Browse, client_id: UUID) -> None:
    browse("maier").post(address(client_id, "/stand/bestaetigen"), {"kind": "all"})
    assert set(confirmed(world, client_id).values()) == {TODAY}
    assert browse("maier").post(address(client_id, "/stand/bestaetigen"), {"kind": "nonsense"}).status_code == 404


def confirmed(world: World, client_id: UUID) -> dict[str, dt.date | None]:
    with world.unit("maier"):
        return {entry.kind: entry.confirmed_on for entry in queries.list_facts(client_id)}


def test_a_new_stay_ends_the_former_and_can_be_taken_back(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    form = {"code": "PRI", "from_on": "1.6.2026", "street": "Musterstraße 2", "place": "88069 Tettnang"}
    answer = browser.submit(address(client_id, "/stand/neu/stay"), form)
    assert answer.status_code == 302
    page = browser.get(address(client_id, "/stand"))
    assert "01.01.2023 bis 31.05.2026" in page.text
    assert "Musterstraße 2, 88069 Tettnang" in page.text
    with world.unit("maier"):
        newest = max(queries.list_facts(client_id), key=lambda entry: entry.created_at)
        assert newest.box.fact.ags == "08435057"  # type: ignore[union-attr]
    browser.post(address(client_id, f"/stand/{newest.id}/stornieren"))
    page = browser.get(address(client_id, "/stand"))
    assert "seit 01.01.2023" in page.text
    assert "Zurückholen" in page.text


def test_a_double_click_stores_a_fact_once(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    page = browser.get(address(client_id, "/stand/neu/work"))
    form = {**hidden_fields(page), "code": "VZ", "from_on": "1.6.2026"}
    for _click in range(2):
        assert browser.post(address(client_id, "/stand/neu/work"), form).status_code == 302
    with world.unit("maier"):
        assert sum(entry.kind == "work" for entry in queries.list_facts(client_id)) == 1


def test_a_changed_fact_from_an_old_form_is_kept_and_stored_with_the_next_click(
    world: World, browse: Browse, client_id: UUID
) -> None:
    browser, page = browse("maier"), address(client_id, "/stand/neu/work")
    form = {**hidden_fields(browser.get(page)), "code": "VZ", "from_on": "1.6.2026", "employer": "Bäckerei Süß"}
    browser.post(page, form)
    other = {**form, "from_on": "1.7.2026", "employer": "Gärtnerei Grün"}
    again = browser.post(page, other)
    assert again.status_code == 422
    assert "schon ein Eintrag gespeichert" in again.text
    assert "Gärtnerei Grün" in again.text
    assert browser.post(page, {**other, **hidden_fields(again)}).status_code == 302
    with world.unit("maier"):
        work = [entry.box.fact for entry in queries.list_facts(client_id) if entry.kind == "work"]
    assert {fact.employer for fact in work} == {"Bäckerei Süß", "Gärtnerei Grün"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"code": "", "from_on": "1.6.2026"}, "Wählen Sie die Wohnform aus."),
        ({"code": "PRI", "from_on": "31.02.2026"}, "Diesen Tag gibt es nicht."),
        ({"code": "PRI", "from_on": "1.6.2026", "until_on": "1.5.2026"}, "Das Ende liegt vor dem Beginn."),
        ({"code": "PRI", "from_on": "", "street": "Neue Straße 5"}, "seit wann"),
        ({"code": "PRI", "from_on": "1.6.2040"}, "mehr als ein Jahr in der Zukunft"),
        ({"code": "PRI", "from_on": "1.6.2026", "place": "Weingarten"}, "Mehrere Orte heißen so"),
        ({"code": "PRI", "from_on": "1.6.2026", "street": "x" * 600}, "Der Text ist zu lang"),
        ({"code": "NIX", "from_on": "1.6.2026"}, ""),
    ],
)
def test_a_bad_fact_is_refused_in_plain_words_with_the_input_kept(
    world: World, browse: Browse, client_id: UUID, form: dict[str, str], message: str
) -> None:
    page = browse("maier").submit(address(client_id, "/stand/neu/stay"), form)
    assert page.status_code == 422
    assert message in page.text
    assert form["from_on"] in page.text
    with world.unit("maier"):
        assert len(queries.list_facts(client_id)) == 3


def test_a_row_that_somebody_else_changed_is_shown_beside_what_was_typed(
    world: World, browse: Browse, client_id: UUID
) -> None:
    browser = browse("maier")
    with world.unit("maier"):
        entry = next(each for each in queries.list_facts(client_id) if each.kind == "stay")
    path = address(client_id, f"/stand/{entry.id}")
    stale = hidden_fields(browser.get(path))
    assert browser.submit(path, {"code": "PRB", "from_on": "01.01.2023"}).status_code == 302
    page = browser.post(path, {**stale, "code": "OFW", "from_on": "01.01.2023"})
    assert page.status_code == 409
    assert "bei Verwandten oder Bekannten" in page.text
    again = browser.post(path, {**hidden_fields(page), "code": "OFW", "from_on": "01.01.2023"})
    assert again.status_code == 302


def test_facts_of_another_file_answer_as_missing(world: World, browse: Browse, client_id: UUID) -> None:
    other = stored_file(world, facts=FACTS)
    with world.unit("maier"):
        entry = queries.list_facts(other)[0]
    for rest in ("", "/stornieren", "/zurueckholen"):
        assert browse("maier").post(address(client_id, f"/stand/{entry.id}{rest}")).status_code == 404
