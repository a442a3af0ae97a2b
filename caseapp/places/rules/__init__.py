"""Pure rules of places: `register` reads the shipped files, `lookup` finds a place, `gv100ad` the official file."""

from caseapp.places.rules.gv100ad import OfficialRegister, parse_gv100ad
from caseapp.places.rules.lookup import (
    Gazetteer,
    Match,
    find_district,
    find_municipality,
)
from caseapp.places.rules.records import District, Municipality, RegisterError
from caseapp.places.rules.register import (
    load_aliases,
    load_districts,
    load_gazetteer,
    load_municipalities,
)

__all__ = [
    "District",
    "Gazetteer",
    "Match",
    "Municipality",
    "OfficialRegister",
    "RegisterError",
    "find_district",
    "find_municipality",
    "load_aliases",
    "load_districts",
    "load_gazetteer",
    "load_municipalities",
    "parse_gv100ad",
]
