"""Rows become records, are reported with a reason, or are counted as skipped; no cell gets lost."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.imports.rules.cells import Cell, text_of
from caseapp.imports.rules.counters import Counters, counted
from caseapp.imports.rules.fields import CLIENTS, CONTACTS
from caseapp.imports.rules.headings import guesses
from caseapp.imports.rules.rows import LONGEST_CELL, ClientRow, ContactRow, keep_as_text, read_rows
from caseapp.imports.rules.tables import Workbook
from caseapp.imports.rules.values.days import Day
from caseapp.imports.rules.values.reading import Mark
from tests.imports.making import SAMPLES, TODAY, csv, lookups, read, sheet_of


@pytest.mark.parametrize(
    ("name", "kind", "total", "skipped"),
    [
        ("fallliste_musterhausen.xlsx", CLIENTS, 180, 7),
        ("export_beispielstadt.csv", CLIENTS, 142, 1),
        ("kontakte_2025_2026.xlsx", CONTACTS, 900, 1),
    ],
)
def test_the_samples_are_read_completely(name: str, kind: str, total: int, skipped: int) -> None:
    mapping, out = read((SAMPLES / name).read_bytes(), name)
    counters = counted(out)
    assert mapping.kind == kind
    assert counters.closing_lines() == (
        f"rows {total}: imported {total}, reported 0",
        f"skipped {skipped} (title, empty, sum)",
    )


def test_a_row_of_the_case_list_becomes_a_client() -> None:
    _mapping, out = read((SAMPLES / "fallliste_musterhausen.xlsx").read_bytes())
    client = out.rows[1]
    assert isinstance(client, ClientRow)
    assert (client.number, client.last_name, client.first_name) == (5, "Al-Ahmad", "محمد")
    assert (client.birth, client.sex, client.nationalities) == (Day(1989, 10, 29), "M", ("475",))
    assert (client.title, client.title_until, client.entered) == ("D60A", Day(2026, 9, 3), Day(2018, 5, 26))
    assert (client.street, client.house_number, client.postcode) == ("Im Wiesengrund", "55", "88069")
    assert (client.ags, client.housing, client.employment) == ("08435057", "AUS", ("AUB",))
    assert (client.family, client.phones[0].e164) == ("1", "+4915129924969")
    assert [(cell.heading, cell.text) for cell in client.leftovers] == [("Nr.", "2")]


def test_the_ragged_and_the_formula_row_of_the_export_are_kept() -> None:
    _mapping, out = read((SAMPLES / "export_beispielstadt.csv").read_bytes())
    ragged, formula = out.rows[-2:]
    assert (ragged.last_name, ragged.first_name, ragged.birth) == ("Haddad", "Rania", Day(1988, 5, 3))
    assert formula.last_name == "=cmd|' /C calc'!A0"
    assert {Mark.NAME, Mark.FORMULA} <= set(formula.marks)
    destroyed = [row for row in out.rows if "?" in row.last_name + row.first_name]
    assert destroyed
    assert all(Mark.NAME in row.marks for row in destroyed)


def test_impossible_dates_stay_as_text_with_a_mark() -> None:
    _mapping, out = read((SAMPLES / "export_beispielstadt.csv").read_bytes())
    row = next(row for row in out.rows if row.birth_text)
    assert (row.birth, row.birth_text) == (None, "31.02.1990")
    assert Mark.IMPOSSIBLE_DATE in row.marks
    assert "31.02.1990" in [cell.text for cell in row.leftovers]


def test_contacts_keep_what_their_fields_do_not_say() -> None:
    _mapping, out = read((SAMPLES / "kontakte_2025_2026.xlsx").read_bytes())
    visit = next(row for row in out.rows if any(cell.text == "Begleitung Jobcenter" for cell in row.leftovers))
    assert isinstance(visit, ContactRow)
    assert visit.contact_kind == "BEG"
    about = [row for row in out.rows if any(cell.text == "ca. 30" for cell in row.leftovers)]
    assert len(about) == 120
    assert all(isinstance(row, ContactRow) and row.minutes == 30 for row in about)


def test_titles_sums_empty_and_repeated_rows_are_skipped_and_counted() -> None:
    rows = [
        ["Fallliste", "", "", ""],
        ["Nr.", "Name", "Vorname", "geb."],
        ["", "Gemeinde Tettnang", "", ""],
        ["1", "Noori", "Mina", "3.5.88"],
        ["", "", "", ""],
        ["", "Zwischensumme", "1", ""],
        ["Nr.", "Name", "Vorname", "geb."],
        ["2", "Karimi", "Reza", "4.5.88"],
        ["3", "", "", ""],
        ["", "Kressbronn", "", ""],
        ["", "", "", "2"],
        ["", "Summe:", "2", ""],
        ["Stand: 30.09.2026", "", "", ""],
    ]
    _mapping, out = read(csv(rows))
    assert [row.last_name for row in out.rows] == ["Noori", "Karimi"]
    assert [row.number for row in out.rows] == [4, 8]
    assert (out.titles, out.empty, out.sums) == (6, 2, 3)


def test_a_lone_cell_that_may_belong_to_somebody_is_reported() -> None:
    rows = [["Name", "Vorname", "Bemerkung"], ["Noori", "Mina", "x"], ["", "", "und noch mehr"], ["Neu", "", ""]]
    _mapping, out = read(csv(rows))
    assert [bool(row.problems) for row in out.rows] == [False, True, True]


def test_rows_without_a_name_are_reported_and_not_dropped() -> None:
    rows = [
        ["Name", "Vorname", "geb.", "Ort"],
        ["", "", "3.5.88", "Tettnang"],
        ["Haddad", "", "", ""],
        ["", "Omar", "", "Ulm"],
    ]
    _mapping, out = read(csv(rows))
    assert [bool(row.problems) for row in out.rows] == [True, True, False]
    assert out.rows[0].problems == ("Kein Name gefunden. Bitte ergänzen Sie Nachname oder Vorname.",)
    assert "nur „Haddad“" in out.rows[1].problems[0]
    assert out.rows[2].marks[0] == Mark.NAME


def test_contacts_without_day_or_name_are_reported() -> None:
    rows = [
        ["Datum", "Klient", "Art", "Dauer"],
        ["24.03.2026 14:30", "Noori, Mina", "Tel.", "15"],
        ["", "Noori, Mina", "Tel.", "15"],
        ["31.02.2026", "Noori, Mina", "Tel.", "15"],
        ["03/2026", "Noori, Mina", "Tel.", "15"],
        ["01.12.2026", "Noori, Mina", "Tel.", "15"],
        ["24.03.2026", "", "Tel.", "15"],
    ]
    _mapping, out = read(csv(rows))
    first = out.rows[0]
    assert isinstance(first, ContactRow)
    assert (first.day, first.clock, first.problems) == (Day(2026, 3, 24), dt.time(14, 30), ())
    assert [row.problems[0] for row in out.rows[1:]] == [
        "Das Datum fehlt.",
        "Das Datum „31.02.2026“ ist nicht lesbar.",
        "Beim Datum „03/2026“ fehlt der Tag.",
        "Das Datum 01.12.2026 liegt in der Zukunft.",
        "Kein Name gefunden. Bitte ergänzen Sie Nachname oder Vorname.",
    ]


def test_ten_megabytes_in_a_cell_are_reported_with_the_column() -> None:
    content = b"Name;Vorname;Notiz\nNoori;Mina;" + b"x" * 10_000_000 + b"\nKarimi;Reza;y\n"
    _mapping, out = read(content)
    assert [bool(row.problems) for row in out.rows] == [True, False]
    assert "Spalte „Notiz“ stehen 10000000 Zeichen" in out.rows[0].problems[0]


def test_cells_behind_the_last_heading_are_kept_with_the_column_letter() -> None:
    _mapping, out = read(b"Name;Vorname\nNoori;Mina\n" + b"Karimi;Reza\n" * 200 + b"Haddad;Omar;;extra\n")
    assert [(cell.heading, cell.text) for cell in out.rows[-1].leftovers] == [("Spalte D", "extra")]


def test_a_second_cell_for_the_same_field_is_not_overwritten() -> None:
    _mapping, out = read(
        csv([["Name", "Vorname", "Telefon", "Handy"], ["Noori", "Mina", "0751 822449", "0176/62337243"]])
    )
    client = out.rows[0]
    assert isinstance(client, ClientRow)
    assert [phone.e164 for phone in client.phones] == ["+49751822449", "+4917662337243"]
    rows = [["Name", "Vorname", "Adresse", "Ort"], ["Noori", "Mina", "Hauptstr. 1, 88069 Tettnang", "Kressbronn"]]
    moved = read(csv(rows))[1].rows[0]
    assert isinstance(moved, ClientRow)
    assert moved.place == "Tettnang"
    assert [cell.text for cell in moved.leftovers] == ["Kressbronn"]


def test_fields_without_a_place_can_be_moved_to_the_leftovers() -> None:
    row = read((SAMPLES / "fallliste_musterhausen.xlsx").read_bytes())[1].rows[0]
    moved = keep_as_text(row, frozenset({"plan"}))
    assert ("Integrationsplan (Datum)", "01.11.2023") in [(cell.heading, cell.text) for cell in moved.leftovers]
    assert len(moved.taken) + len(moved.leftovers) == len(row.taken) + len(row.leftovers)


def test_records_survive_being_stored() -> None:
    for name in ("fallliste_musterhausen.xlsx", "kontakte_2025_2026.xlsx"):
        rows = read((SAMPLES / name).read_bytes())[1].rows
        stored = msgspec.msgpack.encode(rows)
        assert tuple(msgspec.msgpack.decode(stored, type=list[type(rows[0])])) == rows  # type: ignore[misc]


def test_counters_of_several_sheets_add_up() -> None:
    both = Counters(imported=2, reported=1, empty=1) + Counters(imported=3, titles=1)
    assert (both.total, both.skipped) == (6, 2)
    _mapping, out = read(csv([["Name", "Vorname"], ["Noori", "Mina"], ["Karimi", "Reza"]]))
    assert counted(out, also_reported=1) == Counters(imported=1, reported=1, titles=1)


HEADING = st.sampled_from(
    [
        "Name",
        "Vorname",
        "Name, Vorname",
        "geb.",
        "Nr.",
        "Status",
        "Ort",
        "Adresse",
        "Tel.",
        "Datum",
        "Art",
        "Dauer",
        "",
        "Foo",
    ]
)
CELL: st.SearchStrategy[Cell] = st.one_of(
    st.sampled_from(
        ["", "", "Noori", "Noori, Mina", "3.5.88", "31.02.1990", "Summe", "Tel.", "§ 24", "k.A.", "-", "?", "15"]
    ),
    st.text(max_size=12).map(str.strip),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=3)),
)
TABLE = st.tuples(st.lists(HEADING, min_size=1, max_size=7), st.lists(st.lists(CELL, max_size=9), max_size=8))


@given(TABLE)
@settings(max_examples=250, deadline=None)
def test_sums_add_up_and_every_cell_of_a_data_row_is_found_again(table: tuple[list[str], list[list[Cell]]]) -> None:
    headings, rows = table
    sheet = sheet_of([headings, *rows])
    for guess in guesses(Workbook(sheets=(sheet,), kind="csv"), lookups()):
        out = read_rows(sheet, guess.mapping, lookups())
        counters = counted(out)
        assert counters.total + counters.skipped == len(sheet.rows)
        assert counters.imported + counters.reported == counters.total
        for row in out.rows:
            cells = {at: text_of(cell) for at, cell in enumerate(sheet.rows[row.number - 1]) if cell != ""}
            kept = [*row.taken, *row.leftovers]
            assert {cell.column: cell.text for cell in kept} == cells
            assert len(kept) == len(cells)
            assert row.problems or row.last_name or row.first_name
            assert isinstance(row, ClientRow) or row.problems or (row.day and row.day.exact and row.day.exact <= TODAY)


def test_the_longest_cell_is_the_one_of_the_usual_programs() -> None:
    assert LONGEST_CELL == 32_767
