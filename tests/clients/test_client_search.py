"""The search box: what is understood, who is found, in which order, and why."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.clients.rules.matching import REASON_LABELS, Card, Cards, Reason, match
from caseapp.clients.rules.names import search_line
from caseapp.clients.rules.search_terms import BirthTerm, file_number_key, parse_query, phone_digits
from tests.clients.population import people


def card(family: str, given_names: str = "", own_script: str = "", other: str = "", **facts: object) -> Card:
    """A client as a search sees one."""
    line = search_line(family, given_names, own_script=(own_script,), other_spellings=(other,))
    return Card(search_line=line, family_name=family, given_names=given_names, **facts)  # type: ignore[arg-type]


AMINA = card(
    "Al-Rahimi",
    "Amina",
    own_script="امینه رحیمی",
    born_on=dt.date(1988, 5, 3),
    file_number="2026-00042",
    phones=("+4917662337243",),
)
RAHIM = card("Rahim", "Abdul", born_on=dt.date(1990, 1, 1), file_number="2026-00142", phones=("0751 82-2449",))
OLEKSANDR = card("Shevchenko", "Oleksandr", born_on=dt.date(1994, 10, 15))
OLENA = card("Шевченко", "Олена", born_on=dt.date(1991, 12, 10))
AYSE = card("Y?ld?z", "Ay?e", born_on=dt.date(1975, 1, 18))
ALIREZA = card("Hosseini", "Alireza", other="Ali Reza Husseini")
FILMON = card("", "Filmon Tesfay Berhane")
CABDI = card("Maxamed", "Cabdiraxmaan", own_script="عبد الرحمن")
DIALLO = card("Diallo", "Mamadou Boubacar")
MUELLER = card("Müller", "Jürgen")
EVERYBODY = [AMINA, RAHIM, OLEKSANDR, OLENA, AYSE, ALIREZA, FILMON, CABDI, DIALLO, MUELLER]


def found(text: str) -> list[Card]:
    """The cards in the order of the hits."""
    return [hit.card for hit in match(parse_query(text), Cards(EVERYBODY))]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Rahimi Amina", AMINA),
        ("amina al-rahimi", AMINA),
        ("el rahimi", AMINA),
        ("Rahimy", AMINA),
        ("رحیمی", AMINA),
        ("Raheemi Ameena", AMINA),
        ("a rah", AMINA),
        ("rahimi 1988", AMINA),
        ("3.5.88", AMINA),
        ("03.05.1988 amina", AMINA),
        ("1988-05-03", AMINA),
        ("3. Mai 1988", AMINA),
        ("2026-42", AMINA),
        ("IM-2026-0042", AMINA),
        ("00042", AMINA),
        ("0176/62 33 72 43", AMINA),
        ("+49 (0)176 62337243", AMINA),
        ("37243", AMINA),
        ("0751 822449", RAHIM),
        ("Schewtschenko Alexander", OLEKSANDR),
        ("Olexandr Chevtchenko", OLEKSANDR),
        ("Шевченко Олександр", OLEKSANDR),
        ("Shevchenko Elena", OLENA),
        ("ayse yildiz", AYSE),
        ("Ali Reza Hosseini", ALIREZA),
        ("Ali-Reza", ALIREZA),
        ("Tesfai", FILMON),
        ("Philmon Berhane", FILMON),
        ("ተስፋይ", FILMON),
        ("Abdul Rahman", CABDI),
        ("Abdirahman Mohamed", CABDI),
        ("Jallow", DIALLO),
        ("Abubakar Diallo", DIALLO),
        ("Mueller", MUELLER),
        ("Muller Jurgen", MUELLER),
        ("Shevchneko Oleksandr", OLEKSANDR),
        ("Hoseini Alirza", ALIREZA),
    ],
)
def test_a_person_is_found_first_by(text: str, person: Card) -> None:
    assert found(text)[:1] == [person]


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "Nguyen", "rahimi 1987", "2026-43", "0176 00000", "Amina Shevchenko", "?????", "xy"]
)
def test_nobody_is_found_by(text: str) -> None:
    assert found(text) == []


def reasons(text: str, person: Card) -> tuple[Reason, ...]:
    """Why the person was found."""
    return next(hit.reasons for hit in match(parse_query(text), Cards(EVERYBODY)) if hit.card is person)


@pytest.mark.parametrize(
    ("text", "person", "why"),
    [
        ("Amina Rahimi", AMINA, (Reason.EXACT_NAME,)),
        ("Husseini", ALIREZA, (Reason.OTHER_SPELLING,)),
        ("رحیمی", AMINA, (Reason.EXACT_NAME,)),
        ("Шевченко", OLEKSANDR, (Reason.OTHER_SCRIPT,)),
        ("Rahi", AMINA, (Reason.PREFIX,)),
        ("Jallow", DIALLO, (Reason.SOUNDS_ALIKE,)),
        ("Yildiz", AYSE, (Reason.DAMAGED_NAME,)),
        ("Sehvchenko", OLEKSANDR, (Reason.TYPING_ERROR,)),
        ("rahimi 1988", AMINA, (Reason.EXACT_NAME, Reason.BIRTH_YEAR)),
        ("3.5.88", AMINA, (Reason.BIRTH_DATE,)),
        ("2026-42", AMINA, (Reason.FILE_NUMBER,)),
        ("37243", AMINA, (Reason.PHONE,)),
    ],
)
def test_a_hit_says_why(text: str, person: Card, why: tuple[Reason, ...]) -> None:
    assert reasons(text, person) == why


def test_every_reason_has_a_german_label() -> None:
    assert set(REASON_LABELS) == set(Reason)


def test_the_same_name_comes_before_a_longer_and_a_similar_one() -> None:
    same, longer, alike = card("Karim", "Sara"), card("Karimov", "Sara"), card("Kareem", "Sara")

    hits = match(parse_query("sara karim"), Cards([alike, longer, same]))

    assert [hit.card for hit in hits] == [same, longer, alike]
    assert all(0 < hit.score <= 1 for hit in hits)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("3.5.88", BirthTerm(3, 5, 88)),
        ("03.05.1988", BirthTerm(3, 5, 1988)),
        ("3. 5. 1988", BirthTerm(3, 5, 1988)),
        ("3/5/1988", BirthTerm(3, 5, 1988)),
        ("1988-05-03", BirthTerm(3, 5, 1988)),
        ("3. Mai 1988", BirthTerm(3, 5, 1988)),
        ("März 1988", BirthTerm(None, 3, 1988)),
        ("3.5.", BirthTerm(3, 5, None)),
        ("1988", BirthTerm(None, None, 1988)),
    ],
)
def test_dates_are_understood_as_germans_write_them(text: str, term: BirthTerm) -> None:
    query = parse_query(f"rahimi {text}")

    assert query.births == (term,)
    assert [word.forms for word in query.names[0]] == [("rahimi",)]
    assert query.digits == query.file_numbers == ()


def test_a_two_digit_year_may_lie_in_either_century() -> None:
    old, young = card("Bah", born_on=dt.date(1926, 2, 1)), card("Bah", born_on=dt.date(2026, 2, 1))

    assert len(match(parse_query("1.2.26"), Cards([old, young]))) == 2


def test_a_year_does_not_run_into_a_telephone_number() -> None:
    query = parse_query("1988 0176 6233724")

    assert query.births == (BirthTerm(None, None, 1988),)
    assert query.digits == ("01766233724",)


@pytest.mark.parametrize(
    ("stored", "digits"),
    [
        ("+4917612345", "4917612345"),
        ("0176/123-45", "4917612345"),
        ("0049 176 12345", "4917612345"),
        ("+43 1 5", "4315"),
    ],
)
def test_stored_numbers_begin_with_the_country(stored: str, digits: str) -> None:
    assert phone_digits(stored) == digits


def test_the_prefix_and_zeros_of_a_file_number_do_not_count() -> None:
    assert file_number_key("IM-2026-0042") == file_number_key("2026/42") == "2026/42"
    assert file_number_key("Altakte") == ""


@given(st.text())
def test_any_text_can_be_searched_for(text: str) -> None:
    assert isinstance(match(parse_query(text), Cards(EVERYBODY)), list)


@given(st.permutations(["amina", "rahimi", "1988", "37243"]))
def test_the_order_of_what_is_typed_does_not_matter(parts: list[str]) -> None:
    assert found(" ".join(parts)) == [AMINA]


def test_ten_megabytes_can_be_searched_for_within_a_second() -> None:
    start = time.perf_counter()

    for piece in ("a", "1", "1.", "a ", "+", "(0)", "۱", "-"):
        match(parse_query(piece * 5_000_000), Cards(EVERYBODY))

    assert time.perf_counter() - start < 1


def test_everybody_is_found_by_the_own_name_in_any_order() -> None:
    deck = [card(family, given_names) for family, given_names in people(300, seed=5)]
    for person in deck:
        for text in (f"{person.given_names} {person.family_name}", f"{person.family_name}, {person.given_names}"):
            best = match(parse_query(text), Cards(deck))
            assert any(hit.card is person for hit in best if hit.score == best[0].score), text
