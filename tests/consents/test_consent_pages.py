"""The pages of sheets: usual cases in few inputs, every refusal in words, nothing shown to whom it does not concern."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import msgspec
import pytest

from caseapp import clock
from caseapp.clients.models import Representative
from caseapp.clients.queries import get_client
from caseapp.clients.service import FileChange, edit_file
from caseapp.consents import documents, queries
from caseapp.factory import PRINTERS
from caseapp.network.models import PartnerProfile
from caseapp.network.service import add_partner
from tests.consents.making import consent, day, prepared, release, sign, signed
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]


@pytest.fixture(autouse=True)
def quick_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers have their own tests; here they only have to be there."""
    for kind in documents.PRINTERS:
        monkeypatch.setitem(PRINTERS, kind, lambda _order: b"%PDF-1.7 erfunden")


def jobcenter(world: World, kind: str = "JC", name: str = "Jobcenter Musterhausen") -> UUID:
    with world.unit("maier", write=True):
        carrier_id = world.organisations["Musterhausen"]
        return add_partner(
            world.actor("maier"), kind, PartnerProfile(name=name, phone="+4971112345"), carrier_id=carrier_id
        ).id


def sheet_id_of(location: str, browser: Browser) -> str:
    """The sheet to which the wait for its print leads."""
    onward = browser.get(location).location
    assert onward is not None
    assert "/freigaben/" in onward
    return onward.rpartition("/")[2]


def test_the_usual_release_needs_seven_inputs_and_holds_once_it_is_signed(world: World, browse: Browse) -> None:
    client_id, partner_id = stored_file(world), jobcenter(world)
    maier, page = browse("maier"), f"/klienten/{client_id}/freigaben"
    assert "Noch keine Freigabe" in maier.get(page).text
    inputs = ["Freigaben vorbereiten", "partner", "purpose", "save"]  # 4 up to the printed sheet
    answer = maier.submit(f"{page}/neu", {"rows-0-partner": str(partner_id), "rows-0-purpose": "LEI"})
    assert answer.status_code == 302, answer.text
    sheet_id = sheet_id_of(answer.location, maier)
    shown = maier.get(f"/freigaben/{sheet_id}").text
    for text in ("Jobcenter Musterhausen", "Leistungen klären", "Name, Geburtsdatum", "Gespräch, Telefon, Brief"):
        assert text in shown
    assert "gilt noch nicht" in maier.get(page).text
    inputs += ["confirmed in presence", "name", "sign"]
    said = {"client-way": "confirmed", "client-name": "Zahra Rahimi", "signed_on": f"{clock.today():%d.%m.%Y}"}
    assert maier.post(f"/freigaben/{sheet_id}/unterschreiben", hidden_fields_of(shown) | said).status_code == 302
    assert len(inputs) <= 8
    listed = maier.get(page).text
    assert "Gilt jetzt" in listed
    with world.unit("maier"):
        (held,) = queries.list_valid_releases(client_id, clock.today(), partner_id=partner_id)
        assert held.fields == {"NAM", "GEB", "ANS", "FAM", "LEI"}  # the usual ones of the purpose, never health
        assert held.ways == {"GES", "TEL", "BRF"}
    assert "Freigaben unterschrieben" in maier.get(f"/klienten/{client_id}").text


def hidden_fields_of(text: str) -> dict[str, str]:
    class Page:
        def __init__(self, text: str) -> None:
            self.text = text

    return hidden_fields(Page(text))  # type: ignore[arg-type]


