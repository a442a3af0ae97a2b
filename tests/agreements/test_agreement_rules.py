"""What holds for every agreement: one canonical text, a fingerprint that follows it, states that only move forward."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.agreements.rules import (
    AgreementState,
    Change,
    GoalTerms,
    StateTransitionError,
    StepTerms,
    Terms,
    canonical,
    check_review_day,
    differences,
    digest_of,
    goals_digest,
    move,
    next_review,
    read_terms,
)
from caseapp.errors import RuleError

words = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "Z")), max_size=12)
days = st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31))
terms = st.builds(
    Terms,
    number=st.integers(1, 99),
    phrases=st.dictionaries(
        st.sampled_from(["agreement.title", "common.name", "common.no"]), st.tuples(words, words, words)
    ),
    goals=st.lists(
        st.builds(
            GoalTerms,
            id=st.uuids(version=4),
            own_words=words,
            wording=words,
            noticed_by=words,
            area=words,
            area_label=words,
            due_on=st.none() | days,
            follows=st.none(),
            steps=st.lists(
                st.builds(StepTerms, party=st.sampled_from(["client", "office"]), text=words, due_on=st.none() | days),
                max_size=2,
            ).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    **dict.fromkeys(("situation", "strengths", "school", "degrees", "work", "languages", "interpreter"), words),
)


@given(terms, st.randoms())
@settings(max_examples=30)
def test_the_canonical_text_does_not_hang_on_the_order_of_fields(content: Terms, chance: random.Random) -> None:
    text = canonical(content)
    assert canonical(read_terms(text)) == text
    assert canonical(msgspec.json.decode(json.dumps(_shuffled(json.loads(text), chance)), type=Terms)) == text


def _shuffled(value: Any, chance: random.Random) -> Any:
    """The same JSON with the names of every object in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: _shuffled(value[name], chance) for name in names}
    return [_shuffled(each, chance) for each in value] if isinstance(value, list) else value


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() for leaf in _leaves(each, (*path, name))] or [path]
    if isinstance(value, list):
        return [leaf for place, each in enumerate(value) for leaf in _leaves(each, (*path, place))] or [path]
    return [path]


def _changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            try:
                return _other_day(value)
            except ValueError:
                return value + "x"
        case _:
            return value


def _other_day(text: str) -> str:
    return (dt.date.fromisoformat(text) + dt.timedelta(days=1)).isoformat()


@given(terms, st.data())
@settings(max_examples=60)
def test_any_change_of_the_content_changes_the_check_value(content: Terms, data: st.DataObject) -> None:
    text = canonical(content)
    plain = json.loads(text)
    path = data.draw(st.sampled_from([leaf for leaf in _leaves(plain) if leaf]))
    place = plain
    for step in path[:-1]:
        place = place[step]
    before = place[path[-1]]
    if isinstance(before, list | dict) or before is None:
        return  # an empty list; filling it is another example
    place[path[-1]] = str(uuid4()) if path[-1] in {"id", "follows"} else _changed(before)
    try:
        other = msgspec.convert(plain, Terms, strict=False)
    except msgspec.ValidationError:
        return  # no content at all any more: it could not be stored
    assert digest_of(canonical(other)) != digest_of(text)


def test_composed_and_decomposed_letters_are_the_same_content() -> None:
    content = example(situation="Küche")
    assert canonical(content) == canonical(msgspec.structs.replace(content, situation="Ku\u0308che"))


def example(**changed: Any) -> Terms:
    """A first version with one goal."""
    goal = GoalTerms(
        id=UUID(int=1),
        area="WOH",
        area_label="Wohnung",
        own_words="Eine Wohnung",
        wording="Mietvertrag",
        noticed_by="",
        due_on=None,
        steps=(StepTerms(party="client", text="WBS", due_on=None),),
    )
    plain: dict[str, Any] = {
        "number": 1,
        "replaces": None,
        "made_on": dt.date(2026, 11, 2),
        "client": {"name": "Rahimi", "own_script": "", "born": "", "file_number": "1"},
        "representatives": (),
        "phrase_version": 1,
        "phrases": {},
        "read_aloud": None,
        "looking_back": (),
        "goals": (goal,),
        "helpers": (),
        "plans": (),
        "review_on": dt.date(2027, 2, 1),
        "counselling_until": None,
    }
    texts = {name for name, field in Terms.__annotations__.items() if field == "str"}
    return msgspec.convert({**dict.fromkeys(texts, ""), **plain, **changed}, Terms, from_attributes=True)


