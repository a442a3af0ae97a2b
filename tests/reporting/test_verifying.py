"""Whatever is changed in a file of a report is found and named; what only looks different is not."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.reporting.documents import package_file, tables, workbook
from caseapp.reporting.documents.pdf import paper
from caseapp.reporting.documents.printed import text_of
from caseapp.reporting.rules import file_list, signed, unpacking
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.signed import FileError
from caseapp.reporting.rules.verification import Beside, Kind, Pages, Verdict, compare_tables, file_digest, verify
from caseapp.security.signing import sign_with
from tests.factories.packages import package
from tests.reporting.proven import proven, secret_of

SHEET = "I1 Hauptthema × Geschlecht"


@cache
def land() -> Released:
    return proven()


@cache
def file_of(kind: str) -> bytes:
    return {"json": package_file, "csv": tables, "xlsx": workbook}[kind].make(land())


def unzipped() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file_of("csv"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def edited(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The workbook as somebody saves it after a change."""
    book = openpyxl.load_workbook(io.BytesIO(file_of("xlsx")))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def the_only_problem(verdict: Verdict) -> str:
    assert len(verdict.problems) == 1, verdict.problems
    return verdict.problems[0]


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_each_form_proves_itself_without_database_and_keys(kind: str) -> None:
    verdict = verify(file_of(kind))
    assert (verdict.kind, verdict.problems) == (Kind(kind), ())
    assert verdict.released is not None
    assert verdict.released.digest == land().digest
    assert any(land().public_key in remark for remark in verdict.remarks), "whose key it is, only a comparison tells"
    compared = verify(file_of(kind), beside=Beside([land()], key=land().public_key.upper()))
    assert compared.genuine
    assert not any(land().public_key in remark for remark in compared.remarks)
    wrong = verify(file_of(kind), beside=Beside(key="ab" * 32))
    assert "anderer Schlüssel" in the_only_problem(wrong)


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_the_report_of_another_release_beside_is_named(kind: str) -> None:
    other = proven(package("08", "2026-Q2"))
    problem = the_only_problem(verify(file_of(kind), beside=Beside([other])))
    assert "08-2026-Q3" in problem
    assert "08-2026-Q2" in problem


def test_a_changed_figure_in_the_package_breaks_its_digest_and_a_new_digest_breaks_the_signature() -> None:
    document = json.loads(file_of("json"))
    document["package"]["figures"][0]["published"]["values"]["state:total"][0] += 5
    changed = signed.read(json.dumps(document).encode())
    assert any("Prüfsumme" in problem for problem in signed.problems(changed))
    assert any("Summen" in problem for problem in signed.problems(changed))
    forged = replace(changed, digest=signed.problems(changed) and proven(changed.package).digest)
    assert any("Unterschrift" in problem for problem in signed.problems(forged))
    stranger = proven(land().package, signer="somebody else")
    assert not signed.problems(stranger), "it is signed rightly, by a key of somebody else"
    assert not verify(package_file.make(stranger), beside=Beside(key=land().public_key)).genuine


def test_an_exchanged_word_of_the_package_is_found() -> None:
    content = file_of("json").replace(b"Persons counselled", b"Persons imprisoned")
    assert content != file_of("json")
    assert "Prüfsumme" in the_only_problem(verify(content))


def test_a_changed_number_in_a_csv_file_is_named_with_its_row() -> None:
    files = unzipped()
    row = next(line for line in files["i1-topic.csv"].split(b"\r\n") if b",08117,WOH," in line)
    number = row.rsplit(b",", 1)[1].decode()
    files["i1-topic.csv"] = files["i1-topic.csv"].replace(row, row.rsplit(b",", 1)[0] + b",995")
    problem = the_only_problem(verify(rezipped(files)))
    for part in ("i1-topic.csv", "08117", "WOH", "995", number):
        assert part in problem


def test_removed_added_doubled_and_exchanged_parts_of_the_csv_form_are_named() -> None:
    files = unzipped()
    lines = files["i1-sex.csv"].split(b"\r\n")
    cases = {
        "fehlt": {**files, "i1-sex.csv": b"\r\n".join(lines[:5] + lines[6:])},
        "mehrmals": {**files, "i1-sex.csv": b"\r\n".join([*lines[:5], *lines[4:]])},
        "gehört nicht": {**files, "i1-sex.csv": files["i1-sex.csv"] + lines[2].replace(b",W,", b",X,") + b"\r\n"},
        "Überschriften": {**files, "i1-sex.csv": files["i1-age.csv"]},
        "i1-age.csv fehlt": {name: content for name, content in files.items() if name != "i1-age.csv"},
        "fremd.csv gehört nicht": {**files, "fremd.csv": b"a,b\r\n"},
        "lässt sich nicht lesen": {**files, "i1-sex.csv": b"\xff\xfe\x00"},
        "„digest“": {**files, "manifest.json": files["manifest.json"].replace(land().digest.encode(), b"0" * 64)},
        "„tables“": {**files, "manifest.json": files["manifest.json"].replace(b'"at_most": 9', b'"at_most": 4')},
        "at_most": {**files, "limits/i1-sex.csv": files["limits/i1-sex.csv"].replace(b",5,4,", b",5,1,", 1)},
    }
    for expected, changed in cases.items():
        problems = verify(rezipped(changed)).problems
        assert problems, expected
        assert any(expected in problem for problem in problems), (expected, problems)


