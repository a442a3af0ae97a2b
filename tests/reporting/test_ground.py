"""The scope of an installation, the areas of its report, and what becomes of observations on the way to the engine."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules import Observation
from caseapp.places import queries as places
from caseapp.reporting import queries
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Records, from_records
from caseapp.reporting.disclosure.geography import Level, merge_small
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.rules.catalogues import Engine, Population, populations
from caseapp.reporting.rules.ground import (
    Ground,
    Seat,
    SeatMissingError,
    UnknownPlaceError,
    districts_of,
    scope_of_districts,
)
from caseapp.reporting.rules.package import shown_levels
from caseapp.tallies.periods import Period
from tests.factories.world import World
from tests.reporting.offices import prepare, whole

QUARTER, YEAR = Period(2026, 2), Period(2025)
KEY = StatisticsKey(bytes(range(32)))
CARRIER = UUID(int=7)
HOMES = {CARRIER: "08117"}


def of(scope: str, period: Period) -> dict[str, Population]:
    last = period.last
    found = populations(indicators.list_definitions(last), indicators.list_dimensions(last), period, scope)
    return {each.definition.code: each for each in found}


def records_of(population: Population, seen: list[Observation], ground: Ground, key: StatisticsKey = KEY) -> Records:
    return Engine(ground, HOMES, key).records(population, seen)


def seen(key: int, ags: str = "08117001", *, person: int = 0, amount: int = 1, **classes: str) -> Observation:
    return Observation(
        key=key,
        person=person or key,
        ags=ags,
        organisation_id=CARRIER,
        worker_id=None,
        classes={"topic": "WOH", "sex": "f", "age": "u40", "nationality": "423", **classes},
        amount=amount,
    )


def test_the_scope_follows_from_the_carriers_seats() -> None:
    gazetteer = places.gazetteer()
    one = districts_of([Seat("A", "08117"), Seat("B", "08117026")], gazetteer)
    two = districts_of([Seat("A", "08435016"), Seat("B", "08117")], gazetteer)
    assert (one, scope_of_districts(one)) == (("08117",), "08117")
    assert (two, scope_of_districts(two)) == (("08117", "08435"), "08")
    for wrong in ("", "08", "99117", "08117999"):
        with pytest.raises(SeatMissingError, match="Beim Träger „A“"):
            districts_of([Seat("A", wrong)], gazetteer)


@given(st.sampled_from(sorted(places.gazetteer().municipalities)), st.booleans())
def test_everybody_has_one_place_in_the_own_kreis_or_at_the_carrier(ags: str, towns: bool) -> None:
    ground = Ground.of(("08115", "08117"), places.gazetteer(), towns=towns)
    place = ground.place(ags, "08117")
    district = ground.geography.districts[ground.geography.district_of[place]]
    assert district == (ags[:5] if ags[:5] in ("08115", "08117") else "08117")
    code = ground.geography.municipalities[place]
    assert (code == ags) == (towns and ags[:5] == district)
    assert ground.is_elsewhere(ags) == (ags[:5] not in ("08115", "08117"))


def test_an_unknown_municipality_is_named_with_the_place_to_mend_it() -> None:
    for towns in (False, True):
        ground = Ground.of(("08117",), places.gazetteer(), towns=towns)
        with pytest.raises(UnknownPlaceError, match=r"08117999 .* config/places"):
            ground.place("08117999", "08117")
        assert ground.place("", "08117") == ground.place("08435016", "08117")


def test_who_has_no_municipality_never_stands_alone() -> None:
    ground = Ground.of(("08117",), places.gazetteer(), towns=True)
    sizes = np.full(len(ground.geography.municipalities), 50)
    sizes[-1] = 0  # as `Rounder.merge` counts those elsewhere
    merged = merge_small(ground.geography, sizes, 20)
    (rest,) = [area for area in ground.areas(merged) if area.members]
    assert (rest.ags, rest.name, rest.parent) == ("08117-rest", "Übrige Gemeinden", "08117")
    assert len(rest.members) == 1  # with the smallest of the others
    assert all(len(member) == 8 for member in rest.members)


def test_a_kreis_publishes_what_the_land_publishes_of_each_kreis() -> None:
    kreis, land = of("08117", QUARTER), of("08", QUARTER)
    assert kreis.keys() == land.keys()
    assert "I1-topic-age-sex" in {table.name for table in land["I1"].catalogue.tables}
    assert "I1-topic-age-sex" not in {table.name for table in kreis["I1"].catalogue.tables}
    assert all(table.finest > Level.STATE for each in kreis.values() for table in each.catalogue.tables)
    quarterly = {table.name for each in land.values() for table in each.catalogue.tables}
    yearly = {table.name for each in of("08", YEAR).values() for table in each.catalogue.tables}
    assert not quarterly & yearly
    assert all(table.finest < Level.MUNICIPALITY for each in land.values() for table in each.catalogue.tables)


def test_who_has_no_published_class_is_always_allotted_to_the_same() -> None:
    population, ground = of("08117", QUARTER)["I1"], Ground.of(("08117",), places.gazetteer(), towns=False)
    classes = {"title": "prot", "housing": "own", "benefit": "yes", "band": "1"}
    people = [seen(key * 10**15, sex="", **classes) for key in range(1, 201)]
    first = records_of(population, people, ground)
    again = records_of(population, people[::-1], ground)
    assert set(first.classes["sex"].tolist()) == {0, 1}
    assert 60 < int(first.classes["sex"].sum()) < 140
    assert np.array_equal(first.classes["sex"], again.classes["sex"][::-1])
    assert not set(first.keys.tolist()) & {each.key for each in people}  # tallies and report never share a key
    other = StatisticsKey(bytes(range(1, 33)))
    assert not set(first.keys.tolist()) & set(records_of(population, people, ground, other).keys.tolist())


def test_an_observation_that_breaks_the_promise_of_its_definition_stops_the_report() -> None:
    population, ground = of("08117", QUARTER)["I1"], Ground.of(("08117",), places.gazetteer(), towns=False)
    with pytest.raises(RuleError, match=r"I1 .*„title“"):
        records_of(population, [seen(1)], ground)
    with pytest.raises(RuleError, match=r"I1 .*„sex“ die Klasse XXX"):
        records_of(population, [seen(1, sex="XXX")], ground)


def test_talks_are_capped_for_a_person_whatever_they_were_about() -> None:
    population, ground = of("08117", QUARTER)["I13"], Ground.of(("08117",), places.gazetteer(), towns=False)
    talks = [seen(key, person=5, amount=4, topic=topic) for key, topic in enumerate(("WOH", "ARB", "KIN", "SPR"), 1)]
    counts = from_records(population.catalogue, ground.geography, records_of(population, talks, ground))
    whole_scope = Grid(Level.STATE, ())
    assert counts.counts[whole_scope].tolist() == [10]
    assert counts.contributors[whole_scope].clients.tolist() == [1]


def test_a_person_who_moves_has_ten_talks_in_all_and_not_in_each_place() -> None:
    population, ground = of("08", QUARTER)["I13"], Ground.of(("08117", "08435"), places.gazetteer(), towns=True)
    talks = [seen(key, person=5, ags=ags, amount=8, topic="WOH") for key, ags in ((1, "08117026"), (2, "08435016"))]
    counts = from_records(population.catalogue, ground.geography, records_of(population, talks, ground))
    assert counts.counts[Grid(Level.STATE, ())].tolist() == [10]
    assert sorted(counts.counts[Grid(Level.DISTRICT, ())].tolist()) == [2, 8]


def test_a_yearly_report_of_a_land_shows_municipalities_and_no_small_one(world: World) -> None:
    prepare(world, people=150, seats={"Musterhausen": "08117", "Fremdstadt": "08435016"}, year=2025)
    report = whole(world, YEAR)
    with world.unscoped():
        package = queries.package_of(queries.get_report(report.id))
        facts = queries.get_report(report.id).facts
    assert (package.number, package.scope_name, shown_levels(package)) == ("08-2025", "Baden-Württemberg", (0, 1, 2))
    assert [area.name for area in package.areas if area.level == 1] == ["Göppingen", "Bodenseekreis"]
    towns = [area for area in package.areas if area.level == 2]
    rests = [area for area in towns if area.members]
    assert {area.parent for area in rests} == {"08117", "08435"}
    assert 0.5 < facts.merged_share < 1
    persons = next(each.published for each in package.figures if each.indicator == "I1")
    shown = dict(
        zip(persons.lattice.geography.municipalities, persons.values[Grid(Level.MUNICIPALITY, ())], strict=True)
    )
    assert {area.ags for area in towns} == set(shown)
    assert all(value >= 20 - 4 for code, value in shown.items() if not code.endswith("-rest"))
    assert sum(shown.values()) == int(persons.values[Grid(Level.STATE, ())][0])
    assert not any(each.lattice.mismatches(each.values) for each in (part.published for part in package.figures))