def test_the_fingerprint_of_the_goals_leaves_steps_and_order_out() -> None:
    one, two = example().goals[0], msgspec.structs.replace(example().goals[0], id=UUID(int=2))
    assert goals_digest([one, two]) == goals_digest([two, one])
    assert goals_digest([one]) == goals_digest([msgspec.structs.replace(one, steps=())])
    for changed in ({"own_words": "Zwei"}, {"wording": "x"}, {"noticed_by": "x"}, {"due_on": dt.date(2027, 1, 1)}):
        assert goals_digest([one]) != goals_digest([msgspec.structs.replace(one, **changed)])
    assert goals_digest([one]) != goals_digest([one, two])


def test_the_difference_names_what_is_new_changed_and_gone() -> None:
    old = example(situation="Zwei Zimmer")
    adjusted = msgspec.structs.replace(
        old.goals[0], id=UUID(int=9), follows=UUID(int=1), wording="Drei Zimmer", steps=()
    )
    added = msgspec.structs.replace(old.goals[0], id=UUID(int=5), area_label="Arbeit")
    new = msgspec.structs.replace(old, number=2, goals=(adjusted, added), situation="")
    found = [(each.change, each.where) for each in differences(old, new)]
    assert found == [
        (Change.REMOVED, "Meine Situation"),
        (Change.CHANGED, "Ziel: Wohnung"),
        (Change.REMOVED, "Ziel: Wohnung – meine Schritte"),
        (Change.ADDED, "Ziel: Arbeit"),
    ]
    gone = differences(new, msgspec.structs.replace(new, goals=(adjusted,)))
    assert [(each.change, each.where) for each in gone] == [(Change.REMOVED, "Ziel: Arbeit")]


@given(terms, terms)
@settings(max_examples=20)
def test_a_version_does_not_differ_from_itself_and_two_differ_both_ways(one: Terms, other: Terms) -> None:
    assert differences(one, one) == []
    assert bool(differences(one, other)) == bool(differences(other, one))


RANK = {"drafted": 0, "presented": 1, "signed": 2, "declined": 3, "withdrawn": 3, "superseded": 3}


@given(st.lists(st.sampled_from(list(AgreementState)), max_size=12))
def test_states_only_move_forward(wanted: list[AgreementState]) -> None:
    state = AgreementState.DRAFTED
    for new in wanted:
        if _moves(state, new):
            assert RANK[new] > RANK[state]
            state = new


def test_only_what_was_presented_can_be_signed_or_declined() -> None:
    for decision in (AgreementState.SIGNED, AgreementState.DECLINED):
        able = [state for state in AgreementState if _moves(state, decision)]
        assert able == [AgreementState.PRESENTED]


def _moves(old: AgreementState, new: AgreementState) -> bool:
    try:
        move(old, new)
    except StateTransitionError:
        return False
    return True


TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("on", "said"),
    [(None, "wann"), (TODAY, "nach heute"), (dt.date(2026, 1, 1), "nach heute"), (dt.date(2027, 5, 23), "22.05.2027")],
)
def test_a_review_day_out_of_range_is_refused(on: dt.date | None, said: str) -> None:
    with pytest.raises(RuleError, match=said) as refusal:
        check_review_day(on, TODAY)
    assert refusal.value.field == "review_on"


@given(days)
def test_the_proposed_review_is_a_working_day_within_the_limit(today: dt.date) -> None:
    proposed = next_review(today)
    assert proposed.weekday() < 5
    assert check_review_day(proposed, today) == proposed
