"""Small pictures, and what is deleted for good."""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import zlib
from uuid import UUID

import pytest
from PIL import Image
from pypdf import PdfWriter
from sqlalchemy import select

from caseapp import clock, jobs
from caseapp.attachments import jobs as attachment_jobs
from caseapp.attachments import queries, service
from caseapp.attachments.models import Attachment
from caseapp.attachments.rules.pictures import small_picture
from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.jobs import Job, JobState
from caseapp.sealed.files import FileStore, files
from caseapp.security.actor import Actor
from tests.factories.attachments import image, stored, stored_text
from tests.factories.files import stored_file
from tests.factories.world import World


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world, "maier")


@pytest.fixture
def store(world: World) -> FileStore:
    return FileStore(world.services.settings.attachments_dir)


def add(world: World, client_id: UUID, content: bytes, name: str = "bild.png") -> UUID:
    """The id of a file that Maier has attached."""
    with world.unit("maier", write=True) as unit:
        return stored(world.actor("maier"), unit.get_one(Client, client_id), content, name).id


def draw(world: World, attachment_id: UUID) -> None:
    """Run the job as the job process does."""
    actor: Actor = world.actor("maier")
    with world.unit("maier", write=True):
        attachment = queries.get_attachment(attachment_id)
        organisation_id = attachment.organisation_id
        job = jobs.start(actor, service.PREVIEW, organisation_id=organisation_id, target_id=attachment.id)
    world.services.queue.put(job.id, actor.user_id)
    with world.unit("maier") as unit:
        assert unit.get_one(Job, job.id).state == JobState.DONE


def preview(world: World, attachment_id: UUID) -> bytes | None:
    with world.unit("maier", write=True) as unit:
        attachment = queries.get_attachment(attachment_id)
        client = unit.get_one(Client, attachment.client_id)
        found = service.open_preview(world.actor("maier"), client, attachment)
        return b"".join(files().read(found)) if found else None


def test_a_picture_is_drawn_anew_small_and_without_metadata(world: World, client_id: UUID) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Kanariequx in Musterhausen"  # what cameras write: where, when, by whom
    exif[0x0112] = 6  # taken upright
    content = image("JPEG", (3000, 1500), exif=exif)
    assert b"Kanariequx" in content
    attachment_id = add(world, client_id, content)
    draw(world, attachment_id)
    drawn = preview(world, attachment_id)
    assert drawn is not None
    assert b"Kanariequx" not in drawn
    with Image.open(io.BytesIO(drawn)) as small:
        assert small.format == "JPEG"
        assert small.size == (600, 1200)
        assert not small.getexif()


def test_what_follows_or_hides_in_an_image_is_not_in_its_picture() -> None:
    made = small_picture(image("JPEG") + b"<html><script>alert(1)</script></html>")
    assert made is not None
    assert b"script" not in made.content


def pdf(width: int, height: int, *, password: str = "", pages: int = 1) -> bytes:
    """A PDF of empty pages, of so many points."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width, height)
    writer.add_metadata({"/Author": "Kanariequx"})
    if password:
        writer.encrypt(password)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_pdf_shows_its_first_page(world: World, client_id: UUID) -> None:
    attachment_id = add(world, client_id, pdf(595, 842, pages=3), "Bescheid.pdf")
    draw(world, attachment_id)
    drawn = preview(world, attachment_id)
    assert drawn is not None
    assert b"Kanariequx" not in drawn
    with Image.open(io.BytesIO(drawn)) as small:
        assert max(small.size) == 1200
        assert small.height > small.width


def test_a_page_of_any_size_becomes_a_small_picture() -> None:
    for width, height in ((1, 1), (14_400, 14_400), (3, 14_400)):
        made = small_picture(pdf(width, height))
        assert made is None or max(made.width, made.height) <= 1200


@pytest.mark.parametrize("content", [pdf(595, 842, password="geheim"), pdf(595, 842)[:80], b"%PDF-1.7 nichts"])
def test_a_pdf_that_does_not_open_keeps_its_sign(world: World, client_id: UUID, content: bytes) -> None:
    attachment_id = add(world, client_id, content, "Bescheid.pdf")
    draw(world, attachment_id)
    assert preview(world, attachment_id) is None


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is very large."""

    def part(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = part(b"IHDR", header) + part(b"IDAT", zlib.compress(bytes(10_000))) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize("content", [bomb(60_000, 60_000), bomb(7_000, 9_000), bomb(200, 200), image()[:60]])
def test_an_image_that_cannot_be_opened_with_care_has_no_picture(world: World, client_id: UUID, content: bytes) -> None:
    attachment_id = add(world, client_id, content)
    draw(world, attachment_id)
    assert preview(world, attachment_id) is None


def test_a_struck_out_file_is_deleted_for_good_after_ten_minutes(
    world: World, client_id: UUID, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment_id = add(world, client_id, image())
    draw(world, attachment_id)
    with world.unit("maier", write=True) as unit:
        service.cancel(world.actor("maier"), unit.get_one(Client, client_id), queries.get_attachment(attachment_id))
    attachment_jobs.tidy(world.services.database, store)
    assert len(list(store.folder.iterdir())) == 2
    later = clock.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    attachment_jobs.tidy(world.services.database, store)
    assert list(store.folder.iterdir()) == []
    with world.unscoped() as unit:
        assert unit.get(Attachment, attachment_id) is None
        assert unit.scalars(select(AuditEvent.id).where(AuditEvent.action == "attachment:purge")).one()


def test_the_undo_ends_after_ten_minutes(world: World, client_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment_id = add(world, client_id, image())
    with world.unit("maier", write=True) as unit:
        client, attachment = unit.get_one(Client, client_id), queries.get_attachment(attachment_id)
        service.cancel(world.actor("maier"), client, attachment)
        later = clock.now() + dt.timedelta(minutes=11)
        monkeypatch.setattr(clock, "now", lambda: later)
        with pytest.raises(service.RuleError):
            service.restore(world.actor("maier"), client, attachment)


def test_left_files_are_swept_and_a_quiet_sweep_leaves_no_event(
    world: World, client_id: UUID, store: FileStore
) -> None:
    add(world, client_id, b"Text")
    left = store.store(b"Rest eines Abbruchs")
    os.utime(store.path(left.file_id), (1, 1))
    attachment_jobs.tidy(world.services.database, store)
    assert not store.path(left.file_id).exists()
    assert len(list(store.folder.iterdir())) == 1
    with world.unscoped() as unit:
        assert unit.scalars(select(AuditEvent.id).where(AuditEvent.action == "scope:everything")).all() == []


def test_an_empty_table_sweeps_nothing(world: World, store: FileStore) -> None:
    left = store.store(b"aus einer anderen Datenbank")
    os.utime(store.path(left.file_id), (1, 1))
    attachment_jobs.tidy(world.services.database, store)
    assert store.path(left.file_id).exists()


def test_an_erasure_deletes_the_files_of_its_clients_and_no_others(
    world: World, client_id: UUID, store: FileStore
) -> None:
    other = stored_file(world, "maier")
    draw(world, add(world, client_id, image()))
    with world.unit("maier", write=True) as unit:
        stored_text(world.actor("maier"), unit.get_one(Client, other))
    for expected in (2, 2):  # repeated after an interruption
        with world.unscoped(write=True):
            assert service.delete_files_of([client_id]) == expected
    assert len(list(store.folder.iterdir())) == 1
