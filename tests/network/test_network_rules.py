"""Pure rules of the directory: folding, doubles, merged ids, states of dwellings, rent limits."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.network import rules

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))
PERIODS = st.tuples(DAYS, st.one_of(st.none(), DAYS)).filter(lambda period: period[1] is None or period[0] <= period[1])
IDS = [UUID(int=number) for number in range(8)]


def traits(number: int, name: str, **values: str) -> rules.Traits:
    said = {"kind": "VER", "department": "", "place": "", "phone": "", "email": "", **values}
    return rules.Traits(partner_id=IDS[number], name=name, **said)


@pytest.mark.parametrize("text", ["Müller", "MUELLER", "muller", "Mu\u0308ller"])
def test_every_spelling_of_a_name_is_the_same(text: str) -> None:
    assert rules.fold(text) == "muller"


@pytest.mark.parametrize("wanted", ["", "jobc", "tett jobcenter", "KÖNIG", "koenig"])
def test_beginnings_of_words_find_a_partner(wanted: str) -> None:
    assert rules.contains(wanted, "Jobcenter", "Tettnang", "Frau König")


def test_a_word_that_stands_nowhere_finds_nobody() -> None:
    assert not rules.contains("jobcenter lindau", "Jobcenter", "Tettnang")


def test_doubles_are_found_by_name_phone_and_mail_and_departments_are_none() -> None:
    found = rules.find_doubles(
        [
            traits(0, "Freundeskreis Asyl e. V.", place="Tettnang", phone="+4975421234"),
            traits(1, "Freundeskreis Asyl eV", place="Tettnang"),
            traits(2, "Freundeskreis Asyl", place="Lindau", phone="07542 1234"),
            traits(3, "Stadt Tettnang", department="Sozialamt", email="stadt@example.org"),
            traits(4, "Stadt Tettnang", department="Standesamt", email="STADT@example.org"),
        ]
    )
    assert [(each.first, each.second, each.reasons) for each in found] == [
        (IDS[0], IDS[1], ("name",)),
        (IDS[0], IDS[2], ("phone",)),
    ]


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(IDS)), st.sampled_from(IDS))
def test_every_id_means_one_partner_and_all_its_ids_mean_the_same(merged: dict[UUID, UUID], asked: UUID) -> None:
    forest = {each: kept for each, kept in merged.items() if each.int < kept.int}  # merges never go in circles
    kept = rules.resolve(asked, forest)
    assert kept not in forest
    assert asked in rules.same_as(asked, forest)
    assert {rules.resolve(each, forest) for each in rules.same_as(asked, forest)} == {kept}


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(IDS)), st.sampled_from(IDS))
def test_even_damaged_links_come_to_an_end(merged: dict[UUID, UUID], asked: UUID) -> None:
    assert rules.resolve(asked, merged) in IDS


def test_a_let_dwelling_cannot_be_let_or_reserved_again() -> None:
    for state in ("let", "reserved", "withdrawn"):
        with pytest.raises(RuleError, match="vermietet"):
            rules.check_state("let", state)
    rules.check_state("reserved", "let")
    rules.check_state("let", "offered")


@given(st.sampled_from(("offered", "reserved", "let", "withdrawn")), st.sampled_from(("offered", "reserved", "let")))
def test_a_state_is_refused_exactly_where_it_is_not_offered(old: str, new: str) -> None:
    if new in rules.next_states(old):
        rules.check_state(old, new)
    else:
        with pytest.raises(RuleError):
            rules.check_state(old, new)


@given(
    st.lists(st.integers(1, 200_000), min_size=5, max_size=5).map(sorted), st.integers(0, 30_000), st.integers(1, 15)
)
def test_a_larger_household_never_has_a_lower_limit(limits: list[int], further: int, persons: int) -> None:
    assert rules.limit_for(persons, limits, further) <= rules.limit_for(persons + 1, limits, further)
    if persons > 5:
        assert rules.limit_for(persons, limits, further) == limits[4] + (persons - 5) * further


@given(PERIODS, PERIODS, DAYS)
def test_periods_that_share_a_day_overlap(
    one: tuple[dt.date, dt.date | None], other: tuple[dt.date, dt.date | None], day: dt.date
) -> None:
    assert rules.overlap(one, other) == rules.overlap(other, one)
    if rules.is_valid_on(*one, day) and rules.is_valid_on(*other, day):
        assert rules.overlap(one, other)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"label": " "}, "label"), ({"ags": ()}, "ags"), ({"source": ""}, "source"), ({"limits": (5, 4)}, None)],
)
def test_limits_say_for_what_and_by_whom(change: dict[str, object], field: str | None) -> None:
    said = {"label": "Kreis", "ags": ("08435",), "source": "Richtlinie", "limits": (4, 5), **change}
    with pytest.raises(RuleError) as refusal:
        rules.check_rent_table(period=(dt.date(2026, 1, 1), None), **said)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_deposit_is_three_rents_at_most_and_persons_go_upwards() -> None:
    assert rules.check_deposit(150_000, 50_000) == 150_000
    with pytest.raises(RuleError):
        rules.check_deposit(150_001, 50_000)
    with pytest.raises(RuleError):
        rules.check_persons(3, 2)


def test_nothing_is_merged_into_itself() -> None:
    same = uuid4()
    with pytest.raises(RuleError):
        rules.check_merge(same, same)
