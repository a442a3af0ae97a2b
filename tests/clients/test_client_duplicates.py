"""Who may already have a file: how sure, and why."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.clients.rules.duplicates import WHY_LABELS, DuplicateFinder, Strength, Why, possible_duplicates
from caseapp.clients.rules.matching import Card
from caseapp.clients.rules.names import search_line

MAY = dt.date(1988, 5, 3)


def person(name: str, born_on: dt.date | None = MAY, *, phone: str = "", fictitious: bool = False) -> Card:
    """A client written as `Family, Given`."""
    family, _, given_names = name.partition(", ")
    return Card(
        search_line=search_line(family, given_names),
        family_name=family,
        given_names=given_names,
        born_on=born_on,
        birth_is_fictitious=fictitious,
        phones=(phone,) if phone else (),
    )


def verdict(one: Card, other: Card) -> tuple[Strength, Why] | None:
    """What is said about the two, which must not depend on who asks."""
    answers = [
        [(duplicate.strength, duplicate.why) for duplicate in possible_duplicates(a, [b])]
        for a, b in ((one, other), (other, one))
    ]
    assert answers[0] == answers[1]
    return answers[0][0] if answers[0] else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Ahmad, Fatima", "AL AHMAD, Fatima"),
        ("Müller, Jürgen", "Mueller, Juergen"),
        ("Fatima, Al-Ahmad", "Al-Ahmad, Fatima"),
        ("Y?ld?z, Ay?e", "Y?ld?z, Ay?e"),
    ],
)
def test_the_same_name_and_birth_date_is_the_same_person(one: str, other: str) -> None:
    assert verdict(person(one), person(other)) == (Strength.SAME, Why.NAME_AND_BIRTH_DATE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shevchenko, Oleksandr", "Schewtschenko, Alexander"),
        ("Hosseini, Alireza", "Husseini, Ali Reza"),
        ("Maxamed, Cabdi", "Mohamed, Abdi"),
        ("Diallo, Boubacar", "Abubakar, Jallow"),
        ("Rahimi, Abdul Karim", "Rahimi, Abdulkarim"),
    ],
)
def test_an_alike_name_and_the_same_birth_date_are_likely(one: str, other: str) -> None:
    assert verdict(person(one), person(other)) == (Strength.LIKELY, Why.SOUND_AND_BIRTH_DATE)


def test_an_alike_name_and_the_same_telephone_are_likely() -> None:
    one = person("Rahimi, Amina", dt.date(1988, 1, 1), phone="+4917662337243")
    other = person("Raheemi, Ameena", dt.date(1991, 7, 9), phone="0176 623 372 43")

    assert verdict(one, other) == (Strength.LIKELY, Why.SOUND_AND_PHONE)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (dt.date(1988, 5, 3), dt.date(1988, 3, 5), Why.DAY_AND_MONTH_SWAPPED),
        (dt.date(1988, 5, 3), dt.date(1988, 1, 1), Why.BIRTH_YEAR),
        (dt.date(1988, 5, 3), None, Why.NO_BIRTH_DATE),
        (None, None, Why.NO_BIRTH_DATE),
    ],
)
def test_an_alike_name_with_a_doubtful_date_is_possible(one: dt.date | None, other: dt.date | None, why: Why) -> None:
    assert verdict(person("Rahimi, Amina", one), person("Rahimy, Aminah", other)) == (Strength.POSSIBLE, why)


def test_a_date_marked_as_fictitious_only_counts_as_its_year() -> None:
    one = person("Rahimi, Amina", dt.date(1988, 7, 1), fictitious=True)

    assert verdict(one, person("Rahimi, Amina", dt.date(1988, 3, 9))) == (Strength.POSSIBLE, Why.BIRTH_YEAR)


def test_a_typing_error_and_the_same_birth_date_are_possible() -> None:
    one, other = person("Tkachenko, Svitlana"), person("Tkahcenko, Svtilana")

    assert verdict(one, other) == (Strength.POSSIBLE, Why.SOUND_AND_BIRTH_DATE)


def test_a_damaged_name_is_possible_where_the_rest_and_the_birth_date_agree() -> None:
    assert verdict(person("Tkatschuk, ?????"), person("Tkatschuk, Олена")) == (Strength.POSSIBLE, Why.DAMAGED_NAME)
    assert verdict(person("Y?lmaz, Ay?e"), person("Yılmaz, Ayşe")) == (Strength.POSSIBLE, Why.DAMAGED_NAME)
    assert verdict(person("?????, ???"), person("Tkatschuk, Олена")) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Rahimi, Amina"), person("Rahimi, Zahra")),  # sisters, twins
        (person("Rahimi, Amina", phone="+4917662337243"), person("Rahimi, Reza", None, phone="+4917662337243")),
        (person("Rahimi, Amina", dt.date(1988, 5, 3)), person("Rahimi, Amina", dt.date(1988, 5, 4))),
        (person("Rahimi, Amina", dt.date(1988, 1, 1)), person("Rahimi, Amina", dt.date(1989, 1, 1))),
        (person(""), person("")),
        (person("?????, ?????"), person("?????, ?????")),
        (person("Amina"), person("Rahimi, Amina")),
    ],
)
def test_others_are_not_taken_for_the_same_person(one: Card, other: Card) -> None:
    assert verdict(one, other) is None


def test_the_surest_come_first_and_a_client_is_no_duplicate_of_itself() -> None:
    number = uuid.uuid4()
    saved = Card(
        search_line=search_line("Rahimi", "Amina"), client_id=number, family_name="Rahimi", given_names="Amina"
    )
    same, likely, possible = person("Rahimi, Amina"), person("Rahimy, Ameena"), person("Rahimi, Amina", None)
    asked = person("Rahimi, Amina")

    found = possible_duplicates(asked, [possible, likely, asked, same])
    assert [duplicate.other for duplicate in found] == [same, likely, possible]
    assert possible_duplicates(saved, [saved, Card(search_line="", client_id=number)]) == []


def test_an_import_finds_rows_that_it_added_itself() -> None:
    finder = DuplicateFinder()
    for name in ("Rahimi, Amina", "Shevchenko, Olena"):
        assert finder.find(person(name)) == []
        finder.add(person(name))

    assert [duplicate.strength for duplicate in finder.find(person("RAHIMI, Amina"))] == [Strength.SAME]
    assert [duplicate.why for duplicate in finder.find(person("Rahimi, Amina", None))] == [Why.NO_BIRTH_DATE]


def test_every_reason_has_a_german_label() -> None:
    assert set(WHY_LABELS) == set(Why)


@given(st.text(), st.text(), st.none() | st.dates(), st.text(max_size=20))
def test_any_text_can_be_compared(one: str, other: str, born_on: dt.date | None, phone: str) -> None:
    verdict(person(one, born_on, phone=phone), person(other, born_on, phone=phone))
