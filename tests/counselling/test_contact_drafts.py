"""Nothing that was typed is lost, and no old text shows up in a new form."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from caseapp.accounts.models import WebSession
from caseapp.counselling import queries
from caseapp.db import session
from caseapp.drafts.models import ClientDraft
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.world import PASSWORD, World

Browse = Callable[[str], Browser]
GOOD = {"kind": "TEL", "minutes": "10", "on_day": "heute"}
_DRAFT_URL = re.compile(r'data-draft-url="([^"]+)"')


class Typing:
    """A contact form in a window, whose script saves drafts."""

    def __init__(self, browser: Browser, client_id: UUID, query: str = "") -> None:
        self.browser = browser
        self.path = f"/klienten/{client_id}/kontakt"
        self.page = browser.get(self.path + query)
        assert self.page.status_code == 200
        self.fields = hidden_fields(self.page)
        found = _DRAFT_URL.search(self.page.text)
        assert found is not None
        self.draft_url = unescape(found[1])

    def autosave(self, note: str, version: int | None = None) -> TestResponse:
        headers = {"X-CSRFToken": self.browser.token(), "Accept": "application/json"}
        if version:
            headers["If-Match"] = f'"{version}"'
        return self.browser.client.put(self.draft_url, data={**self.fields, **GOOD, "note": note}, headers=headers)

    def save(self, note: str) -> TestResponse:
        return self.browser.post(self.path, {**self.fields, **GOOD, "note": note})


def drafts_of(world: World) -> list[ClientDraft]:
    with world.unscoped():
        return list(session().scalars(select(ClientDraft)))


def test_the_script_saves_and_learns_the_version(world: World, browse: Browse) -> None:
    form = Typing(browse("maier"), stored_file(world))
    first = form.autosave("Bescheid")
    assert first.status_code == 200
    assert first.json is not None
    assert first.json["version"] == 1
    assert re.fullmatch(r"\d\d:\d\d", first.json["saved_at"])
    second = form.autosave("Bescheid gelesen", 1)
    assert second.json is not None
    assert second.json["version"] == 2


def test_after_a_crash_the_form_offers_the_draft_and_starts_empty(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    form = Typing(maier, client_id)
    form.autosave("Vor dem Absturz.\nMit zweiter Zeile.")
    new = Typing(maier, client_id)
    assert new.fields["form_id"] != form.fields["form_id"]
    assert "Vor dem Absturz.\nMit" not in new.page.text.split("<textarea")[1].split("</textarea>")[0]
    assert f"entwurf={form.fields['form_id']}" in new.page.text
    resumed = Typing(maier, client_id, f"?entwurf={form.fields['form_id']}")
    assert "Vor dem Absturz.\nMit zweiter Zeile.</textarea>" in resumed.page.text
    assert resumed.fields["form_id"] == form.fields["form_id"]
    assert resumed.fields["draft_rev"] == "1"
    assert resumed.save("Vor dem Absturz. Fertig.").status_code == 302
    assert drafts_of(world) == []


def test_saving_drops_the_draft_and_a_late_autosave_brings_nothing_back(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    form = Typing(browse("maier"), client_id)
    form.autosave("unterwegs")
    form.save("fertig")
    late = form.autosave("unterwegs und zu spät", 1)
    assert late.status_code == 410
    assert late.json is not None
    assert late.json["href"] == f"/kontakte/{form.fields['form_id']}"
    assert drafts_of(world) == []
    asked = form.browser.get(form.draft_url, headers={"Accept": "application/json"})
    assert asked.status_code == 410


def test_the_way_back_shows_an_empty_form_that_is_never_kept_by_the_browser(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    Typing(maier, client_id).save("Nur einmal lesen.")
    again = maier.get(f"/klienten/{client_id}/kontakt")
    assert again.headers["Cache-Control"] == "no-store"
    assert 'autocomplete="off"' in again.text
    assert "Nur einmal lesen." not in again.text


def test_two_windows_on_one_draft_do_not_overwrite_each_other(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    form = Typing(maier, client_id)
    form.autosave("Anfang")
    here, there = (Typing(maier, client_id, f"?entwurf={form.fields['form_id']}") for _ in range(2))
    assert here.autosave("Anfang, hier weiter", 1).status_code == 200
    assert there.autosave("Anfang, dort weiter", 1).status_code == 409
    assert there.autosave("Anfang, dort weiter").status_code == 409
    assert here.autosave("Anfang, hier noch weiter", 2).status_code == 200


def test_two_windows_with_two_forms_keep_both_texts(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    for text in ("eins", "zwei"):
        assert Typing(maier, client_id).autosave(text).status_code == 200
    page = maier.get(f"/klienten/{client_id}/kontakt").text
    assert page.count("Weiterschreiben") == 2


def test_without_a_script_a_button_keeps_the_draft_and_comes_back(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    form = Typing(maier, client_id)
    assert 'formaction="/entwuerfe/' in form.page.text
    answer = maier.post(form.draft_url, {**form.fields, **GOOD, "note": "Von Hand gesichert."})
    assert answer.status_code == 302
    page = maier.get(answer.location)
    assert "Von Hand gesichert." in page.text
    again = maier.post(form.draft_url, {**hidden_fields(page), **GOOD, "note": "Und noch einmal."})
    assert "Und noch einmal." in maier.get(again.location).text


def test_without_a_script_a_conflict_makes_a_second_draft(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    form = Typing(maier, client_id)
    maier.post(form.draft_url, {**form.fields, **GOOD, "note": "erste Fassung"})
    answer = maier.post(form.draft_url, {**form.fields, **GOOD, "note": "zweite Fassung"})
    assert "zweite Fassung" in maier.get(answer.location).text
    assert len(drafts_of(world)) == 2


def test_discarding_offers_to_bring_back(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    form = Typing(maier, client_id)
    form.autosave("Doch noch gebraucht.")
    answer = maier.post(f"/entwuerfe/{form.fields['form_id']}/verwerfen", {"next": form.path})
    page = maier.get(answer.location).text
    assert "Doch noch gebraucht." not in page
    assert f"/entwuerfe/{form.fields['form_id']}/zurueck" in page
    back = maier.post(f"/entwuerfe/{form.fields['form_id']}/zurueck")
    assert "Doch noch gebraucht." in maier.get(back.location).text


def expire(world: World) -> None:
    with world.services.database.unit(None, write=True) as unit:
        for found in unit.scalars(select(WebSession)):
            found.seen_at -= dt.timedelta(days=1)
            found.created_at -= dt.timedelta(days=1)


def carried(page: TestResponse) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_a_time_out_gives_every_field_back_and_stores_nothing(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    form = Typing(maier, client_id)
    expire(world)
    text = "Sehr langer Besuch.\nمرحبا"
    asked = maier.post(form.path, {**form.fields, **GOOD, "note": text, "topics": ["WOH", "ARB"]})
    assert asked.status_code == 401
    signed = maier.client.post(
        "/anmelden",
        data={**{name: values[0] for name, values in carried(asked).items()}, **_sign_in_fields(asked)},
    )
    assert "Sie sind wieder angemeldet" in signed.text
    restored = maier.client.post(form.path, data=carried(signed))
    assert restored.status_code == 200
    assert "Sehr langer Besuch.\nمرحبا</textarea>" in restored.text
    assert re.search(r'value="WOH"[^>]*checked|checked[^>]*value="WOH"', restored.text)
    assert "Ihre Eingaben sind wieder da" in restored.text
    with world.unscoped():
        assert queries.list_contacts(client_id) == []
    again = {name: values for name, values in hidden_fields(restored).items() if name != "csrf_token"}
    maier.client.post(form.path, data={**again, "csrf_token": _token(restored), **GOOD, "note": text})
    with world.unscoped():
        assert [found.detail.note for found in queries.list_contacts(client_id)] == [text]


def _sign_in_fields(page: TestResponse) -> dict[str, str]:
    return {**hidden_fields(page), "login": "maier", "password": PASSWORD}


def _token(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def test_a_script_without_a_session_is_told_so(world: World, browse: Browse) -> None:
    form = Typing(browse("maier"), stored_file(world))
    expire(world)
    assert form.autosave("Text").status_code == 401


@pytest.mark.parametrize("login", ["oez", "leitung", "sued", "fremd", "admin"])
def test_drafts_of_others_do_not_exist(world: World, browse: Browse, login: str) -> None:
    client_id = stored_file(world)
    form = Typing(browse("maier"), client_id)
    form.autosave("Geheim")
    other = browse(login)
    missing = other.post(f"/entwuerfe/{uuid4()}/verwerfen").status_code
    assert other.post(f"/entwuerfe/{form.fields['form_id']}/verwerfen").status_code == missing == 404
    headers = {"X-CSRFToken": other.token(), "Accept": "application/json"}
    assert other.client.put(form.draft_url, data={"note": "x"}, headers=headers).status_code in {403, 404}
    assert [draft.text_rev for draft in drafts_of(world)] == [1]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?form=contact",
        "?form=nix&client=1",
        "?form=contact&client=kaputt",
        "?form=contact&client=8c9e0664-abb1-417a-8fe1-a321bdd41801",
    ],
)
def test_a_made_up_draft_address_is_not_found(world: World, browse: Browse, query: str) -> None:
    maier = browse("maier")
    answer = maier.client.put(f"/entwuerfe/{uuid4()}{query}", headers={"X-CSRFToken": maier.token()})
    assert answer.status_code == 404


def test_ten_megabytes_are_no_draft_but_stay_in_the_page(world: World, browse: Browse) -> None:
    form = Typing(browse("maier"), stored_file(world))
    answer = form.autosave("x" * 10_000_000)
    assert answer.status_code == 413
    assert answer.json is not None
    assert "bleibt hier stehen" in answer.json["message"]


def test_a_draft_of_a_correction_belongs_to_its_contact(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    Typing(maier, client_id).save("alt")
    Typing(maier, client_id).save("anderer")
    with world.unscoped():
        first, second = (found.id for found in queries.list_contacts(client_id))
    page = maier.get(f"/kontakte/{first}")
    found = _DRAFT_URL.search(page.text)
    assert found is not None
    headers = {"X-CSRFToken": maier.token(), "Accept": "application/json"}
    fields = {**hidden_fields(page), **GOOD, "note": "halb fertig"}
    assert maier.client.put(unescape(found[1]), data=fields, headers=headers).status_code == 200
    assert "halb fertig" in maier.get(f"/kontakte/{first}").text
    assert "halb fertig" not in maier.get(f"/kontakte/{second}").text
    assert "halb fertig" not in maier.get(f"/klienten/{client_id}/kontakt").text
    assert maier.post(f"/kontakte/{first}", fields).status_code == 302
    assert drafts_of(world) == []
    assert maier.client.put(unescape(found[1]), data=fields, headers=headers).status_code == 410


def test_drafts_never_count(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    Typing(browse("maier"), client_id).autosave("zählt nicht")
    with world.unscoped():
        assert queries.list_contacts(client_id) == []
        assert queries.last_day_with_client(client_id) is None


def test_a_tap_on_the_kind_alone_is_not_offered_as_a_draft(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    assert Typing(maier, client_id).autosave("").status_code == 204
    assert drafts_of(world) == []
    assert "Weiterschreiben" not in maier.get(f"/klienten/{client_id}/kontakt").text
