"""The pages of referrals, by role: what leaves is shown, answers take two clicks, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from caseapp.clients.queries import get_client
from caseapp.network.models import VolunteerProfile
from caseapp.referrals import queries, service
from caseapp.referrals.models import LegalRequest, OutsideRequest, VolunteerWish
from caseapp.referrals.rules.legal import LegalState
from tests.consents.making import day, release, signed
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.network import stored_partner
from tests.factories.world import World
from tests.referrals.making import advice_centre, proposed, released, seen, sent, state, withdrawn

Browse = Callable[[str], Browser]
BASE = "/klienten/{}/vermittlung"


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world)


def only(world: World, kind: type, client_id: UUID) -> Any:
    with world.unscoped() as unit:
        (found,) = unit.query(kind).filter_by(client_id=client_id)
        return found


def forms(page: TestResponse, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    found = re.search(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert found is not None, action
    fields = {}
    for tag in re.findall(r"<input[^>]*>", found[1]):
        attributes = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        if 'type="hidden"' in tag and "name" in attributes:
            fields[attributes["name"]] = attributes.get("value", "")
    return fields


def test_from_the_way_to_the_letter_the_page_shows_every_word_that_leaves(
    world: World, browse: Browse, client_id: UUID
) -> None:
    partner_id, browser = advice_centre(world), browse("maier")
    released(world, client_id, partner_id)
    ways = browser.get(BASE.format(client_id) + "/neu")
    assert all(way in ways.text for way in ("Hinweis", "Mitgegeben", "Übermittelt", "Gesetzlich"))
    typed = {"partner": str(partner_id), "purpose": "SDN", "channel": "BRF", "typed_ANL": "Bitte um einen Termin"}
    answer = browser.submit(BASE.format(client_id) + "/neu?weg=sent", typed)
    assert answer.status_code == 302
    preview = browser.get(answer.location)
    assert "Genau das geht hinaus" in preview.text
    for word in ("Schuldnerberatung Tettnang", "Zahra Rahimi", "Dari", "Bitte um einen Termin"):
        assert word in preview.text
    done = browser.post(f"{answer.location}/senden", forms(preview, f"{answer.location}/senden"))
    assert done.status_code == 302
    assert "/papiere/" in done.location
    listed = browser.get(BASE.format(client_id)).text
    assert "wartet auf Antwort" in listed
    assert "Ihre Freigabe, die an diesem Tag galt." in listed
    assert "Vermittlung auf den Weg gebracht" in browser.get(f"/klienten/{client_id}").text


def test_without_a_release_the_page_says_what_is_missing_and_keeps_everything(
    world: World, browse: Browse, client_id: UUID
) -> None:
    partner_id, browser = advice_centre(world), browse("maier")
    release_id = released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    address = f"/vermittlung/{referral_id}"
    before = forms(browser.get(address), f"{address}/senden")
    withdrawn(world, client_id, [release_id])
    refused = browser.post(f"{address}/senden", before)
    assert refused.status_code == 409
    assert "inzwischen geändert" in refused.text
    other = proposed(world, client_id, partner_id)
    page = browser.get(f"/vermittlung/{other}").text
    assert "Dafür fehlt die Freigabe" in page
    assert f"/klienten/{client_id}/freigaben" in page
    assert "Bitte um einen Termin" in page
    assert ">Senden<" not in page
    with world.unit("maier"):
        fields = {"version": queries.get_referral(other).version, "seen": seen(client_id, other)}
    forced = browser.post(f"/vermittlung/{other}/senden", fields)
    assert forced.status_code == 422
    assert "Es ist nichts hinausgegangen" in forced.text


def test_an_answer_takes_two_clicks_from_the_list_and_from_the_task_and_can_be_undone(
    world: World, browse: Browse, client_id: UUID
) -> None:
    partner_id, browser = advice_centre(world), browse("maier")
    released(world, client_id, partner_id)
    referral_id = sent(world, client_id, partner_id)
    listed = browser.get(BASE.format(client_id))
    fields = forms(listed, f"/vermittlung/{referral_id}/antwort")  # the first click opens the menu
    answered = browser.post(f"/vermittlung/{referral_id}/antwort", {**fields, "answer": "accepted"})
    assert answered.status_code == 302
    assert state(world, referral_id) == "accepted"
    again = browser.post(f"/vermittlung/{referral_id}/antwort", {**fields, "answer": "accepted"})
    assert again.status_code == 302
    page = browser.get(BASE.format(client_id))
    undo = re.search(r'action="(/vermittlung/[^"]+/rueckgaengig\?token=[^"]+)"', page.text)
    assert undo is not None
    browser.post(undo[1])
    assert state(world, referral_id) == "sent"
    with world.unit("maier"):
        task_id = queries.get_referral(referral_id).task_id
    tasks = browser.get("/aufgaben").text
    assert f"/aufgaben/{task_id}/antwort" in tasks
    from_task = browser.get(f"/aufgaben/{task_id}/antwort")
    assert from_task.status_code == 302
    assert f"/vermittlung/{referral_id}" in from_task.location


def test_a_hint_takes_three_inputs_and_tells_nobody(world: World, browse: Browse, client_id: UUID) -> None:
    partner_id, browser = advice_centre(world), browse("maier")
    # 1 the way, 2 the partner, 3 save
    answer = browser.submit(BASE.format(client_id) + "/neu?weg=hint", {"partner": str(partner_id)})
    assert answer.status_code == 302
    with world.unit("maier"):
        assert queries.list_disclosures(client_id) == []
        (view,) = queries.list_referrals(client_id)
        assert view.state == "done"
    unknown = browser.submit(BASE.format(client_id) + "/neu?weg=hint", {"note": "Weiß nicht mehr"})
    assert unknown.status_code == 422
    assert "Weiß nicht mehr" in unknown.text


def test_the_dpo_sees_numbers_and_a_second_person_words_but_not_the_file(
    world: World, browse: Browse, client_id: UUID
) -> None:
    maier, lead, dpo = browse("maier"), browse("lead2"), browse("dsb")
    typed = {
        "basis": "KKG4",
        "recipient": "Jugendamt Musterkreis",
        "reason": "Gewichtige Anhaltspunkte",
        "fields": "NAM",
        "typed_ANL": "Das Kind braucht Hilfe",
        "channel": "TEL",
        "second": str(world.users["lead2"]),
    }
    address = BASE.format(client_id) + "/gesetz"
    assert maier.submit(address, typed).status_code == 302
    asked = only(world, LegalRequest, client_id)
    page = f"{address}/{asked.id}"
    assert "Weitergeben<" not in maier.get(page).text
    assert maier.post(f"{page}/weitergeben", {"seen": "x"}).status_code == 422
    maier.post(f"{page}/zustimmen")
    assert only(world, LegalRequest, client_id).state == LegalState.ASKED
    assert page in lead.get("/vermittlung/gesetz").text
    assert page in lead.get("/team").text
    assert page not in browse("leitung").get("/team").text
    words = lead.get(page)
    assert "Das Kind braucht Hilfe" in words.text
    assert lead.get(BASE.format(client_id)).status_code == 403
    lead.post(f"{page}/zustimmen")
    ready = maier.get(page)
    assert "Zahra Rahimi" in ready.text
    seen = forms(ready, f"{page}/weitergeben")["seen"]
    assert maier.post(f"{page}/weitergeben", {"seen": seen}).status_code == 302
    assert only(world, LegalRequest, client_id).state == LegalState.TOLD
    register = dpo.get("/vermittlung/verzeichnis").text
    assert "weitergegeben" in register
    for word in ("Rahimi", "Zahra", "Jugendamt Musterkreis", "Das Kind", "Anhaltspunkte", str(client_id)):
        assert word not in register
    assert dpo.get(page).status_code == 403
    assert maier.get("/vermittlung/verzeichnis").status_code == 403
    listed = maier.get(BASE.format(client_id)).text
    assert "§ 4 Abs. 3 KKG" in listed


def test_what_is_urgent_is_told_first_and_objected_to_afterwards(world: World, browse: Browse, client_id: UUID) -> None:
    maier, lead = browse("maier"), browse("leitung")
    typed = {
        "basis": "STGB34",
        "recipient": "Polizei",
        "reason": "Gefahr für das Leben",
        "fields": ["NAM", "ANS"],
        "channel": "TEL",
        "urgent": "y",
        "second": str(world.users["leitung"]),
    }
    address = BASE.format(client_id) + "/gesetz"
    assert maier.submit(address, typed).status_code == 302
    page = f"{address}/{only(world, LegalRequest, client_id).id}"
    seen = forms(maier.get(page), f"{page}/weitergeben")["seen"]
    assert maier.post(f"{page}/weitergeben", {"seen": seen}).status_code == 302
    told = only(world, LegalRequest, client_id)
    assert told.state == LegalState.TOLD_FIRST
    assert told.due_on is not None
    lead.post(f"{page}/ablehnen")
    assert only(world, LegalRequest, client_id).state == LegalState.OBJECTED
    refused = maier.submit(address, {**typed, "basis": "GERICHT"})
    assert refused.status_code == 422
    assert "vorher" in refused.text


def test_a_request_from_outside_is_refused_in_one_click(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    typed = {"asker": "ABH", "office": "Ausländerbehörde", "received_on": "20.11.2026", "asked": "Wo wohnt sie?"}
    added = browser.submit(f"/klienten/{client_id}/anfragen/neu", typed)
    page = browser.get(added.location)
    assert "§ 203 StGB" in page.text
    done = browser.post(f"{added.location}/ablehnen", forms(page, f"{added.location}/ablehnen"))
    assert "/papiere/" in done.location
    assert only(world, OutsideRequest, client_id).answer == "refused"
    browser.post(f"{added.location}/offen")
    assert only(world, OutsideRequest, client_id).answer == ""


def test_a_volunteer_is_found_by_reasons_asked_and_found(world: World, browse: Browse, client_id: UUID) -> None:
    profile = VolunteerProfile(languages=("prs",), skills=("BEG",), times="Mittwoch", secrecy_on=day(-9))
    asked = stored_partner(world, "Gerda Gern", "EHR", volunteer=profile)
    stored_partner(world, "Ohne Erklärung", "EHR", volunteer=VolunteerProfile(languages=("prs",)))
    browser = browse("maier")
    typed = {
        "task": "Zum Amt begleiten",
        "meeting_point": "Rathaus",
        "languages": "prs",
        "skills": "BEG",
        "times": "Mi",
    }
    added = browser.submit(f"/klienten/{client_id}/ehrenamt/neu", typed)
    page = browser.get(added.location).text
    assert "Die Verschwiegenheitserklärung fehlt." in page
    assert page.index("Gerda Gern") < page.index("Ohne Erklärung")
    question = browser.post(f"{added.location}/fragen", {"partner": str(asked), "channel": "TEL"})
    assert "Dafür fehlt die Freigabe" in browser.get(question.location).text
    signed(
        world,
        client_id,
        release("Gerda Gern", partner_id=asked, purpose="EHR", fields=("NAM", "SPR", "ANL"), ways=("TEL",)),
    )
    preview = browser.get(question.location)
    assert "Rahimi" not in preview.text.split("Genau das geht hinaus")[1].split("</section>")[0]
    for word in ("Zahra", "Dari", "Zum Amt begleiten", "Rathaus"):
        assert word in preview.text
    assert browser.post(f"{question.location}/senden", forms(preview, f"{question.location}/senden")).status_code == 302
    shown = browser.get(question.location)
    fields = forms(shown, f"{question.location}/antwort")
    browser.post(f"{question.location}/antwort", {**fields, "answer": "declined"})
    assert only(world, VolunteerWish, client_id).state == "open"
    assert "keine Zusage am" in browser.get(added.location).text
    refused = browser.post(f"{added.location}/fragen", {"partner": str(asked), "channel": "TEL"})
    assert refused.location.endswith(added.location)


def test_the_page_of_referrals_takes_the_same_statements_whatever_the_number(
    world: World, browse: Browse, client_id: UUID, count_statements: Any
) -> None:
    partner_id, browser = advice_centre(world), browse("maier")
    released(world, client_id, partner_id)

    def counted() -> int:
        with count_statements() as count:
            assert browser.get(BASE.format(client_id)).status_code == 200
        return int(count)

    sent(world, client_id, partner_id)
    counted()
    few = counted()
    for _ in range(3):
        sent(world, client_id, partner_id)
    assert counted() == few
    assert few <= 26


def test_a_lead_reads_and_does_not_refer(world: World, browse: Browse, client_id: UUID) -> None:
    partner_id, lead = advice_centre(world), browse("leitung")
    referral_id = proposed(world, client_id, partner_id)
    page = lead.get(BASE.format(client_id))
    assert page.status_code == 200
    assert "Neue Vermittlung" not in page.text
    assert lead.get(f"/vermittlung/{referral_id}").status_code == 200
    assert lead.post(f"/vermittlung/{referral_id}/senden").status_code == 403
    assert lead.get("/vermittlung/gefahr").status_code == 200
    for login in ("oez", "dsb"):
        assert browse(login).get(f"/vermittlung/{referral_id}").status_code in {403, 404}


def test_what_was_told_is_printed_for_the_client(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    answer = browser.post(BASE.format(client_id) + "/weitergegeben")
    assert "/papiere/" in answer.location
    assert hidden_fields(browser.get(BASE.format(client_id)))
    with world.unit("maier"):
        assert service.DISCLOSURES_PAPER
        assert get_client(client_id).head.full_name
