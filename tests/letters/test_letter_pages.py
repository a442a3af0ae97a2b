"""Letters on their pages: two clicks, once, and taken back whole."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from pypdf import PdfReader

from caseapp import clock
from caseapp.clients.queries import get_client
from caseapp.counselling import queries as contacts
from caseapp.counselling.models import ContactDetail
from caseapp.counselling.service import NewContact, save_contact
from caseapp.letters import queries
from caseapp.letters.models import Letter
from caseapp.tasks import queries as tasks
from caseapp.tasks import service as task_service
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import head, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
WAS_HERE = {"day": "20.11.2026", "recipient": "Zur Vorlage", "way": "hand", "language": "de"}


def letters_of(world: World, client_id: UUID) -> list[Letter]:
    with world.unit("maier"):
        return list(queries.list_letters(client_id))


def printed(browser: Browser, location: str) -> str:
    """The text of the paper behind this address."""
    page = browser.get(location)
    address = re.search(r'href="(/papiere/[^"]+/pdf)"', page.text)
    assert address, page.text
    answer = browser.get(address[1])
    assert answer.mimetype == "application/pdf"
    assert "filename=schreiben.pdf" in answer.headers["Content-Disposition"]
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())


def test_was_here_today_takes_two_clicks_and_makes_one_contact(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    with world.unit("maier", write=True):
        talk = NewContact(
            on_day=clock.today(), kind="BUE", minutes=30, detail=ContactDetail(note="geheim", started_at="09:15")
        )
        save_contact(world.actor("maier"), get_client(client_id), talk)
    tab = maier.get(f"/klienten/{client_id}/schreiben")
    address = f"/klienten/{client_id}/schreiben/heute-hier"
    sent = hidden_fields(tab)
    first = maier.post(address, sent)
    text = printed(maier, first.location)
    assert "von 9:15 bis 9:45 Uhr" in text
    assert "geheim" not in text
    maier.post(address, sent)
    [letter] = letters_of(world, client_id)
    maier.post(f"/schreiben/{letter.id}/drucken")
    with world.unit("maier"):
        made = [each for each in contacts.list_contacts(client_id) if each.kind == "BRF"]
        assert [each.detail.note for each in made] == ["Schreiben: War heute hier"]
        assert contacts.last_day_with_client(client_id) == clock.today()


def test_without_a_talk_today_nothing_is_certified_with_one_click(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    assert "heute-hier" not in maier.get(f"/klienten/{client_id}/schreiben").text
    answer = maier.submit(f"/klienten/{client_id}/schreiben/WAR", {})
    assert "Geben Sie den Tag an." in answer.text
    sent = hidden_fields(maier.get(f"/klienten/{client_id}/schreiben/WAR"))
    assert maier.post(f"/klienten/{client_id}/schreiben/heute-hier", sent).location.endswith("/schreiben/WAR")
    assert letters_of(world, client_id) == []


def test_an_invitation_stands_beside_its_translation(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    typed = {"day": "01.12.2026", "from_time": "9.30 Uhr", "place": "Rathaus", "language": "ar", "way": "hand"}
    answer = maier.submit(f"/klienten/{client_id}/schreiben/TER", {**typed, "invite": "y", "phone": "07541 1234"})
    assert answer.status_code == 302, answer.text
    text = printed(maier, answer.location)
    assert "Wann: 01.12.2026, 9:30 Uhr" in text
    assert "نود أن ندعوكم إلى حديث" in text
    assert "07541 1234" in maier.get(f"/klienten/{client_id}/schreiben/BSC").text


@pytest.mark.parametrize(
    ("template", "typed", "said"),
    [
        ("TER", {"from_time": "9:30", "place": "Rathaus"}, "Geben Sie den Tag an."),
        ("TER", {"day": "01.12.2026", "from_time": "halb zehn", "place": "x"}, "Schreiben Sie die Uhrzeit wie 9:30."),
        ("TER", {"day": "31.02.2026", "from_time": "9", "place": "x"}, "gibt es nicht"),
        ("TER", {"day": "01.12.2026", "from_time": "9", "place": "x", "way": "post"}, "fehlt die Anschrift"),
        ("WAR", {"day": "20.11.2026", "from_time": "10:00", "to_time": "9:00"}, "Das Ende liegt vor dem Anfang."),
        ("WAR", {"day": "20.11.2026", "to_time": "9:00", "from_time": ""}, "Geben Sie auch an, ab wann."),
        ("BSC", {"purpose": "", "since": "01.02.2026"}, "Wählen Sie aus, für wen"),
        ("BSC", {"purpose": "school", "since": "01.02.2026", "recipient": ""}, "für wen der Brief ist"),
        (
            "BSC",
            {"purpose": "school", "since": "01.02.2026", "recipient": "Schule", "way": "post"},
            "aus dem Verzeichnis",
        ),
        ("BEG", {"enclosures": "\n".join("x" * 3 for _ in range(21)), "recipient": "Amt"}, "höchstens 20"),
        ("FRE", {"text": "", "recipient": "Amt"}, "Schreiben Sie den Text."),
        ("FRE", {"text": "Hallo", "recipient": "\n".join("abcdef")}, "passt nicht ins Fenster"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    world: World, browse: Browse, template: str, typed: dict[str, str], said: str
) -> None:
    client_id, maier = stored_file(world), browse("maier")
    answer = maier.submit(f"/klienten/{client_id}/schreiben/{template}", {"language": "de", "way": "hand", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    for text in typed.values():
        assert "\n" in text or text in answer.text
    assert letters_of(world, client_id) == []


def test_a_letter_finishes_the_task_that_asked_for_it_and_gives_it_back(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        task_id = task_service.add_task(actor, client, "Bescheinigung für die Schule", clock.today()).id
    start = maier.get(f"/aufgaben/{task_id}/schreiben").location
    assert "die Aufgabe erledigt" in maier.get(start).text
    page = f"/klienten/{client_id}/schreiben/BSC?aufgabe={task_id}"
    assert page.replace("?", "?") in maier.get(start).text
    typed = {**hidden_fields(maier.get(page)), "purpose": "school", "recipient": "Schule am See", "since": "01.02.2026"}
    answer = maier.post(page, {**typed, "language": "uk", "way": "hand"})
    assert answer.status_code == 302, answer.text

    def state() -> tuple[str, str, str]:
        with world.unit("maier"):
            letter = queries.list_letters(client_id)[0]
            contact = contacts.find_contact(letter.contact_id) if letter.contact_id else None
            assert contact is not None
            return letter.state, tasks.get_task(task_id).state, contact.state

    assert state() == ("valid", "done", "valid")
    [letter] = letters_of(world, client_id)
    maier.post(f"/schreiben/{letter.id}/stornieren")
    maier.post(f"/schreiben/{letter.id}/stornieren")
    assert state() == ("cancelled", "open", "cancelled")
    assert "storniert" in maier.get(f"/klienten/{client_id}/schreiben").text
    assert maier.post(f"/schreiben/{letter.id}/drucken").status_code == 422
    maier.post(f"/schreiben/{letter.id}/wiederherstellen")
    assert state() == ("valid", "done", "valid")


def test_the_slip_says_nothing_of_the_office(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world, head=head(language="fa")), browse("maier")
    assert f"/klienten/{client_id}/zettel" in maier.get(f"/klienten/{client_id}/nicht-angetroffen").text
    location = maier.post(f"/klienten/{client_id}/zettel").location
    address = re.search(r'href="(/papiere/[^"]+/pdf)"', maier.get(location).text)
    assert address
    pdf = maier.get(address[1]).data
    reader = PdfReader(io.BytesIO(pdf))
    text = " ".join(reader.pages[0].extract_text().split())
    assert "Wir waren am" in text
    assert "شما را در خانه پیدا نکردیم" in text
    for word in ("Musterhausen", "Maier", "Integration", "Rahimi", "Stadt", "Beratung"):
        assert word not in text
        assert word not in str(reader.metadata)


def test_the_number_of_statements_does_not_grow_with_the_letters(
    world: World, browse: Browse, count_statements: Callable[[], object]
) -> None:
    client_id, maier = stored_file(world), browse("maier")
    page, tab = f"/klienten/{client_id}/schreiben/WAR", f"/klienten/{client_id}/schreiben"

    def counted() -> int:
        maier.get(tab)
        with count_statements() as count:  # type: ignore[attr-defined]
            maier.get(tab)
        return int(count)

    assert maier.submit(page, WAS_HERE).status_code == 302
    one = counted()
    for _ in range(3):
        maier.submit(page, WAS_HERE)
    assert counted() == one
    assert one <= 20


def test_only_who_may_open_the_file_reads_or_writes_its_letters(world: World, browse: Browse) -> None:
    client_id, maier = stored_file(world), browse("maier")
    maier.submit(f"/klienten/{client_id}/schreiben/WAR", WAS_HERE)
    [letter] = letters_of(world, client_id)
    for login, answer in (("fremd", 404), ("dsb", 403)):
        other = browse(login)
        for path in (f"/klienten/{client_id}/schreiben/WAR", f"/klienten/{client_id}/schreiben"):
            assert other.get(path).status_code == answer, (login, path)
        assert other.post(f"/schreiben/{letter.id}/stornieren").status_code == answer
    assert maier.get(f"/klienten/{client_id}/schreiben/ZZZ").status_code == 404
