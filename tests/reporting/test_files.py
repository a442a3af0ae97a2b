"""The files of a report: the same numbers in each, the same bytes each time, nothing that a spreadsheet computes."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import time
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from caseapp.indicators.queries import list_definitions, list_dimensions
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.documents import package_file, tables, workbook
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.bundle import MANIFEST, members, typical_error
from caseapp.reporting.rules.flat import TOTAL, csv_of, flat_tables
from caseapp.reporting.rules.package import Note, PackageError, Released, digest_of
from tests.factories.packages import package
from tests.reporting.proven import proven
from tests.reporting.worlds import CATALOGUE, geography, people
from tests.reporting.worlds import released as made

HOSTILE = ('=HYPERLINK("http://x","y")', "@SUM(A1)", "+1+1", "-2+3|cmd", "\t=1", "<b>&amp;", "[x]:*?/\\'", "a" * 60)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("ascii"), newline="")))


def test_the_same_release_gives_the_same_bytes_in_each_form() -> None:
    release = proven()
    for form in (package_file, tables, workbook):
        assert form.make(release) == form.make(proven())


def test_a_table_holds_every_number_of_its_grids_and_its_margins_add_up() -> None:
    found = package("08", "2026-Q3")
    for table in flat_tables(found):
        published, dimensions = table.figures.published, table.dimensions
        numbers = {(row.level, row.ags, row.classes): row for row in table.rows()}
        for (level, ags, classes), row in numbers.items():
            grid = Grid(level, tuple(name for name, code in zip(dimensions, classes, strict=True) if code != TOTAL))
            axes = published.lattice.catalogue.axes(grid)
            codes = (code for code in classes if code != TOTAL)
            at = (table.areas(level).index(ags), *(axis.index(code) for axis, code in zip(axes, codes, strict=True)))
            assert row.value == (None if published.withheld[grid][at] else published.values[grid][at])
            lowest, highest = published.interval(grid)
            if row.value is not None:
                assert row.value - row.at_most <= lowest[at]
                assert highest[at] <= row.value + row.at_most
        if dimensions and not any(row.value is None for row in numbers.values()):
            axis = published.lattice.catalogue.dimension(dimensions[0]).classes
            for (level, ags, classes), row in numbers.items():
                if classes[0] == TOTAL:
                    parts = (numbers[level, ags, (code, *classes[1:])].value or 0 for code in axis)
                    assert row.value == sum(parts)


def test_a_csv_file_is_plain_and_holds_nothing_but_codes_and_whole_numbers() -> None:
    content = members(proven())["i1-topic-sex.csv"]
    assert content.startswith(b"period,level,ags,topic,sex,indicator,value\r\n2026-Q3,land,08,_T,_T,I1,")
    assert content.isascii()
    for cells in csv.reader(io.StringIO(content.decode(), newline="")):
        assert all(re.fullmatch(r"|[A-Za-z0-9_][A-Za-z0-9_.+-]*", cell) for cell in cells)
    limits = members(proven())["limits/i1-topic-sex.csv"]
    keys = [tuple(row.values())[:5] for row in rows_of(content)]
    assert keys == [tuple(row.values())[:5] for row in rows_of(limits)]
    assert {row["at_most"] for row in rows_of(limits) if row["base"] == "10"} <= {"9", "19"}
    assert {row["typical"] for row in rows_of(limits) if row["base"] == "5"} == {"2.0"}


def test_a_withheld_number_is_empty_and_never_a_zero() -> None:
    table = next(each for each in flat_tables(package("08", "2026-Q3")) if each.figures.indicator == "I13")
    hidden = {(row.ags, row.classes) for row in table.rows() if row.value is None}
    assert hidden
    assert {(row["ags"], (row["topic"],)) for row in rows_of(csv_of(table)) if row["value"] == ""} == hidden


def test_municipalities_show_no_sensitive_class_and_say_what_their_rest_holds() -> None:
    records, counts = people(geography(2, 3), 200, 5)
    base = package("08", "2026-Q3")
    figures = replace(base.figures[0], name="people", published=made(counts).published)
    found = proven(
        replace(base, figures=(figures,), areas=(*base.areas[:2], replace(base.areas[1], ags="m0", level=2)))
    )
    content = rows_of(members(found)["people-topic.csv"])
    shown = {level: {row["topic"] for row in content if row["level"] == level} for level in ("kreis", "gemeinde")}
    assert shown["kreis"] - shown["gemeinde"] == {"debts", "health"}
    manifest = json.loads(members(found)[MANIFEST])
    dimension = next(each for each in manifest["populations"][0]["dimensions"] if each["name"] == "topic")
    assert (dimension["sensitive"], dimension["rest"]) == (["debts", "health"], "other")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.make(found))).worksheets[2]
    towns = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0] == "Gemeinde"]
    assert towns
    assert all(row[6] == row[7] == "x" for row in towns), "not shown is neither withheld nor nobody"
    assert len(records.keys) == 200
    assert CATALOGUE.tables[0].finest is Level.MUNICIPALITY


def test_the_manifest_describes_every_file() -> None:
    release = proven(notes=(Note(release_day := proven().released_on, "Nachtrag"),))
    with zipfile.ZipFile(io.BytesIO(tables.make(release))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert manifest["digest"] == release.digest
    assert manifest["notes"] == [{"on_day": release_day.isoformat(), "text": "Nachtrag"}]
    for table in manifest["tables"]:
        rows = rows_of(files[table["file"]])
        assert table["rows"] == len(rows)
        assert table["columns"] == list(rows[0])
        assert table["withheld"] == sum(row["value"] == "" for row in rows)
        labels = {each["name"]: {code["code"] for code in each["classes"]} for each in manifest["dimensions"]}
        for name in table["columns"][3:-2]:
            if name in labels:
                assert {row[name] for row in rows} <= {TOTAL, *labels[name]}
    deviating = [entry for table in manifest["tables"] for entry in table["deviations"]]
    assert deviating
    assert {entry["at_most"] for entry in deviating} <= {9, 19}


def test_a_kreis_stands_once_in_its_files() -> None:
    found = proven(package("08117", "2026-Q3"))
    for name, content in members(found).items():
        if name.endswith(".csv"):
            assert {row["level"] for row in rows_of(content)} == {"kreis"}
            assert {row["ags"] for row in rows_of(content)} == {"08117"}


def test_the_package_inside_the_signed_file_is_byte_for_byte_what_the_digest_is_made_of() -> None:
    content = package_file.make(proven())
    start = content.index(b'"package":') + len(b'"package":')
    end = content.index(b',"public_key":', start)
    assert digest_of(content[start:end]) == proven().digest
    assert signed.write(signed.read(content)) == content
    loose = json.dumps(json.loads(content), indent=4).encode()
    assert not signed.problems(signed.read(loose)), "white space is no part of what is signed"


def test_the_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    release = proven()
    book = openpyxl.load_workbook(io.BytesIO(workbook.make(release)))
    assert [book.sheetnames[place] for place in (0, 1, -1)] == ["Lesen", "Methode", "Nachweis"]
    assert book.properties.keywords == release.digest
    for sheet in book.worksheets[:-1]:
        texts = {str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row}
        assert any(release.digest in text for text in texts)
        assert any(release.package.number in text for text in texts)
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    sheet = book["I1 Hauptthema × Geschlecht"]
    assert sheet.freeze_panes == "D5"
    assert sheet.auto_filter.ref == f"A4:{sheet.dimensions.split(':')[1]}"
    row = [cell.value for cell in sheet[5]]
    assert row[:4] == ["Land", "08", "Baden-Württemberg", "Insgesamt"]
    assert row[4] == row[5] + row[6]
    assert sheet["E5"].number_format == "#,##0"
    contacts = next(sheet for sheet in book.worksheets if sheet.title.startswith("I13"))
    assert any(cell.value == "·" for row in contacts.iter_rows(min_row=5) for cell in row)
    far = [row for row in sheet.iter_rows(min_row=5) if row[-1].value]
    assert far
    for row in far:
        assert "bis 9" in str(row[-1].value) or "bis 19" in str(row[-1].value)
        assert any(cell.font.italic for cell in row)


def test_hostile_labels_stay_labels() -> None:
    found = package("08", "2026-Q3")
    words = iter(HOSTILE * 40)
    dimensions = tuple(
        replace(each, de=next(words), classes=tuple(replace(code, de=next(words)) for code in each.classes))
        for each in found.dimensions
    )
    indicators = tuple(replace(each, title_de=next(words), sentence_de=next(words)) for each in found.indicators)
    wild = proven(replace(found, dimensions=dimensions, indicators=indicators, remarks=HOSTILE))
    book = openpyxl.load_workbook(io.BytesIO(workbook.make(wild)))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert any(cell.value == HOSTILE[0] for sheet in book for row in sheet.iter_rows() for cell in row)
    names = [name.casefold() for name in book.sheetnames]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)


def test_a_code_that_a_spreadsheet_would_compute_is_refused() -> None:
    _records, counts = people(geography(2), 60, 1)
    base = package("08", "2026-Q3")
    for name in ("=1", "a b", "x,y", TOTAL):
        published = made(counts).published
        catalogue = published.lattice.catalogue
        topic = replace(catalogue.dimensions[1], classes=(name, "b", "c"))
        hostile = replace(catalogue, dimensions=(catalogue.dimensions[0], topic, *catalogue.dimensions[2:]))
        wild = replace(published, lattice=replace(published.lattice, catalogue=hostile))
        with pytest.raises(PackageError):
            flat_tables(replace(base, figures=(replace(base.figures[0], published=wild),)))


def test_two_tables_of_one_name_are_refused() -> None:
    found = package("08", "2026-Q3")
    with pytest.raises(PackageError):
        flat_tables(replace(found, figures=(found.figures[0], found.figures[0])))


def test_the_typical_error_is_that_of_unbiased_rounding() -> None:
    for base in (5, 10):
        rest = np.arange(base)
        drawn = np.random.default_rng(3).random((20_000, base)) < rest / base
        errors = np.where(drawn, base - rest, -rest)
        assert typical_error(base) == pytest.approx(errors.std(), rel=0.02)
    assert typical_error(5, 44) == pytest.approx(13.27, abs=0.01)


def test_a_land_of_a_hundred_thousand_cells_is_written_in_time() -> None:
    """No budget is tested by the clock here (bench does); this only holds off the quadratic."""
    wide = _large(4_000)
    started = time.process_time()
    content = workbook.make(wide)
    assert time.process_time() - started < 20
    assert len(content) < 4_000_000


def _large(municipalities: int) -> Released:
    _records, counts = people(geography(*[municipalities // 40] * 40), 3_000, 2)
    base = package("08", "2026-Q3")
    figures = replace(base.figures[0], name="people", published=made(counts).published)
    return proven(replace(base, figures=(figures,)))


def test_every_code_of_the_shipped_definitions_can_stand_in_a_csv_file_as_it_is() -> None:
    on = dt.date(2026, 9, 30)
    codes = {each.code for found in list_dimensions(on) for each in found.classes} - {""}
    codes |= {found.name for found in list_dimensions(on)}
    for definition in list_definitions(on):
        codes |= {definition.code, *(each.code for each in definition.outcomes)}
        codes |= {table.name for table in definition.tables}
    assert len(codes) > 100
    assert not {code for code in codes if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*", code) or code == TOTAL}


def test_a_table_that_is_called_like_its_population_says_so_once() -> None:
    found = package("08", "2026-Q3").figures[0]
    catalogue = found.published.lattice.catalogue
    tables_ = tuple(replace(each, name=f"I1-{each.name}") for each in catalogue.tables)
    lattice = replace(found.published.lattice, catalogue=replace(catalogue, tables=tables_))
    named = replace(found, cohort="2025-Q1", published=replace(found.published, lattice=lattice))
    names = [each.name for each in flat_tables(replace(package("08", "2026-Q3"), figures=(named,)))]
    assert names == [f"i1-2025-Q1-{each.name}" for each in catalogue.tables]
