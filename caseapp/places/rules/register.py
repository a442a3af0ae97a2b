"""The shipped files of `config/places`: districts, municipalities, and other names that people write."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from caseapp.places.rules.lookup import Gazetteer
from caseapp.places.rules.records import District, Municipality, RegisterError

_POSTCODE = re.compile(r"\d{5}")

P = TypeVar("P", District, Municipality)


def load_gazetteer(folder: Path) -> Gazetteer:
    """Everything that `find_municipality` and `find_district` need, checked. Takes some milliseconds; keep it.

    Raises RegisterError where keys are malformed, doubled or do not belong to a district.
    """
    districts = load_districts(folder / "districts.csv")
    municipalities = load_municipalities(folder / "municipalities.csv")
    strays = {town.district_ags for town in municipalities} - {district.ags for district in districts}
    if strays:
        raise RegisterError(f"municipalities.csv: Kreis {min(strays)} steht nicht in districts.csv.")
    aliases = load_aliases(folder / "place_aliases.csv")
    unknown = set(aliases.values()) - {town.ags for town in municipalities}
    if unknown:
        raise RegisterError(f"place_aliases.csv: {min(unknown)} steht nicht in municipalities.csv.")
    return Gazetteer(districts, municipalities, aliases)


def load_districts(path: Path) -> tuple[District, ...]:
    """The districts in the order of their keys. Raises RegisterError."""
    return _in_order(path, [_convert(path, row, District) for row in _rows(path)], digits=5)


def load_municipalities(path: Path) -> tuple[Municipality, ...]:
    """The municipalities in the order of their keys. Raises RegisterError."""
    towns = []
    for row in _rows(path):
        postcodes = [part for part in row["postcodes"].split("|") if part]
        if row["district_ags"] != row["ags"][:5] or not all(map(_POSTCODE.fullmatch, postcodes)):
            raise RegisterError(f"{path.name}: {row['ags']} passt nicht zu Kreis oder Postleitzahl.")
        towns.append(_convert(path, {**row, "postcodes": postcodes}, Municipality))
    return _in_order(path, towns, digits=8)


def load_aliases(path: Path) -> dict[str, str]:
    """Other names of places (parts of towns, former municipalities, short forms) -> AGS. Raises RegisterError."""
    rows = [(row["alias"], row["ags"]) for row in _rows(path)]
    aliases = dict(rows)
    if len(aliases) != len(rows) or not all(aliases):
        raise RegisterError(f"{path.name}: ein Name fehlt oder steht zweimal da.")
    return aliases


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)


def _convert(path: Path, row: dict[str, Any], kind: type[P]) -> P:
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError as error:
        raise RegisterError(f"{path.name}, {row.get('ags')}: {error}") from error


def _in_order(path: Path, places: Sequence[P], *, digits: int) -> tuple[P, ...]:
    keys = {place.ags for place in places}
    if len(keys) != len(places) or not all(re.fullmatch(rf"08\d{{{digits - 2}}}", key) for key in keys):
        raise RegisterError(f"{path.name}: ein Schlüssel steht zweimal da oder hat nicht {digits} Ziffern.")
    return tuple(sorted(places, key=lambda place: place.ags))
