"""The intake: from a name alone to a family, with bad input, double clicks and people who are there already."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from caseapp import clock
from caseapp.clients import queries
from caseapp.clients.models import Birth, Client, ClientBody, Household, StayFact, TitleFact
from caseapp.clients.rules.eligibility import proposed
from caseapp.clients.service import NewFact
from caseapp.drafts.models import OfficeDraft
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import head, stored_family, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
PERSON = "/klienten/neu?art=person"
FAMILY = "/klienten/neu?art=familie"
TODAY = clock.today()


def stored(world: World) -> list[Client]:
    with world.unscoped() as unit:
        return list(unit.scalars(select(Client).order_by(Client.file_number)))


def row(place: int, **values: str) -> dict[str, str]:
    return {f"people-{place}-{name}": value for name, value in values.items()}


def client_of(world: World, answer: Any, login: str = "maier") -> UUID:
    assert answer.status_code == 302, answer.status_code
    found = re.search(r"/klienten/([0-9a-f-]{36})", answer.headers["Location"])
    assert found is not None
    return UUID(found[1])


def test_a_name_alone_makes_a_file(world: World, browse: Browse) -> None:
    answer = browse("maier").submit(PERSON, row(0, given_names="Olena"))
    client_id = client_of(world, answer)
    with world.unit("maier"):
        client = queries.get_client(client_id)
        assert client.head.given_names == "Olena"
        assert client.worker_id == world.users["maier"]
        assert client.body == ClientBody(), "nothing is invented: a proposed housing is not stored"
        assert queries.list_facts(client_id) == []
        assert queries.list_household(client_id) == []


def test_after_saving_the_first_talk_is_offered(browse: Browse, world: World) -> None:
    browser = browse("maier")
    answer = browser.submit(PERSON, row(0, family_name="Kovalenko"))
    page = browser.get(answer.headers["Location"])
    assert "Die Akte ist angelegt." in page.text
    assert "erst=1" in page.text


SHARED = {
    "nationality": "423",
    "language": "prs",
    "interpreter": "PRO",
    "safe_ways": ["ANR"],
    "street": "Musterstraße 2",
    "place": "88069 Tettnang",
    "housing": "AUW",
    "legal_title": "EIW",
    "title": "P25_2F",
    "title_until": "12.04.2027",
    "au_since": "1.3.2023",
    "access_route": "SGU",
    "notice_way": "VOR",
    "earlier_months": "6",
}


def test_a_family_is_taken_in_with_one_grid(world: World, browse: Browse) -> None:
    rows = {
        **row(0, family_name="Rahimi", given_names="Zahra", birth="27.3.91", sex="W", phone="0751 1234"),
        **row(1, given_names="Hamid", birth="1988", sex="M", relation="PAR", phone="+4915123456789"),
        **row(2, given_names="Omid", birth="03.05.2016", sex="M", relation="KIN"),
    }
    client_id = client_of(world, browse("maier").submit(FAMILY, {**rows, **SHARED}))
    with world.unit("maier"):
        members = queries.list_household(client_id)
        people = [queries.get_client(member.client.id) for member in members]
        assert [person.head.full_name for person in people] == ["Rahimi, Zahra", "Rahimi, Hamid", "Rahimi, Omid"]
        assert [member.link.role.relation for member in members] == ["BEZ", "PAR", "KIN"]
        assert people[1].head.birth == Birth(day=dt.date(1988, 1, 1), year_only=True)
        assert [person.head.phones for person in people] == [("+497511234",), ("+4915123456789",), ()]
        assert len({person.body for person in map(_hashable, people)}) == 1
        for person in people:
            assert person.ags == "08435057"
            assert person.body.notices[0].given_on == TODAY
            assert person.body.notices[0].language == "prs"
            assert (person.body.eligibility, person.body.eligibility_on) == ("AU", TODAY)
            facts = {entry.kind: entry for entry in queries.list_facts(person.id)}
            assert facts["title"].until_on == dt.date(2027, 4, 12)
            assert facts["stay"].from_on == dt.date(2023, 3, 1)
            assert facts["stay"].box.fact == StayFact(
                form="AUW",
                legal_title="EIW",
                street="Musterstraße 2",
                postcode="88069",
                place="Tettnang",
                ags="08435057",
            )


class _hashable:  # noqa: N801  # a small stand-in to compare records in a set
    def __init__(self, client: Client) -> None:
        self.body = repr(client.body)


@pytest.mark.parametrize(
    ("title", "au_since", "reason"),
    [("P24", None, "UKR"), ("P25_3", dt.date(2023, 1, 1), "AU"), ("P25_3", None, ""), ("", dt.date(2023, 1, 1), "AU")],
)
def test_eligibility_follows_from_title_and_allocation(title: str, au_since: dt.date | None, reason: str) -> None:
    assert proposed(title, au_since) == reason


def test_a_name_in_its_own_script_is_kept_as_such(world: World, browse: Browse) -> None:
    answer = browse("maier").submit(PERSON, row(0, family_name="الخطيب", given_names="محمد"))
    with world.unit("maier"):
        assert queries.get_client(client_of(world, answer)).head.own_script == "محمد الخطيب"


def test_a_double_click_stores_one_family(world: World, browse: Browse) -> None:
    browser = browse("maier")
    form = {
        **hidden_fields(browser.get(FAMILY)),
        **row(0, family_name="Rahimi", given_names="Zahra"),
        **row(1, given_names="Omid"),
    }
    first, second = browser.post("/klienten/neu", form), browser.post("/klienten/neu", form)
    assert client_of(world, first) == client_of(world, second)
    assert len(stored(world)) == 2
    with world.unscoped() as unit:
        assert unit.scalars(select(func.count(Household.id))).one() == 1


def test_possible_duplicates_are_shown_before_anything_is_stored(world: World, browse: Browse) -> None:
    there = stored_file(world, head=head("Rahimi", "Zahra"))
    browser = browse("maier")
    form = {**row(0, family_name="Raheemi", given_names="Sahra", birth="27.03.1991"), "street": "Neue Straße 7"}
    page = browser.submit(PERSON, form)
    assert page.status_code == 409
    for text in ("Gibt es die Akte schon?", "Rahimi, Zahra", f"/klienten/{there}", "Trotzdem neu anlegen"):
        assert text in page.text, text
    assert 'value="Raheemi"' in page.text
    assert 'value="Neue Straße 7"' in page.text
    assert len(stored(world)) == 1
    mark = re.search(r'name="confirmed" value="([0-9a-f]+)"', page.text)
    assert mark is not None
    again = {**hidden_fields(page), **form, "confirmed": mark[1]}
    changed = {**again, **row(0, family_name="Rahimi", given_names="Zahra", birth="27.03.1991")}
    assert browser.post("/klienten/neu", changed).status_code == 409, "other people, other question"
    assert browser.post("/klienten/neu", again).status_code == 302
    assert len(stored(world)) == 2


def test_a_colleagues_file_is_named_without_a_way_into_it(world: World, browse: Browse) -> None:
    there = stored_file(world, "oez", head=head("Rahimi", "Zahra"))
    page = browse("maier").submit(PERSON, row(0, family_name="Rahimi", given_names="Zahra", birth="27.03.1991"))
    assert "Deniz Öz" in page.text
    assert f"/klienten/{there}" not in page.text


@pytest.mark.parametrize("login", ["fremd", "sued"])
def test_nobody_learns_of_files_outside_of_what_may_be_seen(world: World, browse: Browse, login: str) -> None:
    stored_file(world, head=head("Rahimi", "Zahra"))
    answer = browse(login).submit(PERSON, row(0, family_name="Rahimi", given_names="Zahra", birth="27.03.1991"))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Geben Sie mindestens einen Namen ein."),
        (row(0, birth="1.1.1990"), "Geben Sie mindestens einen Namen ein."),
        (row(0, family_name="Z", birth="31.02.1991"), "Diesen Tag gibt es nicht."),
        (row(0, family_name="Z", birth="30.02.1880"), "Diesen Tag gibt es nicht."),
        (row(0, family_name="Z", birth="übermorgen"), "liegt in der Zukunft"),
        (row(0, family_name="Z", phone="keins"), "Geben Sie die Nummer mit Vorwahl ein"),
        (row(0, family_name="Z" * 201), "Der Name ist zu lang"),
        ({**row(0, family_name="Z"), "title_until": "1.1.2027"}, "Wählen Sie dazu den Aufenthaltstitel aus."),
        ({**row(0, family_name="Z"), "au_since": "1.1.2090"}, "liegt in der Zukunft"),
        ({**row(0, family_name="Z"), "eligibility": "AND"}, "Schreiben Sie dazu, warum"),
        ({**row(0, family_name="Z"), "place": "Weingarten"}, "Mehrere Orte heißen so"),
        ({**row(0, family_name="Z"), "earlier_months": "viele"}, "error"),
        ({**row(0, family_name="Z"), "nationality": "XXX"}, "error"),
        ({**row(0, family_name="Z"), "team": str(UUID(int=5))}, "Auswahl"),
        ({**row(0, family_name="Z"), "street": "x" * 10_000_000}, "Der Text ist zu lang"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_bad_input_is_refused_in_plain_words_and_nothing_is_stored(
    world: World, browse: Browse, form: dict[str, str], message: str
) -> None:
    page = browse("maier").submit(PERSON, {**form, "safe_note": "bleibt stehen"})
    assert page.status_code == 422
    assert message in page.text
    assert "bleibt stehen" in page.text
    assert stored(world) == []


def test_hostile_text_is_shown_as_text(world: World, browse: Browse) -> None:
    browser = browse("maier")
    name = "<script>alert(1)</script>"
    page = browser.get(browser.submit(PERSON, row(0, family_name=name)).headers["Location"])
    assert page.status_code == 200
    assert name not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_form_without_its_id_shows_the_form_again(world: World, browse: Browse) -> None:
    browser = browse("maier")
    page = browser.post("/klienten/neu", {**row(0, family_name="Rahimi"), "form_id": "kaputt"})
    assert page.status_code == 422
    assert 'value="Rahimi"' in page.text
    assert stored(world) == []


def test_a_searched_name_arrives_in_the_grid_and_in_no_address(browse: Browse) -> None:
    browser = browse("maier")
    page = browser.post("/klienten/neu", {"q": "Zahra Rahimi", "art": "familie"})
    assert page.status_code == 200
    assert 'value="Rahimi"' in page.text
    assert 'value="Zahra"' in page.text
    assert "people-3-given_names" in page.text
    assert 'value="Noor Al"' in browser.post("/klienten/neu", {"q": "Khatib, Noor Al"}).text


def test_the_search_step_shows_hits_with_reasons_and_the_ways_on(world: World, browse: Browse) -> None:
    stored_file(world, head=head("Rahimi", "Zahra"))
    page = browse("maier").post("/klienten/neu", {"q": "Sahra Raheemi", "suchen": "1"})
    for text in ("Rahimi, Zahra", "klingt ähnlich", "Familie", "Person", "Kurzberatung"):
        assert text in page.text, text


@pytest.mark.parametrize("login", ["leitung", "lead2"])
def test_a_lead_gives_the_file_to_somebody_or_leaves_it_in_the_queue(world: World, browse: Browse, login: str) -> None:
    browser = browse(login)
    assert browser.submit(PERSON, row(0, family_name="Wartend")).status_code == 302
    given = {**row(0, family_name="Zugeteilt"), "worker": str(world.users["oez"])}
    assert browser.submit(PERSON, given).status_code == 302
    assert [client.worker_id for client in stored(world)] == [None, world.users["oez"]]


def test_a_caseworker_cannot_hand_a_file_to_a_stranger(world: World, browse: Browse) -> None:
    form = {**row(0, family_name="Rahimi"), "worker": str(world.users["fremd"])}
    assert browse("maier").submit(PERSON, form).status_code == 422
    assert stored(world) == []


def test_a_further_person_inherits_what_the_household_shares(world: World, browse: Browse) -> None:
    facts = (
        NewFact(fact=StayFact(form="PRI", street="Musterstraße 2", place="Tettnang", ags="08435057")),
        NewFact(fact=TitleFact(code="P24"), until_on=dt.date(2027, 3, 4)),
    )
    there = stored_file(world, facts=facts, body=ClientBody(nationalities=("423",)), ags="08435057")
    browser = browse("maier")
    page = browser.get(f"/klienten/neu?haushalt={there}")
    assert 'value="Musterstraße 2"' in page.text
    assert 'value="Rahimi"' in page.text
    form = {**hidden_fields(page), **row(0, family_name="Rahimi", given_names="Mina", relation="KIN")}
    answer = browser.post(f"/klienten/neu?haushalt={there}", form)
    client_id = client_of(world, answer)
    with world.unit("maier"):
        members = queries.list_household(client_id)
        assert {member.client.id for member in members} == {there, client_id}
        assert [member.link.anchor for member in members if member.client.id == there] == [True]


def test_a_further_person_needs_a_household_that_one_may_change(world: World, browse: Browse) -> None:
    colleagues = stored_family(world, "oez")[0]
    assert browse("maier").get(f"/klienten/neu?haushalt={colleagues}").status_code == 403
    assert browse("fremd").get(f"/klienten/neu?haushalt={colleagues}").status_code == 404
    for nonsense in (uuid4(), "x"):
        assert browse("maier").get(f"/klienten/neu?haushalt={nonsense}").status_code == 404


def test_a_draft_is_kept_continued_and_gone_after_saving(world: World, browse: Browse) -> None:
    browser = browse("maier")
    page = browser.get(PERSON)
    address = re.search(r'data-draft-url="([^"]+)"', page.text)
    assert address is not None
    draft_url = address[1].replace("&amp;", "&")
    form_id = hidden_fields(page)["form_id"]
    typed = {**row(0, family_name="Rahimi", given_names="Zahra"), "form_id": form_id, "street": "Musterstraße 2"}
    kept = browser.client.put(draft_url, data=typed, headers={"X-CSRFToken": browser.token()})
    assert kept.status_code == 200, kept.text
    assert "Zahra Rahimi" in browser.get("/klienten/neu").text
    resumed = browser.get(f"/klienten/neu?entwurf={form_id}")
    assert 'value="Musterstraße 2"' in resumed.text
    assert browse("oez").get(f"/klienten/neu?entwurf={form_id}").status_code == 404
    answer = browser.post("/klienten/neu", {**hidden_fields(resumed), **typed})
    assert client_of(world, answer) == UUID(form_id)
    with world.unscoped() as unit:
        assert unit.scalars(select(func.count(OfficeDraft.id))).one() == 0


def test_more_rows_without_javascript_keep_what_was_typed(browse: Browse) -> None:
    browser = browse("maier")
    form = {**hidden_fields(browser.get(PERSON)), **row(0, family_name="Rahimi"), "add_row": "people"}
    page = browser.post("/klienten/neu", form)
    assert "people-1-given_names" in page.text
    assert 'value="Rahimi"' in page.text
