"""The search as page and command: whom it finds for whom, what it refuses, what it leaves behind."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from caseapp.audit import AuditEvent, Detail
from caseapp.cli import cli
from caseapp.clients.models import Birth, Client, ClientHead
from caseapp.clients.queries.search import MOST_HITS, search_people
from caseapp.clients.service import open_files_bulk
from caseapp.sealed.records import Decoder
from caseapp.security.vault import Place
from tests.factories.browser import Browser
from tests.factories.files import head, new_file, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]


def found(world: World, login: str, text: str) -> set[UUID]:
    with world.unit(login):
        return {hit.record.client_id for hit in search_people(world.actor(login), text).hits}


@pytest.mark.parametrize(
    "text",
    [
        "Rahimi",
        "rahimi zahra",
        "Zahra",
        "Rahim",
        "Rachimi",
        "رحیمی",
        "27.3.1991",
        "1991",
        "0176 1234567",
        "+49 176 1234567",
        "Rahimi 1991",
    ],
)
def test_a_person_is_found_by_whatever_is_known(world: World, text: str) -> None:
    client_id = stored_file(world, head=head(own_script="زهرا رحیمی", phones=("+491761234567",)))
    assert found(world, "maier", text) == {client_id}


def test_the_file_number_finds_even_an_unreadable_file(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unscoped(write=True) as unit:
        number = unit.get_one(Client, client_id).file_number
        unit.execute(update(Client).where(Client.id == client_id).values(head_blob=b"broken"))
    page = browse("maier").post("/suche", {"q": number})
    assert page.status_code == 200
    assert "nicht lesbar" in page.text
    assert "Aktenzeichen" in page.text
    assert found(world, "maier", "Rahimi") == set()


def test_everybody_finds_whom_the_table_of_roles_allows(world: World) -> None:
    files = {login: stored_file(world, login) for login in ("maier", "oez", "sued", "fremd")}
    files["protected"], files["closed"] = stored_file(world, "oez"), stored_file(world, "oez")
    files["waiting"] = stored_file(world, "maier", worker_id=None)
    with world.unscoped(write=True) as unit:
        unit.execute(update(Client).where(Client.id == files["protected"]).values(protected=True))
        unit.execute(update(Client).where(Client.id == files["closed"]).values(closed_on=dt.date(2026, 3, 1)))
    expected = {
        "maier": {"maier", "oez", "waiting"},
        "oez": {"maier", "oez", "waiting", "protected", "closed"},
        "sued": {"sued"},
        "leitung": {"maier", "oez", "waiting", "closed"},
        "lead2": {"maier", "oez", "waiting", "closed"},
        "fremd": {"fremd"},
        "admin": set(),
    }
    for login, names in expected.items():
        assert found(world, login, "Rahimi") == {files[name] for name in names}, login


def test_more_than_three_hundred_files_are_searched_through_the_carriers_keys(world: World) -> None:
    files = [new_file(world, "maier", head=head(f"Muster{place}", "Max")) for place in range(320)]
    files.append(new_file(world, "maier", head=head("Shevchenko", "Oleksandr")))
    with world.unit("maier", write=True):
        wanted = open_files_bulk(world.actor("maier"), files)[-1].id
    assert found(world, "maier", "Шевченко Олександр") == {wanted}
    with world.unit("maier"):
        everybody = search_people(world.actor("maier"), "Max")
    assert len(everybody.hits) == MOST_HITS
    assert everybody.total == 320


def test_the_page_shows_reason_worker_and_no_way_into_a_colleagues_file(world: World, browse: Browse) -> None:
    own, foreign = stored_file(world), stored_file(world, "oez")
    page = browse("maier").post("/suche", {"q": "rahimy"}).text
    assert "2 Treffer" in page
    assert "Deniz Öz" in page
    assert "klingt ähnlich" in page or "fast gleich geschrieben" in page
    assert f"/klienten/{own}" in page
    assert str(foreign) not in page


def test_what_was_typed_is_carried_to_the_intake_by_post(world: World, browse: Browse) -> None:
    browser = browse("maier")
    page = browser.post("/suche", {"q": "Wunderlich Amadea"})
    assert "Niemand gefunden" in page.text
    assert 'name="q" value="Wunderlich Amadea"' in page.text
    assert "q=Wunderlich" not in page.text
    assert "Wunderlich" in browser.post("/klienten/neu", {"q": "Wunderlich Amadea", "art": "person"}).text


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "x" * 201, "x" * 10_000_000, "🙂🙂", "---", "\u200b"])
def test_what_cannot_be_searched_gets_a_clear_message(browse: Browse, text: str) -> None:
    page = browse("maier").post("/suche", {"q": text})
    assert page.status_code == 422
    assert any(words in page.text for words in ("Geben Sie einen Namen", "zu lang", "nichts, wonach sich suchen"))
    assert len(page.data) < 60_000


@pytest.mark.parametrize("path", ["/suche", "/klienten/neu"])
def test_a_text_that_is_too_long_is_refused_and_stands_there_whole(world: World, browse: Browse, path: str) -> None:
    stored_file(world)
    typed = "Rahimi Zahra " + "lang " * 60 + "Ende"
    page = browse("maier").post(path, {"q": typed, "suchen": "1"})
    assert page.status_code == 422
    assert "Der Text ist zu lang. Suchen Sie mit höchstens 200 Zeichen." in page.text
    assert f'value="{typed}"' in page.text
    assert "Treffer" not in page.text


def test_a_whole_book_pasted_into_the_intake_search_is_shortened_with_a_word_about_it(browse: Browse) -> None:
    page = browse("maier").post("/klienten/neu", {"q": "x" * 1_000_000, "suchen": "1"})
    assert page.status_code == 422
    assert "die ersten 10000 Zeichen" in page.text
    assert len(page.data) < 100_000


def test_a_search_without_a_field_or_by_address_answers_calmly(world: World, browse: Browse) -> None:
    stored_file(world)
    browser = browse("maier")
    assert browser.post("/suche", {}).status_code == 422
    by_address = browser.get("/suche?q=Rahimi")
    assert by_address.status_code == 200
    assert "Treffer" not in by_address.text


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "<script>alert(1)</script>", "%", "../../etc/passwd", "(((", "\x00Rahimi"]
)
def test_hostile_texts_are_only_texts(world: World, browse: Browse, text: str) -> None:
    page = browse("maier").post("/suche", {"q": text})
    assert page.status_code in {200, 422}
    assert "<script>alert" not in page.text


def test_the_log_keeps_a_digest_of_the_term_and_never_the_term(world: World, browse: Browse) -> None:
    stored_file(world)
    browser = browse("maier")
    for text in ("Rahimi", " rahimi ", "Zahra"):
        browser.post("/suche", {"q": text})
    with world.unscoped() as unit:
        events = unit.scalars(
            select(AuditEvent).where(AuditEvent.action == "client:search").order_by(AuditEvent.at, AuditEvent.id)
        ).all()
    assert len(events) == 3
    keyring = world.services.keystore.keyring
    assert all(b"ahimi" not in (event.detail or b"") for event in events)
    details = [
        Decoder(Detail).decode(
            keyring.installation.open(event.detail or b"", Place("audit_event", "detail", event.id, 1))
        )
        for event in events
    ]
    assert details[0].digest == details[1].digest != details[2].digest
    assert details[0].count == 1


def test_the_number_of_statements_does_not_grow_with_the_rows(
    world: World, browse: Browse, count_statements: Callable[[], Any]
) -> None:
    browser, counted = browse("maier"), []
    browser.token()
    for number in (10, 10, 400):
        with world.unit("maier", write=True):
            open_files_bulk(world.actor("maier"), [new_file(world, "maier") for _ in range(number)])
        with count_statements() as count:
            browser.post("/suche", {"q": "Rahimi"})
        counted.append(int(count))
    assert len(set(counted)) == 1
    assert counted[0] <= 8


def run(world: World, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    settings = world.services.settings
    monkeypatch.setenv("CASEAPP_DATA", str(settings.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(settings.keys_dir))
    return CliRunner().invoke(cli, ["search", *arguments])


def test_the_command_answers_with_json_for_scripts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    own = stored_file(
        world, head=ClientHead(family_name="Rahimi", given_names="Zahra", birth=Birth(day=dt.date(1991, 3, 27)))
    )
    stored_file(world, "fremd")
    done = run(world, monkeypatch, "Rahimi", "--as", "maier", "--json")
    assert done.exit_code == 0
    rows = json.loads(done.output)
    assert [set(row) for row in rows] == [{"id", "file_number", "name", "birth_date", "worker", "reasons", "score"}]
    assert rows[0]["id"] == str(own)
    assert rows[0]["name"] == "Rahimi, Zahra"
    assert rows[0]["birth_date"] == "1991-03-27"
    assert rows[0]["worker"] == "Eva Maier"
    assert rows[0]["reasons"]
    assert 0 < rows[0]["score"] <= 1
    assert json.loads(run(world, monkeypatch, "Nirgendwer", "--as", "maier", "--json").output) == []
    with world.unscoped() as unit:
        assert len(unit.scalars(select(AuditEvent).where(AuditEvent.action == "client:search")).all()) == 2


@pytest.mark.parametrize(
    "arguments", [("Rahimi",), ("Rahimi", "--as", "niemand"), ("Rahimi", "--as", "admin"), ("", "--as", "maier")]
)
def test_the_command_needs_a_person_who_may_search_and_a_text(
    world: World, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    done = run(world, monkeypatch, *arguments)
    assert done.exit_code != 0
    assert str(done.exception)
