"""The pages of a client's files: by role, by kind of file, and what leaves the server."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from caseapp.attachments.models import Attachment
from caseapp.audit import AuditEvent
from tests.factories.attachments import PDF, image, open_text, packed, word
from tests.factories.browser import Browser
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]


def upload(browser: Browser, client_id: UUID, *files: tuple[bytes, str], **fields: str) -> TestResponse:
    """Post these files (content, name) as the form does."""
    sent = [(io.BytesIO(content), name) for content, name in files]
    data = {"files": sent, "level": "general", "form_id": str(uuid4()), **fields}
    return browser.post(f"/klienten/{client_id}/dateien/neu", data)


def attachments(world: World, client_id: UUID) -> list[Attachment]:
    """What is stored of this client, opened."""
    with world.unscoped() as unit:
        found = list(
            unit.scalars(select(Attachment).where(Attachment.client_id == client_id).order_by(Attachment.place))
        )
        assert all(each.head and each.preview for each in found)
        return found


def events(world: World, action: str) -> int:
    with world.unscoped() as unit:
        return len(unit.scalars(select(AuditEvent.id).where(AuditEvent.action == action)).all())


def on_disk(world: World) -> int:
    folder = world.services.settings.attachments_dir
    return len(list(folder.iterdir())) if folder.exists() else 0


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world, "maier")


def test_several_files_are_uploaded_listed_and_come_back_byte_by_byte(
    world: World, browse: Browse, client_id: UUID
) -> None:
    browser = browse("maier")
    big = bytes(range(256)) * 2_000
    sent = [(PDF, "Bescheid.pdf"), (b"\xff\xd8\xff" + big, "foto.jpg"), ("Grüße\n".encode(), "notiz.txt")]
    answer = upload(browser, client_id, *sent)
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "Bescheid.pdf" in page
    stored = attachments(world, client_id)
    assert [each.head.name for each in stored] == ["Bescheid.pdf", "foto.jpg", "notiz.txt"]
    for attachment, (content, _name) in zip(stored, sent, strict=True):
        assert browser.get(f"/dateien/{attachment.id}").data == content
    assert events(world, "attachment:open") == 3
    assert events(world, "attachment:add") == 3


def test_a_download_is_never_shown_as_a_page(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    upload(browser, client_id, (image(), "Passfoto Rahimi.png"))
    answer = browser.get(f"/dateien/{attachments(world, client_id)[0].id}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Passfoto" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")


def test_pdf_office_files_text_and_pictures_are_told_by_their_content(
    world: World, browse: Browse, client_id: UUID
) -> None:
    sent = {
        "pdf": PDF,
        "png": image(),
        "jpeg": image("JPEG"),
        "webp": image("WEBP"),
        "tiff": image("TIFF"),
        "docx": word(),
        "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
        "odt": open_text(),
        "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        "text": b"Guten Tag",
    }
    assert (
        upload(browse("maier"), client_id, *((content, "ohne Endung") for content in sent.values())).status_code == 302
    )
    stored = attachments(world, client_id)
    assert [each.head.kind for each in stored] == list(sent)
    assert stored[0].head.name == "ohne Endung.pdf"
    assert [each.preview_id is not None for each in stored] == [
        each in {"png", "jpeg", "webp", "tiff"} for each in sent
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03", "rechnung.pdf"),
        (b"\x7fELF\x02\x01", "a.png"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "brief.txt"),
        (b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "bild.png"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "bild.svg"),
        (b"#!/bin/sh\necho", "a.txt"),
        (packed("evil.exe"), "a.docx"),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx"),
        (b"", "leer.pdf"),
        (b"GIF89a\x01\x00", "a.gif"),
    ],
)
def test_what_may_not_be_attached_is_refused_and_leaves_nothing(
    world: World, browse: Browse, client_id: UUID, content: bytes, name: str
) -> None:
    answer = upload(browse("maier"), client_id, (content, name))
    assert answer.status_code == 422
    assert "nicht gespeichert" in answer.text
    assert attachments(world, client_id) == []
    assert on_disk(world) == 0


def test_of_several_files_the_good_ones_are_kept_and_the_others_named(
    world: World, browse: Browse, client_id: UUID
) -> None:
    answer = upload(browse("maier"), client_id, (PDF, "gut.pdf"), (b"MZ\x00", "böse.exe"))
    assert answer.status_code == 422
    assert "böse.exe" in answer.text
    assert "Eine Datei ist gespeichert." in answer.text
    assert [each.head.name for each in attachments(world, client_id)] == ["gut.pdf"]
    assert on_disk(world) == 1


def test_the_same_form_sent_twice_stores_once(world: World, browse: Browse, client_id: UUID) -> None:
    browser, form_id = browse("maier"), str(uuid4())
    for _time in range(2):
        assert upload(browser, client_id, (PDF, "a.pdf"), (image(), "b.png"), form_id=form_id).status_code == 302
    assert len(attachments(world, client_id)) == 2
    assert on_disk(world) == 3  # the small picture of the second
    assert upload(browser, client_id, (b"anders", "c.txt"), form_id=form_id).status_code == 422
    assert len(attachments(world, client_id)) == 2


def test_who_reads_what(world: World, browse: Browse, client_id: UUID) -> None:
    upload(browse("maier"), client_id, (PDF, "allgemein.pdf"))
    upload(browse("maier"), client_id, (PDF, "gesundheit.pdf"), level="protected")
    general, protected = sorted(attachments(world, client_id), key=lambda each: each.head.name)
    expected = {
        "maier": (200, 200, True),
        "leitung": (200, 404, False),  # the lead with the mark: facts, not health
        "lead2": (403, 403, False),  # without the mark no file at all
        "oez": (404, 404, False),
        "sued": (404, 404, False),
        "fremd": (404, 404, False),
        "fremdleitung": (404, 404, False),
        "admin": (403, 403, False),
        "dsb": (403, 403, False),
    }
    for login, (open_general, open_protected, sees) in expected.items():
        browser = browse(login)
        assert browser.get(f"/dateien/{general.id}").status_code == open_general, login
        assert browser.get(f"/dateien/{protected.id}").status_code == open_protected, login
        assert ("gesundheit.pdf" in browser.get(f"/klienten/{client_id}/dateien").text) is sees, login
    assert upload(browse("leitung"), client_id, (PDF, "a.pdf")).status_code == 403
    for action in ("streichen", "aendern", "zurueckholen"):
        assert browse("leitung").post(f"/dateien/{protected.id}/{action}").status_code in {403, 404}
        assert browse("oez").post(f"/dateien/{general.id}/{action}").status_code in {403, 404}


def test_a_cancelled_file_comes_back_within_ten_minutes(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    upload(browser, client_id, (PDF, "a.pdf"))
    address = f"/dateien/{attachments(world, client_id)[0].id}"
    assert browser.post(f"{address}/streichen").status_code == 302
    assert browser.get(address).status_code == 404
    assert "Zurückholen" in browser.get(f"/klienten/{client_id}/dateien").text
    assert browser.post(f"{address}/zurueckholen").status_code == 302
    assert browser.get(address).status_code == 200


def test_changing_shows_what_somebody_else_has_saved_meanwhile(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    upload(browser, client_id, (PDF, "a.pdf"))
    address = f"/dateien/{attachments(world, client_id)[0].id}/aendern"
    form = {"name": "Mietvertrag", "level": "general", "note": "erste Seite fehlt", "version": "1"}
    assert browser.post(address, form).status_code == 302
    stored = attachments(world, client_id)[0].head
    assert (stored.name, stored.note) == ("Mietvertrag.pdf", "erste Seite fehlt")
    answer = browser.post(address, form | {"name": "Anders"})
    assert answer.status_code == 409
    assert "Mietvertrag.pdf" in answer.text
    assert 'value="Anders"' in answer.text
    assert browser.post(address, form | {"name": " . ", "version": "2"}).status_code == 422


def test_the_script_is_answered_in_its_own_words(world: World, browse: Browse, client_id: UUID) -> None:
    browser = browse("maier")
    data = {"files": [(io.BytesIO(b"MZ\x00"), "a.exe")], "level": "general", "form_id": str(uuid4())}
    accepts = {"Accept": "application/json"}
    answer = browser.post(f"/klienten/{client_id}/dateien/neu", data, headers=accepts)
    assert answer.status_code == 422
    assert answer.json["stored"] == 0
    data = {"files": [(io.BytesIO(PDF), "a.pdf")], "level": "general", "form_id": str(uuid4())}
    assert browser.post(f"/klienten/{client_id}/dateien/neu", data, headers=accepts).json == {
        "stored": 1,
        "refused": [],
    }


def test_the_list_costs_the_same_whatever_its_length(
    world: World, browse: Browse, client_id: UUID, count_statements: Callable[[], object]
) -> None:
    browser = browse("maier")
    counts = []
    for _round in range(2):
        upload(browser, client_id, *[(PDF, f"{number}.pdf") for number in range(5)])
        with count_statements() as count:  # type: ignore[attr-defined]
            browser.get(f"/klienten/{client_id}/dateien")
        counts.append(int(count))
    assert counts[0] == counts[1]
