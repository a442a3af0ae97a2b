"""The header row is found wherever it is, and columns get their fields by heading and contents."""

from __future__ import annotations

import pytest

from caseapp.imports.rules.fields import CLIENTS, CONTACTS, KEEP, fields_of, unwanted_headings
from caseapp.imports.rules.headings import (
    MappingError,
    corrected,
    find_header,
    guesses,
    mapping_with_header,
    reapplied,
    saved_fields,
)
from caseapp.imports.rules.headings.matching import heading_scores
from caseapp.imports.rules.headings.words import NAME, NUMBER, SURE, VAGUE
from caseapp.imports.rules.tables import read_workbook
from tests.imports.making import Rows, csv, lookups, mapped, read, sheet_of, xlsx

HEADINGS = ["Familienname", "Rufname", "Geb.-Datum", "Staatsang.", "Handy", "AE bis"]
PEOPLE = [
    ["Al-Ahmad", "Fatima", "3.5.88", "Syr.", "0176/62337243", "03/2027"],
    ["Karimi", "Reza", "1990", "afghanisch", "0751 82-2449", ""],
    ["Kovalenko", "Iryna", "01.01.1999", "Ukraine", "", "31.12.26"],
]


@pytest.mark.parametrize("above", range(15))
def test_the_header_row_is_found_in_any_of_the_first_fifteen_rows(above: int) -> None:
    rows = [["Stadt Musterhausen"], [], ["Stand: 30.09.2026"]] * 5
    mapping, out = read(csv([*rows[:above], HEADINGS, *PEOPLE]))
    assert (mapping.header, mapping.header_rows) == (above, 1)
    assert len(out.rows) == 3


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Familienname", "last_name"),
        ("NACHNAME", "last_name"),
        ("Rufname", "first_name"),
        ("Geb.-Datum", "birth"),
        ("Geburts-\ndatum", "birth"),
        ("Geburtsdatm", "birth"),
        ("Geburtstag", "birth"),
        ("Handy", "phone"),
        ("Staatsang.", "nationality"),
        ("Nationalität", "nationality"),
        ("Aufenthaltsstatus", "title"),
        ("AE bis", "title_until"),
        ("Sachbearbeiter/in", "worker"),
        ("zuständig", "worker"),
        ("Az.", "file_number"),
        ("Wohnort", "place"),
        ("PLZ", "postcode"),
        ("Straße", "street"),
        ("Strasse", "street"),
        ("Einzug", "housed_since"),
        ("Zuweisung am", "allocated"),
        ("Deutschniveau", "level"),
        ("Integrationsplan (Datum)", "plan"),
        ("Dauer (Min)", "minutes"),
        ("Familie Nr.", "family"),
        ("Nr.", NUMBER),
        ("Klient/in", NAME),
    ],
)
def test_headings_of_real_lists_are_known(heading: str, field: str) -> None:
    scores = heading_scores(heading)
    assert max(scores, key=scores.__getitem__) == field


def test_a_heading_of_megabytes_names_no_field() -> None:
    assert heading_scores("Name " * 1_000_000) == {}


def test_headings_without_a_field_are_not_forced_into_one() -> None:
    for heading in ("Kd.-Nr. JC", "Kinder", "Krankenkasse", "Schuhgröße"):
        assert max(heading_scores(heading).values(), default=0) < 75


def test_all_known_words_belong_to_fields() -> None:
    known = {field.name for kind in (CLIENTS, CONTACTS) for field in fields_of(kind)} | {NAME, NUMBER}
    assert set(SURE) | set(VAGUE) <= known


