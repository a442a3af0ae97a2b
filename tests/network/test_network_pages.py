"""The pages of the directory, by role."""

import datetime as dt
import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from caseapp.network import queries
from tests.factories.browser import Browser, bare, hidden_fields
from tests.factories.network import stored_dwelling, stored_limits, stored_partner
from tests.factories.world import World

Browse = Callable[[str], Browser]


def location(answer: object) -> str:
    return str(answer.location)  # type: ignore[attr-defined]


def undo_of(browser: Browser, page: str) -> str:
    """The address behind the button "Rückgängig" of the page that one lands on."""
    found = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(?:(?!</form>).)*Rückgängig', browser.get(page).text, re.DOTALL)
    assert found, page
    return found[1]


def test_a_partner_is_entered_with_people_found_confirmed_and_struck_out(world: World, browse: Browse) -> None:
    maier = browse("maier")
    typed = {
        "kind": "VER",
        "name": "Wohnbau Überlingen",
        "place": "88662 Überlingen",
        "phone": "07551 1234",
        "people-0-name": "Jürgen Weiß",
        "people-0-function": "Vermietung",
    }
    page = location(maier.submit("/partner/neu", typed))
    shown = maier.get(page).text
    for text in ("Wohnbau Überlingen", "tel:+4975511234", "Jürgen Weiß", "zuletzt bestätigt am", "von Musterhausen"):
        assert text in shown
    assert "Ein Brief kann hierhin nicht gehen" in shown
    koord = browse("koord")
    assert "Wohnbau" in koord.post("/partner", {"q": "ueberlingen weiss"}).text
    assert "Nichts gefunden" in koord.post("/partner", {"q": "ueberlingen mueller"}).text
    fremd = browse("fremd")
    assert location(fremd.post(f"{page}/stimmt", {"next": "/partner"})) == "/partner"
    assert "von Fremdstadt" in fremd.get(page).text
    assert location(fremd.post(f"{page}/streichen")) == "/partner"
    back = undo_of(fremd, "/partner")
    assert "Wohnbau" not in fremd.get("/partner").text
    assert "Wohnbau" in fremd.get("/partner?gestrichen=1").text
    assert fremd.post(back).status_code == 302
    assert "Wohnbau" in fremd.get("/partner").text


def test_stimmt_noch_is_taken_back_to_the_day_before(world: World, browse: Browse) -> None:
    made = stored_partner(world)
    fremd = browse("fremd")
    fremd.post(f"/partner/{made}/stimmt", {"next": "/partner"})
    assert fremd.post(undo_of(fremd, "/partner")).status_code == 302
    with world.unit("maier"):
        assert queries.get_partner(made).confirmed_by_id == world.organisations["Musterhausen"]
    assert fremd.post("/partner/stimmt/erfunden/zurueck").status_code == 422


def test_what_somebody_else_changed_is_shown_beside_what_was_typed(world: World, browse: Browse) -> None:
    made = stored_partner(world, "Jobcenter", "JC")
    maier, path = browse("maier"), f"/partner/{made}/aendern"
    late = hidden_fields(maier.get(path))
    assert browse("fremd").submit(path, {"kind": "JC", "name": "Jobcenter Fremd"}).status_code == 302
    answer = maier.post(path, {**late, "kind": "JC", "name": "Jobcenter Meins"})
    assert answer.status_code == 409
    assert "Jobcenter Fremd" in answer.text
    assert 'value="Jobcenter Meins"' in answer.text
    again = {**hidden_fields(answer), "kind": "JC", "name": "Jobcenter Meins"}
    assert maier.post(path, again).status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"name": ""}, "Geben Sie einen Namen ein"),
        ({"phone": "anrufen"}, "mit Vorwahl"),
        ({"email": "keine"}, "Prüfen Sie die E-Mail"),
        ({"kind": "???"}, 'value="Verein Eins"'),
        ({"secrecy_on": "1.1.2099"}, 'value="Verein Eins"'),
    ],
)
def test_a_partner_that_cannot_be_meant_is_refused_with_the_input_kept(
    browse: Browse, typed: dict[str, str], kept: str
) -> None:
    answer = browse("maier").submit("/partner/neu", {"kind": "VEI", "name": "Verein Eins", "note": "Notiz", **typed})
    assert answer.status_code == 422
    assert kept in answer.text
    assert "Notiz" in answer.text


def test_notes_stay_with_their_carrier_on_every_page(world: World, browse: Browse) -> None:
    made = stored_partner(world)
    maier, fremd = browse("maier"), browse("fremd")
    page = f"/partner/{made}"
    fields = hidden_fields(maier.get(page))
    assert maier.post(f"{page}/notiz", {**fields, "text": "Nie vor neun anrufen"}).status_code == 302
    assert "Nie vor neun anrufen" in browse("koord").get(page).text
    assert "Nie vor neun" not in fremd.get(page).text
    with world.unit("maier"):
        note = queries.list_notes(made)[0].id
    missing = fremd.post(f"/partner/notiz/{uuid4()}/streichen")
    assert bare(fremd.post(f"/partner/notiz/{note}/streichen")) == bare(missing)
    assert missing.status_code == 404
    assert "Nie vor neun anrufen" in maier.get(page).text
    assert maier.post(f"/partner/notiz/{note}/streichen").status_code == 302
    assert maier.post(undo_of(maier, page)).status_code == 302
    assert "Nie vor neun anrufen" in maier.get(page).text
    empty = maier.post(f"{page}/notiz", {**hidden_fields(maier.get(page)), "text": " "})
    assert empty.status_code == 422