def test_files_written_by_another_program_with_the_same_content_are_genuine() -> None:
    files = unzipped()
    lines = files["i1-sex.csv"].split(b"\r\n")
    files["i1-sex.csv"] = b"\xef\xbb\xbf" + b"\n".join([lines[0], *reversed(lines[1:-1])])
    files["manifest.json"] = json.dumps(json.loads(files["manifest.json"])).encode()
    verdict = compare_tables(files)
    assert verdict.genuine
    assert sum("denselben Inhalt" in remark for remark in verdict.remarks) == 2


def test_a_single_csv_file_is_checked_against_the_report_beside_it() -> None:
    content = unzipped()["i1-topic.csv"]
    assert verify(content, beside=Beside([land()]), name="/somewhere/i1-topic.csv").genuine
    assert not verify(content.replace(b",5\r\n", b",10\r\n", 1), beside=Beside([land()]), name="i1-topic.csv").genuine
    for name, beside in (("other.csv", Beside([land()])), ("i1-topic.csv", Beside())):
        with pytest.raises(FileError):
            verify(content, beside=beside, name=name)


def test_a_workbook_that_was_sorted_and_saved_again_is_genuine() -> None:
    def sort(book: openpyxl.Workbook) -> None:
        sheet = book[SHEET]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for at, row in enumerate(sorted(rows, key=lambda row: (str(row[4]), row[1])), start=5):
            for column, value in enumerate(row, start=1):
                sheet.cell(at, column).value = value

    assert verify(edited(sort)).problems == ()


def test_what_is_changed_in_a_workbook_is_named() -> None:
    def other_number(book: openpyxl.Workbook) -> None:
        book[SHEET]["E5"].value += 5

    def as_text(book: openpyxl.Workbook) -> None:
        book[SHEET]["E5"].value = str(book[SHEET]["E5"].value)

    def formula(book: openpyxl.Workbook) -> None:
        book[SHEET]["E5"].value = "=1+1"

    def shown(book: openpyxl.Workbook) -> None:
        sheet = next(sheet for sheet in book if sheet.title.startswith("I13"))
        next(cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value == "·").value = 10

    for expected, change in (("dort steht", as_text), ("„Insgesamt“: dort steht", other_number)):
        assert expected in the_only_problem(verify(edited(change)))
    together: dict[str, Callable[[openpyxl.Workbook], object]] = {
        "=1+1": formula,
        "statt ·": shown,
        "Kreis, 08111, Stuttgart, Insgesamt“ fehlt": lambda book: book[SHEET].delete_rows(12),
        "Titel": lambda book: setattr(book["I1 Alter"]["A1"], "value", "Anderes"),
        "fremde Zellen": lambda book: setattr(book["I1 Geschlecht"]["ZZ99"], "value", 1),
        "„Methode“ wurde verändert": lambda book: setattr(book["Methode"]["B8"], "value", "Anderes"),
        "„Lesen“ wurde verändert": lambda book: setattr(book["Lesen"]["A1000"], "value", "Anderes"),
        "„I1 Hauptthema“ fehlt": lambda book: book.remove(book["I1 Hauptthema"]),
        "„Mehr“ gehört nicht": lambda book: book.create_sheet("Mehr"),
    }
    problems = verify(edited(lambda book: [change(book) for change in together.values()])).problems
    for expected in together:
        assert sum(expected in problem for problem in problems) == 1, (expected, problems)
    assert len(problems) == len(together)


def test_a_workbook_without_its_proof_needs_the_report_beside() -> None:
    bare = edited(lambda book: book.remove(book["Nachweis"]))
    with pytest.raises(FileError, match="--package"):
        verify(bare)
    problems = verify(bare, beside=Beside([land()])).problems
    assert all("Nachweis" in problem for problem in problems)
    assert problems


def test_a_pdf_is_compared_with_a_newly_printed_one() -> None:
    said = {
        b"%PDF-same": [f"Bericht {land().digest} 40 Personen", "zwei"],
        b"%PDF-1": [f"Bericht {land().digest} 45 Personen", "zwei"],
        b"%PDF-2": [f"Bericht {land().digest}"],
        b"%PDF-3": ["ein anderer", "zwei"],
    }
    beside = Beside([land()], pages=Pages(lambda content: said[content], lambda _released: b"%PDF-same"))
    assert verify(b"%PDF-same", beside=beside).genuine
    for content, expected in ((b"%PDF-1", "„45“ statt „40“"), (b"%PDF-2", "1 statt 2 Seiten"), (b"%PDF-3", "nicht")):
        problems = verify(content, beside=beside).problems
        assert any(expected in problem for problem in problems), problems
    with pytest.raises(FileError, match="--package"):
        verify(b"%PDF-same")