def test_two_heading_lines_are_joined() -> None:
    rows: Rows = [
        ["Fallliste"],
        ["lfd.", "Name,", "Geburts-", "Aufenthalt", "", "Wohnen", "", "Sprache"],
        ["Nr.", "Vorname", "datum", "Titel", "gültig bis", "Adresse", "Form", "Niveau"],
        [1, "Al-Ahmad, Fatima", "3.5.88", "§ 24", "1.1.27", "Hauptstr. 1, 88069 Tettnang", "GU", "A1"],
        [2, "Karimi, Reza", "4.5.88", "Duldung", "", "", "privat", "B1"],
    ]
    mapping, out = read(xlsx(("L", rows)))
    fields = [column.field for column in mapping.columns]
    assert fields == [NUMBER, "full_name", "birth", "title", "title_until", "address", "housing", "level"]
    assert (mapping.header, mapping.header_rows, len(out.rows)) == (1, 2, 2)


def test_a_line_of_format_hints_belongs_to_the_headings() -> None:
    rows = [["Name", "Vorname", "geb.", "Sex"], ["", "", "(TT.MM.JJJJ)", "m/w"], ["Noori", "Mina", "3.5.88", "w"]]
    assert find_header(sheet_of(rows).rows) == (0, 2)


def test_a_list_without_headings_is_read_by_its_cells() -> None:
    rows = [
        ["Al-Ahmad, Fatima", "03.05.1988", "w", "Syrien", "0176/62337243"],
        ["Noori, Mina", "03.05.1990", "w", "Afghanistan", "0176/62337244"],
        ["Noori, Reza", "03.05.1991", "m", "Afghanistan", "0176/62337245"],
    ]
    mapping, out = read(csv(rows))
    assert mapping.header_rows == 0
    assert [column.field for column in mapping.columns] == ["full_name", "birth", "sex", "nationality", "phone"]
    assert len(out.rows) == 3


def test_the_cells_tell_what_a_name_column_holds() -> None:
    comma = [["Name", "Tel."], ["Al-Ahmad, Fatima", ""], ["Noori, Mina", "0751 822449"]]
    assert mapped(read(csv(comma))[0])["Name"] == "full_name"
    plain = [["Klient", "Tel."], ["Fatima Al-Ahmad", ""], ["Mina Noori", "0751 822449"]]
    assert mapped(read(csv(plain))[0])["Klient"] == "given_first_name"
    apart = [["Name", "Vorname"], ["Al-Ahmad", "Fatima"], ["Noori", "Mina"]]
    assert mapped(read(csv(apart))[0])["Name"] == "last_name"


def test_the_cells_decide_over_a_vague_heading() -> None:
    rows = [["Nachname", "Vorname", "Status"], ["Noori", "Mina", "Duldung"], ["Karimi", "Reza", "§ 24"]]
    assert mapped(read(csv(rows))[0])["Status"] == "title"
    work = [["Nachname", "Vorname", "Status"], ["Noori", "Mina", "Vollzeit"], ["Karimi", "Reza", "Minijob"]]
    assert mapped(read(csv(work))[0])["Status"] == "employment"
    other = [["Nachname", "Vorname", "Status"], ["Noori", "Mina", "aktiv"], ["Karimi", "Reza", "beendet"]]
    assert mapped(read(csv(other))[0])["Status"] == KEEP


def test_headings_with_destroyed_letters_are_known() -> None:
    rows = [["Nachname", "Vorname", "Stra?e", "G?ltig bis"], ["Noori", "Mina", "Hauptstr. 5", "1.1.27"]]
    found = mapped(read(csv(rows))[0])
    assert (found["Stra?e"], found["G?ltig bis"]) == ("street", "title_until")


def test_dashes_and_sums_say_nothing_about_a_column() -> None:
    rows = [["Datum", "Klient", "Art", "geb."], ["1.2.26", "Noori, Mina", "Tel", "-"], ["Gesamt", "", "", ""]]
    rows += [["Summe Telefon", "", "", ""], ["davon neu", "", "", ""]]
    found = mapped(read(csv(rows))[0])
    assert (found["Datum"], found["geb."]) == ("day", "birth")


