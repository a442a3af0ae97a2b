"""Released packages for tests and pictures, made by the real engine from invented people; no database.

Quarters have tables down to the Kreis, years down to the municipality. `history` gives releases in order.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import numpy as np

from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.counts import Records, from_records
from caseapp.reporting.disclosure.frozen import digest
from caseapp.reporting.disclosure.geography import Geography, Level, Merged, merge_small
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.reporting.disclosure.release import Release, control
from caseapp.reporting.rules.package import (
    Area,
    CarrierState,
    ClassText,
    DimensionText,
    FieldQuality,
    Figures,
    IndicatorText,
    OutcomeText,
    Package,
    RateText,
    Released,
    digest_of,
    freeze_package,
)
from caseapp.settings import PROJECT_ROOT
from caseapp.tallies.periods import Period

KEY = StatisticsKey(b"a statistics key of tests, 32 b!")
# Code, German, English, where a rate counts it, how often it happens.
Outcomes = tuple[tuple[str, str, str, str, float], ...]
PLAIN: Outcomes = (
    ("yes", "ja", "yes", "yes", 0.34),
    ("no", "nein", "no", "no", 0.54),
    ("unknown", "unbekannt", "unknown", "unknown", 0.12),
)
FLATS: Outcomes = (
    ("own", "eigener Mietvertrag", "own tenancy", "yes", 0.27),
    ("none", "noch keiner", "none yet", "no", 0.50),
    ("gone", "weggezogen, ausgereist, verstorben", "moved, departed, died", "no", 0.12),
    ("unknown", "unbekannt", "unknown", "unknown", 0.11),
)
VAGUE: Outcomes = (
    ("yes", "ja", "yes", "yes", 0.30),
    ("no", "nein", "no", "no", 0.40),
    ("unknown", "unbekannt", "unknown", "unknown", 0.30),
)
CLASSES: dict[str, tuple[str, str, tuple[tuple[str, str, str], ...]]] = {
    "topic": (
        "Hauptthema",
        "Main topic",
        (
            ("WOH", "Wohnen", "Housing"),
            ("KIN", "Kinder", "Children"),
            ("ARB", "Arbeitsmarkt", "Labour market"),
            ("SPR", "Sprache", "Language"),
            ("GES", "Gesundheit", "Health"),
            ("SON", "Sonstiges", "Other"),
        ),
    ),
    "sex": ("Geschlecht", "Sex", (("W", "weiblich", "Female"), ("M", "männlich", "Male"))),
    "age": (
        "Alter",
        "Age",
        (("0-14", "0 bis 14", "0 to 14"), ("15-26", "15 bis 26", "15 to 26"), ("27+", "27 und älter", "27 and older")),
    ),
}
OUTCOME = "outcome"


@dataclass(frozen=True)
class Plan:
    """An invented indicator: its dimensions, how many there are for each client, what becomes of them."""

    code: str
    de: str
    en: str
    unit: str
    kind: str
    dimensions: tuple[str, ...]
    share: float
    outcomes: Outcomes = ()

    @property
    def catalogue_name(self) -> str:
        return self.code.lower()


INDICATORS = (
    Plan("I1", "Beratene Personen", "Persons counselled", "person", "count", ("topic", "sex", "age"), 1.0),
    Plan("I3", "Gültiger Integrationsplan", "Plan in force", "person", "outcome", (OUTCOME,), 0.7, PLAIN),
    Plan(
        "I5",
        "Eigener Mietvertrag nach 12 Monaten",
        "Own tenancy after 12 months",
        "household",
        "outcome",
        ("age", OUTCOME),
        0.4,
        FLATS,
    ),
    Plan(
        "I7",
        "Beschäftigung nach 6 Monaten",
        "Still employed after 6 months",
        "person",
        "outcome",
        (OUTCOME,),
        0.15,
        VAGUE,
    ),
    Plan("I8", "Sprachstufe gewonnen", "Language level gained", "person", "outcome", (OUTCOME,), 0.3, PLAIN),
    Plan("I13", "Beratungsgespräche", "Counselling talks", "contact", "amount", ("topic",), 1.0),
)
QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
YEARS = ("2025", "2026")
# The population whose people began a year before; the others are those of the period.
COHORTS = {"I5": 4, "I7": 2}


def _classes(plan: Plan, name: str) -> tuple[str, ...]:
    return tuple(each[0] for each in (plan.outcomes if name == OUTCOME else CLASSES[name][2]))


def _dimension(plan: Plan, name: str) -> Dimension:
    if name == "topic":
        return Dimension(name, _classes(plan, name), frozenset({"GES"}), "SON")
    return Dimension(name, _classes(plan, name), outcome=name == OUTCOME)


def _catalogue(plan: Plan, finest: Level) -> Catalogue:
    names = plan.dimensions
    tables = [Table(name, (name,), finest) for name in names]
    if len(names) > 1:
        tables.append(Table("-".join(names[:2]), names[:2], Level.DISTRICT))
    if len(names) == 3:
        tables.append(Table("-".join(names), names, Level.STATE))
    dimensions = tuple(_dimension(plan, name) for name in names)
    return Catalogue(plan.catalogue_name, 1, dimensions, tuple(tables), base=10 if plan.kind == "amount" else 5)


@cache
def _places() -> tuple[dict[str, str], list[dict[str, str]]]:
    folder = PROJECT_ROOT / "config" / "places"
    with (folder / "districts.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    # A city and a district around it share a name.
    shared = Counter(row["name"] for row in found)
    districts = {
        row["ags"]: f"{row['name']} ({row['kind']})" if shared[row["name"]] > 1 else row["name"] for row in found
    }
    with (folder / "municipalities.csv").open(encoding="utf-8") as file:
        return districts, list(csv.DictReader(file))


def _geography(scope: str) -> Geography:
    districts, rows = _places()
    chosen = tuple(code for code in districts if code.startswith(scope))
    kept = [row for row in rows if row["district_ags"] in chosen]
    return Geography(
        "08", chosen, tuple(row["ags"] for row in kept), tuple(chosen.index(row["district_ags"]) for row in kept)
    )


def _periods(period: str) -> tuple[str, ...]:
    return QUARTERS if "Q" in period else YEARS


@cache
def _released(scope: str, indicator: int, period: str, clients: int) -> tuple[Release, Merged]:
    plan, periods = INDICATORS[indicator], _periods(period)
    place, yearly = periods.index(period), "Q" not in period
    geography = _geography(scope)
    chance = np.random.default_rng(7 + indicator)
    everybody = int(clients * plan.share * 2)
    # The hundredth person of each place of residence is as likely as the first, but some towns are much larger.
    size = np.sort(chance.lognormal(0, 1.1, len(geography.municipalities)))
    home = chance.choice(len(size), everybody, p=chance.permutation(size) / size.sum()).astype(np.int64)
    classes = {
        name: chance.choice(len(_classes(plan, name)), everybody, p=_shares(plan, name)).astype(np.int64)
        for name in plan.dimensions
    }
    start = chance.random(everybody) * (len(periods) + 4) - 4
    here = (start <= place) & (place < start + 4.5)
    keys = KEY.record_keys(UUID(int=10_000_000 * indicator + number) for number in np.flatnonzero(here).tolist())
    amounts = chance.integers(1, 9, everybody)[here] if plan.kind == "amount" else None
    active = np.bincount(home[here], minlength=len(size)).astype(np.int64)
    merged = merge_small(geography, active, 20 if yearly else 1)
    records = Records(
        merged.target[home[here]], keys, {name: values[here] for name, values in classes.items()}, amounts
    )
    before = _released(scope, indicator, periods[place - 1], clients)[0] if place else None
    release = control(
        from_records(_catalogue(plan, Level.MUNICIPALITY if yearly else Level.DISTRICT), merged.geography, records),
        key=KEY,
        period=period,
        funding_period="2025-2027",
        previous=(before.published, before.memory) if before else None,
        merged=merged,
    )
    return release, merged


def _shares(plan: Plan, name: str) -> list[float]:
    if name == OUTCOME:
        return [each[4] for each in plan.outcomes]
    falling = [1 / (place + 1.5) for place in range(len(CLASSES[name][2]))]
    return [each / sum(falling) for each in falling]


def package(scope: str = "08", period: str = "2026-Q3", *, clients: int = 4_000) -> Package:
    """The package of a Land ("08") or of a Kreis ("08117"), one of QUARTERS or YEARS, with so many clients."""
    parts = [_released(scope, place, period, clients) for place in range(len(INDICATORS))]
    year, quarter = int(period[:4]), int(period[-1]) if "Q" in period else 4
    return Package(
        number=f"{scope}-{period}",
        scope=scope,
        scope_name=_district_names().get(scope, "Baden-Württemberg"),
        period=period,
        funding_period="2025-2027",
        catalogue_version=1,
        as_of=dt.datetime(year, 3 * quarter, 28, 9, 0, tzinfo=dt.UTC),
        areas=_areas(scope, period, parts),
        dimensions=tuple(
            DimensionText(code, de, en, tuple(ClassText(*each) for each in classes))
            for code, (de, en, classes) in CLASSES.items()
        ),
        indicators=tuple(map(_indicator, INDICATORS)),
        figures=tuple(
            Figures(plan.catalogue_name, plan.code, _cohort(plan, period), release.published)
            for plan, (release, _merged) in zip(INDICATORS, parts, strict=True)
        ),
        quality=(
            FieldQuality("nationality", "Staatsangehörigkeit", "Nationality", 4, None),
            FieldQuality("work", "Erwerb", "Work", 11, 23),
        ),
        carriers=(
            CarrierState("Stadt Musterhausen", dt.date(year, 3 * quarter, 9)),
            CarrierState("Verein Brücke", None),
        ),
        sentences=(
            "Im Zeitraum wurden ähnlich viele Menschen beraten wie zuvor.",
            "Am häufigsten ging es ums Wohnen.",
            "Bei jeder fünften Angabe zum Erwerb ist der Stand älter als ein halbes Jahr.",
        ),
        previous=digest(parts[0][0].published) if period != _periods(period)[0] else "",
    )


def _cohort(plan: Plan, period: str) -> str:
    found = Period.parse(period)
    steps = COHORTS.get(plan.code, 0)
    return str(found.shifted(-steps if found.quarter else -bool(steps)))


def _indicator(plan: Plan) -> IndicatorText:
    return IndicatorText(
        plan.code,
        1,
        plan.de,
        plan.en,
        f"{plan.de}, im Zeitraum gezählt.",
        f"{plan.en}, counted in the period.",
        "alle der Zugangskohorte" if plan.outcomes else "–",
        "all of the entry cohort" if plan.outcomes else "–",
        plan.unit,
        plan.kind,
        outcomes=tuple(OutcomeText(*each[:4]) for each in plan.outcomes),
        rates=(RateText(plan.code, plan.de, plan.en, (plan.outcomes[0][0],)),) if plan.outcomes else (),
    )


def _district_names() -> dict[str, str]:
    return _places()[0]


def _areas(scope: str, period: str, parts: list[tuple[Release, Merged]]) -> tuple[Area, ...]:
    """The Land (of a report of the Land), its Kreise, and in a year their municipalities as they are shown."""
    districts, rows = _places()
    names = {row["ags"]: row["name"] for row in rows}
    land = scope == "08"
    found = [Area("08", "Baden-Württemberg", 0)] if land else []
    geography = parts[0][0].published.lattice.geography
    found += [Area(code, districts[code], 1, "08" if land else "") for code in geography.districts]
    if "Q" not in period:
        shown: dict[str, Area] = {}
        for _release, merged in parts:
            for place, code in enumerate(merged.geography.municipalities):
                parent = merged.geography.districts[merged.geography.district_of[place]]
                name, members = names.get(code, "übrige Gemeinden"), merged.members.get(code, ())
                shown.setdefault(code, Area(code, name, 2, parent, members))
        found += shown.values()
    return tuple(found)


def released(of: Package | None = None) -> Released:
    """The package with a signature that nobody made: for pages and files that only show it."""
    found = of or package()
    name = digest_of(freeze_package(found))
    day = found.as_of.date() + dt.timedelta(days=22)
    return Released(found, name, "00" * 64, "11" * 32, name, day)


def history(scope: str = "08", periods: tuple[str, ...] = QUARTERS, *, clients: int = 4_000) -> list[Released]:
    """The releases of these periods, the oldest first."""
    return [released(package(scope, period, clients=clients)) for period in periods]