def test_a_printed_report_proves_itself_with_its_package_and_the_earlier_ones() -> None:
    before, now = proven(package("08117", "2026-Q2")), proven(package("08117", "2026-Q3"))
    pdf = paper(now, {before.digest: before.package})

    def printed(released: Released) -> bytes:
        return paper(released, {before.digest: before.package})

    beside = Beside([before, now], pages=Pages(text_of, printed))
    verdict = verify(pdf, beside=beside)
    assert (verdict.problems, verdict.released) == ((), now)
    assert "Bild" in verdict.remarks[0]
    fewer = paper(proven(replace(now.package, sentences=("Ein anderer Satz.",))), {})
    assert not verify(fewer, beside=beside).genuine
    with pytest.raises(FileError):
        verify(b"%PDF-1.7 nothing", beside=beside)


def test_every_file_on_the_signed_list_is_genuine_byte_for_byte_and_no_other() -> None:
    release, secret = land(), secret_of("Kreis")
    names = {f"bericht.{kind}": file_digest(file_of(kind)) for kind in ("json", "csv", "xlsx")}
    names["bericht.pdf"] = file_digest(b"%PDF-1")
    written = file_list.write("08-2026-Q3", release.digest, names, release.public_key, partial(sign_with, secret))
    beside = Beside(files=file_list.read(written), key=release.public_key)
    for content in (file_of("json"), file_of("csv"), file_of("xlsx"), b"%PDF-1"):
        assert verify(content, beside=beside).genuine
    assert "Liste" in the_only_problem(verify(b"%PDF-2", beside=beside))
    assert "Liste" in verify(file_of("xlsx") + b" ", beside=beside).problems[0]
    assert not verify(b"%PDF-1", beside=replace(beside, key="ab" * 32)).genuine
    for wrong in (
        written.replace(b"bericht.pdf", b"bericht.doc"),
        b"{}",
        b"[",
        written.replace(b"files 1", b"files 2"),
    ):
        with pytest.raises(FileError):
            file_list.read(wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"format": "caseapp signed report 2"}',
        b'{"format": ["x"]}',
        b"PK\x03\x04",
        b"PK" + b"\x00" * 500,
        b"hello",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_report_is_refused_in_german(content: bytes) -> None:
    with pytest.raises(FileError) as refusal:
        verify(content)
    assert str(refusal.value).endswith((".", "."))


def test_a_package_that_would_grow_in_memory_is_refused() -> None:
    document = json.loads(file_of("json"))
    published = document["package"]["figures"][0]["published"]
    published["catalogue"]["dimensions"] = [
        {"name": name, "classes": [f"{name}{n}" for n in range(20_000)], "sensitive": [], "rest": "", "outcome": False}
        for name in ("a", "b", "c")
    ]
    published["catalogue"]["tables"] = [{"name": "t", "dimensions": ["a", "b", "c"], "finest": 0}]
    published["values"] = {}
    with pytest.raises(FileError):
        signed.read(json.dumps(document).encode())


def test_bombs_and_entities_are_refused() -> None:
    bomb = rezipped({"a": b"\0" * 3_000_000, "b": b"\0" * 3_000_000})
    with pytest.raises(FileError, match="zu groß"):
        unpacking.unpack(bomb, most=5_000_000)
    lying = bytearray(rezipped({"a": b"\0" * 3_000_000}))
    directory = lying.index(b"PK\x01\x02")
    lying[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(FileError):
        unpacking.unpack(bytes(lying), most=5_000_000)
    with pytest.raises(FileError, match="zu viele"):
        unpacking.unpack(rezipped({f"{number}": b"" for number in range(2_001)}))
    with zipfile.ZipFile(io.BytesIO(file_of("xlsx"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    for name in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"):
        for content in (entity, b"<", b"<x/>", b""):
            changed = {**parts, name: content}
            try:
                assert not verify(rezipped(changed)).genuine
            except FileError:
                continue


@given(st.data())
@settings(max_examples=60)
def test_no_changed_byte_passes(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["json", "csv", "xlsx"]))
    content = bytearray(file_of(kind))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        verdict = verify(bytes(content), beside=Beside(key=land().public_key))
    except FileError:
        return
    # What a flipped bit may leave untouched: white space, times and attributes of an archive, the day beside the proof.
    found = verdict.released
    if verdict.genuine:
        assert found is not None
        assert found.digest == land().digest
        assert found.package.figures[0].published.document() == land().package.figures[0].published.document()


def test_a_signing_secret_is_not_what_is_published() -> None:
    assert secret_of("Kreis").hex() not in file_of("json").decode()
