"""Pure rules of the search for a flat: reasons for every yes and every no, and what may follow."""

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.housing.rules import matching, states
from caseapp.housing.rules.matching import Home, Household, Limit, Offer, Point, Weight
from caseapp.housing.rules.states import State

TETTNANG, RAVENSBURG = "08435057", "08111000"
TODAY = dt.date(2026, 11, 22)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))

OFFERS = st.builds(
    Offer,
    dwelling_id=st.uuids(),
    ags=st.sampled_from((TETTNANG, RAVENSBURG, "")),
    town=st.just("Ort"),
    gross_cold=st.integers(1, 200_000),
    persons_min=st.integers(1, 4),
    persons_max=st.none() | st.integers(4, 9),
    half_rooms=st.none() | st.integers(2, 12),
    barrier_free=st.booleans(),
    available_on=st.none() | DAYS,
)
HOMES = st.builds(
    Home,
    obliged=st.sampled_from((True, False, None)),
    ags=st.sampled_from((TETTNANG, RAVENSBURG, "")),
    town=st.just(""),
)
HOUSEHOLDS = st.builds(
    Household,
    homes=st.lists(HOMES, min_size=1, max_size=7).map(tuple),
    towns=st.frozensets(st.sampled_from((TETTNANG, RAVENSBURG))),
    rooms=st.none() | st.integers(1, 6),
    barrier_free=st.booleans(),
    move_in_on=st.none() | DAYS,
)
LIMITS = st.none() | st.builds(Limit, cents=st.integers(1, 200_000), source=st.just("Kreis"))


def offer(**values: object) -> Offer:
    known: dict[str, object] = {
        "dwelling_id": UUID(int=1),
        "ags": TETTNANG,
        "town": "Tettnang",
        "gross_cold": 65_000,
        "persons_min": 1,
        "persons_max": 4,
        "half_rooms": 6,
        "barrier_free": False,
        "available_on": TODAY,
    }
    return Offer(**known | values)  # type: ignore[arg-type]


def free(number: int = 1) -> tuple[Home, ...]:
    return (Home(obliged=False, ags=TETTNANG, town="Tettnang"),) * number


def finding(found: matching.Match, point: Point) -> matching.Finding:
    return next(each for each in found.findings if each.point is point)


@given(HOUSEHOLDS, OFFERS, LIMITS)
def test_no_dwelling_above_the_limit_is_ever_shown_without_saying_so(
    household: Household, offered: Offer, limit: Limit | None
) -> None:
    found = matching.match(household, offered, limit)
    rent = finding(found, Point.RENT)
    if limit is None:
        assert rent.weight is Weight.OPEN
    elif offered.gross_cold > limit.cents:
        assert rent.weight is Weight.NO
        assert "über der Mietobergrenze" in rent.text
        assert not found.fits
    else:
        assert rent.weight is Weight.YES


@given(HOUSEHOLDS, OFFERS, LIMITS)
def test_an_obliged_household_is_never_offered_another_place(
    household: Household, offered: Offer, limit: Limit | None
) -> None:
    found = matching.match(household, offered, limit)
    assert found.findings[0].point is Point.OBLIGATION
    bound = [home for home in household.homes if home.obliged]
    if bound and offered.ags and any(home.ags and home.ags != offered.ags for home in bound):
        assert found.blocked
        assert "Unterschreiben Sie nichts" in found.findings[0].help
    if not bound:
        assert not found.blocked


@given(HOUSEHOLDS, OFFERS, LIMITS)
def test_every_dwelling_has_a_reason_for_whatever_is_said_of_it(
    household: Household, offered: Offer, limit: Limit | None
) -> None:
    found = matching.match(household, offered, limit)
    assert {Point.OBLIGATION, Point.PERSONS, Point.RENT} <= {each.point for each in found.findings}
    assert all(each.text for each in found.findings)
    if not found.fits:
        assert any(each.weight is Weight.NO for each in found.findings)
    if offered.persons_max is not None and household.persons > offered.persons_max:
        assert not found.fits


