"""The pages of agreements, by role, with good and bad input."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import select

from caseapp import clock
from caseapp.agreements import queries
from caseapp.agreements.models import Agreement, OtherPlan
from caseapp.agreements.rules import months_later
from caseapp.counselling.models import Contact
from caseapp.drafts.models import ClientDraft
from caseapp.goals.models import Goal
from caseapp.web.signatures import data_url
from tests.factories import agreements as making
from tests.factories.attachments import stored_text
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
NEW_GOAL = {
    "new_goals-0-area": "WOH",
    "new_goals-0-own_words": "Ich möchte eine eigene Wohnung",
    "new_goals-0-client_step": "WBS beantragen",
    "new_goals-0-client_due": "1.12.2030",
    "new_goals-0-office_step": "Vermieter anrufen",
}
IN_TIME = f"{months_later(clock.today(), 2):%d.%m.%Y}"
TALK = {"log_contact": "y", "kind": "BUE", "minutes": "60", "language": "uk", "review_on": IN_TIME}


def drawing(*, blank: bool = False) -> str:
    picture = Image.new("RGB", (900, 300), "white")
    if not blank:
        ImageDraw.Draw(picture).line([(100, 150), (300, 80), (500, 220), (800, 150)], fill="black", width=4)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return data_url(written.getvalue())


def version_of(world: World, client_id: UUID) -> Agreement:
    """The newest version."""
    with world.unit("maier"):
        found = queries.newest(client_id)
        assert found
        return found


def presented(world: World, client_id: UUID) -> UUID:
    with world.unit("maier", write=True) as unit:
        return making.presented(world.actor("maier"), making.client_of(unit, client_id)).id


def test_from_the_talk_to_the_signed_paper(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    assert "Noch keine Vereinbarung" in browser.get(f"/klienten/{client_id}/vereinbarung").text
    answer = browser.submit(f"/klienten/{client_id}/vereinbarung/gespraech", TALK | NEW_GOAL | {"note": "Gut"})
    assert answer.status_code == 302, answer.text
    sign = browser.get(answer.location, follow_redirects=True)
    assert "Vereinbarung unterschreiben" in sign.text
    assert "Ich möchte eine eigene Wohnung" in sign.text
    made = version_of(world, client_id)
    assert (made.state, made.language) == ("presented", "uk")
    assert made.digest in sign.text
    address = f"/vereinbarungen/{made.id}/unterschreiben"
    data = hidden_fields(sign) | {
        "client-drawing": drawing(),
        "worker-way": "confirmed",
        "worker-name": "Eva Maier",
        "copy_received": "y",
    }
    answer = browser.post(address, data)
    assert answer.status_code == 302, answer.text
    shown = browser.get(f"/vereinbarungen/{made.id}").text
    assert "auf dem Bildschirm unterschrieben" in shown
    assert 'src="data:image/png;base64,' in shown
    assert "in Anwesenheit bestätigt" in shown
    with world.unit("maier") as unit:
        found = queries.get_agreement(made.id)
        assert found.decision.client
        assert found.decision.client.picture.startswith(b"\x89PNG")
        contact = unit.scalars(select(Contact)).one()
        assert (contact.detail.note, contact.detail.topics, contact.detail.language) == (
            "Gut",
            ("WOH",),
            "uk",
        )
    pdf = browser.get(f"/papiere/{found.signed_paper_id}/pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert (
        "Alle Fassungen und Papiere sind unverändert"
        in browser.get(f"/klienten/{client_id}/vereinbarung/pruefung").text
    )
    index = browser.get(f"/klienten/{client_id}/vereinbarung").text
    assert "unterschrieben, gilt" in index
    timeline = browser.get(f"/klienten/{client_id}").text
    assert "Integrationsvereinbarung unterschrieben" in timeline
    assert "Integrationsvereinbarung vorgelegt" in timeline


def test_the_next_talk_shows_the_facts_since_and_weiter_so_keeps_all(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        making.signed(world.actor("maier"), making.client_of(unit, client_id))
    browser = browse("maier")
    address = f"/klienten/{client_id}/vereinbarung/gespraech"
    page = browser.get(address)
    assert "1. Seit Fassung 1" in page.text
    assert "Weiter so" in page.text
    refused = browser.submit(address, TALK)
    assert refused.status_code == 422
    assert "oder wählen Sie „Weiter so“" in refused.text
    both = browser.submit(address, TALK | {"keep_all": "y", "goals-0-client_score": "3"})
    assert both.status_code == 422
    assert "Bei einem Ziel ist etwas eingetragen" in both.text
    assert browser.submit(address, TALK | {"keep_all": "y"}).status_code == 302
    made = version_of(world, client_id)
    assert (made.number, made.state) == (2, "presented")
    with world.unit("maier") as unit:
        assert unit.scalars(select(Contact)).one().detail.topics == ("WOH",)  # all goals were talked about
    compared = browser.get(f"/klienten/{client_id}/vereinbarung/vergleich")
    assert "Fassung 2 gegenüber Fassung 1" in compared.text
    assert "Ukrainisch" in compared.text  # the first one was in German only
    assert browser.get(f"/klienten/{client_id}/vereinbarung/vergleich?neu=²").status_code == 200
    assert browser.get(f"/klienten/{client_id}/vereinbarung/vergleich?alt=7").status_code == 404


def test_bad_input_of_a_talk_stays_in_the_form_and_stores_nothing(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    address = f"/klienten/{client_id}/vereinbarung/gespraech"
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "kein offenes Ziel"),
        (NEW_GOAL | {"review_on": "1.1.2020"}, "nach heute"),
        (NEW_GOAL | {"review_on": "31.12.2099"}, "6 Monaten"),
        (NEW_GOAL | {"review_on": "31.02.2027"}, "Nächstes Gespräch"),
        (NEW_GOAL | {"new_goals-0-area": ""}, "Wählen Sie den Bereich"),
        (NEW_GOAL | {"new_goals-0-own_words": ""}, "Schreiben Sie das Ziel auf"),
        (NEW_GOAL | {"new_goals-0-client_score": "9"}, "gültige"),
        (NEW_GOAL | {"language": "tlh"}, "gültige"),
        (NEW_GOAL | {"new_goals-0-client_step": "x" * 201}, "höchstens 200"),
    )
    for data, said in cases:
        answer = browser.submit(address, TALK | data)
        assert answer.status_code == 422, data
        assert said in answer.text, (data, said)
        if "new_goals-0-client_step" in data:
            assert data["new_goals-0-client_step"] in answer.text
    with world.unit("maier") as unit:
        for table in (Goal, Agreement, Contact):
            assert unit.scalars(select(table.id)).all() == []


def test_a_talk_begun_is_a_draft_and_goes_on_where_it_stood(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    address = f"/klienten/{client_id}/vereinbarung/gespraech"
    fields = hidden_fields(browser.get(address))
    kept = f"/entwuerfe/{fields['form_id']}?form=agreement_talk&client={client_id}"
    headers = {"X-CSRFToken": browser.token(), "Accept": "application/json"}
    nothing = browser.client.put(kept, data=fields, headers=headers)
    assert nothing.status_code == 204
    saved = browser.client.put(kept, data=fields | NEW_GOAL, headers=headers)
    assert saved.status_code == 200, saved.text
    assert "Weiterschreiben" in browser.get(f"/klienten/{client_id}/vereinbarung").text
    again = browser.get(f"{address}?entwurf={fields['form_id']}")
    assert "Ich möchte eine eigene Wohnung" in again.text
    assert browser.post(address, hidden_fields(again) | TALK | NEW_GOAL).status_code == 302
    with world.unit("maier") as unit:
        assert unit.scalars(select(ClientDraft.id)).all() == []
    assert browser.get(f"{address}?entwurf=kein").status_code == 404


def test_two_people_at_one_talk_see_what_the_other_did(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    address = f"/klienten/{client_id}/vereinbarung/gespraech"
    old = hidden_fields(browser.get(address))
    presented(world, client_id)
    answer = browser.post(address, old | TALK | NEW_GOAL)
    assert answer.status_code == 409
    assert "jemand anderes eine neue Fassung" in answer.text
    assert "Ich möchte eine eigene Wohnung" in answer.text
    data = hidden_fields(answer) | TALK | NEW_GOAL
    assert browser.post(address, data).status_code == 302
    assert version_of(world, client_id).number == 2


def test_a_signature_that_does_not_count_is_told_and_not_lost(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    first = presented(world, client_id)
    browser = browse("maier")
    address = f"/vereinbarungen/{first}/unterschreiben"
    worker = {"worker-way": "confirmed", "worker-name": "Eva Maier"}
    for data, said in (
        (worker, "Es fehlt die Unterschrift der Klientin"),
        (worker | {"client-way": "drawn", "client-drawing": drawing(blank=True)}, "Feld für die Unterschrift ist leer"),
        (worker | {"client-way": "confirmed"}, "Schreiben Sie den Namen"),
        (worker | {"client-way": "paper", "signed_on": "1.1.2020"}, "zwischen dem Vorlegen und heute"),
        ({"client-way": "paper", "worker-way": ""}, "Unterschrift der Beratung"),
    ):
        answer = browser.submit(address, data)
        assert (answer.status_code, said in answer.text) == (422, True), said
    other = browser.submit(address, worker | {"client-drawing": drawing(), "digest": "0" * 64})
    assert other.status_code == 409
    assert "nicht die Fassung" in other.text
    assert "data:image/png;base64," in other.text
    old = hidden_fields(browser.get(address))
    second = presented(world, client_id)
    refused = browser.post(address, old | worker | {"client-drawing": drawing()})
    assert refused.status_code == 422
    assert "Es gibt schon eine neuere Fassung" in refused.text
    assert "kann nicht unterschrieben werden" in browser.get(address).text
    assert (
        browser.submit(f"/vereinbarungen/{second}/unterschreiben", worker | {"client-way": "paper"}).status_code == 302
    )


def test_signed_on_paper_asks_for_the_scan_and_binds_it(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    made = presented(world, client_id)
    browser = browse("maier")
    data = {"client-way": "paper", "worker-way": "paper"}
    assert browser.submit(f"/vereinbarungen/{made}/unterschreiben", data).status_code == 302
    assert "Der Scan des unterschriebenen Papiers fehlt noch" in browser.get(f"/vereinbarungen/{made}").text
    assert "Noch keine Datei" in browser.get(f"/vereinbarungen/{made}/scan").text
    with world.unit("maier", write=True) as unit:
        stored_text(world.actor("maier"), making.client_of(unit, client_id))
    page = browser.get(f"/vereinbarungen/{made}/scan").text
    chosen = page.split('name="scan"')[1].split('value="')[1].split('"')[0]
    assert browser.submit(f"/vereinbarungen/{made}/scan", {"scan": "erfunden"}).status_code == 422
    assert browser.submit(f"/vereinbarungen/{made}/scan", {"scan": chosen}).status_code == 302
    shown = browser.get(f"/vereinbarungen/{made}").text
    assert "fehlt noch" not in shown
    assert "Scan des Papiers" in shown


def test_declining_and_withdrawing(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    first = presented(world, client_id)
    page = browser.get(f"/vereinbarungen/{first}/abgelehnt")
    assert "keinen Nachteil" in page.text
    stale = hidden_fields(page) | {"digest": "x", "words": "Nein danke"}
    assert browser.post(f"/vereinbarungen/{first}/abgelehnt", stale).status_code == 409
    assert browser.submit(f"/vereinbarungen/{first}/abgelehnt", {"words": "Nein danke"}).status_code == 302
    assert "„Nein danke“" in browser.get(f"/vereinbarungen/{first}").text
    again = browser.submit(f"/vereinbarungen/{first}/abgelehnt", {"words": "Doch"})
    assert (again.status_code, "wurde abgelehnt" in again.text) == (422, True)
    second = presented(world, client_id)
    empty = browser.submit(f"/vereinbarungen/{second}/zurueckziehen", {"reason": " "})
    assert empty.status_code == 422
    assert browser.submit(f"/vereinbarungen/{second}/zurueckziehen", {"reason": "Fehler im Datum"}).status_code == 302
    assert "Fehler im Datum" in browser.get(f"/vereinbarungen/{second}").text


def test_a_lead_reads_and_does_not_sign(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    made = presented(world, client_id)
    lead = browse("leitung")
    page = lead.get(f"/vereinbarungen/{made}")
    assert page.status_code == 200
    assert "/unterschreiben" not in page.text
    assert "Gespräch beginnen" not in lead.get(f"/klienten/{client_id}/vereinbarung").text
    assert lead.get(f"/vereinbarungen/{made}/unterschreiben").status_code == 403
    assert lead.get(f"/klienten/{client_id}/vereinbarung/gespraech").status_code == 403
    assert browse("oez").get(f"/vereinbarungen/{made}").status_code == 404


def test_a_plan_of_another_office_is_recorded_changed_and_struck_out_with_a_way_back(
    world: World, browse: Browse
) -> None:
    client_id = stored_file(world)
    browser = browse("maier")
    address = f"/klienten/{client_id}/plaene"
    wrong = browser.submit(address, {"kind": "KOP", "office": "Jobcenter", "agreed_on": "1.2.2023"})
    assert (wrong.status_code, "an diesem Tag nicht" in wrong.text) == (422, True)
    right = {
        "kind": "KOP",
        "office": "Jobcenter Musterstadt",
        "agreed_on": "1.2.2024",
        "main_goal": "Arbeit",
        "leads": "Jobcenter",
    }
    assert browser.submit(address, right).status_code == 302
    with world.unit("maier") as unit:
        plan_id = unit.scalars(select(OtherPlan.id)).one()
    page = f"/plaene/{plan_id}"
    old = hidden_fields(browser.get(page))
    assert browser.post(page, old | right | {"ended_on": "1.3.2025"}).status_code == 302
    conflict = browser.post(page, old | right | {"main_goal": "Sprache"})
    assert conflict.status_code == 409
    assert "Sprache" in conflict.text
    assert "Arbeit" in conflict.text
    assert browser.post(f"{page}/streichen").status_code == 302
    assert "Jobcenter Musterstadt" not in browser.get(f"/klienten/{client_id}/vereinbarung").text
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/zurueckholen").status_code == 302
    assert "Jobcenter Musterstadt" in browser.get(f"/klienten/{client_id}/vereinbarung").text


def test_the_annex_of_steps_is_printed_any_time(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True) as unit:
        made = making.signed(world.actor("maier"), making.client_of(unit, client_id)).id
    browser = browse("maier")
    answer = browser.post(f"/vereinbarungen/{made}/schritte")
    assert answer.status_code == 302
    assert browser.get(f"{answer.location}/pdf").data.startswith(b"%PDF-")
    copy = browser.post(f"/vereinbarungen/{made}/drucken")
    assert browser.get(f"{copy.location}/pdf").data.startswith(b"%PDF-")
    waiting = presented(world, client_id)
    assert browser.post(f"/vereinbarungen/{waiting}/drucken").status_code == 422