def test_two_entries_are_merged_field_by_field_and_separated(world: World, browse: Browse) -> None:
    kept = stored_partner(world, "Bau eG", "VER", street="Weg 1", place="Tettnang")
    other = stored_partner(world, "Bau", "VER", place="Tettnang", phone="+497542123", hours="Di 9-12")
    maier = browse("maier")
    assert "gleicher Name und Ort" in maier.get("/partner/doppelt").text
    path = f"/partner/{kept}/zusammenfuehren/{other}"
    page = maier.get(path)
    assert "Weg 1, Tettnang" in page.text
    fields = hidden_fields(page)
    chosen = {"keep-name": "kept", "keep-address": "kept", "keep-phone": "other", "keep-hours": "other"}
    assert maier.post(path, {**fields, **chosen}).status_code == 302
    assert location(maier.get(f"/partner/{other}")) == f"/partner/{kept}"
    shown = maier.get(f"/partner/{kept}").text
    for text in ("Bau eG", "Weg 1, Tettnang", "tel:+497542123", "Di 9-12", "Wieder trennen"):
        assert text in shown
    assert maier.post(path, {**fields, **chosen}).status_code in {409, 422}
    assert maier.post(f"/partner/{other}/trennen").status_code == 302
    assert maier.get(f"/partner/{other}").status_code == 200
    assert maier.post(f"/partner/{other}/trennen").status_code == 404


def test_a_dwelling_is_entered_changed_reserved_and_let_once(world: World, browse: Browse) -> None:
    landlord = stored_partner(world, "Wohnbau", "VER")
    maier, fremd = browse("maier"), browse("fremd")
    typed = {
        "landlord": str(landlord),
        "street": "Seestraße 4",
        "place": "88069 Tettnang",
        "rooms": "5",
        "rent_cold": "1.050,50 €",
        "persons_max": "3",
    }
    assert maier.submit("/wohnungen/neu", typed).status_code == 302
    with world.unit("maier"):
        made = queries.list_dwellings()[0].dwelling
    assert made.rent_cold_cents == 105_050
    assert "1.050,50 €" in fremd.get("/wohnungen").text
    assert "2,5 Zimmer" in fremd.get(f"/partner/{landlord}").text
    late = hidden_fields(maier.get(f"/wohnungen/{made.id}"))
    assert fremd.submit(f"/wohnungen/{made.id}", {**typed, "rent_cold": "900"}).status_code == 302
    conflict = maier.post(f"/wohnungen/{made.id}", {**late, **typed})
    assert conflict.status_code == 409
    assert "900 €" in conflict.text
    assert fremd.post(f"/wohnungen/{made.id}/stand/let").status_code == 302
    refused = maier.post(f"/wohnungen/{made.id}/stand/reserved")
    assert refused.status_code == 422
    assert "inzwischen vermietet" in refused.text
    assert "über Fremdstadt" in maier.get(f"/wohnungen/{made.id}").text
    assert maier.post(f"/wohnungen/{made.id}/stand/erfunden").status_code == 422


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rent_cold": "viel"}, "in Euro"),
        ({"rent_cold": "500", "deposit": "1.501"}, "drei Kaltmieten"),
        ({"rent_cold": "500", "persons_min": "4", "persons_max": "2"}, "mindestens so viel"),
        ({"rent_cold": "500", "place": "Neuhausen"}, "Mehrere Orte"),
    ],
)
def test_an_offer_that_cannot_be_meant_is_refused(browse: Browse, typed: dict[str, str], said: str) -> None:
    answer = browse("maier").submit("/wohnungen/neu", {"place": "88069 Tettnang", "note": "steht noch da", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "steht noch da" in answer.text


def test_limits_are_entered_by_leads_and_shown_to_all(world: World, browse: Browse) -> None:
    typed = {
        "label": "Vergleichsraum Nord",
        "ags": "08435",
        "valid_from": "1.1.2026",
        **{f"cents_{persons}": str(400 + 100 * persons) for persons in range(1, 6)},
        "further": "90",
        "source": "Richtlinie des Kreises",
    }
    leitung = browse("leitung")
    assert leitung.submit("/mietobergrenzen/neu", typed).status_code == 302
    assert "Vergleichsraum Nord" in browse("maier").get("/mietobergrenzen").text
    again = leitung.submit("/mietobergrenzen/neu", typed)
    assert again.status_code == 422
    assert "schon Grenzen" in again.text
    assert browse("maier").get("/mietobergrenzen/neu").status_code == 403
    falling = leitung.submit("/mietobergrenzen/neu", {**typed, "valid_from": "1.1.2025", "cents_5": "1"})
    assert "kann die Grenze nicht niedriger sein" in falling.text
    table = stored_limits(world)
    ending = {**typed, "ags": "08435057", "valid_to": "31.12.2026"}
    assert leitung.submit(f"/mietobergrenzen/{table}", ending).status_code == 302
    with world.unit("maier"):
        assert queries.get_rent_table(table).valid_to == dt.date(2026, 12, 31)
    assert leitung.post(f"/mietobergrenzen/{table}/streichen").status_code == 302
    assert leitung.post(f"/mietobergrenzen/{table}/aufnehmen").status_code == 302
    admin = browse("admin")
    assert admin.get(f"/mietobergrenzen/{table}").status_code == 200
    assert location(admin.post(f"/mietobergrenzen/{table}/streichen")) == "/verwaltung/codelisten"


@pytest.mark.parametrize("login", ["dsb", "foerder", "admin"])
def test_people_without_cases_have_no_directory(world: World, browse: Browse, login: str) -> None:
    made, dwelling = stored_partner(world), stored_dwelling(world)
    browser = browse(login)
    for path in ("/partner", f"/partner/{made}", "/wohnungen", f"/wohnungen/{dwelling}", "/partner/doppelt"):
        assert browser.get(path).status_code == 403
