"""Known answers: every number here can be checked by reading the course above it."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.catalogue.queries import catalogue
from caseapp.catalogue.rules import counts_as_counselling, load_counting
from caseapp.indicators.queries import counting, definitions, mapping
from caseapp.indicators.rules import evaluate, make_context
from caseapp.keyfigures.queries import book_of
from caseapp.keyfigures.rules.comparing import against_last_year, differing_cells, since
from caseapp.keyfigures.rules.counting import count, late_contacts, missing
from caseapp.keyfigures.rules.fields import CodeWithoutClassError
from caseapp.keyfigures.rules.small import collected, hide
from caseapp.keyfigures.rules.totals import NOBODY, TOTAL, Cell, Totals, pack, summed, unpack
from caseapp.tallies.lines import HouseholdLine, PresenceLine, StayLine, TitleLine
from caseapp.tallies.periods import Period
from tests.keyfigures.courses import ANNA, BELA, YEAR, contact, course, day, signed

BOOK = book_of(YEAR)
CONTEXT = make_context(
    period=Period(YEAR),
    as_of=dt.datetime(YEAR + 1, 6, 1, tzinfo=dt.UTC),
    definitions=definitions(),
    mapping=mapping(),
    catalogue=catalogue(),
    counting=counting(),
    title_rules=(),
    snapshots={},
    partner_kinds={},
)


def counted(*courses: object) -> Totals:
    return count(BOOK, list(courses), CONTEXT)  # type: ignore[arg-type]


def test_a_person_counts_once_however_often_counselled_and_by_whomever() -> None:
    totals = counted(course(1, contact(day(2, 1), ANNA), contact(day(5, 1), BELA), contact(day(3, 1), ANNA)))
    assert totals.number("PER") == 1
    assert totals.number("KON") == 3
    # The person counts for whoever had the last contact, each contact for whoever had it.
    assert totals.number("PER", who=BELA.hex) == 1
    assert totals.number("PER", who=ANNA.hex) == 0
    assert totals.number("KON", who=ANNA.hex) == 2
    assert totals.number("KON", who=BELA.hex) == 1


def test_what_does_not_count_as_a_talk_makes_nobody_counselled() -> None:
    letter, absent = contact(day(2, 1), kind="BRF"), contact(day(2, 2), kind="NVE")
    other_years = contact(day(12, 31, YEAR - 1)), contact(day(1, 1, YEAR + 1))
    assert counted(course(1, letter, absent, *other_years)).values == ()
    assert counted(course(1, contact(day(1, 1))), course(2, contact(day(12, 31)))).number("PER") == 2


def test_a_contact_of_a_list_without_a_name_counts_for_the_worker_of_the_file_else_for_nobody() -> None:
    totals = counted(course(1, contact(day(2, 1), None)), course(2, contact(day(2, 1), None), worker_id=None))
    assert totals.number("PER", who=ANNA.hex) == totals.number("KON", who=ANNA.hex) == 1
    assert totals.number("PER", who=NOBODY) == totals.number("KON", who=NOBODY) == 1
    assert totals.workers == (ANNA.hex, NOBODY)


def test_the_age_is_that_of_the_last_day_of_the_year() -> None:
    on = contact(day(2, 1))
    totals = counted(
        course(1, on, born_on=dt.date(1998, 12, 31)),  # turns 27 on the last day
        course(2, on, born_on=dt.date(1999, 1, 1)),  # a day later: 26
        course(3, on, born_on=dt.date(2000, 2, 29)),
        course(4, on, born_on=None),
    )
    assert totals.classes("PER", "age") == {"27_": 1, "0_26": 2, "OA": 1}


def test_what_nobody_asked_is_without_an_answer_and_rare_countries_are_others() -> None:
    on = contact(day(2, 1))
    totals = counted(
        course(1, on, sex="", nationality=""),
        course(2, on, sex="N", nationality="999"),
        course(3, on, sex="O", nationality="997"),  # "ohne Eintrag" and "staatenlos" are answers
    )
    assert totals.classes("PER", "sex") == {"OA": 2, "O": 1}
    assert totals.classes("PER", "nationality") == {"OA": 2, "SON": 1}


def test_the_title_is_the_last_one_that_had_begun_and_the_place_that_of_the_last_stay() -> None:
    first = TitleLine(code="AGE", from_on=day(1, 1, 2024), until_on=day(5, 31))
    then = TitleLine(code="P25_2F", from_on=day(6, 1), until_on=day(9, 1))  # ran out: still the last known one
    wrong = TitleLine(code="D60A", from_on=day(7, 1), superseded=True)
    next_year = TitleLine(code="N9", from_on=day(1, 1, YEAR + 1))
    moved = (StayLine(ags="08435057", until_on=day(3, 1)), StayLine(ags="08335043", from_on=day(3, 2)))
    totals = counted(course(1, contact(day(2, 1)), first, then, wrong, next_year, *moved))
    assert totals.classes("PER", "title") == {"ANE": 1}
    assert totals.classes("PER", "municipality") == {"08335043": 1}
    assert counted(course(1, contact(day(2, 1)), ags="")).classes("PER", "municipality") == {"OA": 1}


def test_a_family_counts_once_and_a_person_who_is_alone_in_a_household_is_single() -> None:
    home, alone = HouseholdLine(household=b"family"), HouseholdLine(household=b"single")
    former = HouseholdLine(household=b"former", until_on=day(12, 31, YEAR - 1))
    totals = counted(
        course(1, contact(day(2, 1), ANNA), home),
        course(2, contact(day(8, 1), BELA), home),
        course(3, home),  # a child who was not counselled makes the family no larger a number
        course(4, contact(day(2, 1)), alone),
        course(5, contact(day(2, 1)), former),
        course(6, former),
    )
    assert totals.number("FAM") == 1
    assert totals.number("FAM", who=BELA.hex) == 1
    assert totals.classes("PER", "family") == {"F": 2, "E": 2}


def test_a_plan_is_new_once_and_carried_forward_once_in_a_later_year() -> None:
    totals = counted(
        course(1, signed(1, day(3, 1)), signed(2, day(9, 1))),  # new; its second version is still the new plan
        course(2, signed(1, day(3, 1, YEAR - 1)), signed(2, day(3, 1)), signed(3, day(9, 1))),
        course(3, signed(1, day(3, 1, YEAR - 1))),
        course(4, signed(1, day(1, 1, YEAR + 1))),
    )
    assert totals.number("PLN") == 1
    assert totals.number("PLF") == 1
    assert totals.number("PER") == 0


def test_contacts_are_told_by_kind_and_by_the_state_topic_of_the_main_topic() -> None:
    lines = contact(day(2, 1), kind="TEL", topics=("AUS", "WOH")), contact(day(2, 2), kind="MSG", topics=())
    totals = counted(course(1, *lines))
    assert totals.classes("KON", "contact_kind") == {"TEL": 1, "DIG": 1}
    assert totals.classes("KON", "topic") == {"ARB": 1, "OA": 1}


def test_a_code_without_a_class_stops_the_count_and_names_list_and_code_only() -> None:
    with pytest.raises(CodeWithoutClassError, match="„XX“ der Liste „sexes“"):
        counted(course(1, contact(day(2, 1)), sex="XX"))


def test_every_code_of_the_lists_has_a_class_and_every_kind_that_counts_too() -> None:
    for name, source in (("sex", "sexes"), ("nationality", "nationalities"), ("title", "residence_titles")):
        for code in catalogue().rows(source):
            assert BOOK.dimensions[name].class_of(code.code), code.code
    for code in catalogue().rows("state_topics"):
        assert BOOK.dimensions["topic"].class_of(code.code) == code.code
    dated = load_counting(Path("config/rules"))
    for kind in catalogue().rows("contact_kinds"):
        if counts_as_counselling(dated, kind.code, dt.date(YEAR, 7, 1)):
            assert BOOK.dimensions["contact_kind"].class_of(kind.code)


def test_missing_are_only_values_of_the_file_and_only_of_who_was_counselled() -> None:
    gaps = course(1, contact(day(2, 1), topics=()), sex="", nationality="999", born_on=None, ags="")
    asked = {
        "gaps": gaps,
        "never met": course(2, sex=""),
        "whole": course(3, contact(day(2, 1)), TitleLine(code="AGE")),
    }
    assert missing(BOOK, asked, CONTEXT) == {"gaps": ("sex", "age", "nationality", "title", "municipality")}


def test_late_are_contacts_of_the_year_that_were_recorded_later() -> None:
    frozen = dt.datetime(YEAR + 1, 1, 12, tzinfo=dt.UTC)
    late = contact(day(12, 30), recorded_at=frozen + dt.timedelta(days=1))
    this_year = contact(day(1, 14, YEAR + 1))
    assert late_contacts(BOOK, [course(1, late, contact(day(2, 1)), this_year)], CONTEXT, frozen) == 1


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["W", "M", "D", "O", "N", ""]),
        st.sampled_from(["475", "423", "999", "", "997"]),
        st.one_of(st.none(), st.dates(dt.date(1940, 1, 1), dt.date(2024, 1, 1))),
        st.lists(st.tuples(st.dates(dt.date(2024, 6, 1), dt.date(2026, 6, 1)), st.sampled_from([ANNA, BELA, None]))),
    ),
    max_size=12,
)


def test_whoever_takes_part_in_a_counted_talk_is_counselled_too() -> None:
    then = contact(day(2, 1)).recorded_at
    child = course(2, PresenceLine(on_day=day(2, 1), kind="BUE", recorded_at=then), worker_id=BELA)
    beside_a_letter = course(3, PresenceLine(on_day=day(2, 1), kind="BRF", recorded_at=then))
    totals = counted(course(1, contact(day(2, 1))), child, beside_a_letter)
    assert (totals.number("PER"), totals.number("KON")) == (2, 1)
    assert totals.number("PER", who=BELA.hex) == 1


@given(PEOPLE)
def test_every_breakdown_adds_up_to_its_field_and_the_workers_to_the_whole(people: list[tuple]) -> None:
    courses = [
        course(key, *(contact(on, who) for on, who in found), sex=sex, nationality=country, born_on=born)
        for key, (sex, country, born, found) in enumerate(people)
    ]
    totals = counted(*courses)
    # The reports count the same people and the same talks, before they round.
    assert totals.number("PER") == len(evaluate("I1", courses, (), Period(YEAR), CONTEXT))
    assert totals.number("KON") == sum(each.amount for each in evaluate("I13", courses, (), Period(YEAR), CONTEXT))
    for field in BOOK.fields:
        whole = totals.number(field.code)
        assert sum(totals.number(field.code, who=who) for who in totals.workers) == whole
        for dimension in field.dimensions:
            assert sum(totals.classes(field.code, dimension).values()) == whole
    assert unpack(pack(totals)) == totals
    assert unpack(pack(totals)).digest == totals.digest
    assert summed(YEAR, [totals, totals]).number("PER") == 2 * totals.number("PER")


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30), max_size=7), st.integers(2, 10))
def test_a_hidden_number_cannot_be_computed_from_the_total_and_what_is_shown(
    numbers: dict[str, int], threshold: int
) -> None:
    hidden = hide(numbers, threshold)
    assert all(numbers[code] == 0 or numbers[code] >= threshold for code in numbers.keys() - hidden)
    if hidden and hidden != set(numbers):
        assert len(hidden) >= 2
        assert sum(numbers[code] for code in hidden) >= 2 * threshold
    if not any(0 < number < threshold for number in numbers.values()):
        assert not hidden


def test_a_district_sees_exact_fields_and_no_small_class_of_anybody() -> None:
    whole = {Cell(TOTAL, "PER"): 43, Cell(ANNA.hex, "PER"): 43, Cell(ANNA.hex, "PER", "sex", "W"): 40}
    parts = {Cell(TOTAL, "PER", "sex", "W"): 22, Cell(TOTAL, "PER", "sex", "M"): 18, Cell(TOTAL, "PER", "sex", "D"): 3}
    seen = collected(BOOK, Totals.of(YEAR, whole | parts))
    assert seen.number("PER") == seen.number("PER", who=ANNA.hex) == 43
    # The three go, and the smallest larger one with them: 43 less 22 says only that the two are 21 together.
    assert seen.classes("PER", "sex") == {"W": 22}
    assert {cell.cls for cell in seen.hidden} == {"D", "M"}
    assert not [cell for cell, _number in seen.values if cell.dimension and cell.who]


def test_a_change_of_a_fifth_needs_a_reason_and_exactly_below_it_does_not() -> None:
    now = Totals.of(
        YEAR, {Cell(TOTAL, "PER"): 120, Cell(TOTAL, "KON"): 119, Cell(TOTAL, "FAM"): 80, Cell(TOTAL, "PLN"): 1}
    )
    before = {"PER": 100, "KON": 100, "FAM": 100, "PLN": 0, "PLF": 0}
    found = {change.field.code: change for change in against_last_year(BOOK, now, before)}
    assert {code for code, change in found.items() if change.needs_reason} == {"PER", "FAM", "PLN"}
    assert found["PER"].percent == 20
    assert found["PLN"].percent is None
    assert found["FAM"].difference == -20
    assert not any(change.needs_reason for change in against_last_year(BOOK, now, None))
    changed = since(BOOK, Totals.of(YEAR, {Cell(TOTAL, "PER"): 118}), now)
    assert changed[0].difference == 2
    assert differing_cells(now, now) == 0