def test_one_signature_for_several_recipients_consents_and_a_representative(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        client = get_client(client_id)
        body = msgspec.structs.replace(
            client.body, representatives=(Representative(name="Berta Betreuer", kind="BET"),)
        )
        edit_file(
            world.actor("maier"),
            client,
            FileChange(head=client.head, body=body, ags=client.ags, head_rev=client.head_rev, body_rev=client.body_rev),
        )
    maier = browse("maier")
    typed = {
        "rows-0-recipient": "Schule am See",
        "rows-0-purpose": "KIN",
        "rows-0-told": ["NAM", "FAM"],
        "rows-0-direction": "both",
        "rows-0-until": "12",
        "rows-1-recipient": "Praxis Dr. Klee",
        "rows-1-purpose": "GES",
        "rows-1-health": "y",
        "rows-1-until_on": f"{day(20):%d.%m.%Y}",
        "consents": ["MSG", "GES"],
        "messenger": "Signal",
        "signers": "both",
    }
    answer = maier.submit(f"/klienten/{client_id}/freigaben/neu", typed)
    assert answer.status_code == 302, answer.text
    sheet_id = sheet_id_of(answer.location, maier)
    page = maier.get(f"/freigaben/{sheet_id}")
    assert "Berta Betreuer" in page.text
    address = f"/freigaben/{sheet_id}/unterschreiben"
    only_one = hidden_fields(page) | {
        "client-way": "confirmed",
        "client-name": "Z",
        "signed_on": f"{clock.today():%d.%m.%Y}",
    }
    refused = maier.post(address, only_one)
    assert refused.status_code == 422
    assert "Diese Unterschrift fehlt noch" in refused.text
    both = only_one | {"representative-way": "confirmed", "representative-name": "B"}
    assert maier.post(address, both).status_code == 302
    with world.unit("maier"):
        held = {each.recipient: each for each in queries.list_valid_releases(client_id, clock.today())}
        assert queries.has_consent(client_id, "MSG", clock.today())
        assert not queries.has_consent(client_id, "FOT", clock.today())
    assert held["Praxis Dr. Klee"].fields == {"NAM", "GEB", "TEL", "SPR", "GES"}
    assert held["Schule am See"].direction == "both"
    assert held["Praxis Dr. Klee"].ends_on == day(20)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rows-0-recipient": "alle Behörden", "rows-0-purpose": "LEI"}, "genau eine Stelle"),
        ({"rows-0-recipient": "Jobcenter und Ausländerbehörde", "rows-0-purpose": "LEI"}, "mehrere Stellen"),
        ({"rows-0-purpose": "LEI"}, "gegenüber wem"),
        ({"rows-0-recipient": "Jobcenter"}, "wozu die Freigabe dient"),
        (
            {"rows-0-recipient": "Jobcenter", "rows-0-purpose": "LEI", "rows-0-until_on": "01.01.2099"},
            "Höchstens 12 Monate",
        ),
        ({"rows-0-recipient": "Jobcenter", "rows-0-purpose": "LEI", "rows-0-until_on": "01.01.2020"}, "schon vorbei"),
        ({}, "Auf dem Blatt steht noch nichts"),
    ],
)
def test_what_is_refused_is_said_and_kept(world: World, browse: Browse, typed: dict[str, str], said: str) -> None:
    client_id = stored_file(world)
    refused = browse("maier").submit(
        f"/klienten/{client_id}/freigaben/neu", {"rows-0-person": "Frau Ott", **typed} if typed else {}
    )
    assert refused.status_code == 422
    assert said in refused.text
    for value in typed.values():
        assert value in refused.text
    with world.unit("maier"):
        assert queries.list_views(client_id) == []


