"""Contacts that were saved: who reads, corrects and finds them."""

import datetime as dt
from uuid import uuid4

import pytest

from caseapp import clock
from caseapp.clients.models import ClientGrant, GrantReason
from tests.counselling.pages import GOOD, Browse, contacts_of, form_of, save
from tests.factories.browser import bare, hidden_fields
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World


def test_contacts_at_which_a_child_was_only_present_become_one_line_that_opens(world: World, browse: Browse) -> None:
    mother, _father, child = stored_family(world)
    maier = browse("maier")
    for _time in range(3):
        maier.submit(form_of(mother), {**GOOD, "participants": [str(child)]})
    page = maier.get(f"/klienten/{child}").text
    assert "Bei 3 Kontakten anderer dabei" in page
    assert "Als weitere Person dabei" not in page
    folded = page.partition('class="app-timeline__fold"')[2].partition("</details>")[0]
    assert folded.count("<time") == 3


@pytest.mark.parametrize("login", ["oez", "sued", "fremd"])
def test_a_foreign_contact_answers_as_a_missing_one(world: World, browse: Browse, login: str) -> None:
    contact_id = save(world, stored_file(world), note="Geheim")
    other = browse(login)
    assert bare(other.get(f"/kontakte/{contact_id}")) == bare(other.get(f"/kontakte/{uuid4()}"))
    for act in ("zurueck", "stornieren", "wiederherstellen"):
        assert other.post(f"/kontakte/{contact_id}/{act}").status_code == 404


def test_the_professional_lead_sees_facts_and_no_note_without_a_reason(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, note="Sehr persönlich.", topics=("WOH",), others_present="Frau Nachbarin")
    lead = browse("leitung")
    for page in (lead.get(f"/klienten/{client_id}"), lead.get(f"/kontakte/{contact_id}")):
        assert page.status_code == 200
        assert "Wohnen" in page.text
        assert "Sehr persönlich." not in page.text
        assert "Nachbarin" not in page.text
    assert lead.post(f"/kontakte/{contact_id}", {**GOOD, "note": "x"}).status_code == 403
    assert browse("lead2").get(f"/kontakte/{contact_id}").status_code in {403, 404}


def test_a_correction_shows_both_versions_when_somebody_was_faster(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, note="alt")
    maier = browse("maier")
    here, there = (hidden_fields(maier.get(f"/kontakte/{contact_id}")) for _ in range(2))
    assert maier.post(f"/kontakte/{contact_id}", {**here, **GOOD, "note": "aus dem ersten Fenster"}).status_code == 302
    late = maier.post(f"/kontakte/{contact_id}", {**there, **GOOD, "note": "aus dem zweiten Fenster"})
    assert late.status_code == 409
    assert "aus dem ersten Fenster" in late.text
    assert "aus dem zweiten Fenster" in late.text
    decided = maier.post(f"/kontakte/{contact_id}", {**hidden_fields(late), **GOOD, "note": "aus dem zweiten Fenster"})
    assert decided.status_code == 302
    history = maier.get(f"/kontakte/{contact_id}").text
    assert "aus dem ersten Fenster" in history


def test_a_cancelled_contact_can_be_read_but_not_changed(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, note="doppelt erfasst")
    maier = browse("maier")
    assert maier.submit(f"/kontakte/{contact_id}/stornieren", {"reason": ""}).status_code == 422
    assert maier.submit(f"/kontakte/{contact_id}/stornieren", {"reason": "doppelt"}).status_code == 302
    page = maier.get(f"/kontakte/{contact_id}")
    assert "storniert" in page.text
    assert 'name="note"' not in page.text
    assert "storniert" in maier.get(f"/klienten/{client_id}").text
    maier.post(f"/kontakte/{contact_id}/wiederherstellen")
    assert [found.state for found in contacts_of(world, client_id)] == ["valid"]


def test_the_last_clients_are_offered_first(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    save(world, client_id)
    page = browse("maier").get("/kontakt").text
    assert form_of(client_id) in page
    assert form_of(client_id) not in browse("oez").get("/kontakt").text


def test_the_list_of_contacts_is_narrowed_by_kind_and_topic(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    maier.submit(form_of(client_id), {**GOOD, "kind": "TEL", "topics": "WOH", "note": "am Telefon"})
    maier.submit(form_of(client_id), {**GOOD, "kind": "BUE", "topics": "SPR", "note": "im Büro"})
    page = f"/klienten/{client_id}/kontakte"
    assert all(text in maier.get(page).text for text in ("am Telefon", "im Büro"))
    assert "im Büro" not in maier.get(f"{page}?art=fern").text
    assert "am Telefon" not in maier.get(f"{page}?thema=SPR").text
    assert "Keine Kontakte" in maier.get(f"{page}?art=dritte&thema=kaputt").text
    assert browse("oez").get(page).status_code == 403
    assert browse("fremd").get(page).status_code == 404
    assert "am Telefon" not in browse("leitung").get(page).text


def test_a_lead_with_a_reason_reads_the_note_for_a_day_only(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, note="Sehr persönlich.")
    with world.unscoped(write=True) as unit:
        grant = ClientGrant(
            client_id=client_id,
            organisation_id=world.organisations["Musterhausen"],
            user_id=world.users["leitung"],
            kind="note",
            from_at=clock.now(),
            until_at=clock.now() + dt.timedelta(hours=24),
            granted_by=world.users["leitung"],
            reason=GrantReason(text="Beschwerde"),
        )
        unit.add(grant)
    lead = browse("leitung")
    assert "Sehr persönlich." in lead.get(f"/kontakte/{contact_id}").text
    assert "Sehr persönlich." in lead.get(f"/klienten/{client_id}").text
    assert lead.get(form_of(client_id)).status_code == 403
    with world.unscoped(write=True) as unit:
        unit.get_one(ClientGrant, grant.id).until_at = clock.now() - dt.timedelta(minutes=1)
    assert "Sehr persönlich." not in lead.get(f"/kontakte/{contact_id}").text
