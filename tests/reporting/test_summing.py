"""A Land report as the sum of signed Kreis reports: sums add up, and the truth lies within the stated error."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from uuid import UUID

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.errors import RuleError
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.counts import Counts, Records, from_records
from caseapp.reporting.disclosure.geography import Geography, Level
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.disclosure.release import control
from caseapp.reporting.documents import tables, workbook
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.bundle import members
from caseapp.reporting.rules.flat import limits
from caseapp.reporting.rules.package import Area, CarrierState, Figures, Package, Released, freeze_package, thaw_package
from caseapp.reporting.rules.summing import Land, sum_packages
from caseapp.reporting.rules.verification import verify
from tests.factories.packages import package
from tests.reporting.proven import proven
from tests.reporting.worlds import CATALOGUE

DISTRICTS = {f"08{number}": f"Kreis {number}" for number in range(111, 118)}
LAND = Land("08", "Baden-Württemberg", DISTRICTS)
Trusted = Mapping[str, tuple[str, ...]]


def counted(scope: str, people: int, seed: int, *, towns: int = 3) -> Counts:
    """So many random people of one Kreis, whose root is the Kreis itself."""
    chance, key = np.random.default_rng(seed), StatisticsKey(scope.encode() * 8)
    where = Geography("08", (scope,), tuple(f"{scope}{number:03}" for number in range(1, 1 + towns)), (0,) * towns)
    classes = {
        each.name: (chance.random(people) ** 2 * len(each.classes)).astype(np.int64) for each in CATALOGUE.dimensions
    }
    keys = key.record_keys(UUID(int=seed * 100_000 + number) for number in range(people))
    return from_records(CATALOGUE, where, Records(chance.integers(0, towns, people), keys, classes))


def kreis(scope: str, counts: Counts, **changes: object) -> Package:
    """The package of a Kreis with these people."""
    base = _base()
    release = control(counts, key=StatisticsKey(scope.encode() * 8), period="2026", funding_period="2025-2027")
    areas = (
        Area(scope, DISTRICTS[scope], 1, "08"),
        *(Area(code, f"Ort {code[-3:]}", 2, scope) for code in counts.lattice.geography.municipalities),
    )
    made = replace(
        base,
        number=f"{scope}-2026",
        scope=scope,
        scope_name=DISTRICTS[scope],
        period="2026",
        areas=areas,
        figures=(Figures("people", "I1", "2026", release.published),),
        carriers=(CarrierState(f"Landkreis {scope}", dt.date(2027, 1, 9)),),
        previous="",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@cache
def _base() -> Package:
    return package("08117", "2025-Q3")


def trusted(releases: list[Released]) -> Trusted:
    return {each.package.scope: (each.public_key,) for each in releases}


@cache
def three() -> tuple[tuple[Released, ...], tuple[Counts, ...]]:
    counts = tuple(counted(scope, 300, seed) for seed, scope in enumerate(list(DISTRICTS)[:3], start=1))
    scopes = list(DISTRICTS)[:3]
    return tuple(proven(kreis(s, c), signer=s) for s, c in zip(scopes, counts, strict=True)), counts


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(DISTRICTS)), st.integers(0, 150)),
        min_size=2,
        max_size=5,
        unique_by=lambda each: each[0],
    ),
    st.integers(0, 99),
)
@settings(max_examples=12, deadline=None)
def test_sums_add_up_and_the_truth_lies_within_the_stated_error(chosen: list[tuple[str, int]], seed: int) -> None:
    counts = {scope: counted(scope, people, seed + place) for place, (scope, people) in enumerate(chosen)}
    releases = [proven(kreis(scope, each), signer=scope) for scope, each in counts.items()]
    summed = sum_packages(releases, LAND, trusted(releases))
    published = summed.released.package.figures[0].published
    broken, checked = published.sums()
    assert broken == 0 < checked
    places = {each.package.scope: each.package.figures[0].published for each in releases}
    for grid in published.lattice.grids:
        if grid.level is Level.STATE:
            truth = sum(each.counts[grid] for each in counts.values())
            near = np.abs(published.values[grid] - truth) <= limits(published, grid)
            assert (near | published.withheld[grid]).all()
            assert (limits(published, grid) >= len(releases) * (published.bases[grid] - 1)).all()
        if grid.level is Level.DISTRICT:
            for place, scope in enumerate(published.lattice.geography.districts):
                assert (published.values[grid][place] == places[scope].values[grid][0]).all(), "never rounded again"
                assert (limits(published, grid)[place] == limits(places[scope], grid)[0]).all()
    assert thaw_package(freeze_package(summed.released.package)).sources == {
        each.package.number: each.digest for each in releases
    }
    assert set(summed.missing) == set(DISTRICTS) - set(counts)
    assert summed.errors[0].at_most == 4 * len(releases)
    assert summed.errors[0].typical == pytest.approx(2 * len(releases) ** 0.5)
    assert summed.errors[0].furthest >= summed.errors[0].at_most


def test_the_sum_is_the_same_whatever_the_order_and_proves_its_sources() -> None:
    releases, _counts = three()
    summed = sum_packages(releases, LAND, trusted(list(releases)))
    again = sum_packages(releases[::-1], LAND, trusted(list(releases)))
    assert signed.write(summed.released) == signed.write(again.released)
    verdict = verify(signed.write(summed.released))
    assert verdict.genuine
    assert any("nicht unterschrieben" in remark for remark in verdict.remarks)
    assert summed.released.package.number == "08-2026-summe"
    text = " ".join(summed.released.package.remarks)
    assert "Es fehlen 4 Kreise" in text
    assert "Kreis 117 (08117)" in text
    assert "typischerweise um 4 " in text


def test_the_files_of_a_sum_state_the_error_of_every_number_of_the_land() -> None:
    releases, _counts = three()
    summed = sum_packages(releases, LAND, trusted(list(releases))).released
    files = members(summed)
    rows = list(csv.DictReader(io.StringIO(files["limits/people-topic.csv"].decode(), newline="")))
    land = [row for row in rows if row["level"] == "land"]
    assert land
    assert {row["typical"] for row in land if row["base"] == "5"} == {"3.5"}
    assert all(int(row["at_most"]) >= 3 * (int(row["base"]) - 1) for row in land)
    assert {row["typical"] for row in rows if row["level"] == "kreis" and row["base"] == "5"} == {"2.0"}
    content = workbook.make(summed)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[2]
    head = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=8)]
    assert [row[0] for row in head] == ["Land", "Land: höchstens ±", "Land: typisch ±", "Kreis"]
    assert head[1][3] == 12
    assert head[2][3] == 4
    assert verify(content).genuine
    assert verify(tables.make(summed)).genuine


def test_a_number_that_one_kreis_withholds_has_no_sum() -> None:
    releases, _counts = three()
    grid = Grid(Level.STATE, ("age",))
    own = releases[0].package.figures[0].published
    hidden = {each: own.withheld[each].copy() for each in own.withheld}
    values = {each: own.values[each].copy() for each in own.values}
    hidden[grid][0, 1], values[grid][0, 1] = True, 0
    changed = replace(own, withheld=hidden, values=values)
    package_ = releases[0].package
    first = proven(replace(package_, figures=(replace(package_.figures[0], published=changed),)), signer="08111")
    summed = sum_packages([first, *releases[1:]], LAND, trusted(list(releases)))
    published = summed.released.package.figures[0].published
    assert published.withheld[grid].tolist() == [[False, True, False]]
    assert b",land,08,adult,I1,\r\n" in members(summed.released)["people-age.csv"]


def _other(**changes: object) -> Callable[[], Released]:
    def make() -> Released:
        first = three()[0][0].package
        return proven(replace(first, **changes), signer="08111")  # type: ignore[arg-type]

    return make


def _tampered() -> Released:
    return replace(three()[0][0], package=replace(three()[0][0].package, sentences=("Etwas anderes.",)))


def _unsigned() -> Released:
    return replace(three()[0][0], signature="")


def _other_catalogue() -> Released:
    found = three()[0][0].package
    published = found.figures[0].published
    parameters = replace(published.parameters, cap=20)
    return proven(
        replace(found, figures=(replace(found.figures[0], published=replace(published, parameters=parameters)),)),
        signer="08111",
    )


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_other(period="2025", number="08111-2025"), "Zeitraum"),
        (_other(funding_period="2028-2030"), "Förderzeitraum"),
        (_other(catalogue_version=2), "Katalog"),
        (_other_catalogue, "Katalog"),
        (_other(sources={"x": "y"}, number="08111-2026-summe"), "selbst eine Summe"),
        (_other(scope="08", number="08-2026"), "kein Bericht eines Kreises"),
        (_other(scope="09111", number="09111-2026"), "kein Bericht eines Kreises"),
        (_other(scope="08116", number="08116-2026"), "anderer Kreise"),
        (_other(number="08111-2025"), "nicht echt"),
        (_tampered, "nicht echt. Die Prüfsumme"),
        (_unsigned, "nicht echt. Die Unterschrift"),
        (lambda: three()[0][1], "zweimal"),
        (lambda: proven(three()[0][0].package, signer="a stranger"), "nicht bestätigt"),
    ],
)
def test_what_cannot_be_summed_is_refused_with_its_reason(make: Callable[[], Released], reason: str) -> None:
    releases, _counts = three()
    with pytest.raises(RuleError, match=reason):
        sum_packages([make(), *releases[1:]], LAND, trusted(list(releases)))


def test_one_report_is_no_sum() -> None:
    releases, _counts = three()
    with pytest.raises(RuleError, match="zwei Kreisen"):
        sum_packages(releases[:1], LAND, trusted(list(releases)))
