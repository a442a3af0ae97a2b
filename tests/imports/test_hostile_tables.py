"""Bombs, lies, damage and any bytes: refused with a named error before they cost time or memory."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.imports.rules.tables import (
    EmptyFileError,
    FileRefusedError,
    FileTooLargeError,
    Limits,
    TooManyCellsError,
    read_workbook,
)
from tests.imports.making import LIST, ods, patched, xlsx


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = patched(xlsx(("L", LIST)), lambda part: part + b" " * 150_000_000, "sheet1")
    assert len(bomb) < 1_000_000
    began = time.perf_counter()
    with pytest.raises(FileTooLargeError, match="ausgepackt größer als 64 MB"):
        read_workbook(bomb)
    assert time.perf_counter() - began < 10


def test_a_zip_directory_that_lies_about_sizes_does_not_help_a_bomb() -> None:
    content = bytearray(xlsx(("L", [[f"Zeile {n}"] for n in range(3000)])))
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b" " * 150_000_000) + packed.flush()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if "sheet1" in name else old.read(name))
    raw = bytearray(target.getvalue())
    for magic, method_at, size_at in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = -1
        while (at := raw.find(magic, at + 1)) >= 0:
            name_at = at + (30 if magic[2] == 3 else 46)
            if raw[name_at : name_at + 40].startswith(b"xl/worksheets/sheet1"):
                raw[at + method_at : at + method_at + 2] = struct.pack("<H", 8)
                raw[at + size_at : at + size_at + 4] = struct.pack("<I", 100)
    with pytest.raises(FileTooLargeError):
        read_workbook(bytes(raw))


def test_one_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    far = patched(xlsx(("L", LIST)), lambda part: part.replace(b'r="C3"', b'r="XFD1048576"'))
    with pytest.raises(TooManyCellsError):
        read_workbook(far)


def test_coloured_empty_cells_down_to_the_last_row_do_no_harm() -> None:
    tail = b'<row r="1048576" s="1"><c r="A1048576" s="1"/><c r="XFD1048576" s="1" /></row></sheetData>'
    content = patched(xlsx(("L", LIST)), lambda part: part.replace(b"</sheetData>", tail), "sheet1")
    assert [list(row) for row in read_workbook(content).sheets[0].rows] == LIST


def test_a_corner_hidden_from_the_check_ends_the_child_and_not_the_server() -> None:
    rows = b"<row>" + b"<c><v>1</v></c>" * 16000 + b"</row>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    hidden = patched(
        xlsx(("L", LIST)),
        lambda _part: sheet + b"<row/>" * 900_000 + rows + b"</sheetData></worksheet>",
        "sheet1",
    )
    with pytest.raises(FileRefusedError):
        read_workbook(hidden)


def test_repeated_cells_of_an_ods_file_are_counted_before_they_are_written_out() -> None:
    content = ods([["Name", "Vorname"], ["Noori", "Mina"]])

    def repeated(attribute: bytes, tag: bytes) -> bytes:
        return patched(content, lambda part: part.replace(tag, tag + attribute), "content.xml")

    with pytest.raises(TooManyCellsError):
        read_workbook(repeated(b' table:number-columns-repeated="1000000"', b"<table:table-cell"))
    with pytest.raises(TooManyCellsError):
        read_workbook(repeated(b' table:number-rows-repeated="1000000"', b"<table:table-row"))


def test_empty_repeated_rows_at_the_end_of_an_ods_file_do_no_harm() -> None:
    wide = b'<table:table-cell table:number-columns-repeated="16384"/>'
    tail = b'<table:table-row table:number-rows-repeated="1048570">' + wide
    content = patched(
        ods([["Name"], ["Noori"]]),
        lambda part: part.replace(b"</table:table>", tail + b"</table:table-row></table:table>"),
    )
    assert read_workbook(content).sheets[0].rows == (("Name",), ("Noori",))


def test_many_cells_that_claim_one_place_are_refused() -> None:
    few = Limits(cells=100)
    crowd = b'<row r="3">' + b'<c r="A3"><v>1</v></c>' * 200 + b"</row></sheetData>"
    with pytest.raises(TooManyCellsError):
        read_workbook(
            patched(xlsx(("L", LIST)), lambda part: part.replace(b"</sheetData>", crowd), "sheet1"), limits=few
        )
    cells = b"<table:table-cell/>" * 200 + b"</table:table-row>"
    with pytest.raises(TooManyCellsError):
        read_workbook(patched(ods([["Name"]]), lambda part: part.replace(b"</table:table-row>", cells)), limits=few)


def test_a_million_empty_sheets_are_refused() -> None:
    tables = b'<table:table table:name="x"/>' * 1_000_000 + b"<table:table "
    with pytest.raises(TooManyCellsError):
        read_workbook(patched(ods([["Name"]]), lambda part: part.replace(b"<table:table ", tables)))


def test_merged_areas_on_top_of_each_other_do_not_fill_the_rows_again_and_again() -> None:
    rows = [[f"Zeile {number}"] for number in range(40)]
    merged = b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:A40"/>' * 10 + b"</mergeCells>"
    content = patched(xlsx(("L", rows)), lambda part: part.replace(b"</sheetData>", merged), "sheet1")
    with pytest.raises(TooManyCellsError):
        read_workbook(content, limits=Limits(cells=100))


def test_a_line_that_ends_in_a_million_separators_is_read_without_them() -> None:
    tail = b";" * 1_000_000
    rows = read_workbook(b"Name;Vorname" + tail + b"\nNoori;Mina" + tail + b"\n").sheets[0].rows
    assert rows == (("Name", "Vorname"), ("Noori", "Mina"))


@pytest.mark.parametrize(
    "content",
    [
        b";" * 1_000_000 + b"a\n",
        b'"a"' + b";" * 1_000_000 + b"a\n",
        (b'"a"' + b";" * 390 + b"\n") * 12_000,
    ],
    ids=["one line", "one line with a quote", "empty cells behind a quote in every line"],
)
def test_millions_of_empty_cells_are_refused(content: bytes) -> None:
    with pytest.raises(TooManyCellsError):
        read_workbook(content)


def test_a_cell_of_megabytes_is_read_as_one_cell() -> None:
    [row] = read_workbook(b'"' + b'""' * 3_000_000 + b'";b\n').sheets[0].rows
    assert row == ('"' * 3_000_000, "b")


def test_a_file_above_the_limits_is_refused_with_the_limit() -> None:
    small = Limits(file_bytes=1 << 20, rows=10, columns=5)
    with pytest.raises(FileTooLargeError, match="1 MB"):
        read_workbook(b"a;b\n" * 300_000, limits=small)
    with pytest.raises(TooManyCellsError, match="10 Zeilen"):
        read_workbook(b"a;b\n" * 11, limits=small)
    with pytest.raises(TooManyCellsError, match="5 Spalten"):
        read_workbook(b"a;b;c;d;e;f\n", limits=small)


def test_broken_parts_inside_a_good_archive_are_refused() -> None:
    with pytest.raises(FileRefusedError):
        read_workbook(patched(xlsx(("L", LIST)), lambda part: part[: len(part) // 2]))
    with pytest.raises(EmptyFileError):
        read_workbook(xlsx(("L", [])))


def outcome(content: bytes) -> str:
    """The sentence of a refusal, or the first text that was read."""
    try:
        workbook = read_workbook(content)
    except FileRefusedError as refusal:
        return str(refusal)
    return next(repr(row) for sheet in workbook.sheets for row in sheet.rows if row)


ATTEMPTS = st.one_of(
    st.binary(max_size=3000),
    st.text(max_size=2000).map(lambda text: text.encode("utf-16-le", errors="surrogatepass")),
    st.text(alphabet='a;",\n\t|ä\x00\r', max_size=500).map(str.encode),
    st.binary(max_size=600).map(lambda tail: b"<" + tail),
)


@given(ATTEMPTS)
@settings(max_examples=300, deadline=2000)
def test_any_bytes_are_read_or_refused_with_a_named_error(content: bytes) -> None:
    assert outcome(content)


GOOD = xlsx(("Liste", LIST))

GOOD_ODS = ods(LIST)


@given(
    st.sampled_from([GOOD, GOOD_ODS]),
    st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, 200),
)
@settings(max_examples=40, deadline=5000)
def test_a_damaged_spreadsheet_is_read_or_refused(good: bytes, blows: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(good[: len(good) - cut])
    for at, byte in blows:
        damaged[at % len(damaged)] = byte
    assert outcome(bytes(damaged))
