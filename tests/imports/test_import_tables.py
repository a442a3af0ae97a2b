"""Any usual file is read as a table, whatever its encoding and form; others are refused by their content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from caseapp.imports.rules.tables import (
    BrokenFileError,
    EmptyFileError,
    FileRefusedError,
    NotATableError,
    ProtectedFileError,
    read_workbook,
)
from tests.imports.making import LIST, SAMPLES, csv, ods, patched, xlsx


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac_roman", "cp850"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_text_file_is_read_in_any_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    workbook = read_workbook(csv(LIST, separator, encoding), "liste.csv")
    assert workbook.separator == separator
    assert [list(row) for row in workbook.sheets[0].rows] == LIST
    assert workbook.sheets[0].name == "liste"


def test_turkish_letters_of_a_windows_file_are_read() -> None:
    rows = [["Nachname", "Vorname"], ["Yılmaz", "Ayşe"], ["Şahin", "Çağla"]]
    assert [list(row) for row in read_workbook(csv(rows, ";", "cp1254")).sheets[0].rows] == rows


def test_text_that_was_encoded_twice_is_mended() -> None:
    twice = csv(LIST).decode("cp1252").encode("utf-8")
    assert [list(row) for row in read_workbook(twice).sheets[0].rows] == LIST


def test_commas_inside_cells_do_not_pass_for_the_separator() -> None:
    rows = [["Name, Vorname", "Ort"], *([f"Noori, Mina {n}", "Tettnang, Stadt"] for n in range(9))]
    workbook = read_workbook(csv(rows, ";"))
    assert workbook.separator == ";"
    assert len(workbook.sheets[0].rows[1]) == 2


def test_quotes_hide_separators_and_line_breaks() -> None:
    rows = [["Name", "Notiz"], ["Noori", 'Zeile 1;\nZeile 2 "laut"'], ["Karimi", "x"]]
    assert [list(row) for row in read_workbook(csv(rows)).sheets[0].rows] == rows


def test_a_stray_quote_does_not_swallow_the_rest_of_the_list() -> None:
    text = 'Name;Vorname;Notiz\nNoori;"Mina;x\nHaddad;Omar;32" TV\n' + "Karimi;Reza;y\n" * 300
    rows = read_workbook(text.encode()).sheets[0].rows
    assert len(rows) == 303
    assert rows[1] == ("Noori", '"Mina', "x")
    assert rows[2] == ("Haddad", "Omar", '32" TV')


def test_ragged_rows_keep_their_cells_and_empty_rows_their_place() -> None:
    rows = read_workbook(b"a;b;c\n\n1;2;3;4;5\nx\n").sheets[0].rows
    assert rows == (("a", "b", "c"), (), ("1", "2", "3", "4", "5"), ("x",))


def test_nul_bytes_become_visible_instead_of_vanishing() -> None:
    rows = read_workbook(b"Name;Vorname\nNoo\x00ri;Mina\n" + b"Karimi;Reza\n" * 200).sheets[0].rows
    assert rows[1] == ("Noo\ufffdri", "Mina")


def test_xlsx_keeps_dates_numbers_sheets_and_row_places() -> None:
    content = xlsx(
        ("Deckblatt", [["Titel"]]), ("Liste", [[], ["Name", "geb."], ["Noori", dt.date(1988, 5, 3)], [180.0]])
    )
    workbook = read_workbook(content, "liste.csv")
    assert workbook.kind == "xlsx"
    assert [sheet.name for sheet in workbook.sheets] == ["Deckblatt", "Liste"]
    assert workbook.sheets[1].rows == ((), ("Name", "geb."), ("Noori", dt.date(1988, 5, 3)), (180.0,))


def test_ods_is_read() -> None:
    workbook = read_workbook(ods([["Name", "geb."], ["Noori", dt.date(1988, 5, 3)], ["Ünal", 5]]), "x.xlsx")
    assert workbook.kind == "ods"
    assert workbook.sheets[0].rows == (("Name", "geb."), ("Noori", dt.date(1988, 5, 3)), ("Ünal", 5.0))


def test_a_cell_merged_downwards_stands_in_each_row() -> None:
    rows = [["Familie", "Name"], ["Noori", "Mina"], ["", "Reza"]]
    assert read_workbook(xlsx(("L", rows), merged=[(1, 0, 2, 0)])).sheets[0].rows[2] == ("Noori", "Reza")


@pytest.mark.parametrize(
    ("content", "refusal", "hint"),
    [
        (b"", EmptyFileError, "leer"),
        (b"\n\n;;;\n", EmptyFileError, "leer"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), NotATableError, "Bild"),
        (b"\xff\xd8\xff\xe0", NotATableError, "Bild"),
        (b"%PDF-1.7\n", NotATableError, "PDF"),
        (b"<!DOCTYPE html><table></table>", NotATableError, "HTML"),
        (b"  <html><body>", NotATableError, "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", NotATableError, "XML"),
        (b"{\\rtf1", NotATableError, "RTF"),
        (bytes(range(256)) * 20, NotATableError, "lesbaren Text"),
        (b"PK\x03\x04 kaputt", BrokenFileError, "besch"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), NotATableError, "Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(600), BrokenFileError, "besch"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ProtectedFileError, "Kennwort"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(content: bytes, refusal: type[FileRefusedError], hint: str) -> None:
    with pytest.raises(refusal, match=hint):
        read_workbook(content, "liste.xlsx")


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return target.getvalue()


def test_other_zipped_files_are_named() -> None:
    with pytest.raises(NotATableError, match="Word"):
        read_workbook(_zip(**{"word/document.xml": b"x"}))
    with pytest.raises(NotATableError, match="xlsb"):
        read_workbook(_zip(**{"xl/workbook.bin": b"x"}))
    with pytest.raises(NotATableError, match="ZIP-Archiv"):
        read_workbook(_zip(**{"a.txt": b"x"}))


def test_an_xlsx_named_csv_and_a_csv_named_xlsx_are_read_as_what_they_are() -> None:
    assert read_workbook(xlsx(("L", LIST)), "liste.csv").kind == "xlsx"
    assert read_workbook(csv(LIST), "liste.xlsx").kind == "csv"


def test_an_encrypted_ods_file_is_named() -> None:
    content = patched(
        ods([["Name"]]),
        lambda part: part.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"),
    )
    with pytest.raises(ProtectedFileError):
        read_workbook(content)


def test_an_old_xls_file_is_read() -> None:
    workbook = read_workbook((SAMPLES / "alte_liste.xls").read_bytes())
    assert workbook.kind == "xls"
    assert workbook.sheets[0].rows[1] == ("Noori", "Mina", dt.date(1988, 5, 3))