@given(HOUSEHOLDS, st.lists(OFFERS, max_size=6), LIMITS)
def test_what_fits_comes_first_and_what_is_blocked_last(
    household: Household, offers: list[Offer], limit: Limit | None
) -> None:
    found = matching.in_order(matching.match(household, each, limit) for each in offers)
    assert len(found) == len(offers)
    ranks = [2 if each.blocked else 0 if each.fits else 1 for each in found]
    assert ranks == sorted(ranks)


def test_the_reasons_name_sums_and_source() -> None:
    household = Household(homes=free(2))
    found = matching.match(household, offer(gross_cold=72_050), Limit(60_000, "Richtlinie 2026"))
    assert finding(found, Point.RENT).text == (
        "720,50 € liegt um 120,50 € über der Mietobergrenze von 600 € für 2 Personen (Richtlinie 2026)."
    )
    assert "Zusicherung" in finding(found, Point.RENT).help


def test_wishes_are_looked_at_only_where_there_are_some() -> None:
    assert len(matching.match(Household(homes=free()), offer(), None).findings) == 3
    wishing = Household(
        homes=free(), towns=frozenset({RAVENSBURG}), rooms=4, barrier_free=True, move_in_on=TODAY - dt.timedelta(days=1)
    )
    found = matching.match(wishing, offer(), None)
    assert [each.weight for each in found.findings[3:]] == [Weight.NO, Weight.NO, Weight.NO, Weight.OPEN]
    assert finding(matching.match(wishing, offer(half_rooms=None), None), Point.ROOMS).weight is Weight.OPEN


def test_an_unknown_title_is_no_free_choice_of_place() -> None:
    unknown = Household(homes=(*free(), Home(obliged=None, ags="", town="")))
    assert finding(matching.match(unknown, offer(), None), Point.OBLIGATION).weight is Weight.OPEN
    bound = Household(homes=(Home(obliged=True, ags="", town=""),))
    assert finding(matching.match(bound, offer(), None), Point.OBLIGATION).weight is Weight.OPEN


@given(st.sampled_from([state for state in State if state is not State.ASKED]), st.sampled_from(State))
def test_a_step_is_refused_exactly_where_it_may_not_follow(old: State, new: State) -> None:
    if new in states.may_follow(old):
        states.check_step(old, new)
    else:
        with pytest.raises(RuleError):
            states.check_step(old, new)


def test_nothing_follows_on_an_end_and_only_a_zusage_leads_to_a_lease() -> None:
    leads = [state for state in State if state is not State.ASKED and State.LET in states.may_follow(state)]
    assert leads == [State.OFFERED]
    for end in (State.DECLINED, State.WITHDRAWN, State.LET):
        assert not states.may_follow(end)


def test_a_refusal_needs_a_known_reason_and_a_zusage_none() -> None:
    assert states.check_reason(State.DECLINED, "VER", {"VER"}) == "VER"
    assert states.check_reason(State.OFFERED, "VER", {"VER"}) is None
    with pytest.raises(RuleError):
        states.check_reason(State.WITHDRAWN, "", {"VER"})


@pytest.mark.parametrize(("text", "time"), [("", ""), ("9", "09:00"), ("14:30", "14:30"), ("14.30 Uhr", "14:30")])
def test_times_are_understood(text: str, time: str) -> None:
    assert states.read_time(text) == time


@pytest.mark.parametrize("text", ["25", "14:60", "mittags"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        states.read_time(text)


@given(st.integers(-800, 800))
def test_a_lease_begins_within_a_year(days: int) -> None:
    if abs(days) <= 366:
        states.check_lease_day(TODAY + dt.timedelta(days=days), TODAY)
    else:
        with pytest.raises(RuleError):
            states.check_lease_day(TODAY + dt.timedelta(days=days), TODAY)


@given(st.lists(st.sampled_from("ABCD"), unique=True), st.sets(st.sampled_from("ABCDE")))
def test_what_belongs_before_the_signature_is_named_until_it_is_done(before: list[str], done: set[str]) -> None:
    assert states.missing_before(before, done) == [code for code in before if code not in done]