def test_two_windows_on_one_sheet_end_in_clear_words(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    sheet_id = prepared(world, client_id)
    maier = browse("maier")
    first, signing = maier.get(f"/freigaben/{sheet_id}/aendern"), maier.get(f"/freigaben/{sheet_id}")
    typed = {"rows-0-recipient": "Schule am See", "rows-0-purpose": "KIN", "rows-0-told": ["NAM"]}
    assert maier.post(f"/freigaben/{sheet_id}/aendern", hidden_fields(first) | typed).status_code == 302
    late = maier.post(f"/freigaben/{sheet_id}/aendern", hidden_fields(first) | typed | {"rows-0-recipient": "Andere"})
    assert late.status_code == 409
    assert "inzwischen geändert" in late.text
    assert "Schule am See" in late.text
    assert "Andere" in late.text
    said = {"client-way": "confirmed", "client-name": "Z", "signed_on": f"{clock.today():%d.%m.%Y}"}
    stale = maier.post(f"/freigaben/{sheet_id}/unterschreiben", hidden_fields(signing) | said)
    assert stale.status_code == 409
    assert "Schule am See" in stale.text
    with world.unit("maier"):
        assert queries.list_valid_releases(client_id, clock.today()) == []
    assert maier.post(f"/freigaben/{sheet_id}/unterschreiben", hidden_fields(stale) | said).status_code == 302
    again = maier.post(f"/freigaben/{sheet_id}/unterschreiben", hidden_fields(stale) | said)
    assert again.status_code == 302  # a double click
    other = maier.post(f"/freigaben/{sheet_id}/unterschreiben", hidden_fields(stale) | said | {"client-name": "Y"})
    assert other.status_code == 409
    assert "inzwischen unterschrieben" in other.text
    assert maier.get(f"/freigaben/{sheet_id}/aendern").status_code == 302


def test_a_sheet_is_declined_discarded_and_brought_back(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    sheet_id, maier = prepared(world, client_id), browse("maier")
    maier.post(f"/freigaben/{sheet_id}/verwerfen")
    page = maier.get(f"/klienten/{client_id}/freigaben").text
    assert f"/freigaben/{sheet_id}/zurueckholen" in page  # the way back
    maier.post(f"/freigaben/{sheet_id}/zurueckholen")
    version = hidden_fields(maier.get(f"/freigaben/{sheet_id}"))["version"]
    assert maier.post(f"/freigaben/{sheet_id}/abgelehnt", {"version": "0"}).status_code == 409
    assert maier.post(f"/freigaben/{sheet_id}/abgelehnt", {"version": version}).status_code == 302
    assert "Daraus folgt nichts" in maier.get(f"/freigaben/{sheet_id}").text
    assert "Freigaben nicht unterschrieben" in maier.get(f"/klienten/{client_id}").text


def test_a_withdrawal_in_three_inputs_prints_its_proof_and_tells_the_recipient(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    ids = signed(world, client_id, release("Jobcenter"), release("Schule am See"), consent("FOT"))
    maier, page = browse("maier"), f"/klienten/{client_id}/widerruf"
    nothing = maier.submit(page, {"way": "TEL"})
    assert nothing.status_code == 422
    assert "Kreuzen Sie an" in nothing.text
    assert maier.submit(page, {"declarations": [str(ids[0])], "way": "TEL"}).status_code == 302
    listed = maier.get(f"/klienten/{client_id}/freigaben").text
    assert "widerrufen am" in listed
    assert "Mitteilung an die Stelle" in listed
    assert "Jobcenter" not in maier.get(page).text
    for what in ("nachweis", "mitteilung"):
        answer = maier.post(f"/freigaben/zeile/{ids[0]}/{what}")
        assert "/papiere/" in answer.location
        assert maier.get(answer.location).status_code == 200
        assert maier.post(f"/freigaben/zeile/{ids[1]}/{what}").status_code == 422
    assert "Mitteilung an die Stelle" not in maier.get(f"/klienten/{client_id}/freigaben").text
    assert "Freigabe widerrufen" in maier.get(f"/klienten/{client_id}").text
    foreign = maier.submit(page, {"declarations": [str(uuid4())], "way": "TEL"})
    assert foreign.status_code == 422


def test_a_colleague_takes_the_call_and_sees_no_more_than_it_needs(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    signed(world, client_id, release("Jobcenter"), release("Praxis Dr. Klee", fields=("NAM", "GES"), purpose="GES"))
    oez = browse("oez")
    page = oez.get(f"/klienten/{client_id}/widerruf")
    assert page.status_code == 200
    assert "Freigabe: Jobcenter" in page.text
    assert "der Name steht nur in der Akte" in page.text
    for hidden in ("Klee", "Gesundheit", "Wohnung finden", "Telefonnummer"):
        assert hidden not in page.text
    assert oez.get(f"/klienten/{client_id}/freigaben").status_code in {403, 404}
    with world.unit("oez"):
        ids = [str(each.id) for each in queries.list_withdrawable(client_id)]
    answer = oez.submit(f"/klienten/{client_id}/widerruf", {"declarations": ids, "way": "TEL"})
    assert answer.location == f"/klienten/{client_id}"
    with world.unit("maier"):
        assert queries.list_valid_releases(client_id, clock.today()) == []
    assert "widerrufen am" in browse("maier").get(f"/klienten/{client_id}/freigaben").text
    for login in ("sued", "fremd"):
        assert browse(login).get(f"/klienten/{client_id}/widerruf").status_code == 404
    assert browse("dsb").get(f"/klienten/{client_id}/widerruf").status_code == 403


def test_a_vollmacht_is_a_paper_of_its_own(world: World, browse: Browse) -> None:
    client_id, partner_id = stored_file(world), jobcenter(world)
    maier = browse("maier")
    refused = maier.submit(
        f"/klienten/{client_id}/vollmacht/neu", {"recipient": "Familienkasse", "holder": "Eva Maier"}
    )
    assert refused.status_code == 422
    assert "was die Vollmacht umfasst" in refused.text
    typed = {"partner": str(partner_id), "scopes": ["AUS", "UNT"], "holder": "Eva Maier, Musterhausen"}
    answer = maier.submit(f"/klienten/{client_id}/vollmacht/neu", typed)
    sheet_id = sheet_id_of(answer.location, maier)
    changed = maier.get(f"/freigaben/{sheet_id}/aendern")
    assert 'value="Eva Maier, Musterhausen"' in changed.text
    sign(world, UUID(sheet_id))
    listed = maier.get(f"/klienten/{client_id}/freigaben").text
    assert "Vollmacht" in listed
    with world.unit("maier"):
        assert queries.list_valid_releases(client_id, clock.today()) == []  # to act is not to be told


def test_every_adult_declares_for_himself_and_the_page_leads_to_the_others(world: World, browse: Browse) -> None:
    first, second, _child = stored_family(world)
    signed(world, first, release("Jobcenter"))
    page = browse("maier").get(f"/klienten/{second}/freigaben").text
    assert "Noch keine Freigabe" in page
    assert f"/klienten/{first}/freigaben" in page
    assert "erklärt für sich selbst" in page


def test_the_notice_is_printed_and_says_what_the_profile_lacks(world: World, browse: Browse) -> None:
    client_id = stored_file(world)
    maier = browse("maier")
    page = maier.get(f"/klienten/{client_id}/freigaben").text
    assert "Noch nicht gegeben" in page
    assert "Datenschutzbeauftragte Person" in page
    answer = maier.post(f"/klienten/{client_id}/datenschutzhinweise/drucken")
    assert maier.get(answer.location).status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_declarations(
    world: World, browse: Browse, count_statements: Callable[[], object]
) -> None:
    client_id = stored_file(world)
    signed(world, client_id, release("Jobcenter"))
    maier, page = browse("maier"), f"/klienten/{client_id}/freigaben"
    maier.get(page)
    with count_statements() as few:  # type: ignore[attr-defined]
        maier.get(page)
    for number in range(4):
        signed(world, client_id, release(f"Schule {number}"), release(f"Verein {number}"), consent("FOT"))
    with count_statements() as many:  # type: ignore[attr-defined]
        maier.get(page)
    assert int(few) == int(many), many.statements
    assert int(many) <= 10, many.statements
    form = hidden_fields(maier.get(f"{page}/neu"))
    with count_statements() as saving:  # type: ignore[attr-defined]
        answer = maier.post(f"{page}/neu", form | {"rows-0-recipient": "Amt", "rows-0-purpose": "LEI"})
    assert answer.status_code == 302
    assert int(saving) <= 30, saving.statements
