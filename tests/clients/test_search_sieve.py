"""What a search passes by unread could not have been found by reading it."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from caseapp.clients.models import Birth, ClientHead
from caseapp.clients.rules.matching import Card, Cards, match
from caseapp.clients.rules.names import search_line
from caseapp.clients.rules.search_terms import parse_query
from caseapp.clients.rules.sieve import sift
from caseapp.sealed.records import encode
from tests.clients.population import people

CROWD = [*people(300, seed=3), ("Y?ld?z", "Ay?e"), ("Шевченко", "Олена"), ("", "محمد"), ("Müller", "Jürgen")]


def head(number: int, family: str, given_names: str) -> ClientHead:
    born = dt.date(1950, 1, 1) + dt.timedelta(days=number * 83)
    return ClientHead(
        family_name=family,
        given_names=given_names,
        birth=Birth(day=born),
        phones=(f"0751 82-{number:04}",),
        keys=(search_line(family, given_names),),
    )


HEADS = [head(number, *names) for number, names in enumerate(CROWD)]
RECORDS = [encode(each) for each in HEADS]
CARDS = Cards(
    [
        Card(search_line=each.search_line, born_on=each.birth.day, phones=each.phones, file_number=f"2026-{number:05}")
        for number, each in enumerate(HEADS)
    ]
)
FACTS = ["", "1988", "3.5.88", "03.1977", "2026-00042", "0751 820007", "12.3."]


@given(
    st.lists(st.sampled_from([word for names in CROWD for part in names for word in part.split()]), max_size=3),
    st.sampled_from(FACTS),
    st.integers(0, 7),
)
def test_whoever_is_found_was_not_sifted_out(words: list[str], fact: str, cut: int) -> None:
    text = " ".join([*(word[cut // 2 :] if len(word) > cut else word for word in words), fact])
    query = parse_query(text)
    kept = set(sift(query, RECORDS))
    met = {hit.number for hit in match(query, CARDS) if "typing_error" not in hit.reasons}
    assert met <= kept


def test_most_are_passed_by() -> None:
    assert len(list(sift(parse_query("Schewtschenko Olena"), RECORDS))) < 10
    assert len(list(sift(parse_query("3.5.88"), RECORDS))) <= 1


def test_a_record_that_nobody_can_read_is_left_to_the_file_number() -> None:
    assert list(sift(parse_query("Rahimi 1988"), [None])) == [0]
