"""The rules of referrals: states, what is told, who fits a wish."""

import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.referrals.rules import legal, matching, telling
from caseapp.referrals.rules.legal import LegalState, LegalTransitionError
from caseapp.referrals.rules.states import RUNNING, State, StateTransitionError, check_transition, may_follow

# Written down by hand: from each state to which.
FOLLOWING = {
    State.PROPOSED: {State.SENT, State.DONE, State.WITHDRAWN},
    State.SENT: {State.ACCEPTED, State.DECLINED, State.DONE, State.NO_ANSWER, State.WITHDRAWN},
    State.ACCEPTED: {State.DONE, State.DECLINED, State.WITHDRAWN},
    State.NO_ANSWER: {State.ACCEPTED, State.DECLINED, State.DONE, State.WITHDRAWN, State.SENT},
    State.DECLINED: set(),
    State.DONE: set(),
    State.WITHDRAWN: set(),
}
LEGAL_FOLLOWING = {
    LegalState.ASKED: {LegalState.AGREED, LegalState.DECLINED, LegalState.TAKEN_BACK},
    LegalState.AGREED: {LegalState.TOLD, LegalState.TAKEN_BACK},
    LegalState.TOLD_FIRST: {LegalState.CONFIRMED, LegalState.OBJECTED},
}
CODES = st.sampled_from(("NAM", "GEB", "TEL", "SPR", "TIT", "LEI", *telling.TYPED))
DAY = dt.date(2026, 11, 3)


@pytest.mark.parametrize("old", State)
def test_exactly_the_named_states_follow_each_other(old: State) -> None:
    assert {new for new in State if may_follow(old, new)} == FOLLOWING[old]


def test_an_ended_referral_never_moves_again_and_says_so() -> None:
    for old in set(State) - RUNNING:
        with pytest.raises(StateTransitionError, match="kann nicht"):
            check_transition(old, State.SENT)


@pytest.mark.parametrize("urgent", [False, True])
def test_only_what_is_urgent_is_told_before_a_second_person_agreed(urgent: bool) -> None:
    for old in LegalState:
        allowed = LEGAL_FOLLOWING.get(old, set()) | ({LegalState.TOLD_FIRST} if urgent and old == "asked" else set())
        for new in LegalState:
            if new in allowed:
                legal.check_transition(old, new, urgent=urgent)
            else:
                with pytest.raises(LegalTransitionError):
                    legal.check_transition(old, new, urgent=urgent)
        assert legal.may_tell(old, urgent=urgent) is (old is LegalState.AGREED or (urgent and old is LegalState.ASKED))


@given(fields=st.lists(CODES, max_size=8), typed=st.dictionaries(st.sampled_from(telling.TYPED), st.text(max_size=20)))
def test_only_the_chosen_data_are_read_and_each_once(fields: list[str], typed: dict[str, str]) -> None:
    read: list[str] = []

    def source(code: str) -> str:
        read.append(code)
        return f"aus der Akte: {code}"

    sources = {code: (lambda code=code: source(code)) for code in ("NAM", "GEB", "TEL", "SPR", "TIT", "LEI")}
    told = telling.compose(fields, typed, sources)
    assert [each.code for each in told] == list(dict.fromkeys(fields))
    assert sorted(read) == sorted(set(fields) - set(telling.TYPED))


@given(fields=st.sets(CODES), typed=st.dictionaries(st.sampled_from(telling.TYPED), st.text(max_size=5)))
def test_what_is_typed_leaves_as_well_and_so_must_be_released(fields: set[str], typed: dict[str, str]) -> None:
    order = ["NAM", "GEB", "TEL", "SPR", "TIT", "LEI", *telling.TYPED]
    leaving = telling.chosen(fields, typed, order)
    assert set(leaving) == fields | {code for code, text in typed.items() if text.strip()}
    assert list(leaving) == sorted(leaving, key=order.index)


@given(st.lists(st.sampled_from(["NAM", "TEL", "SPR", "FAM", "WOH", "STA", "TIT", "LEI", "GES"])))
def test_landlords_learn_neither_title_nor_origin_nor_benefits_by_default(proposed: list[str]) -> None:
    assert not {"TIT", "STA", "LEI", "GES"} & set(telling.default_fields(proposed, "VER"))
    assert set(telling.default_fields(proposed, "JC")) == set(proposed) - {"GES"}


def test_a_ticked_datum_that_no_field_holds_needs_words() -> None:
    with pytest.raises(RuleError) as refusal:
        telling.check_typed(("NAM", "SDN"), {"SDN": "  "})
    assert refusal.value.field == "typed_SDN"
    with pytest.raises(RuleError):
        telling.check_typed((), {"ANL": "x" * 4_001})


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_other_words_have_another_mark(first: list[str], second: list[str]) -> None:
    separated = any("\x1f" in part for part in first + second)
    assert (telling.digest(first) == telling.digest(second)) is (first == second) or separated or not (first and second)


def offered(name: str = "Anna", **values: object) -> matching.Offered:
    given_ = {"partner_id": uuid4(), "name": name, "secrecy_on": DAY} | values
    return matching.Offered(**given_)  # type: ignore[arg-type]


def test_volunteers_are_ranked_by_reasons_and_the_reasons_are_named() -> None:
    wanted = matching.Wanted(
        languages=frozenset({"prs"}), skills=frozenset({"BEG", "DOL"}), ags="08435057", times="Mittwoch nachmittags"
    )
    best = offered("Zoe", languages=frozenset({"prs"}), skills=frozenset({"BEG"}), times="Mi und Do Nachmittag")
    other = offered("Anna", skills=frozenset({"BEG"}))
    far = offered("Bert", languages=frozenset({"prs"}), areas=frozenset({"08111000"}))
    found = matching.match_all(wanted, [far, other, best], {})
    assert [each.offered.name for each in found] == ["Zoe", "Anna", "Bert"]
    assert (found[0].languages, found[0].skills, found[0].place) == (("prs",), ("BEG",), True)
    assert found[0].times == ("mittwoch", "nachmittag")
    assert found[2].obstacles == (matching.Obstacle.OTHER_PLACE,)


def test_nobody_is_asked_without_secrecy_or_with_children_without_the_certificate() -> None:
    wanted = matching.Wanted(with_children=True)
    assert matching.match(wanted, offered(secrecy_on=None, certificate_seen_on=DAY)).obstacles == (
        matching.Obstacle.SECRECY,
    )
    assert matching.match(wanted, offered()).obstacles == (matching.Obstacle.CERTIFICATE,)
    assert matching.match(wanted, offered(certificate_seen_on=DAY)).may_be_asked
    assert not matching.match(wanted, offered(certificate_seen_on=DAY), declined_on=DAY).may_be_asked


@given(st.permutations(["Anna", "Bert", "Cem", "Dora"]))
def test_names_decide_nothing_but_the_order_among_equals(names: list[str]) -> None:
    found = matching.match_all(matching.Wanted(), [offered(name) for name in names], {})
    assert [each.offered.name for each in found] == ["Anna", "Bert", "Cem", "Dora"]
    assert len({each.reasons for each in found}) == 1
