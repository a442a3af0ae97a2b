"""Released packages for tests and pictures, made by the real engine from invented people; no database."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from functools import cache
from uuid import UUID

import numpy as np

from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.counts import Records, from_records
from caseapp.reporting.disclosure.frozen import digest
from caseapp.reporting.disclosure.geography import Geography, Level
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
    Package,
    Released,
)
from caseapp.settings import PROJECT_ROOT

KEY = StatisticsKey(b"a statistics key of tests, 32 b!")
OUTCOMES = (("yes", "ja", "yes"), ("no", "nein", "no"), ("unknown", "unbekannt", "unknown"))
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
    "outcome": ("Ergebnis", "Outcome", OUTCOMES),
}
INDICATORS = (
    ("I1", "Beratene Personen", "Persons counselled", "person", "count", ("topic", "sex", "age"), 1.0),
    (
        "I5",
        "Eigener Mietvertrag nach 12 Monaten",
        "Own tenancy after 12 months",
        "household",
        "outcome",
        ("outcome",),
        0.2,
    ),
    ("I7", "Beschäftigung nach 6 Monaten", "Still employed after 6 months", "person", "outcome", ("outcome",), 0.15),
    ("I8", "Sprachstufe gewonnen", "Language level gained", "person", "outcome", ("outcome",), 0.3),
    ("I13", "Beratungsgespräche", "Counselling talks", "contact", "amount", ("topic",), 1.0),
)
QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")


def _dimension(name: str) -> Dimension:
    codes = tuple(code for code, _de, _en in CLASSES[name][2])
    if name == "topic":
        return Dimension(name, codes, frozenset({"GES"}), "SON")
    return Dimension(name, codes, outcome=name == "outcome")


def _catalogue(indicator: str, kind: str, dimensions: tuple[str, ...]) -> Catalogue:
    tables = [Table(name, (name,), Level.DISTRICT) for name in dimensions]
    if len(dimensions) > 1:
        tables.append(Table("-".join(dimensions[:2]), dimensions[:2], Level.DISTRICT))
        tables.append(Table("-".join(dimensions), dimensions, Level.STATE))
    base = 10 if kind == "amount" else 5
    return Catalogue(indicator.lower(), 1, tuple(map(_dimension, dimensions)), tuple(tables), base=base)


@cache
def _places() -> tuple[dict[str, str], list[dict[str, str]]]:
    folder = PROJECT_ROOT / "config" / "places"
    with (folder / "districts.csv").open(encoding="utf-8") as file:
        districts = {row["ags"]: row["name"] for row in csv.DictReader(file)}
    with (folder / "municipalities.csv").open(encoding="utf-8") as file:
        return districts, list(csv.DictReader(file))


def _geography(scope: str) -> Geography:
    districts, rows = _places()
    chosen = tuple(code for code in districts if code.startswith(scope))
    kept = [row for row in rows if row["district_ags"] in chosen]
    return Geography(
        "08", chosen, tuple(row["ags"] for row in kept), tuple(chosen.index(row["district_ags"]) for row in kept)
    )


@cache
def _released(scope: str, indicator: int, period: str, clients: int) -> Release:
    code, _de, _en, _unit, kind, dimensions, share = INDICATORS[indicator]
    place = QUARTERS.index(period)
    geography = _geography(scope)
    chance = np.random.default_rng(7 + indicator)
    everybody = int(clients * share * 2)
    home = (chance.random(everybody) ** 2 * len(geography.municipalities)).astype(np.int64)
    classes = {name: (chance.random(everybody) ** 1.4 * len(CLASSES[name][2])).astype(np.int64) for name in dimensions}
    start = chance.random(everybody) * (len(QUARTERS) + 4) - 4
    here = (start <= place) & (place < start + 4.5)
    keys = KEY.record_keys(UUID(int=10_000_000 * indicator + number) for number in np.flatnonzero(here).tolist())
    amounts = chance.integers(1, 9, everybody)[here] if kind == "amount" else None
    records = Records(home[here], keys, {name: values[here] for name, values in classes.items()}, amounts)
    before = _released(scope, indicator, QUARTERS[place - 1], clients) if place else None
    return control(
        from_records(_catalogue(code, kind, dimensions), geography, records),
        key=KEY,
        period=period,
        funding_period="2025-2027",
        previous=(before.published, before.memory) if before else None,
    )


def package(scope: str = "08", period: str = "2026-Q3", *, clients: int = 4_000) -> Package:
    """The package of a Land ("08") or of a Kreis ("08117"), one of QUARTERS, with so many clients in a quarter."""
    districts, _rows = _places()
    parts = {row[0]: _released(scope, place, period, clients) for place, row in enumerate(INDICATORS)}
    name = "Baden-Württemberg" if scope == "08" else districts[scope]
    return Package(
        number=f"{scope}-{period}",
        scope=scope,
        scope_name=name,
        period=period,
        funding_period="2025-2027",
        catalogue_version=1,
        as_of=dt.datetime(int(period[:4]), 3 * int(period[-1]), 28, 9, 0, tzinfo=dt.UTC),
        areas=(
            Area("08", "Baden-Württemberg", 0),
            *(Area(code, districts[code], 1, "08") for code in parts["I1"].published.lattice.geography.districts),
        ),
        dimensions=tuple(
            DimensionText(code, de, en, tuple(ClassText(*each) for each in classes))
            for code, (de, en, classes) in CLASSES.items()
        ),
        indicators=tuple(
            IndicatorText(
                code, 1, de, en, f"{de}, im Zeitraum gezählt.", f"{en}, counted in the period.", "–", "–", unit, kind
            )
            for code, de, en, unit, kind, _dimensions, _share in INDICATORS
        ),
        figures=tuple(Figures(code.lower(), code, period, part.published) for code, part in parts.items()),
        quality=(
            FieldQuality("nationality", "Staatsangehörigkeit", "Nationality", 4, None),
            FieldQuality("work", "Erwerb", "Work", 11, 23),
        ),
        carriers=(CarrierState("Stadt Musterhausen", dt.date(2026, 10, 9)), CarrierState("Verein Brücke", None)),
        sentences=(
            "Im Zeitraum wurden ähnlich viele Menschen beraten wie zuvor.",
            "Am häufigsten ging es ums Wohnen.",
            "Bei jeder fünften Angabe zum Erwerb ist der Stand älter als ein halbes Jahr.",
        ),
        previous=digest(parts["I1"].published) if period != QUARTERS[0] else "",
    )


def released(of: Package | None = None) -> Released:
    """The package with a signature that nobody made: for pages and files that only show it."""
    found = of or package()
    name = hashlib.sha256(found.number.encode()).hexdigest()
    return Released(found, name, "00" * 64, "11" * 32, name, dt.date(2026, 10, 20))
