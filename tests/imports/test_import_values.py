"""One cell each: what is read, what is marked, and what must be kept as text."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.imports.rules.cells import Cell, clean_text, plain, text_of
from caseapp.imports.rules.values import addresses, contacting, durations, names, words
from caseapp.imports.rules.values.addresses import Address
from caseapp.imports.rules.values.days import Day, Era, read_day
from caseapp.imports.rules.values.names import PersonName
from caseapp.imports.rules.values.reading import Mark, mark_label
from tests.imports.making import TODAY, lookups


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (180.0, "180"),
        (1.5, "1,5"),
        (True, "WAHR"),
        (dt.date(2020, 2, 6), "06.02.2020"),
        (dt.datetime.fromisoformat("2020-02-06T14:30"), "06.02.2020 14:30"),
        (dt.datetime.fromisoformat("2020-02-06T00:00"), "06.02.2020"),
        (dt.time(9, 5), "09:05"),
        (dt.timedelta(hours=26, minutes=5), "26:05"),
        ("  unverändert ", "  unverändert "),
    ],
)
def test_a_cell_is_written_as_a_german_reader_would(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


def test_words_are_compared_without_case_accents_and_marks() -> None:
    assert plain("  Staatsangehörigkeit: ") == plain("STAATSANGEHOERIGKEIT") == "staatsangehoerigkeit"
    assert plain("Çelik-Yılmaz, §25(2)") == "celik yilmaz 25 2"
    assert clean_text(" a\x00b\r\nc ") == "a\ufffdb\nc"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("3.5.88", Day(1988, 5, 3)),
        ("15.09.1995", Day(1995, 9, 15)),
        ("2023-04-12", Day(2023, 4, 12)),
        ("2023-04-12T00:00:00", Day(2023, 4, 12)),
        ("1988", Day(1988)),
        (1988.0, Day(1988)),
        (35688.0, Day(1997, 9, 15)),
        ("35688", Day(1997, 9, 15)),
        (20231104.0, Day(2023, 11, 4)),
        ("09/2024", Day(2024, 9)),
        ("2024-09", Day(2024, 9)),
        ("Mai 2020", Day(2020, 5)),
        ("5. März 1988", Day(1988, 3, 5)),
        ("5. Mrz 88", Day(1988, 3, 5)),
        ("geb. 3.5.88", Day(1988, 5, 3)),
        ("Mo, 03.05.1988", Day(1988, 5, 3)),
        ("00.00.1988", Day(1988)),
        ("??.??.1988", Day(1988)),
        ("03.05.1988 (lt. Pass)", Day(1988, 5, 3)),
        ("12/25/1988", Day(1988, 12, 25)),
        (dt.datetime.fromisoformat("1988-05-03T00:00"), Day(1988, 5, 3)),
    ],
)
def test_dates_are_read_as_people_write_them(cell: Cell, day: Day) -> None:
    assert read_day(cell, Era.BIRTH, TODAY).value == day


@pytest.mark.parametrize("cell", ["31.02.1990", "29.02.2023", "32.01.2000", "1.13.2000", "2023-02-30", 20230230.0])
def test_a_date_that_does_not_exist_is_marked_and_kept(cell: Cell) -> None:
    reading = read_day(cell, Era.BIRTH, TODAY)
    assert reading.value is None
    assert reading.marks == (Mark.IMPOSSIBLE_DATE,)
    assert not reading.whole


def test_two_digits_mean_the_century_that_fits_the_field() -> None:
    assert read_day("20.11.26", Era.BIRTH, TODAY).value == Day(2026, 11, 20)
    assert read_day("23.11.26", Era.BIRTH, TODAY).value == Day(1926, 11, 23)
    assert read_day("31.12.30", Era.OPEN, TODAY).value == Day(2030, 12, 31)
    assert read_day("26.06.20", Era.PAST, TODAY).value == Day(2020, 6, 26)
    assert read_day("26.06.89", Era.PAST, TODAY).value == Day(1989, 6, 26)


def test_births_on_the_first_of_january_are_marked_as_fictive() -> None:
    assert read_day("01.01.1990", Era.BIRTH, TODAY).marks == (Mark.FICTIVE,)
    assert read_day("01.01.2024", Era.PAST, TODAY).marks == ()
    assert mark_label(Mark.FICTIVE) == "Geburtsdatum fiktiv"


def test_a_birth_in_the_future_is_not_believed() -> None:
    assert read_day("01.02.2031", Era.BIRTH, TODAY).value is None
    assert read_day("bald", Era.BIRTH, TODAY).marks == (Mark.UNCLEAR_DATE,)


def test_a_month_ends_on_its_last_day() -> None:
    assert Day(2027, 2).last == dt.date(2027, 2, 28)
    assert Day(2027).last == dt.date(2027, 12, 31)
    assert Day(2027, 2).first == dt.date(2027, 2, 1)
    assert Day(2027, 2).exact is None


DATE_LIKE = st.one_of(
    st.from_regex(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}", fullmatch=True),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(),
    st.text(max_size=30),
    st.dates().map(str),
    st.dates(),
    st.datetimes(),
)


@given(DATE_LIKE, st.sampled_from(Era))
def test_the_date_reader_never_invents_a_day(cell: Cell, era: Era) -> None:
    day = read_day(cell, era, TODAY).value
    if day is not None:
        assert 1900 <= day.year <= 2100
        assert 0 <= day.month <= 12
        assert 0 <= day.day <= (calendar.monthrange(day.year, day.month)[1] if day.month else 0)
        assert era is Era.OPEN or day.first <= TODAY


@given(st.dates(dt.date(1920, 1, 1), TODAY))
def test_every_usual_way_to_write_a_day_gives_that_day(day: dt.date) -> None:
    expected = Day(day.year, day.month, day.day)
    for text in (f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", day.isoformat(), f"{day:%d/%m/%Y}"):
        reading = read_day(text, Era.BIRTH, TODAY)
        assert (reading.value, reading.whole) == (expected, True)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("1 Std.", 60),
        ("ca. 30", 30),
        ("1,5 h", 90),
        ("0:45", 45),
        ("45 Min.", 45),
        ("1h30", 90),
        (45.0, 45),
        ("90", 90),
        (1.5, 90),
        ("1 Std. 15 Min.", 75),
        ("½ Std.", 30),
        ("1 1/2 Std", 90),
        ("halbe Stunde", 30),
        (dt.time(0, 45), 45),
        (dt.timedelta(minutes=50), 50),
        (0, 0),
        ("30-45", None),
        ("lange", None),
        (5000, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_durations_are_read_in_minutes(cell: Cell, minutes: int | None) -> None:
    assert durations.read_minutes(cell).value == minutes


def test_bare_numbers_of_an_hours_column_are_hours() -> None:
    assert durations.read_minutes("0,5", hours=True).value == 30
    assert durations.read_minutes(2.0, hours=True).value == 120
    assert not durations.read_minutes("ca. 30").whole


def test_times_of_day_are_read() -> None:
    assert durations.read_clock("14.30 Uhr").value == dt.time(14, 30)
    assert durations.read_clock(0.5).value == dt.time(12, 0)
    assert durations.read_clock("25:00").value is None
    assert durations.clock_behind("24.03.2026 14:30") == dt.time(14, 30)


@pytest.mark.parametrize(
    ("text", "last", "first", "marked"),
    [
        ("Al-Ahmad, Fatima", "Al-Ahmad", "Fatima", False),
        ("AL-AHMAD, FATIMA", "Al-Ahmad", "Fatima", False),
        ("Fatima AL-AHMAD", "Al-Ahmad", "Fatima", False),
        ("Fatima Al-Ahmad", "Al-Ahmad", "Fatima", False),
        ("Amal al Masri", "al Masri", "Amal", False),
        ("Бондаренко, Iryna", "Бондаренко", "Iryna", False),
        ("Al-Ahmad, محمد", "Al-Ahmad", "محمد", False),
        ("Ay?e Y?lmaz", "Y?lmaz", "Ay?e", True),
        ("?????, Olena", "?????", "Olena", True),
        ("Mohammed", "Mohammed", "", True),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", "", True),
    ],
)
def test_names_are_cut_and_marked(text: str, last: str, first: str, marked: bool) -> None:
    reading = names.read_full_name(text, last_first=False)
    assert reading.value == PersonName(last, first)
    assert (Mark.NAME in reading.marks) == marked


def test_a_column_with_the_family_name_first_is_cut_that_way() -> None:
    assert names.read_full_name("Noori Mina").value == PersonName("Noori", "Mina")
    assert names.read_full_name("al Masri Amal").value == PersonName("al Masri", "Amal")
    assert names.read_full_name("N.N.").value is None
    assert not names.read_full_name("Noori, Mina (geb. Haddad)").whole


def test_capitals_become_gentle_without_touching_mixed_names() -> None:
    assert names.settled_case("AL-AHMAD") == "Al-Ahmad"
    assert names.settled_case("O'NEILL") == "O'Neill"
    assert names.settled_case("al Masri") == "al Masri"
    assert names.settled_case("McDonald") == "McDonald"


def test_workers_are_matched_by_family_name_then_by_the_given_one() -> None:
    team = {1: ("Katrin", "Maier"), 2: ("Ali", "Öz"), 3: ("Bernd", "Maier"), 4: ("Uta", "von der Au")}

    def found(text: str) -> list[int]:
        return names.matching_workers(names.read_worker(text).value or "", team)

    assert found("Hr. Öz") == [2]
    assert found("Fr. Maier") == [1, 3]
    assert found("Maier, K.") == [1]
    assert found("KM") == [1]
    assert found("Uta von der Au") == [4]
    assert found("Schmidt") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Im Wiesengrund 55, 88069 Tettnang", Address("Im Wiesengrund", "55", "88069", "Tettnang")),
        ("88069 Tettnang, Im Wiesengrund 55", Address("Im Wiesengrund", "55", "88069", "Tettnang")),
        ("Im Wiesengrund 55\n88069 Tettnang", Address("Im Wiesengrund", "55", "88069", "Tettnang")),
        ("Hauptstr. 12a, Tettnang", Address("Hauptstr.", "12a", "", "Tettnang")),
        ("Hauptstr. 12", Address("Hauptstr.", "12")),
        ("Tettnang", Address(place="Tettnang")),
    ],
)
def test_addresses_are_taken_apart(text: str, address: Address) -> None:
    reading = addresses.read_address(text)
    assert (reading.value, reading.whole) == (address, True)


def test_an_address_that_says_more_is_kept_as_text() -> None:
    assert not addresses.read_address("bei Familie Noori, Hauptstr. 1, 88069 Tettnang").whole
    assert addresses.read_postcode(1067.0).value == "01067"
    assert lookups().municipality("Kressbronn", "88079").ags == "08435029"


def test_phone_numbers_keep_their_writing_and_get_the_international_form() -> None:
    def read(cell: Cell) -> list[tuple[str, str]]:
        return [(phone.written, phone.e164) for phone in contacting.read_phones(cell).value or ()]

    assert read("0176/62337243") == [("0176/62337243", "+4917662337243")]
    assert read("0176/62337243, 0751 82-2449") == [
        ("0176/62337243", "+4917662337243"),
        ("0751 82-2449", "+49751822449"),
    ]
    assert read(17662337243.0) == [("17662337243", "+4917662337243")]
    assert read("+963 944 123456") == [("+963 944 123456", "+963944123456")]
    assert read("keins") == []
    assert not contacting.read_phones("Mutter: 0176/62337243").whole
    assert contacting.read_email("post: a.b@example.org").value == "a.b@example.org"


@pytest.mark.parametrize(
    ("text", "code", "whole"),
    [
        ("Duldung", "D60A", True),
        ("Duldung §60a", "D60A", True),
        ("Duldung gem. § 60a Abs. 2", "D60A", False),
        ("§ 25 Abs 3", "P25_3", True),
        ("§25(2) GFK", "P25_2F", True),
        ("§ 25 (2)", "P25_2", True),
        ("AE 25 II", "P25_2", True),
        ("Aufenthaltserlaubnis § 25 Abs. 2", "P25_2", True),
        ("25/2 subsidiär", "P25_2S", True),
        ("subs. Schutz", "P25_2S", True),
        ("§ 25 Abs. 4 S. 2", "P25_4_2", True),
        ("§ 24 AufenthG", "P24", True),
        ("Gestattung", "AGE", True),
        ("Niederlassungserlaubnis", "NEX", True),
        ("NE § 26 Abs. 3", "N26_3", True),
        ("§25b", "P25B", True),
        ("Chancenaufenthalt § 104c", "P104C", True),
        ("unklar", "UNB", True),
        ("Fiktionsbescheinigung bis März", "F81", False),
        ("abgelehnt, Klage", None, False),
    ],
)
def test_residence_titles_are_found_by_words_and_paragraphs(text: str, code: str | None, whole: bool) -> None:
    reading = lookups().titles.read(text)
    assert (reading.value, reading.whole) == (code, whole)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("syrien ", ("475",)),
        ("Syrisch", ("475",)),
        ("syrische", ("475",)),
        ("SYR", ("475",)),
        ("Syrerin", ("475",)),
        ("Afgh.", ("423",)),
        ("Afganistan", ("423",)),
        ("Türkei", ("163",)),
        ("syrisch/türkisch", ("475", "163")),
        ("Irak", ("438",)),
        ("Iran", ("439",)),
        ("Niger", ("255",)),
        ("Nigera", None),
        ("Nig.", None),
    ],
)
def test_nationalities_are_found_unless_two_can_be_meant(text: str, codes: tuple[str, ...] | None) -> None:
    assert words.read_words(lookups().words["nationalities"], text, Mark.NATIONALITY).value == codes


def test_other_code_lists_understand_the_slang_of_offices() -> None:
    known = lookups().words
    assert words.read_word(known["sexes"], "Frau", Mark.OTHER).value == "W"
    assert words.read_housing(known["housing_forms"], "städt. Wohnung").value == "AUW"
    assert words.read_housing(known["housing_forms"], "GU (Zimmer 4)").value == "GU"
    assert words.read_housing(known["housing_forms"], "AU").marks == (Mark.HOUSING,)
    assert words.read_level(known["language_levels"], "A2/B1").value == "A2"
    assert not words.read_level(known["language_levels"], "A2/B1").whole
    assert words.read_level(known["language_levels"], "B1-Kurs").value is None
    assert words.read_words(known["employment_kinds"], "Minijob + Sprachkurs", Mark.OTHER).value == ("MJ", "KUR")
    assert words.read_contact_kind(known["contact_kinds"], "WhatsApp").value == "MSG"
    assert words.read_contact_kind(known["contact_kinds"], "HB nicht angetroffen").value == "NVE"
    visit = words.read_contact_kind(known["contact_kinds"], "Begleitung Jobcenter")
    assert (visit.value, visit.whole, visit.marks) == ("BEG", False, ())
    assert words.read_words(known["topics"], "Arbeit/Jobcenter", Mark.OTHER).value == ("ARB",)
    assert words.read_words(known["topics"], "Schulden, Wohnen; Kita", Mark.OTHER).value == ("SUL", "WOH", "KIN")


def test_long_texts_are_notes_and_no_values() -> None:
    long = "Duldung " * 200
    assert lookups().titles.read(long).value is None
    assert words.read_words(lookups().words["topics"], long, Mark.OTHER).value is None
    assert names.read_full_name(long).value is None
    assert addresses.read_address(long).value is None
    assert contacting.read_phones("0" * 5000).value is None
