"""What may leave the house in a letter: nothing outside its template, nothing outside a release."""

from __future__ import annotations

import datetime as dt
import io
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from caseapp import clock
from caseapp.catalogue import phrases
from caseapp.catalogue.rules.phrases import slots
from caseapp.clients.models import SafeContact
from caseapp.clients.queries import get_client
from caseapp.consents import queries as consents
from caseapp.consents.rules import ValidRelease
from caseapp.documents import Said, render
from caseapp.errors import RuleError
from caseapp.letters import documents, queries, rules, service
from caseapp.letters.models import Letter
from caseapp.letters.rules import Sentence, check_values, load_templates, read_time, sentences, subject_key
from caseapp.letters.service import NewLetter, write_letter
from caseapp.papers.service import Order
from caseapp.settings import PROJECT_ROOT
from tests.factories.files import stored_file
from tests.factories.network import add_partner
from tests.factories.world import World

TEMPLATES = load_templates(PROJECT_ROOT / "config" / "rules")
FULL = {
    "day": "2026-11-20",
    "from_time": "9:00",
    "to_time": "9:30",
    "place": "Rathaus",
    "things": "Pass",
    "interpreter": "1",
    "invite": "1",
    "born": "1",
    "purpose": "jobcenter",
    "reference": "AB-12",
    "enclosures": "Mietvertrag\nZeugnis",
    "since": "2025-02-01",
    "text": "Guten Tag, ich komme morgen.",
}
BOOK = phrases.shipped()


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def release(partner_id: UUID, client_id: UUID, *fields: str, purpose: str = "LEI", days: int = 30) -> ValidRelease:
    today = clock.today()
    return ValidRelease(
        id=partner_id,
        client_id=client_id,
        partner_id=partner_id,
        recipient="",
        direction="tell",
        fields=frozenset(fields),
        purpose=purpose,
        ways=frozenset({"BRF"}),
        from_on=today - dt.timedelta(days=1),
        ends_on=today + dt.timedelta(days=days),
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.code)
def test_every_template_has_its_phrases_and_declares_what_it_tells(template: rules.Template) -> None:
    made = sentences(template.code, "Zahra Rahimi", check_values(template, FULL), "07541 1")
    for sentence in made:
        assert slots(BOOK.phrase(sentence.key, "de").text) == set(sentence.values)
    assert BOOK.has(subject_key(template.code))
    assert template.code == "TER" or {"NAM", "TER"} <= set(template.tells)
    assert ("GEB" in template.told(FULL)) == ("born" in template.asks)


CANARIES = st.fixed_dictionaries(
    {
        name: st.uuids().map(lambda value: f"zz{value.hex[:12]}")
        for name in ("place", "things", "reference", "enclosures", "text", "born", "purpose")
    }
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TEMPLATES), CANARIES, st.booleans())
def test_no_field_outside_the_template_is_in_the_text_of_the_letter(
    template: rules.Template, typed: dict[str, str], with_times: bool
) -> None:
    given_values = {**FULL, **typed} if with_times else {**FULL, **typed, "from_time": "9:00", "to_time": ""}
    values = check_values(template, given_values)
    assert set(values) <= set(template.asks)
    made = [
        Sentence(
            each.key,
            {name: Said(f"letters.purpose.{v}") if v in rules.PURPOSES else v for name, v in each.values.items()},
        )
        for each in sentences(template.code, "Zahra Rahimi", values, "")
    ]
    pdf = render(
        "small_letter",
        book=BOOK,
        language="ar",
        carrier="Stadt",
        sender=("Stadt",),
        recipient=("Zur Vorlage",),
        on=dt.date(2026, 11, 22),
        subject_key=subject_key(template.code),
        sentences=made,
        enclosures=rules.lines_of(values.get("enclosures", "")),
        text=values.get("text", ""),
        writer="Mia Maier",
        phone="",
        to_client=template.audience == rules.Audience.CLIENT,
        has_copy=template.audience == rules.Audience.THIRD,
        posted=False,
    )
    text = text_of(pdf)
    for name, canary in typed.items():
        assert (canary in text) == (name in template.asks), name


