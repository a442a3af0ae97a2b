"""The state's spreadsheet: what is refused, what is proposed, and what stands in it after it was filled."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook

from caseapp.errors import RuleError
from caseapp.keyfigures.queries import book_of
from caseapp.keyfigures.rules.sheets import (
    CARRIER,
    WORKER,
    YEAR,
    Slot,
    fill,
    grids_of,
    open_workbook,
    propose,
    read_slots,
    troubles,
    write_slots,
)
from caseapp.keyfigures.rules.sheets.archive import WorkbookRefusedError
from caseapp.keyfigures.rules.sheets.slots import place_of
from caseapp.keyfigures.rules.small import collected
from caseapp.keyfigures.rules.totals import TOTAL, Cell, Totals
from tests.keyfigures.courses import ANNA, BELA, workbook
from tests.keyfigures.courses import YEAR as COUNTED

BOOK = book_of(COUNTED)
TOTALS = Totals.of(
    COUNTED,
    {
        Cell(TOTAL, "PER"): 30,
        Cell(TOTAL, "PER", "sex", "W"): 17,
        Cell(TOTAL, "PER", "sex", "M"): 12,
        Cell(TOTAL, "PER", "sex", "OA"): 1,
        Cell(TOTAL, "KON"): 90,
        Cell(ANNA.hex, "PER"): 20,
        Cell(BELA.hex, "PER"): 10,
        Cell(ANNA.hex, "KON"): 60,
        Cell(BELA.hex, "KON"): 30,
    },
    {ANNA.hex: '=HYPERLINK("http://evil")', BELA.hex: "Béla Öz"},
)


def slot(place: str, field: str = "PER", sheet: str = "Auswertung", **values: object) -> Slot:
    return Slot(sheet=sheet, place=place, field=field, **values)  # type: ignore[arg-type]


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same archive with further parts; a name that is there is replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry.filename, old.read(entry))
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "leer"),
    "text": (b"Kennzahlen;12", "keine Excel-Arbeitsmappe"),
    "too large": (b"PK" + bytes(6 << 20), "größer als 5 MB"),
    "macros": (repacked(workbook(), **{"xl/vbaProject.bin": b"x"}), "Makros"),
    "macro type": (
        repacked(workbook(), **{"[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>"}),
        "Makros",
    ),
    "link to a file": (repacked(workbook(), **{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "Verknüpfungen"),
    "connection": (repacked(workbook(), **{"xl/connections.xml": b"<x/>"}), "Verknüpfungen"),
    "bomb": (repacked(workbook(), **{"xl/media/image1.png": bytes(60 << 20)}), "zu groß"),
    "entities": (
        repacked(workbook(), **{"xl/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "beschädigt",
    ),
    "last corner": (workbook(lambda book: book.active.__setitem__("XFD1048576", 1)), "zu groß"),
    "no sheets": (repacked(workbook(), **{"xl/workbook.xml": b"<workbook/>"}), "lässt sich nicht lesen|ein bis"),
    "only a zip": (repacked(b"PK\x05\x06" + bytes(18), **{"a.txt": b"x"}), "keine Excel-Arbeitsmappe"),
    "many sheets": (workbook(lambda book: [book.create_sheet() for _ in range(12)]), "Tabellenblätter"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_dangerous_or_broken_file_is_refused_with_what_to_do(name: str) -> None:
    content, message = HOSTILE[name]
    with pytest.raises(WorkbookRefusedError, match=message) as refused:
        open_workbook(content)
    assert refused.value.field == "file"


def test_the_grid_shows_words_formulas_and_merged_cells() -> None:
    first, people = grids_of(open_workbook(workbook()))
    assert (first.sheet, people.sheet) == ("Auswertung", "Personal")
    cells = {cell.place: cell for _row, found in first.rows for cell in found}
    assert cells["A1"].columns == 3
    assert "B1" not in cells
    assert (cells["B8"].kind, cells["B8"].text) == ("formula", "Formel")
    assert (cells["A3"].kind, cells["B3"].kind) == ("text", "empty")


def test_the_words_beside_and_above_a_cell_propose_its_number() -> None:
    def people(book: Workbook) -> None:
        book["Personal"]["A2"] = "Summe"

    found = {(each.sheet, each.place): each for each in propose(open_workbook(workbook(people)), BOOK)}
    wanted = {
        "B3": ("PER", "", ""),
        "B4": ("PER", "sex", "W"),
        "B5": ("PER", "sex", "M"),
        "B6": ("PER", "sex", "D"),
        "B7": ("PER", "sex", "OA"),
        "B10": ("KON", "", ""),
        "B11": ("KON", "contact_kind", "TEL"),
        "B12": ("KON", "contact_kind", "HAU"),
    }
    assert {
        place: (each.field, each.dimension, each.cls) for (sheet, place), each in found.items() if sheet == "Auswertung"
    } == wanted
    kept = propose(open_workbook(workbook()), BOOK, [slot("B3", "KON")])
    assert "B3" not in {each.place for each in kept}


TROUBLES: dict[str, tuple[list[Slot], str]] = {
    "merged": ([slot("B1")], "verbundenen Zelle. Nehmen Sie deren erste: A1"),
    "formula": ([slot("B8")], "rechnet eine Formel"),
    "words": ([slot("A3")], "schon ein Text"),
    "two fields": ([slot("B3"), slot("B3", "KON")], "zwei Felder"),
    "no such sheet": ([slot("B3", sheet="Blatt 9")], "„Blatt 9“ gibt es in dieser Datei nicht"),
    "no cell": ([slot("3B")], "Eine Zelle sieht so aus"),
    "outside": ([slot("ZZ999")], "außerhalb"),
    "no such field": ([slot("B3", "XXX")], "gibt es 2025 nicht"),
    "field without data": ([slot("B3", "FAM", dimension="sex", cls="W")], "keine Zahlen"),
    "no such class": ([slot("B3", dimension="sex", cls="Q")], "diese Zeile nicht"),
    "names in one cell": ([slot("B3", WORKER)], "mehrere Zeilen"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_cell_that_cannot_be_filled_is_named_and_stops_the_filling(name: str) -> None:
    slots, message = TROUBLES[name]
    found = troubles(open_workbook(workbook()), slots, BOOK)
    assert len(found) == 1
    assert message in found[0].message
    with pytest.raises(RuleError):
        fill(open_workbook(workbook()), slots, BOOK, TOTALS, carrier="Amt")


FILLED = [
    slot("B3"),
    slot("B4", dimension="sex", cls="W"),
    slot("B5", dimension="sex", cls="M"),
    slot("B6", dimension="sex", cls="D"),
    slot("B7", dimension="sex", cls="OA"),
    slot("C3", YEAR),
    slot("C4", CARRIER),
    slot("A2", WORKER, "Personal", down=True),
    slot("B2", "PER", "Personal", down=True),
    slot("C2", "KON", "Personal", down=True),
]


def test_the_filled_workbook_read_back_has_the_numbers_and_keeps_its_formulas() -> None:
    made = fill(open_workbook(workbook()), read_slots(write_slots(FILLED)), BOOK, TOTALS, carrier="=1+1 Amt")
    book = load_workbook(io.BytesIO(made.content))
    sheet, people = book["Auswertung"], book["Personal"]
    assert [sheet[place].value for place in ("B3", "B4", "B5", "B6", "B7")] == [30, 17, 12, 0, 1]
    assert sheet["B8"].value == "=SUM(B4:B7)"
    assert sheet["B8"].data_type == "f"
    assert sheet["C3"].value == COUNTED
    # A text that looks like a formula is a text.
    assert (sheet["C4"].value, sheet["C4"].data_type) == ("=1+1 Amt", "s")
    rows = [[cell.value for cell in row] for row in people["A2:C3"]]
    assert rows == [['=HYPERLINK("http://evil")', 20, 60], ["Béla Öz", 10, 30]]
    assert people["A2"].data_type == "s"
    assert "Nicht zur Veröffentlichung" in sheet.oddFooter.center.text
    assert (made.written, made.hidden) == (13, 0)


def test_a_number_below_the_threshold_of_a_district_is_a_point() -> None:
    made = fill(open_workbook(workbook()), FILLED, BOOK, collected(BOOK, TOTALS), carrier="Kreis")
    sheet = load_workbook(io.BytesIO(made.content))["Auswertung"]
    assert [sheet[place].value for place in ("B3", "B4", "B5", "B6", "B7")] == [30, 17, ".", 0, "."]
    assert made.hidden == 2


def test_breakdowns_of_single_workers_are_points_for_a_district_and_never_noughts() -> None:
    exact = Totals.of(COUNTED, {**TOTALS.as_dict(), Cell(ANNA.hex, "PER", "sex", "W"): 20}, dict(TOTALS.names))
    wanted = [slot("A2", WORKER, "Personal", down=True), slot("B2", "PER", "Personal", down=True)]
    wanted.append(slot("C2", "PER", "Personal", dimension="sex", cls="W", down=True))
    found = {}
    for name, totals in (("own", exact), ("district", collected(BOOK, exact))):
        made = fill(open_workbook(workbook()), wanted, BOOK, totals, carrier="Amt")
        rows = load_workbook(io.BytesIO(made.content))["Personal"]["B2:C3"]
        found[name] = [[cell.value for cell in row] for row in rows]
    assert found == {"own": [[20, 20], [10, 0]], "district": [[20, "."], [10, "."]]}


def too_short(book: Workbook) -> None:
    book["Personal"]["A3"] = "Summe"


@pytest.mark.parametrize(
    ("change", "slots", "message"),
    [
        (too_short, [slot("A2", WORKER, "Personal", down=True)], "reicht der Platz ab A2 nicht, in A3"),
        (None, [slot("B2", "PER", "Personal", down=True), slot("B3", "KON", "Personal")], "zwei Zahlen"),
    ],
)
def test_rows_that_have_no_room_are_refused(
    change: Callable[[Workbook], None] | None, slots: list[Slot], message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        fill(open_workbook(workbook(change)), slots, BOOK, TOTALS, carrier="Amt")


def test_places_are_read_as_people_write_them() -> None:
    assert place_of(" b5 ") == place_of("$B$5") == "B5"
