"""Reading lists, and asking them by the day."""

import datetime as dt
from pathlib import Path

import pytest

from caseapp.catalogue.rules import Catalogue, CodeListError, load_catalogue

HEADER = "code,de,en,valid_from,valid_to,sort,mark\n"
RENAMED = "A,Alt,Old,2020-01-01,2022-12-31,20,yes\nA,Neu,New,2023-01-01,,20,no\nB,Bleibt,Stays,,,10,no\n"


def catalogue_of(folder: Path, rows: str, header: str = HEADER) -> Catalogue:
    (folder / "things.csv").write_text(header + rows, encoding="utf-8")
    return load_catalogue(folder)


def test_choices_are_those_of_the_day_in_the_order_of_the_list(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, RENAMED)
    assert [code.de for code in catalogue.choices("things", dt.date(2022, 12, 31))] == ["Bleibt", "Alt"]
    assert [code.de for code in catalogue.choices("things", dt.date(2023, 1, 1))] == ["Bleibt", "Neu"]
    assert [code.de for code in catalogue.choices("things", dt.date(2019, 1, 1))] == ["Bleibt"]


def test_an_office_may_hide_codes(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, RENAMED)
    assert [code.code for code in catalogue.choices("things", dt.date(2024, 1, 1), hidden=["B"])] == ["A"]


def test_a_label_is_that_of_the_records_day_or_the_nearest(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, RENAMED)
    assert catalogue.label("things", "A", dt.date(2022, 6, 1)) == "Alt"
    assert catalogue.label("things", "A", dt.date(2026, 6, 1), "en") == "New"
    assert catalogue.label("things", "A", dt.date(1999, 1, 1)) == "Alt"
    assert catalogue.label("things", "A") == "Neu"


def test_an_unknown_code_is_shown_as_it_is(tmp_path: Path) -> None:
    assert catalogue_of(tmp_path, RENAMED).label("things", "X", dt.date(2024, 1, 1)) == "X"


def test_validity_is_asked_for_the_day(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path, RENAMED)
    assert not catalogue.is_valid("things", "A", dt.date(2019, 12, 31))
    assert catalogue.is_valid("things", "A", dt.date(2020, 1, 1))
    assert not catalogue.is_valid("things", "X", dt.date(2020, 1, 1))


def test_a_row_is_given_back_as_the_line_it_was(tmp_path: Path) -> None:
    row = catalogue_of(tmp_path, RENAMED).choices("things", dt.date(2022, 1, 1))[1].as_row()
    assert ",".join(row.values()) == RENAMED.splitlines()[0]
    assert list(row) == HEADER.strip().split(",")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("A,Alt,Old,,,10,no\nA,Neu,New,2023-01-01,,10,no\n", "zweimal"),
        ("A,Alt,Old,2023-01-01,2022-01-01,10,no\n", "endet"),
        ("A,,Old,,,10,no\n", "Zeile 2"),
        ("A,Alt,,,,10,no\n", "Zeile 2"),
        ("A B,Alt,Old,,,10,no\n", "Zeile 2"),
        ("A,Alt,Old,31.12.2022,,10,no\n", "Datum"),
        ("A,Alt,Old,,,first,no\n", "Reihenfolge"),
        ("A,Alt,Old\n", "Spalten"),
        ("A,Alt,Old,,,10,no,more\n", "Spalten"),
    ],
)
def test_a_wrong_list_is_refused_with_its_reason(tmp_path: Path, rows: str, reason: str) -> None:
    with pytest.raises(CodeListError, match=reason):
        catalogue_of(tmp_path, rows)


def test_a_list_without_the_common_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodeListError, match=r"things\.csv"):
        catalogue_of(tmp_path, "A,Alt\n", header="code,de\n")


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodeListError, match="keine Codelisten"):
        load_catalogue(tmp_path)