def test_the_letter_of_a_file_full_of_secrets_says_its_own_fields_only(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        client.head = msgspec.structs.replace(
            client.head, phones=("+4917612345678",), other_names=("Geheimname",), own_script="زهرا"
        )
        for template in ("WAR", "BSC", "BEG"):
            for born in ({}, {"born": "1"}):
                values = {name: text for name, text in FULL.items() if name != "born"} | born
                new = NewLetter(template=template, values=values, language="prs", recipient="Zur Vorlage")
                letter = write_letter(actor, client, new)
                pdf = documents.letter(Order(actor, client, letter.id))
                about = PdfReader(io.BytesIO(pdf)).metadata
                assert about is not None
                assert about.title in {"Bescheinigung", "Unterlagen"}
                assert "Rahimi" not in str(about)
                text = text_of(pdf)
                assert ("27.03.1991" in text) == bool(born)
                assert "Zahra Rahimi" in text
                for secret in ("17612345678", "Geheimname", client.file_number, "زهرا", "Pass", "Guten Tag, ich"):
                    assert secret not in text, secret


def test_a_posted_letter_needs_a_release_for_every_datum(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        address = {"street": "Hauptstraße 1", "postcode": "88069", "place": "Tettnang"}
        partner = add_partner(world, "maier", "Jobcenter", "JC", **address)
        held: list[ValidRelease] = []
        monkeypatch.setattr(consents, "list_valid_releases", lambda *_args, **_named: list(held))

        def post(**values: str) -> Letter:
            new = NewLetter(
                template="BSC",
                values={"since": "2025-02-01", "purpose": "jobcenter", **values},
                way="post",
                partner_id=partner.id,
            )
            return write_letter(actor, client, new)

        with pytest.raises(RuleError, match="keine Freigabe"):
            post()
        held.append(release(partner.id, client_id, "TER", "NAM"))
        sent = post()
        assert sent.content.release_ids == (partner.id,)
        assert sent.content.recipient == ("Jobcenter", "Hauptstraße 1", "88069 Tettnang")
        with pytest.raises(RuleError, match="umfasst nicht: Geburtsdatum"):
            post(born="1")
        held.append(release(partner.id, client_id, "TER", "NAM", "GEB", purpose="ARB"))
        with pytest.raises(RuleError, match="zu welchem Zweck") as refusal:
            post(born="1")
        assert refusal.value.field == "release_purpose"
        assert documents.letter(Order(actor, client, sent.id)).startswith(b"%PDF")
        held.clear()
        with pytest.raises(RuleError, match="gilt nicht mehr"):
            documents.letter(Order(actor, client, sent.id))


def test_a_partner_without_an_address_gets_no_post_but_a_letter_by_hand(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        partner = add_partner(world, "maier", "Verein", "VEI")
        new = NewLetter(template="WAR", values={"day": "2026-11-20"}, partner_id=partner.id)
        assert write_letter(actor, client, new).content.recipient[0] == "Verein"
        with pytest.raises(RuleError, match="fehlt die Anschrift"):
            write_letter(actor, client, NewLetter(template="WAR", values=new.values, partner_id=partner.id, way="post"))


def test_post_to_the_person_goes_only_where_post_is_safe(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        new = NewLetter(template="TER", values=FULL, way="post", recipient="Seestraße 2\n88069 Tettnang")
        assert write_letter(actor, client, new).content.recipient == ("Zahra Rahimi", "Seestraße 2", "88069 Tettnang")
        client.body = msgspec.structs.replace(client.body, safe_contact=SafeContact(ways=("ANR",)))
        with pytest.raises(RuleError, match="kein sicherer Weg"):
            write_letter(actor, client, new)


def test_a_letter_keeps_the_book_it_was_written_with(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        letter = write_letter(
            world.actor("maier"),
            get_client(client_id),
            NewLetter(template="WAR", values={"day": "2026-11-20"}, recipient="Zur Vorlage", contact=False),
        )
        assert letter.book_version == phrases.book().version
        assert phrases.book(letter.book_version).digest == phrases.book().digest
        assert letter.contact_id is None


def test_a_cancelled_letter_comes_back_only_for_ten_minutes(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        new = NewLetter(template="WAR", values={"day": "2026-11-20"}, recipient="Zur Vorlage")
        letter = write_letter(actor, client, new)
        service.cancel_letter(actor, client, letter)
        assert letter.cancelled_at is not None
        letter.cancelled_at -= dt.timedelta(minutes=11)
        with pytest.raises(RuleError, match="nicht mehr zurücknehmen"):
            service.restore_letter(actor, client, letter)
        assert queries.get_letter(letter.id).state == "cancelled"


@pytest.mark.parametrize(
    ("typed", "read"),
    [("9", "9:00"), ("9.30", "9:30"), ("09:05 Uhr", "9:05"), ("9h30", "9:30"), ("23:59", "23:59"), ("", "")],
)
def test_times_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["24:00", "9:60", "morgens", "9:3"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        read_time(typed)


def test_the_network_is_the_only_source_of_a_posted_address(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True), pytest.raises(RuleError) as refusal:
        write_letter(
            world.actor("maier"),
            get_client(client_id),
            NewLetter(template="WAR", values={"day": "2026-11-20"}, recipient="Jobcenter\nWeg 1\n1 Ort", way="post"),
        )
    assert refusal.value.field == "partner_id"