def test_a_file_without_a_list_is_not_taken_for_one() -> None:
    for text in ("Sehr geehrte Damen,\nanbei die Liste.\n", "Fallliste\n"):
        assert not guesses(read_workbook(text.encode()), lookups())[0].is_list
    assert guesses(read_workbook(csv([HEADINGS, *PEOPLE])), lookups())[0].is_list


def test_a_heading_is_not_believed_against_its_cells() -> None:
    rows = [["Name", "Vorname", "Geburtstag"], ["Noori", "Mina", "gefeiert"], ["Karimi", "Reza", "Karte schreiben"]]
    assert mapped(read(csv(rows))[0])["Geburtstag"] == KEEP


def test_kind_and_sheet_are_guessed() -> None:
    contacts: Rows = [["Datum", "Name", "Art", "Dauer"], *([["3.5.26", "Noori, Mina", "Tel", "30"]] * 5)]
    clients: Rows = [["Name", "Vorname", "geb.", "Herkunft"], *([["Noori", "Mina", "3.5.88", "Syrien"]] * 9)]
    content = xlsx(
        ("Deckblatt", [["Stadt"], ["Bitte nur die gelben Felder ausfüllen"]]), ("A", contacts), ("B", clients)
    )
    workbook = read_workbook(content)
    found = {workbook.sheets[guess.sheet].name: guess.mapping.kind for guess in guesses(workbook, lookups())}
    assert (found["A"], found["B"]) == (CONTACTS, CLIENTS)
    assert workbook.sheets[guesses(workbook, lookups())[-1].sheet].name == "Deckblatt"
    assert workbook.sheets[guesses(workbook, lookups(), CONTACTS)[0].sheet].name == "A"


def test_a_column_of_hours_is_told_from_one_of_minutes() -> None:
    rows = [["Datum", "Klient", "Stunden"], ["3.5.26", "Noori, Mina", "0,5"], ["4.5.26", "Karimi, Reza", "1"]]
    mapping, out = read(csv(rows), kind=CONTACTS)
    assert mapped(mapping)["Stunden"] == "hours"
    assert [getattr(row, "minutes", None) for row in out.rows] == [30, 60]


def test_a_mapping_is_saved_by_headings_and_applied_to_other_orders() -> None:
    mapping, _rows = read(csv([HEADINGS, *PEOPLE]))
    chosen = corrected(mapping, {5: KEEP, 3: KEEP})
    turned, _rows = read(csv([list(reversed(HEADINGS)), *(list(reversed(row)) for row in PEOPLE)]))
    assert turned.signature == mapping.signature
    again = reapplied(turned, saved_fields(chosen))
    assert mapped(again) == mapped(chosen)
    other, _rows = read(csv([[*HEADINGS[:5], "Ort"], *PEOPLE]))
    assert other.signature != mapping.signature


def test_a_person_may_choose_another_header_row() -> None:
    sheet = sheet_of([["Name", "Vorname"], ["Familienname", "Rufname"], ["Noori", "Mina"]])
    mapping = mapping_with_header(sheet, lookups(), CLIENTS, 1, 1)
    assert (mapping.first_data_row, mapped(mapping)) == (2, {"Familienname": "last_name", "Rufname": "first_name"})


def test_a_wrong_correction_is_refused_in_plain_words() -> None:
    mapping, _rows = read(csv([HEADINGS, *PEOPLE]))
    with pytest.raises(MappingError, match="mehreren Spalten"):
        corrected(mapping, {0: "birth"})
    with pytest.raises(MappingError, match="gibt es für diese Liste nicht"):
        corrected(mapping, {0: "minutes"})
    assert reapplied(mapping, {"familienname": "gibt es nicht"}) == mapping


def test_columns_that_a_file_must_not_hold_are_named() -> None:
    assert unwanted_headings(["Name", "Religion", "AZR-Nr.", "Ort"]) == ["Religion", "AZR-Nr."]
