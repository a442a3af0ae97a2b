"""The pages of a file, as each role sees them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients import queries, service
from caseapp.clients.models import (
    Agency,
    BenefitFact,
    Birth,
    Client,
    ClientBody,
    FactBox,
    HistoryEntry,
    Leftover,
    Notice,
    SafeContact,
    StayFact,
    TitleFact,
)
from caseapp.clients.service import NewFact
from caseapp.counselling.models import Contact, ContactDetail, ContactParticipant
from caseapp.tasks.models import Task, TaskText
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import head, stored_family, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
TODAY = clock.today()
_RANDOM = re.compile(r'nonce="[^"]+"|content="[^"]+"|name="csrf_token" value="[^"]+"')
FACTS = (
    NewFact(fact=StayFact(form="GU", street="Schützenstraße 12"), from_on=dt.date(2023, 1, 1)),
    NewFact(fact=BenefitFact(kind="SGB2"), from_on=dt.date(2023, 6, 1)),
    NewFact(fact=TitleFact(code="P25_2F"), from_on=dt.date(2022, 6, 1), until_on=TODAY + dt.timedelta(days=20)),
)
BODY = ClientBody(
    safe_contact=SafeContact(ways=("PER",), note="Nicht abends anrufen"),
    agencies=(Agency(office="Jobcenter Musterhausen", reference="43502//001"),),
    leftovers=(Leftover(heading="Hausmeister", text="Schlüssel Nr. 14"),),
    marks=("Geburtsdatum unklar: 31.02.1991",),
)


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world, head=head(phones=("+4915123456789",), own_script="زهرا رحیمی"), body=BODY, facts=FACTS)


def address(client_id: UUID, rest: str = "") -> str:
    return f"/klienten/{client_id}{rest}"


def test_the_worker_sees_the_whole_person_on_one_page(browse: Browse, client_id: UUID) -> None:
    page = browse("maier").get(address(client_id))
    assert page.status_code == 200
    for text in (
        "<bdi>Rahimi, Zahra</bdi>",
        "زهرا رحیمی",
        "27.03.1991",
        'href="tel:+4915123456789"',
        "Nicht abends anrufen",
        "gültig bis",
        "43502//001",
        "Stand unverändert?",
        "Geburtsdatum unklar",
    ):
        assert text in page.text, text


@pytest.mark.parametrize("login", ["oez", "lead2"])
def test_a_colleague_and_a_lead_without_the_mark_see_head_and_worker_only(
    browse: Browse, client_id: UUID, login: str
) -> None:
    page = browse(login).get(address(client_id))
    assert page.status_code == 200
    assert "Rahimi, Zahra" in page.text
    assert "Eva Maier" in page.text
    for text in ("Nicht abends", "Schützenstraße", "Jobcenter Musterhausen", "SGB II", "+4915123456789"):
        assert text not in page.text, text
    for rest in ("/stand", "/angaben", "/haushalt"):
        assert browse(login).get(address(client_id, rest)).status_code == 403


def test_a_lead_with_the_mark_reads_facts_and_changes_nothing(browse: Browse, client_id: UUID) -> None:
    lead = browse("leitung")
    page = lead.get(address(client_id))
    assert "Schützenstraße" in page.text
    assert "Stand unverändert?" not in page.text
    assert "/bearbeiten" not in page.text
    for rest in ("/bearbeiten", "/stellen", "/vertretung", "/information", "/stand/neu/stay"):
        assert lead.get(address(client_id, rest)).status_code == 403, rest
    for rest in ("/stand/bestaetigen", "/name/geprueft", "/haushalt/auszug"):
        assert lead.post(address(client_id, rest), {"kind": "all"}).status_code == 403, rest


@pytest.mark.parametrize("login", ["fremd", "sued", "fremdleitung"])
def test_a_foreign_file_answers_exactly_as_a_missing_one(browse: Browse, client_id: UUID, login: str) -> None:
    browser = browse(login)
    for rest in ("", "/stand", "/angaben", "/haushalt"):
        foreign, missing = browser.get(address(client_id, rest)), browser.get(address(uuid4(), rest))
        assert foreign.status_code == missing.status_code == 404, rest
        assert _RANDOM.sub("", foreign.text) == _RANDOM.sub("", missing.text)


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder"])
def test_people_without_cases_are_refused_at_the_door(browse: Browse, client_id: UUID, login: str) -> None:
    for path in (address(client_id), address(client_id, "/stand"), "/klienten/neu"):
        assert browse(login).get(path).status_code == 403


def test_opening_a_file_is_one_read_event_of_this_client(world: World, browse: Browse, client_id: UUID) -> None:
    browse("maier").get(address(client_id))
    browse("oez").get(address(client_id))
    with world.unscoped() as unit:
        events = unit.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.client_id == client_id, AuditEvent.action.in_(["client:read", "client:find"]))
            .order_by(AuditEvent.at)
        ).all()
    assert events == ["client:read", "client:find"]


def test_only_a_second_entry_says_that_the_former_one_ends(browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    for kind, first in (("language", True), ("stay", False), ("benefit", False)):
        page = browser.get(address(client_id, f"/stand/neu/{kind}")).text
        assert ("Änderung eintragen" not in page) is first, kind
        assert ("Der bisherige Eintrag endet" in page) is (kind == "stay"), kind


@pytest.mark.parametrize("login", ["maier", "leitung", "admin", "dsb"])
def test_the_name_of_the_program_leads_everybody_to_their_start(browse: Browse, login: str) -> None:
    browser = browse(login)
    brand = re.search(r'class="app-brand" href="([^"]+)"', browser.get("/konto").text)
    assert brand
    assert browser.get(browser.get(brand[1]).headers["Location"]).status_code == 200


@pytest.mark.parametrize("login", ["maier", "leitung"])
def test_the_page_costs_the_same_statements_however_much_there_is(
    world: World, browse: Browse, count_statements: Callable[[], Any], login: str
) -> None:
    little, much = stored_family(world, members=2), stored_family(world, members=6)
    _live(world, little[0], times=1)
    _live(world, much[0], times=14)
    browser = browse(login)
    browser.get("/klienten")
    counts = []
    for client_id in (little[0], much[0]):
        with count_statements() as count:
            assert browser.get(address(client_id)).status_code == 200
        counts.append(int(count))
    assert counts[0] == counts[1] <= 14, counts


def _live(world: World, client_id: UUID, *, times: int) -> None:
    """Stays, contacts by two people, contacts of others, tasks."""
    with world.unit("maier", write=True) as unit:
        own = {"client_id": client_id, "organisation_id": queries.get_client(client_id).organisation_id}
        made = {"created_by": world.users["maier"], "created_at": clock.now()}
        for year in range(2025 - times, 2025):
            begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
            stay = FactBox(fact=StayFact(form="GU"))
            unit.add(HistoryEntry(**own, kind="stay", from_on=begin, until_on=end, created_at=clock.now(), box=stay))
            for worker in ("maier", "oez"):
                detail = ContactDetail(note="Notiz", topics=("WOH",))
                contact = Contact(**own, **made, worker_id=world.users[worker], on_day=begin, kind="BUE", detail=detail)
                unit.add(contact)
                unit.flush()
                unit.add(ContactParticipant(**own, contact_id=contact.id, on_day=begin, kind="BUE"))
            text = TaskText(title="Anlage KDU")
            unit.add(Task(**own, **made, worker_id=world.users["maier"], due_on=begin, text=text))


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


def test_marks_of_an_import_are_shown_and_cleared(browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    assert "Schlüssel Nr. 14" in browser.get(address(client_id, "/angaben")).text
    browser.post(address(client_id, "/hinweise/geprueft"), {"mark": "Geburtsdatum unklar: 31.02.1991"})
    assert "Noch zu prüfen" not in browser.get(address(client_id)).text


def test_geprueft_is_taken_back_from_the_message_and_the_hint_stands_in_its_place(world: World, browse: Browse) -> None:
    marks = ("Geburtsdatum unklar: 31.02.1991", "Ort unbekannt: Hintertupfingen", "Name prüfen")
    client_id = stored_file(world, body=ClientBody(marks=marks))
    browser = browse("maier")
    browser.post(address(client_id, "/hinweise/geprueft"), {"mark": marks[1]})
    page = browser.get(address(client_id)).text
    assert address(client_id, "/hinweise/zurueck") in page
    assert "Hintertupfingen" not in page
    assert browser.post(address(client_id, "/hinweise/zurueck")).status_code == 302
    assert "Der Hinweis ist wieder zu prüfen." in browser.get(address(client_id)).text
    with world.unit("maier"):
        assert queries.get_client(client_id).body == ClientBody(marks=marks)
    assert browser.post(address(client_id, "/hinweise/zurueck")).status_code == 422, "only once"


def test_geprueft_is_not_taken_back_after_a_later_change(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    for _click in range(2):
        browser.post(address(client_id, "/hinweise/geprueft"), {"mark": "Geburtsdatum unklar: 31.02.1991"})
    with world.unit("maier", write=True):
        notice = Notice(version="1", language="de", given_on=TODAY, way="PER")
        service.give_notice(world.actor("maier"), queries.get_client(client_id), notice)
    answer = browser.post(address(client_id, "/hinweise/zurueck"))
    assert answer.status_code == 422
    assert "inzwischen geändert" in answer.text
    with world.unit("maier"):
        assert queries.get_client(client_id).body.marks == ()


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


def edited(page_fields: dict[str, str], **values: str) -> dict[str, str]:
    return {**page_fields, "family_name": "Rahimi", "given_names": "Zahra", "birth": "27.03.1991", **values}


def test_master_data_are_changed_on_one_page(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    values = {
        "family_name": "Karimi",
        "given_names": "Zahra",
        "birth": "1991",
        "phones": "0751 1234, +380 44 1234567",
        "email": "zahra@example.org",
        "nationality": "423",
        "safe_ways": ["ANR", "PER"],
        "municipality": "Tettnang",
        "au_since": "1.3.2023",
        "earlier_months": "6",
        "other_names": "Kerimi, Carimi",
        "remarks": "Erste Zeile\nzweite Zeile",
    }
    assert browser.submit(address(client_id, "/bearbeiten"), values).status_code == 302
    with world.unit("maier"):
        client = queries.get_client(client_id)
        assert client.head.birth == Birth(day=dt.date(1991, 1, 1), year_only=True)
        assert client.head.phones == ("+497511234", "+380441234567")
        assert client.head.other_names == ("Kerimi", "Carimi")
        assert (client.ags, client.body.earlier_counselling_months) == ("08435057", 6)
        assert client.body.safe_contact.ways == ("ANR", "PER")
        assert client.body.agencies == BODY.agencies, "what the form does not show stays"
    page = browser.get(address(client_id, "/bearbeiten"))
    assert 'value="1991"' in page.text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"family_name": "", "given_names": "", "own_script": ""}, "Geben Sie mindestens einen Namen ein."),
        ({"family_name": "Z", "birth": "31.02.1991"}, "Diesen Tag gibt es nicht."),
        ({"family_name": "Z", "birth": "1.1.2090"}, "liegt in der Zukunft"),
        ({"family_name": "Z", "phones": "abc"}, "Geben Sie die Nummer mit Vorwahl ein"),
        ({"family_name": "Z", "email": "nein"}, "name@beispiel.de"),
        ({"family_name": "Z", "eligibility": "AND"}, "Schreiben Sie dazu, warum"),
        ({"family_name": "Z", "earlier_months": "900"}, "zwischen 0 und 120"),
        ({"family_name": "Z" * 300}, "Der Name ist zu lang"),
        ({"family_name": "Z", "remarks": "x" * 30_000}, "Der Text ist zu lang"),
        ({"family_name": "Z", "municipality": "y" * 300}, "Der Ort ist zu lang"),
    ],
)
def test_bad_master_data_are_refused_with_the_input_kept(
    world: World, browse: Browse, client_id: UUID, values: dict[str, str], message: str
) -> None:
    page = browse("maier").submit(address(client_id, "/bearbeiten"), {"remarks": "bleibt stehen", **values})
    assert page.status_code == 422
    assert message in page.text
    if "remarks" not in values:
        assert "bleibt stehen" in page.text
    with world.unit("maier"):
        assert queries.get_client(client_id).head.given_names == "Zahra"


def test_a_conflict_shows_both_versions_and_stores_what_was_chosen(
    world: World, browse: Browse, client_id: UUID
) -> None:
    browser = browse("maier")
    path = address(client_id, "/bearbeiten")
    stale = hidden_fields(browser.get(path))
    theirs = edited({}, given_names="Zarah", remarks="von ihr", own_script="زهرا رحیمی")
    assert browser.submit(path, theirs).status_code == 302
    mine = edited(stale, given_names="Sahra", remarks="", own_script="زهرا رحیمی", email="neu@example.org")
    page = browser.post(path, mine)
    assert page.status_code == 409
    for text in ("Sahra", "Zarah", "von ihr", "neu@example.org"):
        assert text in page.text
    assert 'name="keep-remarks" value="theirs" checked' in page.text, "only the other person touched it"
    assert 'name="keep-given_names" value="mine" checked' in page.text
    chosen = {
        **mine,
        **hidden_fields(page),
        "keep-given_names": "theirs",
        "keep-remarks": "theirs",
        "keep-email": "mine",
    }
    assert browser.post(path, chosen).status_code == 302
    with world.unit("maier"):
        client = queries.get_client(client_id)
        assert client.head.given_names == "Zarah"
        assert (client.body.remarks, client.body.email) == ("von ihr", "neu@example.org")


def test_offices_and_representatives_are_kept_as_lists(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    offices = {
        "agencies-0-office": "Jobcenter Musterhausen",
        "agencies-0-kind": "JC",
        "agencies-0-phone": "07541 1234",
        "agencies-0-reference": "43502//001",
        "agencies-1-office": "AOK",
    }
    assert browser.submit(address(client_id, "/stellen"), offices).status_code == 302
    people = {"people-0-name": "Dr. Anna Sommer", "people-0-kind": "BET"}
    assert browser.submit(address(client_id, "/vertretung"), people).status_code == 302
    with world.unit("maier"):
        body = queries.get_client(client_id).body
        assert [agency.office for agency in body.agencies] == ["Jobcenter Musterhausen", "AOK"]
        assert body.agencies[0].phone == "+4975411234"
        assert body.representatives[0].name == "Dr. Anna Sommer"
    bad = browser.submit(address(client_id, "/stellen"), {"agencies-0-person": "Frau Kemper"})
    assert bad.status_code == 422
    assert "Geben Sie den Namen der Stelle ein." in bad.text


def test_a_list_that_somebody_else_saved_is_shown_beside_ones_own(browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    path = address(client_id, "/stellen")
    stale = hidden_fields(browser.get(path))
    browser.submit(path, {"agencies-0-office": "Sozialamt"})
    page = browser.post(path, {**stale, "agencies-0-office": "Jugendamt"})
    assert page.status_code == 409
    assert "Sozialamt" in page.text
    assert "Jugendamt" in page.text
    assert browser.post(path, {**hidden_fields(page), "agencies-0-office": "Jugendamt"}).status_code == 302


def test_a_notice_is_given_never_agreed_to(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    page = browser.get(address(client_id, "/information"))
    assert "selected" in page.text
    form = {"language": "prs", "given_on": f"{TODAY:%d.%m.%Y}", "way": "VOR"}
    assert browser.submit(address(client_id, "/information"), form).status_code == 302
    with world.unit("maier"):
        (given,) = queries.get_client(client_id).body.notices
    assert (given.language, given.given_on, given.way) == ("prs", TODAY, "VOR")


def test_the_household_page_moves_people_in_and_out(world: World, browse: Browse, client_id: UUID) -> None:
    family = stored_family(world)
    browser = browse("maier")
    with world.unit("maier"):
        number = queries.get_client(client_id).file_number
    path = address(family[0], "/haushalt")
    assert browser.submit(path, {"other": "2020-99999"}).status_code == 422
    assert browser.submit(path, {"other": number, "relation": "GSW"}).status_code == 302
    browser.post(address(family[1], "/haushalt/beziehung"), {"relation": "SON", "next": path})
    assert browser.post(address(family[1], "/haushalt/beziehung"), {"relation": "XXX"}).status_code == 422
    browser.post(address(family[2], "/haushalt/auszug"), {"next": path})
    with world.unit("maier"):
        present = {
            member.client.id: member.link.role.relation
            for member in queries.list_household(family[0])
            if member.link.until_on is None
        }
    assert present == {family[0]: "BEZ", family[1]: "SON", client_id: "GSW"}
    assert "Rückgängig" in browser.get(path).text


def test_a_colleagues_person_cannot_be_moved(world: World, browse: Browse, client_id: UUID) -> None:
    other = stored_file(world, "oez")
    with world.unit("oez"):
        number = queries.get_client(other).file_number
    page = browse("maier").submit(address(client_id, "/haushalt"), {"other": number})
    assert page.status_code == 422
    assert "Unter Ihren Fällen gibt es dieses Aktenzeichen nicht." in page.text


def test_a_protected_file_disappears_for_the_team(world: World, browse: Browse, client_id: UUID) -> None:
    assert browse("maier").post(address(client_id, "/schuetzen")).status_code == 302
    assert "Geschützte Akte" in browse("maier").get(address(client_id)).text
    for login in ("oez", "leitung"):
        assert browse(login).get(address(client_id)).status_code == 404


def test_nothing_of_a_person_stands_in_addresses(browse: Browse, client_id: UUID) -> None:
    page = browse("maier").get(address(client_id))
    links = [part.split('"')[0] for part in page.text.split('href="')[1:]]
    assert not [link for link in links if "Rahimi" in link or "Zahra" in link]


def test_closed_files_are_read_only(world: World, browse: Browse, client_id: UUID) -> None:
    with world.unscoped(write=True) as unit:
        unit.get_one(Client, client_id).closed_on = TODAY
    page = browse("maier").get(address(client_id))
    assert "Geschlossen seit" in page.text
    assert "/bearbeiten" not in page.text
    assert browse("maier").get(address(client_id, "/bearbeiten")).status_code == 403


def test_reading_writes_no_domain_data(world: World, browse: Browse, client_id: UUID) -> None:
    def revisions() -> tuple[int, int, int]:
        with world.unscoped() as unit:
            client = unit.get_one(Client, client_id)
            return client.head_rev, client.body_rev, unit.scalars(select(func.count(HistoryEntry.id))).one()

    before = revisions()
    for rest in ("", "/stand", "/angaben", "/haushalt", "/bearbeiten"):
        browse("maier").get(address(client_id, rest))
    assert revisions() == before
