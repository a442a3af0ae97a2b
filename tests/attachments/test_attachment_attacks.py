"""What an attacker tries with files: names, kinds, sizes, a full disk, a changed disk, a forged form."""

from __future__ import annotations

import errno
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from caseapp.attachments.rules import kinds
from caseapp.attachments.rules.names import name_of
from caseapp.sealed.files import FileWriter
from caseapp.web.area import Uploads
from tests.attachments.test_attachment_pages import attachments, events, on_disk, upload
from tests.attacks.test_at_rest import CANARY, traces
from tests.factories.attachments import PDF, image, packed, word
from tests.factories.browser import Browser
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
MEGABYTE = 1024 * 1024


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world, "maier")


def installation(world: World) -> list[Path]:
    """Every file of the installation, keys included."""
    settings = world.services.settings
    return [path for folder in (settings.data_dir, settings.keys_dir) for path in folder.rglob("*") if path.is_file()]


def test_neither_name_nor_content_nor_remark_stands_anywhere(
    world: World,
    browse: Browse,
    client_id: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    browser = browse("maier")
    text = f"{CANARY} wohnt hier. ".encode() * 20_000
    sent = [(text, f"{CANARY}.txt"), (image("JPEG") + text, f"Foto {CANARY}.jpg"), (b"MZ\x00" + text, f"{CANARY}.exe")]
    answer = upload(browser, client_id, *sent, note=f"Bemerkung {CANARY}")
    assert answer.status_code == 422
    stored = attachments(world, client_id)
    assert [each.head.note for each in stored] == [f"Bemerkung {CANARY}"] * 2
    cookies = [str(answer.headers.getlist("Set-Cookie"))]
    for each in stored:
        opened = browser.get(f"/dateien/{each.id}")
        assert CANARY.encode() in opened.data
        assert CANARY in opened.headers["Content-Disposition"]
        # The one header that has to name it.
        cookies += [str([(name, value) for name, value in opened.headers if name != "Content-Disposition"])]
        address = f"/dateien/{each.id}/aendern"
        form = {"name": f"{CANARY} neu", "level": "protected", "note": CANARY, "version": "1"}
        cookies.append(str(browser.post(address, form).headers))
        cookies.append(str(browser.post(f"/dateien/{each.id}/streichen").headers))
    files = installation(world)
    assert len(files) > 5
    assert {str(path): traces(path.read_bytes()) for path in files if traces(path.read_bytes())} == {}
    assert {path.name for path in files if traces(path.name.encode())} == set()
    assert list(temporary.iterdir()) == []
    captured = capfd.readouterr()
    assert traces((captured.out + captured.err + "".join(cookies)).encode()) == set()


NAMES = {
    "../../../etc/passwd": "passwd.pdf",
    "..\\..\\windows\\system32\\a.pdf": "a.pdf",
    "/etc/cron.d/x": "x.pdf",
    "..": "Datei.pdf",
    "a\r\nSet-Cookie: b=c.pdf": "a Set-Cookie b=c.pdf",
    'x"; filename="evil.exe': "x ; filename= evil.exe.pdf",
    "Rechnung\u202efdp.exe": "Rechnung fdp.exe.pdf",
    "CON.pdf\x00.exe": "CON.pdf .exe.pdf",
    "x" * 5_000 + ".pdf": "x" * 116 + ".pdf",
    ".htaccess": "htaccess.pdf",
    "<img src=x onerror=alert(1)>.pdf": "img src=x onerror=alert(1).pdf",
}


@pytest.mark.parametrize(("sent", "kept"), NAMES.items())
def test_a_name_keeps_nothing_that_means_more_than_a_name(sent: str, kept: str) -> None:
    assert name_of(sent, kinds.KINDS["pdf"]) == kept


@pytest.mark.parametrize("sent", [each for each in NAMES if not set(each) & set('\r\n\\"')])
def test_a_name_is_only_a_name(world: World, browse: Browse, client_id: UUID, sent: str) -> None:
    browser = browse("maier")
    before = set(world.services.settings.data_dir.parent.iterdir())
    assert upload(browser, client_id, (PDF, sent)).status_code == 302
    (stored,) = attachments(world, client_id)
    assert stored.head.name == NAMES[sent]
    answer = browser.get(f"/dateien/{stored.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in str(answer.headers["Content-Disposition"])
    assert not any(each.startswith("b=c") for each in answer.headers.getlist("Set-Cookie"))
    assert set(world.services.settings.data_dir.parent.iterdir()) == before
    assert {path.name for path in world.services.settings.attachments_dir.iterdir()} == {stored.file_id.hex}


def test_an_image_that_is_also_a_page_leaves_as_an_image_to_be_saved(
    world: World, browse: Browse, client_id: UUID
) -> None:
    browser = browse("maier")
    page = image("JPEG") + b"<html><script>alert(document.domain)</script></html>"
    upload(browser, client_id, (page, "seite.html"))
    (stored,) = attachments(world, client_id)
    assert stored.head.name == "seite.html.jpg"
    answer = browser.get(f"/dateien/{stored.id}")
    assert (answer.mimetype, answer.headers["Content-Disposition"][:10]) == ("image/jpeg", "attachment")
    shown = browser.get(f"/dateien/{stored.id}/vorschau")
    assert shown.mimetype == "image/jpeg"
    assert b"script" not in shown.data
    for each in (answer, shown):
        assert "sandbox" in each.headers["Content-Security-Policy"]
        assert "default-src 'none'" in each.headers["Content-Security-Policy"]


def test_a_packed_bomb_is_stored_unopened(
    world: World, browse: Browse, client_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb, archive = word(b"\x00" * 60 * MEGABYTE), packed("a.txt")
    assert len(bomb) < MEGABYTE
    for reader in ("read", "open", "extract", "extractall"):
        monkeypatch.setattr(zipfile.ZipFile, reader, lambda *_given, **_named: pytest.fail("it was unpacked"))
    assert upload(browse("maier"), client_id, (bomb, "bombe.docx")).status_code == 302
    assert upload(browse("maier"), client_id, (archive, "archiv.docx")).status_code == 422


def limit(monkeypatch: pytest.MonkeyPatch, browser: Browser, largest: int, together: int) -> None:
    """Other limits for the upload page, so that a test need not send 50 MB."""
    monkeypatch.setattr(browser.app.view_functions["attachments.add"], "uploads", Uploads(largest, together))


def test_too_large_a_file_is_refused_in_german_and_the_others_are_kept(
    world: World, browse: Browse, client_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browse("maier")
    limit(monkeypatch, browser, MEGABYTE, 10 * MEGABYTE)
    exactly, above = PDF + bytes(MEGABYTE - len(PDF)), PDF + bytes(MEGABYTE - len(PDF) + 1)
    answer = upload(browser, client_id, (above, "gross.pdf"), (exactly, "passt.pdf"))
    assert answer.status_code == 422
    assert "gross.pdf</bdi>: Die Datei ist größer als 50 MB." in answer.text
    assert [each.head.name for each in attachments(world, client_id)] == ["passt.pdf"]
    assert on_disk(world) == 1


def test_too_much_together_is_refused_as_a_whole(
    world: World, browse: Browse, client_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browse("maier")
    limit(monkeypatch, browser, MEGABYTE, 2 * MEGABYTE)
    many = [(PDF + bytes(900_000), f"{number}.pdf") for number in range(4)]
    answer = upload(browser, client_id, *many)
    assert answer.status_code == 303
    assert "Zusammen sind die Dateien größer" in browser.get(answer.location).text
    assert on_disk(world) == 0
    assert attachments(world, client_id) == []


def test_more_files_than_a_form_takes_are_named(world: World, browse: Browse, client_id: UUID) -> None:
    many = [(PDF, f"{number}.pdf") for number in range(kinds.MOST_FILES + 1)]
    answer = upload(browse("maier"), client_id, *many)
    assert "20.pdf</bdi>: Höchstens 20 Dateien auf einmal." in answer.text
    assert len(attachments(world, client_id)) == on_disk(world) == kinds.MOST_FILES


@pytest.mark.parametrize("method", ["add", "finish"])
def test_a_full_disk_is_said_in_german_and_leaves_nothing(
    world: World, browse: Browse, client_id: UUID, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    done = getattr(FileWriter, method)

    def full(writer: FileWriter, *piece: bytes) -> None:
        done(writer, *piece)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileWriter, method, full)
    answer = upload(browse("maier"), client_id, (PDF + bytes(MEGABYTE), "a.pdf"), (PDF, "b.pdf"))
    assert answer.status_code == 422
    assert "Auf dem Server ist kein Platz mehr." in answer.text
    assert on_disk(world) == 0
    assert attachments(world, client_id) == []


def test_a_row_that_is_not_committed_leaves_no_file_that_a_row_names(
    world: World, browse: Browse, client_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("power loss")

    monkeypatch.setattr("caseapp.attachments.service.audit.record", broken)
    assert upload(browse("maier"), client_id, (PDF, "a.pdf")).status_code == 500
    assert attachments(world, client_id) == []
    assert on_disk(world) == 0


def changed(world: World, file_id: UUID) -> None:
    path = world.services.settings.attachments_dir / file_id.hex
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


def test_a_changed_file_is_not_handed_out_and_breaks_no_list(
    world: World, browse: Browse, client_id: UUID, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = browse("maier")
    upload(browser, client_id, (PDF * 20_000, "a.pdf"), (image(), "b.png"))
    paper, picture = attachments(world, client_id)
    changed(world, paper.file_id)
    assert picture.preview_id is not None
    changed(world, picture.preview_id)
    for address in (f"/dateien/{paper.id}", f"/dateien/{picture.id}/vorschau"):
        answer = browser.get(address)
        assert answer.status_code == 422
        assert "nicht lesbar" in answer.text
        assert b"%PDF" not in answer.data
    assert "sealed_file_unreadable" in capfd.readouterr().err
    assert browser.get(f"/klienten/{client_id}/dateien").status_code == 200
    assert browser.get(f"/dateien/{picture.id}").status_code == 200
    assert events(world, "attachment:open") == 1


def sent_without(browser: Browser, client_id: UUID, token: str) -> TestResponse:
    data = {"csrf_token": token, "files": [(io.BytesIO(PDF), "a.pdf")], "level": "general", "form_id": str(uuid4())}
    return browser.client.post(f"/klienten/{client_id}/dateien/neu", data=data)


def test_a_forged_form_and_a_stranger_leave_nothing(world: World, browse: Browse, client_id: UUID) -> None:
    assert sent_without(browse("maier"), client_id, "erfunden").status_code in {200, 403}
    assert upload(browse(""), client_id, (PDF, "a.pdf")).status_code == 401
    assert upload(browse("admin"), client_id, (PDF, "a.pdf")).status_code == 403
    for login, status in (("oez", 403), ("sued", 404), ("fremd", 404), ("leitung", 403)):
        assert upload(browse(login), client_id, (PDF, "a.pdf")).status_code == status, login
    assert attachments(world, client_id) == []
    assert on_disk(world) == 0


def test_a_form_id_of_another_file_tells_nothing(world: World, browse: Browse, client_id: UUID) -> None:
    form_id = str(uuid4())
    foreign = stored_file(world, "fremd")
    upload(browse("fremd"), foreign, (PDF, "a.pdf"), form_id=form_id)
    answer = upload(browse("maier"), client_id, (PDF, "a.pdf"), form_id=form_id)
    assert answer.status_code in {409, 422}
    assert attachments(world, client_id) == []
    assert on_disk(world) == 1
