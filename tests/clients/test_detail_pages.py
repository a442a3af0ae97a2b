"""Master data, offices, representatives, notices and the marks of an import on their pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from caseapp.clients import queries, service
from caseapp.clients.models import (
    Birth,
    ClientBody,
    Notice,
)
from tests.clients.zahra import BODY, TODAY, Browse, address
from tests.factories.browser import hidden_fields
from tests.factories.files import stored_file
from tests.factories.world import World


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
