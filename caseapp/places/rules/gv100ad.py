"""The official Gemeindeverzeichnis GV100AD of Destatis: one line a district or municipality, 220 characters wide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from caseapp.places.rules.records import District, Municipality, RegisterError

_STATE = "08"
_DISTRICT_LINE, _MUNICIPALITY_LINE = "40", "60"
_SHORTEST_LINE = 170
# Textkennzeichen: areas without a municipality (65 inhabited, 66 uninhabited), Stadtkreis of Baden-Württemberg (42).
_NO_MUNICIPALITY = frozenset({"65", "66"})
_CITY_DISTRICT = "42"


class OfficialRegister(Struct, frozen=True):
    """What the file says about Baden-Württemberg. `as_of` is the state of the areas. NUTS keys are not in the file."""

    as_of: dt.date
    districts: tuple[District, ...]
    municipalities: tuple[Municipality, ...]


def parse_gv100ad(data: bytes) -> OfficialRegister:
    """Districts and municipalities of Baden-Württemberg from the file, in UTF-8 or ISO-8859-1.

    A municipality has the one postcode of its town hall. Raises RegisterError with the number of the line.
    """
    days: set[dt.date] = set()
    districts: list[District] = []
    municipalities: list[Municipality] = []
    for number, line in _lines(data):
        days.add(_day(number, line))
        key, name, kind = line[10:18].strip(), line[22:72].strip(), line[122:124]
        if line[:2] == _DISTRICT_LINE:
            city = kind == _CITY_DISTRICT
            districts.append(District(key[:5], name.partition(",")[0], "Stadtkreis" if city else "Landkreis", ""))
        elif kind not in _NO_MUNICIPALITY:
            municipalities.append(_municipality(key, name, line[165:170].strip()))
    if not days:
        raise RegisterError("Die Datei enthält keine Gemeinde aus Baden-Württemberg. Erwartet wird GV100AD.")
    return OfficialRegister(max(days), tuple(districts), tuple(municipalities))


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-1")
    for number, line in enumerate(text.split("\n"), start=1):
        if line[:2] not in (_DISTRICT_LINE, _MUNICIPALITY_LINE) or line[10:12] != _STATE:
            continue
        if len(line) < _SHORTEST_LINE or not line[10:15].isdigit():
            raise RegisterError(f"Zeile {number} ist kürzer als erwartet oder hat keinen Schlüssel.")
        yield number, line


def _day(number: int, line: str) -> dt.date:
    try:
        return dt.datetime.strptime(line[2:10], "%Y%m%d").date()  # noqa: DTZ007 - a day, no moment
    except ValueError as error:
        raise RegisterError(f"Zeile {number}: der Gebietsstand ist kein Datum.") from error


def _municipality(key: str, name: str, postcode: str) -> Municipality:
    # The register writes the rank behind the name: "Tettnang, Stadt", "Mannheim, Universitätsstadt".
    bare, _, rank = name.partition(",")
    return Municipality(
        key, bare.strip(), "Stadt" if "stadt" in rank.casefold() else "Gemeinde", (postcode,) if postcode else ()
    )
