"""Taking the files of a release, checking one that came back, summing those of several Kreise: pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.audit.models import AuditEvent
from caseapp.reporting.documents import FORMS
from caseapp.reporting.rules import file_list, signed
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.verification import file_digest
from caseapp.reporting.service.collecting import listed_keys, typed_keys
from tests.factories.browser import Browser
from tests.factories.packages import package
from tests.factories.world import World
from tests.reporting.proven import filed, proven
from tests.reporting.shelved import stored

Browse = Callable[[str], Browser]
READERS = ("maier", "leitung", "koord", "foerder", "dsb")


@pytest.fixture(scope="module")
def release() -> Released:
    return proven(package("08117", "2026-Q3"))


@pytest.fixture
def made(world: World, release: Released) -> UUID:
    return filed(world, release)


def uploaded(browser: Browser, content: bytes, name: str, **more: str) -> tuple[int, str]:
    answer = browser.submit("/berichte/pruefen", {"file": (io.BytesIO(content), name), **more})
    return answer.status_code, answer.text


def test_everybody_who_reads_reports_takes_the_files_under_their_names_and_it_is_recorded(
    world: World, browse: Browse, made: UUID, release: Released
) -> None:
    for login in READERS:
        browser = browse(login)
        for kind, name in (("xlsx", "2026-q3.xlsx"), ("csv", "2026-q3-csv.zip"), ("json", "2026-q3.json")):
            answer = browser.get(f"/berichte/{made}/{kind}")
            assert answer.status_code == 200
            assert answer.data == FORMS[kind](release)
            assert f"bericht-08117-{name}" in answer.headers["Content-Disposition"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with world.unscoped() as unit:
        events = unit.scalars(select(AuditEvent.actor_id).where(AuditEvent.action == "report:download")).all()
    assert sorted(map(str, events)) == sorted(str(world.users[login]) for login in READERS for _kind in range(3))
    assert browse("admin").get(f"/berichte/{made}/json").status_code == 403
    assert browse("").get(f"/berichte/{made}/json").status_code == 302


def test_what_is_no_file_is_not_found_and_one_not_made_yet_leads_back(browse: Browse, made: UUID) -> None:
    browser = browse("foerder")
    assert browser.get(f"/berichte/{made}/exe").status_code == 404
    assert browser.get(f"/berichte/{UUID(int=5)}/json").status_code == 404
    waiting = browser.get(f"/berichte/{made}/pdf")
    assert (waiting.status_code, waiting.headers["Location"]) == (302, f"/berichte/{made}")


def test_the_list_of_files_is_signed_by_the_key_of_this_installation(
    browse: Browse, made: UUID, release: Released
) -> None:
    answer = browse("koord").get(f"/berichte/{made}/list")
    found = file_list.read(answer.data)
    assert found.number == release.package.number
    assert found.files["bericht-08117-2026-q3.xlsx"] == file_digest(FORMS["xlsx"](release))
    assert browse("koord").get(f"/berichte/{made}/list").data == answer.data, "signed twice it is the same"


def test_a_genuine_file_is_recognised_and_its_report_named(browse: Browse, made: UUID, release: Released) -> None:
    browser = browse("foerder")
    for kind, name in (("json", "a.json"), ("csv", "a.zip"), ("xlsx", "a.xlsx")):
        status, text = uploaded(browser, FORMS[kind](release), name)
        assert status == 200
        assert "echt und unverändert" in text
        assert f"/berichte/{made}" in text
        assert release.digest[:16] in text
    elsewhere = proven(package("08117", "2026-Q2"), signer="elsewhere")
    text = uploaded(browser, FORMS["json"](elsewhere), "b.json")[1]
    assert "Von wem sie stammt, ist noch offen" in text
    assert "echt und unverändert" not in text, "anybody can sign what is invented"
    assert elsewhere.public_key in text
    text = uploaded(browser, FORMS["json"](elsewhere), "b.json", key=elsewhere.public_key)[1]
    assert "echt und unverändert" in text
    assert "kommt von einer anderen Stelle" in text


def test_a_changed_file_and_what_is_none_are_refused_in_words(browse: Browse, made: UUID, release: Released) -> None:
    browser = browse("maier")
    changed = FORMS["json"](release).replace(b"Wohnen", b"Reisen")
    status, text = uploaded(browser, changed, "a.json")
    assert status == 200
    assert "nicht echt oder wurde verändert" in text
    assert "Prüfsumme stimmt nicht" in text
    assert "nicht Byte für Byte" in uploaded(browser, b"%PDF-1.7 x", "a.pdf")[1]
    assert "anderer Schlüssel" in uploaded(browser, FORMS["json"](release), "a.json", key="ab" * 32)[1]
    for content, name, more in (
        (b"hello", "a.txt", {}),
        (b"PK\x03\x04broken", "a.zip", {}),
        (b'{"a": [', "a.json", {}),
        (FORMS["json"](release), "a.json", {"key": "<script>"}),
    ):
        status, text = uploaded(browser, content, name, **more)
        assert status == 422
        assert "<script>" not in text.replace('<script type="module"', "").replace("<script nonce", "")
    assert browser.submit("/berichte/pruefen", {}).status_code == 422
    too_large = browser.post("/berichte/pruefen", {"file": (io.BytesIO(b"{" * 30_000_000), "a.json")})
    assert too_large.status_code == 303


def test_checking_costs_the_same_statements_however_many_releases_there_are(
    world: World, browse: Browse, made: UUID, release: Released, count_statements: Callable[[], object]
) -> None:
    browser = browse("dsb")
    content = FORMS["xlsx"](release)
    uploaded(browser, content, "a.xlsx")
    with count_statements() as few:  # type: ignore[attr-defined]
        uploaded(browser, content, "a.xlsx")
    others = [replace(release, package=replace(release.package, scope=f"0811{n}"), digest=f"{n}" * 64) for n in "1568"]
    stored(world, others)
    with count_statements() as many:  # type: ignore[attr-defined]
        uploaded(browser, content, "a.xlsx")
    assert int(few) == int(many)


def kreise(period: str = "2026-Q3") -> list[Released]:
    return [proven(package(scope, period), signer=scope) for scope in ("08115", "08117")]


def test_two_kreise_are_summed_on_the_page_once_their_keys_are_compared(browse: Browse, world: World) -> None:
    browser, parts = browse("koord"), kreise()
    files = [(io.BytesIO(signed.write(each)), f"C:\\x\\{each.package.scope}.json") for each in parts]
    keys = "\n".join(f"{each.package.scope} = {each.public_key}" for each in parts)
    answer = browser.submit("/berichte/summe", {"files": files, "keys": keys})
    assert answer.status_code == 200
    assert "bericht-08-2026-q3-summe.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = set(archive.namelist())
        total = signed.read(archive.read("bericht-08-2026-q3-summe.json"))
        said = archive.read("LIESMICH.txt").decode()
    assert names > {"bericht-08-2026-q3-summe.xlsx", "bericht-08-2026-q3-summe-csv.zip"}
    assert set(total.package.sources) == {"08115-2026-Q3", "08117-2026-Q3"}
    assert "Es fehlen 42 Kreise" in said
    with world.unscoped() as unit:
        assert unit.scalars(select(AuditEvent.action).where(AuditEvent.action == "report:sum")).all() == ["report:sum"]


def test_a_sum_that_cannot_be_made_answers_with_the_reason_and_keeps_what_was_typed(browse: Browse) -> None:
    browser, parts = browse("koord"), kreise()

    def sent(files: list[tuple[bytes, str]], keys: str) -> str:
        data = {"files": [(io.BytesIO(content), name) for content, name in files], "keys": keys}
        answer = browser.submit("/berichte/summe", data)
        assert answer.status_code == 422
        assert keys in answer.text
        return answer.text

    written = [(signed.write(each), f"{each.package.scope}.json") for each in parts]
    keys = "\n".join(f"{each.package.scope}={each.public_key}" for each in parts)
    unknown = sent(written, f"08115={parts[0].public_key}")
    assert "nicht bestätigt" in unknown
    assert parts[1].public_key in unknown
    assert "Zeile 2" in sent(written, f"{keys.splitlines()[0]}\nnichts")
    assert "kaputt.json" in sent([*written, (b"{}", "kaputt.json")], keys)
    assert "zweimal" in sent([*written, written[0]], keys)
    assert "mindestens zwei" in sent([], keys)
    assert "mindestens zwei" in sent(written[:1], keys)
    assert "Zeitraum" in sent([written[0], (signed.write(kreise("2026-Q2")[1]), "b.json")], keys)


def test_keys_are_typed_as_people_write_them_and_the_shipped_list_can_be_read() -> None:
    key = "AB" * 32
    assert typed_keys(f"08117 = {key}\n\n 08115:{key} ") == {
        "08117": frozenset({key.lower()}),
        "08115": frozenset({key.lower()}),
    }
    assert all(len(scope) == 5 for scope in listed_keys())
